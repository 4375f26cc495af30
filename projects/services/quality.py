"""Findings and verdicts: the day of closing or judging is today where nobody says another."""

from __future__ import annotations

from typing import Any

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, update_record
from projects.models import QualityFinding, SuccessCriterion
from projects.models.aims import Verdict
from projects.models.quality import OPEN_STATES


def create_finding(*, actor: Actor, row: QualityFinding, reason: str = "") -> QualityFinding:
    """Save a finding."""
    if row.state not in OPEN_STATES and row.closed_on is None:
        row.closed_on = org_today()
    return create_record(actor=actor, row=row, reason=reason)


def update_finding(
    *,
    actor: Actor,
    row: QualityFinding,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> QualityFinding:
    """Change a finding; closing dates it, opening it again takes the day away."""
    filled = dict(values)
    state = filled.get("state", row.state)
    if state not in OPEN_STATES and not filled.get("closed_on", row.closed_on):
        filled["closed_on"] = org_today()
    elif state in OPEN_STATES and row.state not in OPEN_STATES:
        filled["closed_on"] = None
    return update_record(actor=actor, row=row, values=filled, expected_version=expected_version, reason=reason)


def create_criterion(*, actor: Actor, row: SuccessCriterion, reason: str = "") -> SuccessCriterion:
    """Save a success criterion."""
    for moment in ("close", "review"):
        if getattr(row, f"{moment}_verdict") != Verdict.NONE and not getattr(row, f"{moment}_judged_on"):
            setattr(row, f"{moment}_judged_on", org_today())
    return create_record(actor=actor, row=row, reason=reason)


def update_criterion(
    *,
    actor: Actor,
    row: SuccessCriterion,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> SuccessCriterion:
    """Change or judge a criterion; a verdict is dated, taking it back takes its day away."""
    filled = dict(values)
    for moment in ("close", "review"):
        verdict, judged_on = f"{moment}_verdict", f"{moment}_judged_on"
        judged = filled.get(verdict, getattr(row, verdict)) != Verdict.NONE
        if judged and not filled.get(judged_on, getattr(row, judged_on)):
            filled[judged_on] = org_today()
        elif not judged and getattr(row, verdict) != Verdict.NONE:
            filled[judged_on] = None
    return update_record(actor=actor, row=row, values=filled, expected_version=expected_version, reason=reason)
