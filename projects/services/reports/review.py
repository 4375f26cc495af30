"""The way of a report to the PMO and back: submit, return, publish, open again. Publishing freezes what it shows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import Person
from pmo.core.records.services import act_on, update_record
from projects.calc.canonical import canonical_json, check_sum
from projects.models import Decision, ReportRating, ReportSnapshot, StatusReport
from projects.models.choices import Band
from projects.queries.report_document import build_document
from projects.services.reports.drafts import EDITABLE, State, create_report, rate_dimensions
from projects.services.reports.guard import refuse_gaps
from projects.services.reports.people import person_id, person_of, reason_of
from projects.services.ridac import create_decision
from projects.services.telling import tell_published, tell_returned, tell_submitted

CARRIED = (
    "declared",
    "comment",
    "summary",
    "achievements",
    "next_period",
    "help_needed",
    "forecast_finish",
    "forecast_cost",
)
"""What a report that is opened again takes over from the published one."""


def submit_report(*, actor: Actor, report: StatusReport, day: datetime.date | None = None) -> StatusReport:
    """Hand the draft to the PMO; its drafted decisions become rows of the register.

    A declared colour is needed, and a comment wherever one is not green or differs from the computed one: raises
    ValidationError by field (`declared`, `comment`, `rating-<dimension>`), StaleRecord where somebody was faster.
    """
    if report.state not in EDITABLE:
        raise ValidationError(_("Only a draft or a returned report can be submitted."))
    today = day or org_today()
    refuse_gaps(actor=actor, report=report, day=today)
    asks = list(report.asks)
    values = {
        "state": State.SUBMITTED,
        "submitted_on": today,
        "first_submitted_on": report.first_submitted_on or today,
        "asks": [],
    }
    with transaction.atomic():
        saved = update_record(
            actor=actor,
            row=report,
            values=values,
            expected_version=report.version,
            action="submit",
            reason=reason_of(actor, report.project_id),
        )
        for ask in asks:
            create_decision(actor=actor, row=_decision(saved, ask), reason=str(saved.code))
        tell_submitted(actor=actor, report=saved)
    return saved


def _decision(report: StatusReport, ask: dict[str, Any]) -> Decision:
    needed, cost = ask.get("needed_by"), ask.get("delay_cost")
    return Decision(
        project_id=report.project_id,
        title=str(ask["title"])[:300],
        decider=Person.objects.filter(pk=ask.get("decider")).first(),
        needed_by=datetime.date.fromisoformat(needed) if needed else None,
        delay_cost=Decimal(cost) if cost else None,
        currency=report.project.currency,
    )


def return_report(*, actor: Actor, report: StatusReport, comment: str) -> StatusReport:
    """Give the report back with a comment. Raises ValidationError without one, or where it does not wait for a review."""
    if report.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted report can be returned."))
    if not comment.strip():
        raise ValidationError({"review_comment": _("Say what has to change.")})
    values = {"state": State.RETURNED, "review_comment": comment.strip(), "reviewer": person_of(actor)}
    with transaction.atomic():
        saved = update_record(actor=actor, row=report, values=values, expected_version=report.version, action="return")
        tell_returned(actor=actor, report=saved)
    return saved


def publish_report(
    *, actor: Actor, report: StatusReport, reviewed: str = "", comment: str = "", day: datetime.date | None = None
) -> StatusReport:
    """Publish a submitted report with the PMO's own colour and freeze everything it shows, in both languages."""
    if report.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted report can be published."))
    if reviewed and reviewed not in Band.values:
        raise ValidationError({"reviewed": _("%(value)s is not a colour.") % {"value": reviewed}})
    today = day or org_today()
    values = {
        "state": State.PUBLISHED,
        "published_on": today,
        "reviewer": person_of(actor),
        "reviewed": reviewed or report.declared,
        "review_comment": comment.strip() or report.review_comment,
    }
    with transaction.atomic():
        saved = update_record(actor=actor, row=report, values=values, expected_version=report.version, action="publish")
        freeze(actor=actor, report=saved, day=today)
        tell_published(actor=actor, report=saved)
    return saved


def freeze(*, actor: Actor, report: StatusReport, day: datetime.date) -> ReportSnapshot:
    """Store what a published report shows on the day as canonical JSON; its SHA-256 goes into the audit trail too."""
    if report.state != State.PUBLISHED:
        raise ValidationError(_("Only a published report is frozen."))
    content = canonical_json(build_document(report, day))
    snapshot = ReportSnapshot(project_id=report.project_id, report=report, content=content, sha256=check_sum(content))
    with transaction.atomic():
        snapshot.save(force_insert=True)
        record(actor=actor, act=act_on(report, "freeze", {"sha256": [None, snapshot.sha256]}, ""))
    return snapshot


def reopen_report(*, actor: Actor, report: StatusReport) -> StatusReport:
    """A new draft on the period of a published report, with its text; published, it replaces the old one, which stays as it is.

    Raises ValidationError where the report is not published or its period has an open report already.
    """
    if report.state != State.PUBLISHED:
        raise ValidationError(_("Only a published report can be opened again."))
    row = StatusReport(
        project=report.project,
        period_start=report.period_start,
        period_end=report.period_end,
        due_on=report.due_on,
        replaces=report,
        author_id=person_id(actor),
        **{name: getattr(report, name) for name in CARRIED},
    )
    ratings = {one.dimension: (one.declared, one.comment) for one in ReportRating.objects.filter(report=report)}
    with transaction.atomic():
        saved = create_report(actor=actor, row=row, reason=str(report.code))
        rate_dimensions(actor=actor, report=saved, ratings=ratings)
    return saved
