"""The figures of the project registry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.model import Column, DataTable, Figure
from pmo.core.web.formats import format_money, format_number, money_unit
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
