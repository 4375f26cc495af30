"""Forecast finish and cost against plan and budget, as lines of a report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.web.formats import format_percent
from projects.models import StatusReport
from projects.queries.computed import Computed
from projects.queries.report_document.milestones import slip_text
from projects.queries.report_document.texts import Text, both, day_text, money_text, words


def forecast_lines(
    report: StatusReport, project: Any, computed: Computed | None, calendar: WorkingCalendar
) -> list[dict[str, Any]]:
    """Lines {label, value, note, bad}: finish with its slip, cost at completion (own, else computed), spent, percent."""
    return [*_finish(report, project, calendar), *_cost(report, project, computed), *_spent(computed)]


def _line(label: Any, value: Text | None, note: Text | None = None, *, bad: bool = False) -> dict[str, Any]:
    return {"label": words(label), "value": value, "note": note, "bad": bad}


def _finish(report: StatusReport, project: Any, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    finish, planned = report.forecast_finish, project.planned_finish
    if finish is None and planned is None:
        return []
    lines = [_line(gettext_lazy("Planned finish"), day_text(planned, report.period_end))] if planned else []
    if finish is not None:
        days = round(calendar.working_days_between(planned, finish)) if planned else 0
        note = slip_text(days) if planned and days else None
        lines.append(_line(gettext_lazy("Forecast finish"), day_text(finish, report.period_end), note, bad=days > 0))
    return lines


def _cost(report: StatusReport, project: Any, computed: Computed | None) -> list[dict[str, Any]]:
    lines = []
    figures = computed.figures if computed else None
    budget = figures.budget if figures else None
    if figures and budget is not None:
        lines.append(_line(gettext_lazy("Budget"), money_text(budget, figures.currency)))
    if report.forecast_cost is not None:
        over = None
        if figures and budget is not None and figures.currency == project.currency:
            over = report.forecast_cost - budget
        lines.append(
            _line(
                gettext_lazy("Estimate at completion, own"),
                money_text(report.forecast_cost, project.currency),
                None if over is None else money_text(over, project.currency, sign=True),
                bad=over is not None and over > 0,
            )
        )
    if figures and figures.estimate is not None:
        over = figures.estimate - budget if budget is not None else None
        lines.append(
            _line(
                gettext_lazy("Estimate at completion, computed"),
                money_text(figures.estimate, figures.currency),
                None if over is None else money_text(over, figures.currency, sign=True),
                bad=over is not None and over > 0,
            )
        )
    return lines


def _spent(computed: Computed | None) -> list[dict[str, Any]]:
    figures = computed.figures if computed else None
    if figures is None or figures.spent is None:
        return []
    return [
        _line(gettext_lazy("Spent"), money_text(figures.spent, figures.currency), _done(figures.earned, figures.budget))
    ]


def _done(earned: Decimal | None, budget: Decimal | None) -> Text | None:
    if not budget or earned is None:
        return None
    return both(lambda language: _("%(percent)s done") % {"percent": format_percent(earned / budget, language)})
