"""A report as the page shows it and as a file holds it: formatted figures, each leading to its rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.model import Cell, Column, DataTable, Figure, RowBars, Svg
from pmo.core.charts.tables import row_bars
from pmo.core.charts.trend import Line, line_trend
from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.controls import filter_bar
from pmo.core.registers.units import MoneyUnit, money_column_unit
from pmo.core.report_builder.answer import Answer, Key
from pmo.core.report_builder.question import LINE, Dimension, Question
from pmo.core.web.formats import format_number

MOST_DRAWN, MOST_SERIES = 12, 6
_STYLES: tuple[Any, ...] = ("c1", "c2", "c3", "c4", "c5", "c6")


@dataclass(frozen=True)
class Shown:
    """How the figures of one report are written."""

    question: Question
    answer: Answer
    lang: str

    @property
    def unit(self) -> MoneyUnit:
        pairs = [
            (value, currency or self.answer.currency) for (_b, _a, currency), (value, _n) in self.answer.cells.items()
        ]
        return money_column_unit(pairs, self.lang) if self._is_money else MoneyUnit()

    @property
    def _is_money(self) -> bool:
        bound = self.question.measure.bound
        return bound is not None and bound.kind == "money"

    def text(self, value: Any, currency: str = "") -> str:
        """One figure in the reader's language."""
        if value is None:
            return "—"
        if self._is_money:
            return self.unit.text(value, currency or self.answer.currency, self.lang)
        bound, way = self.question.measure.bound, self.question.measure.way
        if bound is None:
            return format_number(value, 0, self.lang)
        places = bound.column.places if bound.column.places is not None else 0
        places = max(places, 1) if way == "avg" or Decimal(str(value)) % 1 else places
        return format_number(Decimal(str(value)), places, self.lang) + ("%" if bound.kind == "percent" else "")


def figure(question: Question, answer: Answer, lang: str, title: str = "") -> Figure | None:
    """The report as a figure with its table; None where nothing is left to show."""
    if not answer.rows or question.by is None:
        return None
    shown = Shown(question, answer, lang)
    what = title or _("%(measure)s by %(field)s") % {"measure": question.measure.label, "field": question.by.label}
    drawn, note = _drawing(shown, what)
    return Figure(
        key="built",
        title=what,
        takeaway=_takeaway(shown),
        table=_table(shown),
        drawing=drawn,
        unit=shown.unit.label,
        note=note,
        how=_how(question),
        source=str(question.register.title),
    )


def _how(question: Question) -> str:
    told = {"measure": question.measure.label, "register": question.register.title}
    return (
        _(
            "%(measure)s over the rows of “%(register)s” that you may see and that meet the filters. Each figure leads to its rows."
        )
        % told
    )


def _takeaway(shown: Shown) -> str:
    answer = shown.answer
    sized = [
        (answer.total(row) if shown.question.measure.adds_up or not answer.columns else None, row)
        for row in answer.rows
    ]
    known = [(value, row) for value, row in sized if value is not None]
    if not known:
        return _("%(count)s lines.") % {"count": len(answer.rows)}
    value, row = max(known, key=lambda pair: pair[0])
    return _("%(name)s is largest with %(value)s.") % {"name": row.label, "value": shown.text(value, row.currency)}


def _table(shown: Shown) -> DataTable:
    question, answer = shown.question, shown.answer
    assert question.by is not None  # noqa: S101 - figure() has looked
    sums = question.measure.adds_up
    columns = [Column(question.by.label)]
    columns += [Column(key.label, numeric=True) for key in answer.columns] or [
        Column(question.measure.label, numeric=True)
    ]
    if answer.columns and sums:
        columns.append(Column(_("Total"), numeric=True))
    rows = []
    for row in answer.rows:
        cells = [Cell(row.label, href=_rows_of(question, row))]
        for column in answer.columns or [None]:  # type: ignore[list-item]
            value = answer.figure(row, column)
            href = "" if value is None else _rows_of(question, row, column)
            cells.append(Cell(shown.text(value, row.currency), href=href))
        if answer.columns and sums:
            cells.append(Cell(shown.text(answer.total(row), row.currency), href=_rows_of(question, row)))
        rows.append(cells)
    return DataTable(columns, rows, foot=_foot(shown, len(columns)))


def _foot(shown: Shown, width: int) -> list[Cell]:
    """Totals of figures that add up and share a currency."""
    answer, question = shown.answer, shown.question
    if not question.measure.adds_up or answer.left_out or answer.several_currencies:
        return []
    filled = [Cell(_("Total"))]
    for column in answer.columns or [None]:  # type: ignore[list-item]
        filled.append(Cell(shown.text(_sum(answer.figure(row, column) for row in answer.rows), answer.currency)))
    if answer.columns:
        filled.append(Cell(shown.text(_sum(answer.total(row) for row in answer.rows), answer.currency)))
    return filled[:width]


