"""The figures of portfolio and programme pages: from budget to forecast, and the roadmap."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.charts.bridge import BridgeStep, bridge
from pmo.core.charts.model import Cell, Column, DataTable, Figure
from pmo.core.charts.roadmap import Lane, Mark, roadmap
from pmo.core.web.formats import EMPTY, format_date, format_money, format_number, money_unit
from portfolio.calc.indicators import over_budget
from portfolio.models import HealthSnapshot
from portfolio.queries.structure_page import ProjectPlan

_NAMED = 5


@dataclass(frozen=True)
class _Over:
    """A project that knows both its budget and its forecast."""

    name: str
    url: str
    budget: Decimal
    change: Decimal


def _overs(rows: Sequence[HealthSnapshot]) -> list[_Over]:
    """The projects with both figures, the largest difference first."""
    found = [
        _Over(
            str(row.project),
            reverse("register-tab", kwargs={"key": "projects", "pk": row.project_id, "tab": "cost"}),
            row.bac,
            row.eac - row.bac,
        )
        for row in rows
        if row.bac is not None and row.eac is not None
    ]
    return sorted(found, key=lambda one: -abs(one.change))


def budget_bridge(rows: Sequence[HealthSnapshot], currency: str, lang: str, url: str = "") -> Figure:
    """From the budgets to the forecasts: the largest differences by name, the rest summed. Only projects with both.

    `url` lists those projects: the sums lead there.
    """
    known = _overs(rows)
    named = [one for one in known[:_NAMED] if one.change]
    budget = sum((one.budget for one in known), Decimal(0))
    forecast = sum((one.budget + one.change for one in known), Decimal(0))
    steps = _bridge_steps(named, known[len(named) :], budget, forecast, url) if known else []
    return Figure(
        key="bridge",
        title=_("From budget to forecast"),
        takeaway=_bridge_takeaway(named, budget, forecast, currency, lang),
        unit=money_unit(currency, lang),
        table=DataTable(
            columns=[Column(_("Project")), Column(_("Amount"), numeric=True), Column("%", numeric=True)],
            rows=[_bridge_row(cell, step, budget, currency, lang) for cell, step in steps],
        ),
        drawing=bridge([step for _cell, step in steps], lang=lang),
        how=_(
            "Sums over the projects that have a budget and a forecast, at the closing rate of the date. The percentage is of the summed budget."
        ),
    )


def _bridge_steps(
    named: Sequence[_Over], rest: Sequence[_Over], budget: Decimal, forecast: Decimal, url: str
) -> list[tuple[Cell, BridgeStep]]:
    """Budget, the named projects with the largest overrun first, all others in one, forecast."""
    steps = [(Cell(_("Budget"), url), BridgeStep(_("Budget"), float(budget), total=True))]
    for one in sorted(named, key=lambda one: -one.change):
        steps.append((Cell(one.name, one.url), BridgeStep(one.name, float(one.change))))
    if rest:
        text = ngettext("%(n)s other project", "%(n)s other projects", len(rest)) % {"n": len(rest)}
        steps.append((Cell(text), BridgeStep(text, float(sum((one.change for one in rest), Decimal(0))))))
    end = _("Forecast at completion")
    return [*steps, (Cell(end, url), BridgeStep(end, float(forecast), total=True))]


def _bridge_row(cell: Cell, step: BridgeStep, budget: Decimal, currency: str, lang: str) -> list[Cell | str]:
    amount = format_money(step.value, currency, lang, "column", sign=not step.total)
    if step.total or not budget:
        return [cell, amount, EMPTY]
    return [cell, amount, format_number(100 * step.value / float(budget), 1, lang, sign=True)]


def _bridge_takeaway(named: Sequence[_Over], budget: Decimal, forecast: Decimal, currency: str, lang: str) -> str:
    if not budget:
        return _("No project has a budget and a forecast yet.")
    over = over_budget(float(forecast), float(budget)) or 0.0
    values = {
        "amount": format_money(abs(forecast - budget), currency, lang),
        "percent": format_number(abs(over), 1, lang),
        "worst": max(named, key=lambda one: one.change).name if named else "",
    }
    if forecast > budget:
        return _("The forecast is %(amount)s (%(percent)s%%) over budget; %(worst)s adds the most.") % values
    if forecast < budget:
        return _("The forecast is %(amount)s (%(percent)s%%) under budget.") % values
    return _("The forecast is as budgeted.")


def roadmap_figure(
    plans: Sequence[ProjectPlan],
    today: datetime.date,
    lang: str,
    *,
    left_out: int = 0,
    dated: datetime.date | None = None,
) -> Figure:
    """Plan and forecast of each project with its key milestones, the largest slip first. `dated`: the past day they are of."""
    ordered = sorted(plans, key=lambda plan: -(plan.slip or 0))
    note = ""
    if left_out:
        text = ngettext("%(n)s more project is not drawn.", "%(n)s more projects are not drawn.", left_out)
        note = text % {"n": left_out}
    return Figure(
        key="roadmap",
        title=_("Roadmap"),
        takeaway=_roadmap_takeaway(ordered, today, lang),
        unit=_("Slip in calendar days"),
        table=DataTable(
            columns=[
                Column(_("Project")),
                Column(_("Planned finish"), numeric=True),
                Column(_("Forecast finish"), numeric=True),
                Column(_("Slip"), numeric=True),
            ],
            rows=[_plan_row(plan, today, lang, dated) for plan in ordered],
        ),
        drawing=roadmap([_lane(plan) for plan in ordered], today, lang=lang),
        note=note,
        how=_(
            "Bars run from the actual or planned start to the forecast or actual finish; the part done is the share of budget-weighted work that is reported complete. Diamonds are key milestones, hollow at the baseline."
        ),
    )


def _lane(plan: ProjectPlan) -> Lane:
    row = plan.project
    start, end = row.actual_start or row.planned_start, row.actual_finish or row.forecast_finish or row.planned_finish
    return Lane(
        label=str(row),
        plan=_period(row.planned_start, row.planned_finish),
        expected=_period(start, end),
        done=None if row.percent_complete is None else float(row.percent_complete) / 100,
        marks=[
            Mark(
                stone.name, stone.baseline_date, stone.actual_date or stone.forecast_date, stone.actual_date is not None
            )
            for stone in plan.milestones
        ],
    )


def _period(start: datetime.date | None, end: datetime.date | None) -> tuple[datetime.date, datetime.date] | None:
    return (start, end) if start is not None and end is not None and start <= end else None


def _plan_row(plan: ProjectPlan, today: datetime.date, lang: str, dated: datetime.date | None) -> list[Cell | str]:
    row = plan.project
    url = reverse("register-tab", kwargs={"key": "projects", "pk": row.pk, "tab": "schedule"})
    if dated is not None:
        url = reverse("register-list", kwargs={"key": "projects-past"}) + f"?as_of={dated}&row_id={row.pk}"
    dates = [
        EMPTY if day is None else format_date(day, lang, today, weekday=False)
        for day in (row.planned_finish, row.actual_finish or row.forecast_finish)
    ]
    return [Cell(str(row), url), *dates, format_number(plan.slip, 0, lang, sign=True)]


def _roadmap_takeaway(plans: Sequence[ProjectPlan], today: datetime.date, lang: str) -> str:
    known = [plan for plan in plans if plan.slip is not None]
    if not known:
        return _("No project has a planned and an expected finish yet.")
    late = [plan for plan in known if (plan.slip or 0) > 0]
    if not late:
        return _("Every project is expected to finish as planned.")
    return ngettext(
        "%(late)s of %(all)s projects finishes later than planned; %(worst)s slips most, %(days)s days.",
        "%(late)s of %(all)s projects finish later than planned; %(worst)s slips most, %(days)s days.",
        len(late),
    ) % {"late": len(late), "all": len(known), "worst": late[0].project, "days": late[0].slip}
