"""Status reports: draft, submitted, returned, published. A published report is frozen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_many, create_record, delete_record, update_record
from projects.access import REVIEW
from projects.models import Project, ReportRating, StatusReport
from projects.models.choices import Band, Dimension

State = StatusReport.State
EDITABLE = {State.DRAFT, State.RETURNED}


def _person_id(actor: Actor) -> int | None:
    return None if actor.is_system else grants_of(actor.user).person_id


def create_report(*, actor: Actor, row: StatusReport, reason: str = "") -> StatusReport:
    """Save a draft. A second one for a project and period before the first is published is refused."""
    with transaction.atomic():
        # Two at once would not see each other's row: the project's row lets one pass at a time.
        Project.all_objects.select_for_update().filter(pk=row.project_id).first()
        rivals = StatusReport.objects.filter(project_id=row.project_id, period_end=row.period_end)
        if rivals.filter(state__in=EDITABLE).exists():
            raise ValidationError(
                {"period_end": _("There is already a draft for this project and period; open that one.")}
            )
        if rivals.filter(state=State.SUBMITTED).exists():
            raise ValidationError(
                {"period_end": _("A report for this project and period waits for its review already.")}
            )
        row.author_id = _person_id(actor)
        return create_record(actor=actor, row=row, reason=reason)


def update_report(
    *, actor: Actor, row: StatusReport, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> StatusReport:
    """Change a draft or a returned report. Raises ValidationError where it is frozen."""
    if row.state not in EDITABLE:
        raise ValidationError(
            _("This report is %(state)s and can no longer be changed; write a new one.")
            % {"state": row.get_state_display()}
        )
    return update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_report(*, actor: Actor, row: StatusReport, expected_version: int | None = None, reason: str = "") -> None:
    """Move a draft to the trash; a published report stays on file unless the PMO gives a reason."""
    if row.state not in EDITABLE:
        if not actor.is_system and not can(actor.user, REVIEW, row):
            raise ValidationError(_("This report is on file. Only the PMO may delete it."))
        if not reason:
            raise ValidationError(_("This report is on file. Give a reason for deleting it."))
    delete_record(actor=actor, row=row, expected_version=expected_version, reason=reason)


def submit_report(*, actor: Actor, report: StatusReport, day: datetime.date | None = None) -> StatusReport:
    """Hand the draft to the PMO. A declared colour is needed, and a comment unless it is green."""
    if report.state not in EDITABLE:
        raise ValidationError(_("Only a draft or a returned report can be submitted."))
    if report.declared == Band.GREY:
        raise ValidationError({"declared": _("Declare a colour before you submit.")})
    if report.declared != Band.GREEN and not report.comment:
        raise ValidationError({"comment": _("Say why the project is not on track and when it will be.")})
    values = {"state": State.SUBMITTED, "submitted_on": day or org_today()}
    return update_record(actor=actor, row=report, values=values, action="submit")


def return_report(*, actor: Actor, report: StatusReport, comment: str) -> StatusReport:
    """Give the report back with a comment."""
    if report.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted report can be returned."))
    if not comment.strip():
        raise ValidationError({"review_comment": _("Say what has to change.")})
    values = {"state": State.RETURNED, "review_comment": comment.strip(), "reviewer_id": _person_id(actor)}
    return update_record(actor=actor, row=report, values=_by_field(values), action="return")


def publish_report(
    *, actor: Actor, report: StatusReport, reviewed: str = "", comment: str = "", day: datetime.date | None = None
) -> StatusReport:
    """Publish a submitted report with the PMO's own colour; from then on it is frozen."""
    if report.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted report can be published."))
    if reviewed and reviewed not in Band.values:
        raise ValidationError({"reviewed": _("%(value)s is not a colour.") % {"value": reviewed}})
    values = {
        "state": State.PUBLISHED,
        "published_on": day or org_today(),
        "reviewer_id": _person_id(actor),
        "reviewed": reviewed or report.declared,
        "review_comment": comment.strip() or report.review_comment,
    }
    return update_record(actor=actor, row=report, values=_by_field(values), action="publish")


def _by_field(values: dict[str, Any]) -> dict[str, Any]:
    """Ids given as `reviewer_id` set through the column name, without reading the person."""
    from pmo.core.people.models import Person

    result = dict(values)
    if "reviewer_id" in result:
        pk = result.pop("reviewer_id")
        result["reviewer"] = Person.objects.filter(pk=pk).first() if pk else None
    return result


def rate_dimensions(
    *, actor: Actor, report: StatusReport, ratings: Mapping[str, tuple[str, str]]
) -> list[ReportRating]:
    """Set {dimension: (declared colour, comment)} on a draft; dimensions not named stay as they are."""
    if report.state not in EDITABLE:
        raise ValidationError(_("This report is frozen."))
    existing = {rating.dimension: rating for rating in ReportRating.objects.filter(report=report)}
    result = []
    with transaction.atomic():
        for dimension, (declared, comment) in ratings.items():
            values = {"declared": declared, "comment": comment}
            if dimension in existing:
                result.append(update_record(actor=actor, row=existing[dimension], values=values))
            else:
                row = ReportRating(
                    project_id=report.project_id, report=report, dimension=Dimension(dimension), **values
                )
                result.append(create_record(actor=actor, row=row))
    return result


def imported_rating(
    *,
    project: Project,
    day: datetime.date,
    declared: str = Band.GREY,
    reviewed: str = Band.GREY,
    word: str = "",
    rater: str = "",
    comment: str = "",
) -> StatusReport:
    """An unsaved, already published report that carries a rating from a file: its word, its mapped colour, its rater."""
    return StatusReport(
        project=project,
        period_start=day,
        period_end=day,
        state=State.PUBLISHED,
        source=StatusReport.Source.IMPORT,
        declared=declared,
        reviewed=reviewed,
        original_word=word[:60],
        rater=rater[:120],
        comment=comment,
        submitted_on=day,
        published_on=day,
    )


def file_imported_ratings(
    *, actor: Actor, reports: list[StatusReport], day: datetime.date, reason: str
) -> list[StatusReport]:
    """Save imported ratings, dated as their files say."""
    for report in reports:
        report.full_clean()
    return create_many(actor=actor, rows=reports, reason=reason, day=day)
