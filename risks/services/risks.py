"""Keeping a risk: what follows from its fields is computed here, so that every reader finds the same figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, update_record
from risks.models import Risk, Status
from risks.models.risk import DERIVED
from risks.queries.matrices import default_matrix

_DAYS = {Status.CLOSED: "closed_on", Status.OCCURRED: "occurred_on"}


def create_risk(*, actor: Actor, row: Risk, reason: str = "", day: datetime.date | None = None) -> Risk:
    """Create the risk with its percent, inherent assessment, dates and derived figures. Raises ValidationError."""
    prepare_risk(row, day or org_today())
    return create_record(actor=actor, row=row, reason=reason, day=day)


def prepare_risk(row: Risk, today: datetime.date) -> None:
    """Give a new risk its percent, inherent assessment, dates and derived figures, before it is saved."""
    if row.identified_on is None:
        row.identified_on = today
    for name, value in follow_up(row, {}, today).items():
        setattr(row, name, value)


def update_risk(
    *,
    actor: Actor,
    row: Risk,
    values: dict[str, Any],
    expected_version: int | None = None,
    reason: str = "",
    day: datetime.date | None = None,
) -> Risk:
    """Change the risk, and with it what follows. Raises ValidationError and StaleRecord."""
    before = {name: getattr(row, name) for name in ("probability", "percent", "status")}
    given = {name: value for name, value in values.items() if name not in DERIVED}
    changed = _copy_with(row, given)
    given |= follow_up(changed, before, day or org_today(), stated=frozenset(given))
    return update_record(actor=actor, row=row, values=given, expected_version=expected_version, reason=reason, day=day)


def _copy_with(row: Risk, values: dict[str, Any]) -> Risk:
    """The risk as it will stand, to compute from; it is never saved."""
    changed = Risk(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def follow_up(
    row: Risk, before: dict[str, Any], today: datetime.date, stated: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Values that follow from the others: percent of the step, first assessment, day of the status, derived figures.

    `before` holds probability, percent and status as they stood ({} for a new risk), `stated` what the writer said.
    """
    found: dict[str, Any] = {"percent": _percent(row, before, stated)}
    row.percent = found["percent"]
    found |= _inherent(row)
    found |= _status_day(row, before, today)
    for name, value in found.items():
        setattr(row, name, value)
    return found | row.derived()


def _percent(row: Risk, before: dict[str, Any], stated: frozenset[str]) -> Decimal | None:
    """As stated; where it is empty, or the step has moved and nothing else was said, the percent of the step."""
    moved = bool(before) and row.probability != before["probability"]
    said = "percent" in stated and row.percent != before.get("percent")
    if row.probability is None or (row.percent is not None and (said or not moved)):
        return row.percent
    steps = default_matrix().probability_steps
    step = row.probability - 1
    return Decimal(str(steps[step]["percent"])) if 0 <= step < len(steps) else row.percent


def _inherent(row: Risk) -> dict[str, Any]:
    """The first assessment is kept as the inherent one, unless somebody has given another."""
    impact = row.derived()["impact"]
    if row.inherent_probability is not None or row.inherent_impact is not None or row.probability is None:
        return {}
    return {} if impact is None else {"inherent_probability": row.probability, "inherent_impact": impact}


def _status_day(row: Risk, before: dict[str, Any], today: datetime.date) -> dict[str, Any]:
    """A closed or occurred risk without its day gets today; a risk opened again loses the day it was closed."""
    name = _DAYS.get(Status(row.status)) if row.status in Status.values else None
    if name is not None and getattr(row, name) is None:
        return {name: today}
    reopened = row.is_open and before.get("status") in _DAYS
    return dict.fromkeys(_DAYS.values()) if reopened else {}
