"""Ticks of a time axis: days, Mondays, months or years, written the way each language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .shapes import language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_STEPS = (1, 2)
_WEEK_STEPS = (1, 2)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


@dataclass(frozen=True)
class DateTicks:
    """Dates on an axis, ascending, and the text of each."""

    values: tuple[date, ...]
    texts: tuple[str, ...]


def _every_days(start: date, end: date, step: int, monday: bool) -> Iterator[date]:
    day = start + timedelta(days=-start.weekday() % 7) if monday else start
    while day <= end:
        yield day
        day += timedelta(days=step)


def _every_months(start: date, end: date, step: int) -> Iterator[date]:
    first = start.year * 12 + start.month - 1 + (0 if start.day == 1 else 1)
    index = -(-first // step) * step
    last = min(end.year * 12 + end.month - 1, 9999 * 12 + 11)
    while index <= last:
        yield date(index // 12, index % 12 + 1, 1)
        index += step


def _pick(start: date, end: date, count: int) -> tuple[list[date], str]:
    days = (end - start).days
    for step in _DAY_STEPS:
        if days // step < count:
            return list(_every_days(start, end, step, monday=False)), "day"
    for step in _WEEK_STEPS:
        if days // (7 * step) < count:
            return list(_every_days(start, end, 7 * step, monday=True)), "day"
    for step in _MONTH_STEPS:
        found = list(_every_months(start, end, step))
        if len(found) <= count:
            return found, "year" if step >= 12 else "month"
    return [start, end], "year"


def _text(day: date, unit: str, lang: str, with_year: bool) -> str:
    if unit == "year":
        return f"{day.year}年" if lang == "zh" else str(day.year)
    if unit == "month":
        if lang == "zh":
            return f"{day.year}年{day.month}月" if with_year else f"{day.month}月"
        return f"{_MONTHS[day.month - 1]} {day.year % 100:02d}" if with_year else _MONTHS[day.month - 1]
    if lang == "zh":
        return day.isoformat() if with_year else f"{day:%m-%d}"
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def date_ticks(start: date, end: date, *, lang: str | None = None, count: int = 6) -> DateTicks:
    """At most `count` ticks between start and end, both included; the year is written where it begins or changes.

    A span without a round date in it (three days around no first of a month) still has its start as a tick.
    Raises ValueError when end lies before start.
    """
    if end < start:
        raise ValueError("a time axis ends after it starts")
    values, unit = _pick(start, end, max(count, 2))
    values = values or [start]
    code = language(lang)
    texts, year = [], None
    for day in values:
        texts.append(_text(day, unit, code, with_year=day.year != year))
        year = day.year
    return DateTicks(tuple(values), tuple(texts))


def full_date(day: date, lang: str | None = None) -> str:
    """A date with its year: 2026-11-24, or 24 Nov 2026."""
    return _text(day, "day", language(lang), with_year=True)
