"""The figures of the portfolio room."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.charts.bubble import BubblePoint, bubble
from pmo.core.charts.model import Cell, Column, DataTable, Figure
from pmo.core.charts.tables import BudgetRow, budget_bars
from pmo.core.charts.trend import Line, Thresholds, line_trend
from pmo.core.web.formats import format_date, format_money, format_number, format_score, money_unit
from portfolio.calc.indicators import over_budget, share
from portfolio.models import RollupSnapshot
from portfolio.queries.scope import Scope
from portfolio.queries.scorecard import UnitMoney, ValuePoint

COLOURS = Thresholds(red=55, green=75)


def is_capped(row: RollupSnapshot) -> bool:
    """Whether the rule of the worst critical project lowered the score that is shown."""
    return row.overall is not None and row.uncapped is not None and round(row.uncapped, 1) > round(row.overall, 1)


def money_figure(rows: Sequence[UnitMoney], scope: Scope, day: datetime.date, currency: str, lang: str) -> Figure:
    """Budget, actual and forecast by business unit, with the total; every unit opens its projects."""
    over = [row for row in rows if row.forecast > row.budget]
    body = [_money_row(row, scope, day, currency, lang) for row in rows]
    total = UnitMoney(
        None,
        _("Total"),
        *(sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("budget", "actual", "forecast")),
    )
    amounts = [BudgetRow(row.name, float(row.budget), float(row.actual), float(row.forecast)) for row in rows]
    return Figure(
        key="money",
        metric="EV-EAC",
        title=_("Budget, actual and forecast"),
        takeaway=_money_takeaway(rows, over),
        unit=_("%(unit)s, to completion") % {"unit": money_unit(currency, lang)},
        table=DataTable(
            columns=[
                Column(_("Business unit")),
                *(Column(name, numeric=True) for name in (_("Budget"), _("Actual"), _("Forecast"), _("Variance"), "%")),
            ],
            rows=body,
            foot=[Cell(total.name, _known_money(scope, day)), *_money_cells(total, currency, lang)],
        ),
        drawing=budget_bars(amounts, lang=lang),
        how=_(
            "Sums over the projects that have a budget and a forecast, at the closing rate of the date. Forecast: the project manager's own, else budget divided by CPI. The percentage is the summed variance divided by the summed budget."
        ),
    )


def _money_row(row: UnitMoney, scope: Scope, day: datetime.date, currency: str, lang: str) -> list[Cell | str]:
    url = f"{_known_money(scope, day)}&business_unit={row.unit_id or 0}"
    return [Cell(row.name or _("No unit"), url), *_money_cells(row, currency, lang)]


def _known_money(scope: Scope, day: datetime.date) -> str:
    """The health of the scope's projects on the day that know both budget and forecast."""
    parts = (f"date={day}", "bac__isnull=0", "eac__isnull=0", scope.query)
    return reverse("register-list", kwargs={"key": "health"}) + "?" + "&".join(part for part in parts if part)


def _money_cells(row: UnitMoney, currency: str, lang: str) -> list[str]:
    amounts = [format_money(value, currency, lang, "column") for value in (row.budget, row.actual, row.forecast)]
    variance = format_money(row.forecast - row.budget, currency, lang, "column", sign=True)
    percent = over_budget(float(row.forecast), float(row.budget))
    return [*amounts, variance, format_number(percent, 1, lang, sign=True)]


def _money_takeaway(rows: Sequence[UnitMoney], over: Sequence[UnitMoney]) -> str:
    if not rows:
        return _("No project has a budget yet.")
    if not over:
        return _("No business unit forecasts an overrun.")
    worst = max(over, key=lambda row: row.forecast - row.budget)
    part = share(
        float(worst.forecast - worst.budget), float(sum((row.forecast - row.budget for row in over), Decimal(0)))
    )
    values = {"over": len(over), "units": len(rows), "worst": worst.name or _("No unit"), "share": round(part or 0)}
    return _("%(over)s of %(units)s business units forecast an overrun; %(worst)s is %(share)s%% of it.") % values


