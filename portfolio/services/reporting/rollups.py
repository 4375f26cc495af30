"""Reports of programmes and portfolios: drafted by who leads them, frozen when published."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can, scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.access import PUBLISH_ROLLUP
from portfolio.models import Portfolio, RollupReport
from portfolio.queries.rollup_content import Subject, rollup_content
from projects.calc.canonical import canonical_json, check_sum

ADD = "portfolio.rollupreport.add"


def subject_of(row: RollupReport) -> Subject:
    """What the report is about."""
    return Subject(row.portfolio, row.programme, row.period_start, row.period_end)


def create_rollup(*, actor: Actor, row: RollupReport, reason: str = "") -> RollupReport:
    """Begin a report. A programme manager begins those of their programmes, who keeps the portfolio all of it."""
    _check_lead(actor, row)
    _check_twin(row)
    person_id = None if actor.is_system else grants_of(actor.user).person_id
    row.author = Person.objects.filter(pk=person_id).first() if person_id else None
    return create_record(actor=actor, row=row, reason=reason)


def update_rollup(
    *, actor: Actor, row: RollupReport, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> RollupReport:
    """Change a draft. Raises ValidationError where it is frozen."""
    _check_draft(row)
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_rollup(*, actor: Actor, row: RollupReport, expected_version: int | None = None, reason: str = "") -> None:
    """Move a draft to the trash; a published report stays on file."""
    _check_draft(row)
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def publish_rollup(*, actor: Actor, row: RollupReport, day: datetime.date | None = None) -> RollupReport:
    """Freeze what the report shows, with its SHA-256. A summary of one's own is needed."""
    _check_draft(row)
    if not actor.is_system:
        can(actor.user, PUBLISH_ROLLUP, row).or_raise()
    if not row.summary.strip():
        raise ValidationError({"summary": _("Say in your own words how it stands before you publish.")})
    today = day or org_today()
    with transaction.atomic():
        content = draft_content(row, today) | {"published_on": today.isoformat()}
        text = canonical_json(content)
        values = {
            "content": text,
            "digest": check_sum(text),
            "band": content["band"],
            "reds": content["counts"]["red"],
            "missing": len(content["missing"]),
            "state": RollupReport.State.PUBLISHED,
            "published_on": today,
        }
        return update_record(actor=actor, row=row, values=values, action="publish")


def draft_content(row: RollupReport, today: datetime.date) -> dict[str, Any]:
    """What the report would say today, with its own text."""
    author = [row.author.name_zh, row.author.name_en] if row.author else ["", ""]
    return rollup_content(subject_of(row), today) | {
        "report": row.code,
        "author": author,
        "summary": row.summary,
        "next_period": row.next_period,
        "published_on": None,
    }


def content_of(row: RollupReport, today: datetime.date) -> dict[str, Any]:
    """What the page shows: the frozen content of a published report, else what is so today."""
    if row.state == RollupReport.State.PUBLISHED:
        frozen: dict[str, Any] = json.loads(row.content)
        return frozen
    return draft_content(row, today)


def is_intact(row: RollupReport) -> bool:
    """Whether the frozen content still has the fingerprint it was published with."""
    return check_sum(row.content) == row.digest


def _check_draft(row: RollupReport) -> None:
    if row.state != RollupReport.State.DRAFT:
        raise ValidationError(_("This report is published and can no longer be changed; write a new one."))


def _check_lead(actor: Actor, row: RollupReport) -> None:
    if actor.is_system or row.portfolio_id is None:
        return
    kept = Portfolio.objects.filter(scoped_q(actor.user, "portfolio", ADD, "pk"), pk=row.portfolio_id)
    leads = row.programme is not None and row.programme.manager_id == (grants_of(actor.user).person_id or 0)
    if not leads and not kept.exists():
        raise ValidationError(
            {"portfolio": _("Only who owns the portfolio, manages the programme or works in the PMO reports on it.")}
        )


def _check_twin(row: RollupReport) -> None:
    twins = RollupReport.objects.filter(
        portfolio_id=row.portfolio_id,
        programme_id=row.programme_id,
        period_end=row.period_end,
        state=RollupReport.State.DRAFT,
    )
    if twins.exists():
        raise ValidationError({"period_end": _("There is already a draft for this period; open that one.")})
