"""The risks of a status report: the open ones, worst first, and those that occurred or were closed in the period."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.history.queries import as_of
from projects.queries.report_sections import ReportScope, Section, SectionRow
from risks.calc import scoring
from risks.models import Risk
from risks.models.risk import OPEN, Kind, Status
from risks.queries.matrices import default_cells


def report_risks(scope: ReportScope) -> Section:
    """Risks as they stood at the end of the day of the report. Two queries."""
    cells = default_cells(scope.day)
    rows = list(as_of(Risk, scope.day).filter(project_id=scope.project_id))
    pending = sorted((row for row in rows if row.status in OPEN), key=lambda row: (-(row.score or 0), row.row_id))
    completed = [row for row in rows if row.status not in OPEN and _ended(row, scope)]
    return Section(
        "risks",
        _("Risks"),
        [_row(row, scope, cells) for row in pending],
        [_row(row, scope, cells) for row in completed],
    )


def _ended(row: Any, scope: ReportScope) -> bool:
    return any(
        day is not None and scope.start <= day <= min(scope.end, scope.day) for day in (row.closed_on, row.occurred_on)
    )


def _row(row: Any, scope: ReportScope, cells: str) -> SectionRow:
    is_open = row.status in OPEN
    return SectionRow(
        row.row_id,
        row.code,
        row.title,
        row.owner_id,
        row.review_on if is_open else row.closed_on or row.occurred_on,
        _("score %(score)s") % {"score": row.score} if is_open and row.score else Status(row.status).label,
        late=is_open and row.review_on is not None and row.review_on < scope.day,
        grave=is_open and row.kind == Kind.THREAT and scoring.zone(cells, row.probability, row.impact) == scoring.RED,
    )
