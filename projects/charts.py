"""The figures of the project registry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.model import Column, DataTable, Figure
from pmo.core.charts.trend import Line, line_trend
from pmo.core.web.formats import format_money, format_number, money_unit
from projects.queries.extras import BenefitMonth
from projects.queries.overview import MoneyLine

MONTHS_SHOWN = 18


def monthly_figure(lines: Sequence[MoneyLine], currency: str, lang: str) -> Figure:
    """Budget and actual by month in the project's currency."""
    own = [line for line in lines if line.currency == currency][-MONTHS_SHOWN:]
    labels = [line.key.strftime("%Y-%m") for line in own]
    rows = [
        [
            label,
            *(
                format_money(value, currency, lang, "column")
                for value in (line.budget, line.actual, line.actual - line.budget)
            ),
        ]
        for label, line in zip(labels, own, strict=True)
    ]
    return Figure(
        key="months",
        title=_("Budget and actual by month"),
        takeaway=_takeaway(own, lang),
        unit=money_unit(currency, lang),
        table=DataTable(
            columns=[
                Column(_("Month")),
                *(Column(name, numeric=True) for name in (_("Budget"), _("Actual"), _("Variance"))),
            ],
            rows=rows,
        ),
        drawing=bars(
            labels,
            [
                BarSeries(_("Budget"), [float(line.budget) for line in own], "budget"),
                BarSeries(_("Actual"), [float(line.actual) for line in own], "actual"),
            ],
            title=_("Budget and actual by month"),
            lang=lang,
        ),
        how=_(
            "Budget lines by their period and actual costs by their booking day, summed per calendar month, in the project's currency only."
        ),
    )


def _takeaway(lines: Sequence[MoneyLine], lang: str) -> str:
    budget = sum((line.budget for line in lines), Decimal(0))
    actual = sum((line.actual for line in lines), Decimal(0))
    if not budget:
        return _("No budget by period yet.")
    values = {"percent": format_number(100 * actual / budget, 0, lang), "months": len(lines)}
    return _("%(percent)s%% of the budget of these %(months)s months is spent.") % values


def benefit_figure(months: Sequence[BenefitMonth], currency: str, lang: str) -> Figure:
    """Money of benefits month by month, added up: planned against actual, in one currency."""
    title = _("Benefits in money, planned and actual, added up")
    rows = [
        [
            month.period.strftime("%Y-%m"),
            format_money(month.planned, currency, lang, "column"),
            format_money(month.actual, currency, lang, "column"),
        ]
        for month in months
    ]
    return Figure(
        key=f"benefits-{currency.lower()}",
        title=title,
        takeaway=_benefit_takeaway(months, currency, lang),
        unit=money_unit(currency, lang),
        table=DataTable(
            columns=[Column(_("Month")), Column(_("Planned"), numeric=True), Column(_("Actual"), numeric=True)],
            rows=rows,
        ),
        drawing=line_trend(
            [
                Line(_("Planned"), [(month.period, float(month.planned)) for month in months], "planned"),
                Line(
                    _("Actual"),
                    [(month.period, float(month.actual)) for month in months if month.actual is not None],
                    "actual-line",
                ),
            ],
            title=title,
            low=0,
            lang=lang,
        ),
        how=_(
            "The periods of all benefits in this currency, added up month by month. The plan is the one that was promised; a later finish of the project does not move it. The actual line ends with the last month that was measured."
        ),
    )


def _benefit_takeaway(months: Sequence[BenefitMonth], currency: str, lang: str) -> str:
    measured = [month for month in months if month.actual is not None]
    if not months:
        return _("No benefits by month yet.")
    total = format_money(months[-1].planned, currency, lang)
    if not measured:
        values = {"total": total, "until": months[-1].period.strftime("%Y-%m")}
        return _("%(total)s are planned until %(until)s; nothing has been measured yet.") % values
    last = measured[-1]
    values = {
        "actual": format_money(last.actual, currency, lang),
        "planned": format_money(last.planned, currency, lang),
        "until": last.period.strftime("%Y-%m"),
        "total": total,
    }
    return _("Until %(until)s %(actual)s arrived of %(planned)s planned; %(total)s are planned in all.") % values
