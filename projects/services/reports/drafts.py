"""Drafts of status reports: one for a project and period, saved as often as one likes, never over somebody else's text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord, create_record, delete_record, update_record
from projects.access import REVIEW
from projects.models import Project, ReportRating, StatusReport
from projects.models.choices import Dimension
from projects.queries.report_periods import due_on
from projects.services.reports.people import person_id, reason_of

State = StatusReport.State
EDITABLE = {State.DRAFT, State.RETURNED}
Ratings = Mapping[str, tuple[str, str]]


def create_report(*, actor: Actor, row: StatusReport, reason: str = "") -> StatusReport:
    """Save a draft. A second one for a project and period before the first is published is refused.

    A report on a period that has a published one replaces it once it is published itself.
    """
    with transaction.atomic():
        _refuse_rivals(row)
        row.author_id = row.author_id or person_id(actor)
        row.due_on = row.due_on or due_on(row.project_id, row.period_end, org_today())
        row.replaces = row.replaces or _published_of(row.project_id, row.period_start, row.period_end)
        return create_record(actor=actor, row=row, reason=reason_of(actor, row.project_id, reason))


def _published_of(project_id: int, start: datetime.date, end: datetime.date) -> StatusReport | None:
    """The published report on just this period, which another one on it stands in for."""
    rows = StatusReport.objects.filter(
        project_id=project_id,
        period_start=start,
        period_end=end,
        state=State.PUBLISHED,
        source=StatusReport.Source.FORM,
    )
    found: StatusReport | None = rows.order_by("-pk").first()
    return found


def _refuse_rivals(row: StatusReport) -> None:
    """Raise ValidationError where another report of the project and period is open or waits for its review."""
    # Two at once would not see each other's row: the project's row lets one pass at a time.
    Project.all_objects.select_for_update().filter(pk=row.project_id).first()
    rivals = StatusReport.objects.filter(project_id=row.project_id, period_end=row.period_end).exclude(pk=row.pk)
    if rivals.filter(state__in=EDITABLE).exists():
        raise ValidationError({"period_end": _("There is already a draft for this project and period; open that one.")})
    if rivals.filter(state=State.SUBMITTED).exists():
        raise ValidationError({"period_end": _("A report for this project and period waits for its review already.")})


def update_report(
    *, actor: Actor, row: StatusReport, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> StatusReport:
    """Change a draft or a returned report. Raises ValidationError where it is frozen or another has its period."""
    if row.state not in EDITABLE:
        raise ValidationError(
            _("This report is %(state)s and can no longer be changed; write a new one.")
            % {"state": row.get_state_display()}
        )
    with transaction.atomic():
        end = values.get("period_end")
        if end is not None and end != row.period_end:
            row.period_end = end
            _refuse_rivals(row)
            row.refresh_from_db(fields=["period_end"])
            values = {**values, "due_on": due_on(row.project_id, end, org_today())}
            values["replaces"] = _published_of(row.project_id, values.get("period_start", row.period_start), end)
        told = reason_of(actor, row.project_id, reason)
        return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=told)


def delete_report(*, actor: Actor, row: StatusReport, expected_version: int | None = None, reason: str = "") -> None:
    """Move a draft to the trash; a published report stays on file unless the PMO gives a reason."""
    if row.state not in EDITABLE:
        if not actor.is_system and not can(actor.user, REVIEW, row):
            raise ValidationError(_("This report is on file. Only the PMO may delete it."))
        if not reason:
            raise ValidationError(_("This report is on file. Give a reason for deleting it."))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def save_draft(
    *,
    actor: Actor,
    report: StatusReport,
    values: Mapping[str, Any],
    ratings: Ratings | None = None,
    asks: Sequence[Mapping[str, Any]] | None = None,
    expected_version: int | None = None,
) -> StatusReport:
    """Save a draft with its colours by dimension and its decisions needed, all or nothing; a new one is created.

    `values` are fields of the report, `ratings` {dimension: (colour, comment)}, `asks` the decisions typed so far (None: as
    they are). The version counts every save that changed anything, so that two people never overwrite each other unseen:
    raises StaleRecord for another `expected_version`, ValidationError by field.
    """
    changed = dict(values) if asks is None else {**values, "asks": [dict(ask) for ask in asks]}
    with transaction.atomic():
        if report.pk is None:
            for name, value in changed.items():
                setattr(report, name, value)
            saved = create_report(actor=actor, row=report)
            rate_dimensions(actor=actor, report=saved, ratings=ratings or {})
            return saved
        before = report.version
        saved = update_report(actor=actor, row=report, values=changed, expected_version=expected_version)
        if _rate(actor, saved, ratings or {})[1] and saved.version == before:
            _count_up(saved)
        return saved


def _count_up(report: StatusReport) -> None:
    """Give the report a new version where only its colours by dimension changed."""
    version = report.version
    rows = StatusReport._base_manager.filter(pk=report.pk, version=version)
    if not rows.update(version=version + 1, updated_at=timezone.now()):
        raise StaleRecord(StatusReport._base_manager.get(pk=report.pk))
    report.version = version + 1


def rate_dimensions(*, actor: Actor, report: StatusReport, ratings: Ratings) -> list[ReportRating]:
    """Set {dimension: (declared colour, comment)} on a draft; dimensions not named stay as they are."""
    return _rate(actor, report, ratings)[0]


def _rate(actor: Actor, report: StatusReport, ratings: Ratings) -> tuple[list[ReportRating], bool]:
    """The ratings, and whether any of them is new or different."""
    if report.state not in EDITABLE:
        raise ValidationError(_("This report is frozen."))
    existing = {rating.dimension: rating for rating in ReportRating.objects.filter(report=report)}
    result, changed = [], False
    with transaction.atomic():
        for dimension, (declared, comment) in ratings.items():
            values = {"declared": declared, "comment": comment}
            row = existing.get(dimension)
            if row is None:
                row = ReportRating(
                    project_id=report.project_id, report=report, dimension=Dimension(dimension), **values
                )
                result.append(create_record(actor=actor, row=row))
                changed = True
                continue
            version = row.version
            result.append(update_record(actor=actor, row=row, values=values))
            changed |= row.version != version
    return result, changed
