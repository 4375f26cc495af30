"""Dates as people write them; whether the day or the month comes first is decided per column, from the evidence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pmo.core.imports.cells import excuse, is_empty, plain, problem
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.table import Cell, cell_text

DateOrder = Literal["dmy", "mdy", "ymd"]
Partial = Literal["", "first", "last"]

PIVOT = 68
FIRST_YEAR, LAST_YEAR = 1900, 2199
SERIAL_EPOCH = date(1899, 12, 30)
LARGEST = 10**9
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_TIME = (
    r"(?:[t ]?\s*(?:上午|下午|am|pm)?\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?\s*(?:am|pm)?"
    r"\s*(?:z|utc|gmt|[-+]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/. ])\s?(\d{{1,2}})\2\s?(\d{{1,2}}){_TIME}\Z")
_CHINESE = re.compile(rf"(\d{{4}}|\d\d)\s?年\s?(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?[日号]?{_TIME}\Z")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/. ])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d\d){_TIME}\Z")
_DAY_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ ,.]*({_MONTH})[-/ ,.]*(\d{{4}}|\d\d){_TIME}\Z")
_NAMED_DAY = re.compile(rf"({_MONTH})[-/ .]*(\d{{1,2}})(?:st|nd|rd|th)?[-/ ,.]+(\d{{4}}){_TIME}\Z")
_NAMED_MONTH = re.compile(rf"({_MONTH})[-/ ,.']*(\d{{4}}|\d\d)\Z")
_MONTH_ONLY = re.compile(r"(\d{4})(?:[-/.]|\s?年\s?)(\d{1,2})(?:\s?月)?\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})\Z")
_QUARTER = re.compile(r"(?:(\d{4})\s?年?[-/ ]?\s?(?:q|第)\s?([1-4一二三四])(?:\s?季度?)?|q([1-4])[-/ ]?\s?(\d{4}))\Z")
_YEAR = re.compile(r"(?:fy|cy|财年)?\s?(\d{4})\s?(?:年度?|财年)?\Z")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?\Z")
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """Which order a column's dates follow. `certain` is the number of dates that allow only this order.

    `contradicting` dates allow only another order; with neither, the column is `ambiguous` and the user decides.
    """

    order: DateOrder
    certain: int = 0
    contradicting: int = 0
    open: int = 0

    @property
    def ambiguous(self) -> bool:
        """Are there dates such as 03/04/21 and nothing that says how to read them?"""
        return self.open > 0 and self.certain == 0


def decide_order(texts: Iterable[str], default: DateOrder = "dmy") -> OrderEvidence:
    """The order of day, month and year in a column, from the dates that can be read in one way only."""
    sure: dict[DateOrder, int] = {"dmy": 0, "mdy": 0, "ymd": 0}
    several = 0
    short: list[tuple[int, int, int]] = []
    for text in texts:
        match = _YEAR_LAST.match(plain(text).casefold())
        if match is None:
            continue
        first, second, last = int(match[1]), int(match[3]), match[4]
        if len(last) == 2:
            short.append((first, second, int(last)))
        possible = _possible_orders(first, second, last)
        if len(possible) == 1:
            sure[possible[0]] += 1
        elif possible and first != second:
            several += 1
    if not sure["mdy"] and not sure["ymd"] and _reads_year_first(short):
        return OrderEvidence("ymd", 0, 0, len(short))
    best = max(sure, key=lambda order: (sure[order], order == default))
    return OrderEvidence(best, sure[best], sum(sure.values()) - sure[best], several)


def _possible_orders(first: int, second: int, last: str) -> list[DateOrder]:
    """The orders that give a date. Year first counts only where the first number can be nothing else."""
    orders: list[DateOrder] = []
    if 1 <= first <= 31 and 1 <= second <= 12:
        orders.append("dmy")
    if 1 <= first <= 12 and 1 <= second <= 31:
        orders.append("mdy")
    if len(last) == 2 and first > 31 and 1 <= second <= 12:
        orders.append("ymd")
    return orders


def _reads_year_first(dates: list[tuple[int, int, int]]) -> bool:
    """Do dates such as 26.11.21 make more sense with the year in front: its numbers close together, the last apart?"""
    if len(dates) < 2 or not all(1 <= second <= 12 and 1 <= last <= 31 for _, second, last in dates):
        return False
    firsts = [first for first, _, _ in dates]
    lasts = [last for _, _, last in dates]
    return 2 * (max(firsts) - min(firsts)) < max(lasts) - min(lasts)


def parse_date(
    cell: Cell, *, order: DateOrder = "dmy", pivot: int = PIVOT, partial: Partial = ""
) -> date | CellProblem | None:
    """The date in a cell, without its time of day. None for no value.

    `order` reads 03/04/21; two-digit years up to `pivot` are 20xx. A month, quarter or year alone is a problem unless
    `partial` says which of its days is meant. Day numbers of a spreadsheet (45,992) are dates too.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return _in_range(cell.date(), cell)
    if isinstance(cell, date):
        return _in_range(cell, cell)
    if isinstance(cell, (bool, int, float)):
        return _from_number(cell, partial, cell)
    written = plain(cell_text(cell))
    text = written.casefold()
    if len(text) > 40:
        return excuse(written, cell) or problem("not_a_date", cell)
    parts = _full(text, order, pivot)
    if parts is not None:
        return _calendar(*parts, cell)
    if _SERIAL.match(text):
        return _from_number(float(text), partial, cell)
    span = _span(text, pivot)
    if span is not None:
        return _of_span(span, partial, cell)
    return excuse(written, cell) or problem("not_a_date", cell)


