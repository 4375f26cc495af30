"""The figures of a report, taken in SQL over the rows its reader may see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, DateField, F, Max, Min, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear
from django.utils.translation import gettext as _

from pmo.core.calendars.queries import organisation
from pmo.core.registers.declaration import BASE_CURRENCY
from pmo.core.registers.queries import filtered
from pmo.core.registers.values import visible_rows
from pmo.core.report_builder.question import Dimension, Question

MOST_ROWS, MOST_COLUMNS = 200, 12
_TRUNCATED = {"month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}
_AGGREGATES = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}
_BY, _ACROSS, _VALUE, _NUMBER = "rb_by", "rb_across", "rb_value", "rb_number"


@dataclass(frozen=True)
class Key:
    """A value of a dimension (None: rows without one) with its name, and the currency of the line's money."""

    value: Any
    label: str
    currency: str = ""


@dataclass
class Answer:
    """`cells` by (row, column) value: the figure and how many rows it was made of. Without `columns`, the column is None."""

    rows: list[Key] = field(default_factory=list)
    columns: list[Key] = field(default_factory=list)
    cells: dict[tuple[Any, Any, str], tuple[Any, int]] = field(default_factory=dict)
    currency: str = ""
    left_out: int = 0
    problem: str = ""

    @property
    def several_currencies(self) -> bool:
        """Whether the lines are amounts in different currencies, which share no axis and no total."""
        return len({row.currency for row in self.rows}) > 1

    def figure(self, row: Key, column: Key | None = None) -> Any:
        """The figure of a cell, None where there are no rows."""
        return self.cells.get((row.value, column.value if column else None, row.currency), (None, 0))[0]

    def total(self, row: Key) -> Any:
        """The row's figures added up; only for measures that add up."""
        figures = [
            value
            for (by, _across, currency), (value, _n) in self.cells.items()
            if (by, currency) == (row.value, row.currency)
        ]
        known = [value for value in figures if value is not None]
        return sum(known[1:], known[0]) if known else None


def answer(question: Question, user: Any) -> Answer:
    """The figures. One statement, and one for each dimension whose values are records."""
    if question.errors or question.by is None:
        return Answer()
    lines = list(_grouped(question)[: MOST_ROWS * MOST_COLUMNS + 1])
    source = question.measure.currency
    fixed = _fixed_currency(question)
    found = Answer(currency=fixed)
    for line in lines:
        currency = str(line[source] or "") if source else ""
        place = (line[_BY], line.get(_ACROSS), currency)
        found.cells[place] = (line[_VALUE], line[_NUMBER])
    currencies = {currency for _by, _across, currency in found.cells if currency}
    if len(currencies) == 1:
        found.currency = currencies.pop()
    pairs = dict.fromkeys((by, currency) for by, _across, currency in found.cells)
    names = _labels(question.by, [by for by, _currency in pairs], user)
    several = source and found.currency == ""
    keys = [
        Key(by, f"{names[by]} · {currency}" if several and currency else names[by], currency) for by, currency in pairs
    ]
    ranked = _ranked(question.by, keys, found)
    found.rows, found.left_out = ranked[:MOST_ROWS], max(len(ranked) - MOST_ROWS, 0)
    if question.across is not None:
        values = list(dict.fromkeys(across for _by, across, _currency in found.cells))
        if len(values) > MOST_COLUMNS:
            told = {"field": question.across.label, "number": len(values), "most": MOST_COLUMNS}
            return Answer(
                problem=_(
                    "%(field)s has %(number)s values here; a table takes at most %(most)s side by side. Filter, or break down by it instead."
                )
                % told
            )
        words = _labels(question.across, values, user)
        found.columns = _in_order(question.across, [Key(value, words[value]) for value in values])
    return found


def _grouped(question: Question) -> QuerySet[Any]:
    assert question.by is not None  # noqa: S101 - the caller has looked
    rows = filtered(question.state).order_by()
    keys: dict[str, Any] = {_BY: _expression(question.by)}
    if question.across is not None:
        keys[_ACROSS] = _expression(question.across)
    measure = question.measure
    counted = Count("pk")
    value = counted if measure.bound is None else _AGGREGATES[measure.way](measure.bound.path)
    source = [measure.currency] if measure.currency else []
    grouped: QuerySet[Any] = rows.values(*source, **keys).annotate(**{_VALUE: value, _NUMBER: counted})
    return grouped


def _expression(dimension: Dimension) -> Any:
    if dimension.part:
        return _TRUNCATED[dimension.part](dimension.bound.path, output_field=DateField())
    return F(dimension.bound.path)


def _fixed_currency(question: Question) -> str:
    bound = question.measure.bound
    if bound is None or bound.kind != "money" or bound.currency_path != BASE_CURRENCY:
        return ""
    return organisation().base_currency


def _labels(dimension: Dimension, values: Iterable[Any], user: Any) -> dict[Any, str]:
    """What each value is called; a record that the reader may not see keeps its name to itself."""
    bound, known = dimension.bound, [value for value in values if value not in (None, "")]
    words: dict[Any, str] = {None: _("(empty)"), "": _("(empty)")}
    if dimension.part:
        return words | {value: period_name(value, dimension.part) for value in known}
    if bound.kind == "fk":
        rows = visible_rows(bound.target, user).in_bulk(known)
        return words | {value: str(rows[value]) if value in rows else _("(not visible)") for value in known}
    if bound.kind == "bool":
        return words | {True: _("Yes"), False: _("No")}
    named = {value: str(label) for value, label in bound.choices}
    return words | {value: named.get(value, str(value)) for value in known}


def period_name(first: datetime.date, part: str) -> str:
    """2026-11, 2026 Q4 or 2026."""
    if part == "month":
        return f"{first:%Y-%m}"
    return f"{first.year} Q{(first.month + 2) // 3}" if part == "quarter" else str(first.year)


def _ranked(dimension: Dimension, keys: list[Key], found: Answer) -> list[Key]:
    """Dates and choices in their own order, records by their figure, the largest first."""
    if dimension.part or dimension.bound.choices or dimension.bound.kind in {"bool", "rag"}:
        return _in_order(dimension, keys)
    sizes = {(key.value, key.currency): found.total(key) for key in keys}
    return sorted(keys, key=lambda key: (key.value is None, -(sizes[key.value, key.currency] or 0), key.label))


def _in_order(dimension: Dimension, keys: list[Key]) -> list[Key]:
    order = {value: place for place, (value, _label) in enumerate(dimension.bound.choices)}
    if dimension.part:
        return sorted(keys, key=lambda key: (key.value is None, key.value or datetime.date.min, key.currency))
    return sorted(keys, key=lambda key: (key.value in (None, ""), order.get(key.value, len(order)), key.label))
