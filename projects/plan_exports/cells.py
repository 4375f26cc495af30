"""Values of a plan as cells of a table, and back: the two are exact inverses.

A cell is text, a number, a flag, a moment, or None for empty. Text says what no cell can: spans ("5 d", estimated "5 d?"),
ranges of a day ("08:00-12:00 13:00-17:00"; "-" is a free day, empty "as the parent says").
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from projects.calc.plan.document import Range, Rate, Span

Cell = str | int | float | Decimal | bool | datetime.datetime | None

MINUTES = {
    "m": 1.0,
    "h": 60.0,
    "d": 480.0,
    "w": 2400.0,
    "mo": 9600.0,
    "y": 115200.0,
    "em": 1.0,
    "eh": 60.0,
    "ed": 1440.0,
    "ew": 10080.0,
    "emo": 43200.0,
    "ey": 525600.0,
    "%": 1.0,
    "e%": 1.0,
}
FREE = "-"


class CellError(ValueError):
    """The cell does not hold such a value."""


class Units:
    """How many minutes a unit has in one plan."""

    def __init__(self, minutes_per_day: int = 480, minutes_per_week: int = 2400, days_per_month: float = 20) -> None:
        day = float(minutes_per_day)
        self.minutes = {**MINUTES, "d": day, "w": float(minutes_per_week), "mo": day * days_per_month}

    def text_of(self, span: Span) -> str:
        """`5 d`, `5 d?` where estimated; in minutes, `77.7 m as d`, where the unit cannot say it exactly."""
        mark = "?" if span.estimated else ""
        factor = self.minutes.get(span.unit, 0.0)
        if factor:
            number = _short(span.minutes / factor)
            if float(number) * factor == span.minutes:
                return f"{number} {span.unit}{mark}"
        return f"{_short(span.minutes)} m as {span.unit}{mark}"

    def span_of(self, text: str) -> Span:
        """The span that `text_of` wrote. Raises CellError."""
        words = text.strip().split(" ")
        estimated = words[-1].endswith("?")
        unit = words[-1].removesuffix("?")
        try:
            if len(words) == 4 and words[1:3] == ["m", "as"]:
                return Span(float(words[0]), unit, estimated)
            if len(words) == 2:
                return Span(float(words[0]) * self.minutes[unit], unit, estimated)
        except (ValueError, KeyError) as error:
            raise CellError(text) from error
        raise CellError(text)


def _short(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def ranges_text(ranges: tuple[Range, ...] | None) -> str:
    """The working ranges of a day."""
    if ranges is None:
        return ""
    return " ".join(f"{_time(start)}-{_time(end)}" for start, end in ranges) or FREE


def ranges_of(text: str) -> tuple[Range, ...] | None:
    """The ranges that `ranges_text` wrote. Raises CellError."""
    if not text:
        return None
    if text == FREE:
        return ()
    try:
        pairs = [one.split("-") for one in text.split(" ")]
        return tuple((datetime.time.fromisoformat(start), datetime.time.fromisoformat(end)) for start, end in pairs)
    except ValueError as error:
        raise CellError(text) from error


def _time(time: datetime.time) -> str:
    return time.isoformat("seconds" if time.second else "minutes")


def to_cell(kind: str, value: Any, units: Units) -> Cell:
    """The cell of a value of the kind."""
    if value is None:
        return None
    if kind == "span":
        return units.text_of(value)
    if kind == "rate":
        return f"{value.amount} / {value.per}" if value.per else str(value.amount)
    if kind == "ranges":
        return ranges_text(value)
    if kind == "date":
        return str(value.isoformat())
    if kind == "list":
        return json.dumps(list(value), ensure_ascii=False) if value else None
    cell: Cell = value
    return cell


def from_cell(kind: str, cell: Cell, units: Units) -> Any:
    """The value of the kind in a cell that is not empty. Raises CellError."""
    if kind == "span":
        return units.span_of(_text(cell))
    read = _READ.get(kind)
    if read is None:
        return _text(cell)
    try:
        return read(cell)
    except CellError:
        raise
    except (ValueError, TypeError, ArithmeticError) as error:
        raise CellError(str(cell)) from error


def _text(cell: Cell) -> str:
    if isinstance(cell, bool | datetime.datetime):
        raise CellError(str(cell))
    return str(cell)


def _flag(cell: Cell) -> bool:
    known = {True: True, False: False, "true": True, "false": False}
    value = cell.casefold() if isinstance(cell, str) else cell
    if value not in known:
        raise CellError(str(cell))
    return known[value]


def _moment(cell: Cell) -> datetime.datetime:
    return cell if isinstance(cell, datetime.datetime) else datetime.datetime.fromisoformat(_text(cell))


def _date(cell: Cell) -> datetime.date:
    return cell.date() if isinstance(cell, datetime.datetime) else datetime.date.fromisoformat(_text(cell))


def _rate(cell: Cell) -> Rate:
    amount, _mark, per = _text(cell).partition(" / ")
    return Rate(Decimal(amount), per)


def _list(cell: Cell) -> tuple[str, ...]:
    return tuple(str(one) for one in json.loads(_text(cell)))


_READ: dict[str, Callable[[Cell], Any]] = {
    "int": lambda cell: int(_text(cell)),
    "float": lambda cell: float(_text(cell)),
    "money": lambda cell: Decimal(_text(cell)),
    "flag": _flag,
    "moment": _moment,
    "date": _date,
    "rate": _rate,
    "ranges": lambda cell: ranges_of(_text(cell)),
    "list": _list,
}