def _sum(values: Any) -> Any:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _rows_of(question: Question, row: Key, column: Key | None = None) -> str:
    """The list with the filters of the report and the values of the cell; empty where a column cannot be filtered."""
    query = question.filters.copy()
    pairs = [(question.by, row), (question.across, column)] if column is not None else [(question.by, row)]
    for dimension, key in pairs:
        if dimension is None or not dimension.bound.filterable or not _narrow(query, dimension, key.value):
            return ""
    if row.currency and question.register.column("currency") is not None:
        query["currency"] = row.currency
    return f"{reverse('register-list', kwargs={'key': question.register.key})}?{query.urlencode()}"


def _narrow(query: QueryDict, dimension: Dimension, value: Any) -> bool:
    """Put the value of a dimension into the filters; False where the filters of the report say something about it already."""
    name = dimension.bound.name
    if value in (None, ""):
        query[f"{name}__isnull"] = "true"
        return True
    if dimension.part:
        if any(f"{name}__{end}" in query for end in ("gte", "lte")):
            return False
        query[f"{name}__gte"], query[f"{name}__lte"] = value.isoformat(), period_end(value, dimension.part).isoformat()
        return True
    query[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return True


def period_end(first: datetime.date, part: str) -> datetime.date:
    """The last day of the month, quarter or year that begins on the day."""
    months = {"month": 1, "quarter": 3, "year": 12}[part]
    place = first.month - 1 + months
    following = datetime.date(first.year + place // 12, place % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def _drawing(shown: Shown, title: str) -> tuple[Svg | RowBars, str]:
    """Lines or bars over time, bars in the table otherwise; amounts in several currencies share no axis."""
    question, answer = shown.question, shown.answer
    dated = question.by is not None and bool(question.by.part)
    if answer.several_currencies or (not dated and not answer.columns):
        several = _("Amounts in several currencies are not drawn; filter by one currency.")
        figures = [None if answer.several_currencies else _float(answer.figure(row)) for row in answer.rows]
        drawn = row_bars([row.label for row in answer.rows], figures, label=question.measure.label, lang=shown.lang)
        return drawn, several if answer.several_currencies else _left_out(answer)
    columns: list[Key | None] = list(answer.columns[:MOST_SERIES]) or [None]
    names = [key.label if key else question.measure.label for key in columns]
    if question.chart == LINE and dated:
        timed = [row for row in answer.rows if row.value is not None]
        lines = [
            Line(name, [(row.value, _float(answer.figure(row, key))) for row in timed], style)
            for name, key, style in zip(names, columns, _STYLES, strict=False)
        ]
        return line_trend(lines, title=title, lang=shown.lang), ""
    first = answer.rows[:MOST_DRAWN]
    series = [
        BarSeries(name, [_float(answer.figure(row, key)) for row in first], style)
        for name, key, style in zip(names, columns, _STYLES, strict=False)
    ]
    notes = [] if answer.columns else [shown.text(answer.figure(row), row.currency) for row in first]
    labels = [row.label for row in first]
    return bars(labels, series, title=title, notes=notes, lang=shown.lang), _cut(answer)


def _cut(answer: Answer) -> str:
    notes = []
    if len(answer.rows) > MOST_DRAWN:
        told = {"drawn": MOST_DRAWN, "rows": len(answer.rows)}
        notes.append(_("The chart shows the first %(drawn)s of %(rows)s lines; the table has all.") % told)
    if len(answer.columns) > MOST_SERIES:
        notes.append(_("The chart shows the first %(drawn)s columns.") % {"drawn": MOST_SERIES})
    return " ".join([*notes, _left_out(answer)]).strip()


def _left_out(answer: Answer) -> str:
    return _("%(count)s further lines are left out.") % {"count": answer.left_out} if answer.left_out else ""


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def export_table(question: Question, answer: Answer, title: str, user_name: str) -> ExportTable:
    """The report as a file: one line a row, figures as numbers, what it is made of in the notes."""
    assert question.by is not None  # noqa: S101 - the view has looked
    columns = [ExportColumn(question.by.label)]
    if answer.currency or any(row.currency for row in answer.rows):
        columns.append(ExportColumn(_("Currency")))
    with_currency = len(columns) == 2
    names = [key.label for key in answer.columns] or [question.measure.label]
    columns += [ExportColumn(name, "number", 2) for name in names]
    rows: list[list[Value]] = []
    for row in answer.rows:
        head: list[Value] = [row.label, row.currency or answer.currency] if with_currency else [row.label]
        rows.append([*head, *(answer.figure(row, key) for key in (answer.columns or [None]))])  # type: ignore[list-item]
    return ExportTable(title=title, notes=_notes(question, user_name), columns=columns, rows=rows)


def about(question: Question) -> list[tuple[str, str]]:
    """What the report counts, and its filters in words."""
    chips = filter_bar(question.state, CellMaker(question.register)).chips
    between, colon = pgettext("list", "; "), pgettext("label", ": ")
    filters = between.join(f"{chip.label}{colon}{chip.text}" for chip in chips) or _("none, the whole list")
    return [
        (_("Register"), str(question.register.title)),
        (_("Figure"), question.measure.label),
        (_("Filters"), filters),
    ]


def _notes(question: Question, user_name: str) -> list[tuple[str, str]]:
    return [
        *about(question),
        (_("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("By"), user_name),
    ]