def parse_period(cell: Cell, *, year_end: str = "12-31", order: DateOrder = "dmy") -> date | CellProblem | None:
    """The date that a snapshot column names: a day, or the last day of a month or quarter, or `year_end` of a year."""
    year = _year_of(cell)
    if year is None:
        return parse_date(cell, order=order, partial="last")
    month, day = (int(part) for part in year_end.split("-"))
    if (month, day) == (2, 29) and not _is_leap(year):
        day = 28
    return _calendar(year, month, day, cell)


def date_in_name(filename: str) -> date | None:
    """The date in a file's name, as in `portfolio_2026-06-30.csv` or `台账20260630.xlsx`; None unless exactly one."""
    found = set()
    for match in re.finditer(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(\d\d?)[-_.月]?(\d\d?)日?(?!\d)", filename):
        try:
            found.add(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None


def _year_of(cell: Cell) -> int | None:
    """The year if the cell names a year alone: 2018, "2018年", "FY2018"."""
    if isinstance(cell, (bool, date)) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if FIRST_YEAR <= cell <= LAST_YEAR and float(cell).is_integer() else None
    match = _YEAR.match(plain(cell).casefold())
    return int(match[1]) if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR else None


def _full(text: str, order: DateOrder, pivot: int) -> tuple[int, int, int] | None:
    """Year, month and day of a text that names all three."""
    if match := _YEAR_FIRST.match(text):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _YEAR_LAST.match(text):
        return _ordered(int(match[1]), int(match[3]), match[4], order, pivot)
    if match := _CHINESE.match(text):
        return _year(match[1], pivot), int(match[2]), int(match[3])
    if match := _COMPACT.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_NAMED.match(text):
        return _year(match[3], pivot), MONTHS[match[2]], int(match[1])
    if match := _NAMED_DAY.match(text):
        return int(match[3]), MONTHS[match[1]], int(match[2])
    return None


def _ordered(first: int, second: int, last: str, order: DateOrder, pivot: int) -> tuple[int, int, int]:
    if order == "ymd" and len(last) == 2:
        return _year(f"{first:02d}", pivot), second, int(last)
    day, month = (second, first) if order == "mdy" else (first, second)
    return _year(last, pivot), month, day


def _year(digits: str, pivot: int) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= pivot else 1900)


def _span(text: str, pivot: int) -> tuple[int, int, int] | None:
    """Year, first month and number of months of a text that names a month, a quarter or a year only."""
    if match := _MONTH_ONLY.match(text):
        return int(match[1]), int(match[2]), 1
    if match := _MONTH_YEAR.match(text):
        return int(match[2]), int(match[1]), 1
    if match := _NAMED_MONTH.match(text):
        return _year(match[2], pivot), MONTHS[match[1]], 1
    if match := _QUARTER.match(text):
        year, quarter = (match[1], match[2]) if match[1] else (match[4], match[3])
        return int(year), 3 * (_CHINESE_DIGITS.get(quarter) or int(quarter)) - 2, 3
    if match := _YEAR.match(text):
        return int(match[1]), 1, 12
    return None


def _of_span(span: tuple[int, int, int], partial: Partial, cell: Cell) -> date | CellProblem:
    year, month, months = span
    if not partial:
        return problem("date_incomplete", cell)
    first = _calendar(year, month, 1, cell)
    if partial == "first" or isinstance(first, CellProblem):
        return first
    beyond = month + months
    following = date(year + 1, beyond - 12, 1) if beyond > 12 else date(year, beyond, 1)
    return following - timedelta(days=1)


def _from_number(number: float, partial: Partial, cell: Cell) -> date | CellProblem:
    """A day number of a spreadsheet, or digits such as 20261121, or a year."""
    if isinstance(number, bool) or not -LARGEST < number < LARGEST:
        return problem("not_a_date", cell)
    if match := _COMPACT.match(str(int(number))):
        return _calendar(int(match[1]), int(match[2]), int(match[3]), cell)
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return SERIAL_EPOCH + timedelta(days=int(number))
    year = _year_of(number)
    return problem("not_a_date", cell) if year is None else _of_span((year, 1, 12), partial, cell)


def _calendar(year: int, month: int, day: int, cell: Cell) -> date | CellProblem:
    try:
        value = date(year, month, day)
    except ValueError:
        return problem("no_such_date", cell)
    return _in_range(value, cell)


def _in_range(value: date, cell: Cell) -> date | CellProblem:
    if FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    return problem("date_out_of_range", cell)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
