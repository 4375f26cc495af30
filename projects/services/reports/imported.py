"""Ratings that came from a file: already published, dated as the file says."""

from __future__ import annotations

import datetime

from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_many
from projects.models import Project, StatusReport
from projects.models.choices import Band


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
        state=StatusReport.State.PUBLISHED,
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
