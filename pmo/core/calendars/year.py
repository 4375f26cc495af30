"""A year of the working calendar as twelve months of days."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.models import CalendarException

OFF, HOLIDAY, MAKE_UP, SHORT, WORK = "off", "holiday", "makeup", "short", "work"


@dataclass(frozen=True)
class Day:
    """One day: what it is, its share of a working day, and the exception that makes it so."""

    day: datetime.date
    kind: str
    factor: float
    row: CalendarException | None


@dataclass(frozen=True)
class Month:
    """Weeks of seven days from Monday (None outside the month), and the working days in it."""

    first: datetime.date
    weeks: list[list[Day | None]]
    working: float

    @property
    def places(self) -> int:
        """Decimals to show the working days with."""
        return 0 if self.working == int(self.working) else 1


def months_of(year: int, working: WorkingCalendar, rows: Iterable[CalendarException]) -> list[Month]:
    """The twelve months. `rows` are the exceptions of the year, those of a region after the general ones."""
    named = {row.day: row for row in rows}
    return [_month(year, number, working, named) for number in range(1, 13)]


def _month(year: int, number: int, working: WorkingCalendar, named: dict[datetime.date, CalendarException]) -> Month:
    weeks: list[list[Day | None]] = []
    total = 0.0
    for week in calendar.Calendar().monthdatescalendar(year, number):
        line: list[Day | None] = []
        for day in week:
            shown = _day(day, working, named.get(day)) if day.month == number else None
            total += shown.factor if shown else 0.0
            line.append(shown)
        weeks.append(line)
    return Month(datetime.date(year, number, 1), weeks, round(total, 2))


def _day(day: datetime.date, working: WorkingCalendar, row: CalendarException | None) -> Day:
    factor = working.factor(day)
    usual = day.weekday() in working.weekdays
    if row is None:
        return Day(day, WORK if usual else OFF, factor, None)
    if row.factor == Decimal(0):
        return Day(day, HOLIDAY, factor, row)
    if factor < 1:
        return Day(day, SHORT, factor, row)
    return Day(day, WORK if usual else MAKE_UP, factor, row)
