"""The milestones a report names: reached in the period, late or due, and the next ones; with baseline and slip."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.history.queries import as_of
from pmo.core.web.formats import MINUS
from projects.calc.slip import expected_date, slip_working_days
from projects.models import Milestone
from projects.queries.report_document.texts import Text, both, day_text, words
from projects.queries.report_sections import ReportScope

NEXT_ONES = 3
_MOST = 15


def milestones(scope: ReportScope, calendar: WorkingCalendar) -> tuple[list[dict[str, Any]], dict[str, list[Any]]]:
    """The milestones to show, and of all of them {id: [name, expected date, actual date]} for the comparison. One query."""
    rows = list(as_of(Milestone, scope.day).filter(project_id=scope.project_id))
    rows.sort(key=lambda row: (row.baseline_date or row.forecast_date or datetime.date.max, row.row_id))
    shown = [_line(row, why, scope, calendar) for row, why in _chosen(rows, scope)]
    return shown, {str(row.row_id): _fact(row) for row in rows}


def _fact(row: Any) -> list[Any]:
    expected = row.actual_date or row.forecast_date or row.baseline_date
    return [row.name, _iso(expected), _iso(row.actual_date)]


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _chosen(rows: list[Any], scope: ReportScope) -> list[tuple[Any, str]]:
    reached = [
        (row, "reached")
        for row in rows
        if row.actual_date and scope.start <= row.actual_date <= min(scope.end, scope.day)
    ]
    waiting = [row for row in rows if row.actual_date is None or row.actual_date > scope.day]
    late = [(row, "late") for row in waiting if row.baseline_date and row.baseline_date < scope.day]
    named = {row.row_id for row, _why in late}
    ahead = sorted(
        (row for row in waiting if row.row_id not in named), key=lambda row: _expected(row, scope) or datetime.date.max
    )
    due = [(row, "due") for row in ahead if (found := _expected(row, scope)) and found <= scope.end]
    named |= {row.row_id for row, _why in due}
    coming = [(row, "next") for row in ahead if row.row_id not in named][:NEXT_ONES]
    return (late + due + coming + reached)[:_MOST]


def _expected(row: Any, scope: ReportScope) -> datetime.date | None:
    return expected_date(row.baseline_date, row.forecast_date, row.actual_date, scope.day)


_WHY = {"reached": _("Reached"), "late": _("Late"), "due": _("Due"), "next": _("Next")}


def _line(row: Any, why: str, scope: ReportScope, calendar: WorkingCalendar) -> dict[str, Any]:
    slip = slip_working_days(calendar, row.baseline_date, row.forecast_date, row.actual_date, scope.day)
    days = None if slip is None else round(slip)
    return {
        "id": row.row_id,
        "name": row.name,
        "key": row.is_key,
        "why": why,
        "word": words(_WHY[why]),
        "baseline": day_text(row.baseline_date, scope.end),
        "forecast": day_text(row.forecast_date, scope.end),
        "actual": day_text(row.actual_date, scope.end),
        "expected": day_text(_expected(row, scope), scope.end),
        "days": days,
        "slip": None if days is None else slip_text(days),
    }


def slip_text(days: int) -> Text:
    """A slip in working days with its sign: +30 天, +30 days, 0."""

    def say(language: str) -> str:
        figure = f"{'+' if days > 0 else MINUS if days < 0 else ''}{abs(days)}"
        return ngettext("%(count)s day", "%(count)s days", abs(days)) % {"count": figure}

    return both(say)
