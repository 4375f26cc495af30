"""The last nine reports of a project as a strip of colours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projects.models import StatusReport
from projects.queries.report_document.texts import both, colour
from projects.queries.report_periods import period_label

NINE = 9
State = StatusReport.State


def strip_of(report: StatusReport) -> list[dict[str, Any]]:
    """The report and the eight published before it, oldest first; a report that another one replaced is left out."""
    rows = StatusReport.objects.filter(project_id=report.project_id, state=State.PUBLISHED)
    rows = rows.filter(period_end__lte=report.period_end).exclude(pk=report.pk)
    return _cells([*current(rows).order_by("-period_end", "-pk")[: NINE - 1][::-1], report], report.pk)


def project_strip(project_id: int) -> list[dict[str, Any]]:
    """The last nine published reports of a project, oldest first. One query."""
    rows = StatusReport.objects.filter(project_id=project_id, state=State.PUBLISHED)
    return _cells(current(rows).order_by("-period_end", "-pk")[:NINE][::-1], None)


def current(rows: Any) -> Any:
    """Without reports that a published one replaced."""
    later = StatusReport.objects.filter(replaces__isnull=False, state=State.PUBLISHED)
    return rows.exclude(pk__in=later.values("replaces_id"))


def _cells(rows: Iterable[StatusReport], this: int | None) -> list[dict[str, Any]]:
    return [_cell(row, this=row.pk == this) for row in rows]


def _cell(row: StatusReport, *, this: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "week": f"W{row.period_end.isocalendar().week:02d}",
        "period": both(lambda language: period_label(row.period_start, row.period_end, language)),
        "declared": colour(row.declared),
        "reviewed": colour(row.reviewed),
        "this": this,
    }
