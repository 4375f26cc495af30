"""One cell as the value of a field: text, number, money, date or days; a problem where it is none."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pmo.core.imports.amounts import parse_decimal
from pmo.core.imports.cells import is_empty, problem
from pmo.core.imports.dates import parse_date
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.table import Cell, cell_text
from pmo.core.imports.values import parse_text
from portfolio.linked.declaration import ONE, From, Kind
from portfolio.linked.graph import Node

_DAYS = re.compile(r"(-?\d{1,6})(?:\.0+)?\s*(?:days?|d)?", re.IGNORECASE)
_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")
_MOST = Decimal(10) ** 15
LONGEST_TEXT = 20_000


def cell_value(cell: Cell, kind: Kind, *, scale: Decimal = ONE, longest: int | None = None) -> Any:
    """The value, None for an empty cell, or a CellProblem. Money is rounded to cents, numbers to six places."""
    if kind in {"text", "long_text"}:
        long = kind == "long_text"
        return parse_text(cell, multiline=long, max_length=longest or (LONGEST_TEXT if long else None))
    if is_empty(cell):
        return None
    if kind == "days":
        found = _DAYS.fullmatch(cell_text(cell).strip())
        return int(found[1]) if found else problem("no_days", cell)
    if kind == "date":
        return parse_date(cell, order="ymd")
    number = parse_decimal(cell, style="point", scale=scale)
    if not isinstance(number, Decimal):
        return number
    if abs(number) >= _MOST:
        return problem("number_out_of_range", cell)
    if kind == "whole":
        return int(number) if number == number.to_integral_value() else problem("not_a_whole_number", cell)
    return number.quantize(_CENT if kind == "money" else _MICRO, rounding=ROUND_HALF_UP)


def field_value(node: Node, source: From, longest: int | None = None) -> tuple[Any, str]:
    """The value of a field from its row (None: nothing) or a CellProblem, and the column that it came from."""
    cell = node.cells.get(source.column)
    value = cell_value(cell, source.kind, scale=source.scale, longest=longest)
    if value is None and source.plus and not is_empty(node.cells.get(source.plus)):
        return problem("without_start", node.cells.get(source.plus), column=source.column), source.plus
    if value is None or isinstance(value, CellProblem):
        return value, source.column
    if source.since is not None:
        return _since(node, source, int(value))
    if isinstance(value, str):
        return _text(cell, source, value), source.column
    return value, source.column


def _since(node: Node, source: From, days: int) -> tuple[Any, str]:
    """A date told as days counted from another one, and with `plus` a length after that."""
    column = source.column
    if source.plus:
        more = cell_value(node.cells.get(source.plus), "whole")
        column = source.plus
        if more is None or isinstance(more, CellProblem):
            return more, column
        days += int(more)
    try:
        return (source.since or datetime.date.min) + datetime.timedelta(days=days), column
    except OverflowError:
        return problem("no_such_date", node.cells.get(column)), column


def _text(cell: Cell, source: From, value: str) -> Any:
    if source.words:
        meant = source.words.get(value.casefold())
        return meant if meant is not None else problem("unknown_word", cell, known=", ".join(source.words))
    if source.part and "-" in value:
        before, _dash, after = value.partition("-")
        value = (before if source.part == "before" else after).strip()
    elif source.part == "after":
        return value
    return f"{source.prefix}{value}"