def value_figure(points: Sequence[ValuePoint], currency: str, lang: str) -> Figure:
    """Strategic value against health; area is the budget still to spend."""
    bubbles = [
        BubblePoint(
            label=str(point.snapshot.project),
            x=float(point.snapshot.overall or 0),
            y=point.value,
            size=float(point.budget_left),
            band=point.snapshot.band,
            href=reverse("register-detail", kwargs={"key": "projects", "pk": point.snapshot.project_id}),
        )
        for point in points
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(one.label, one.href),
            format_number(one.y, 0, lang),
            format_number(one.x, 1, lang),
            format_money(Decimal(one.size), currency, lang, "column"),
        ]
        for one in bubbles
    ]
    return Figure(
        key="value",
        metric="PF-VALUE",
        title=_("Value against health"),
        takeaway=_value_takeaway(points),
        table=DataTable(
            columns=[
                Column(_("Project")),
                Column(_("Strategic value"), numeric=True),
                Column(_("Health"), numeric=True),
                Column(_("Budget left"), numeric=True),
            ],
            rows=rows,
        ),
        drawing=bubble(
            bubbles,
            title=_("Value against health"),
            x_label=_("Health"),
            y_label=_("Strategic value"),
            thresholds=COLOURS,
            lang=lang,
        ),
        note=_("Area: budget left. Projects without a contribution to an objective are not drawn."),
        how=_(
            "Strategic value is the sum of a project's contributions to objectives, in per cent. Health is the computed score of the date."
        ),
    )


def _value_takeaway(points: Sequence[ValuePoint]) -> str:
    if not points:
        return _("No project contributes to an objective yet.")
    best = points[0].snapshot
    worst = min(points, key=lambda point: point.snapshot.overall or 0).snapshot
    if best.project_id == worst.project_id:
        return _("%(project)s is the most valuable project and the least healthy.") % {"project": best.project}
    return _("%(best)s is the most valuable project; %(worst)s is the least healthy.") % {
        "best": best.project,
        "worst": worst.project,
    }


def trend_figure(rows: Sequence[RollupSnapshot], lang: str, today: datetime.date) -> Figure:
    """Health of the scope week by week, and beside it the mean that no critical project caps, where the two differ."""
    points = [(row.date, row.overall) for row in rows]
    known = [(date, value) for date, value in points if value is not None]
    lines = [Line(_("Health"), points)]
    heads = [_("Date"), _("Health")]
    capped = any(is_capped(row) for row in rows)
    if capped:
        lines.append(Line(_("Without the cap"), [(row.date, row.uncapped) for row in rows], style="planned"))
        heads.append(_("Without the cap"))
    table: list[list[Cell | str]] = [
        [
            Cell(format_date(row.date, lang, today, weekday=False), _health_of(row)),
            format_number(row.overall, 1, lang),
            *([format_number(row.uncapped, 1, lang)] if capped else []),
            str(row.red),
            str(row.amber),
            str(row.green),
            str(row.grey),
        ]
        for row in reversed(rows)
    ]
    return Figure(
        key="trend",
        metric="PF-HEALTH",
        title=_("Health week by week"),
        takeaway=_trend_takeaway(known, lang),
        table=DataTable(columns=[*heads, _("Red"), _("Amber"), _("Green"), _("Grey")], rows=table),
        drawing=line_trend(lines, COLOURS, title=_("Health week by week"), low=40, high=100, compact=False, lang=lang),
        how=_(
            "Budget-weighted mean of the projects' health on the last computed day of each week. A group is never greener than its worst critical project; the second line is the mean before that rule."
        ),
    )


def _health_of(row: RollupSnapshot) -> str:
    """The health on the roll-up's day of the projects it sums."""
    place = "" if row.kind == RollupSnapshot.Kind.ALL else f"&{row.kind}={row.ref_id}"
    return reverse("register-list", kwargs={"key": "health"}) + f"?date={row.date}{place}"


def _trend_takeaway(known: Sequence[tuple[datetime.date, float]], lang: str) -> str:
    if len(known) < 2:
        return _("There is no history yet.")
    change = known[-1][1] - known[0][1]
    values = {
        "first": format_score(known[0][1], lang),
        "last": format_score(known[-1][1], lang),
        "weeks": len(known),
    }
    if abs(change) < 1:
        return _("Health has stayed at %(last)s for %(weeks)s weeks.") % values
    return _("Health went from %(first)s to %(last)s in %(weeks)s weeks.") % values
