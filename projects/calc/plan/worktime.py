"""Working minutes on a plan's own calendar: ranges of hours by weekday, days that differ, weeks that differ, a parent calendar."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from projects.calc.plan.document import Calendar, Range

DAY_MINUTES = 24 * 60
_FURTHEST = 366 * 30
_STANDARD: tuple[Range, ...] = (
    (datetime.time(8), datetime.time(12)),
    (datetime.time(13), datetime.time(17)),
)
STANDARD = Calendar("", "", None, {day: _STANDARD if day < 6 else () for day in range(1, 8)})
"""Monday to Friday, 8 to 12 and 13 to 17: what a plan without a calendar counts by."""


class NoWorkingTimeError(ValueError):
    """The calendar has no (further) working time."""


class Worktime:
    """Counts on a calendar; `parents` are the plan's calendars by uid. Asked days are remembered."""

    def __init__(self, calendar: Calendar = STANDARD, parents: Mapping[str, Calendar] | None = None) -> None:
        self._chain = _chain(calendar, parents or {})
        self._days: dict[datetime.date, tuple[tuple[int, int], ...]] = {}

    def ranges(self, day: datetime.date) -> tuple[tuple[int, int], ...]:
        """The day's working ranges in minutes from midnight, in order."""
        if day not in self._days:
            self._days[day] = tuple(
                sorted((_minute(start), _minute(end) or DAY_MINUTES) for start, end in self._of(day))
            )
        return self._days[day]

    def _of(self, day: datetime.date) -> Sequence[Range]:
        for calendar in self._chain:
            for exception in calendar.exceptions:
                if exception.first <= day <= exception.last:
                    return exception.ranges
            for week in calendar.weeks:
                own = week.days.get(day.isoweekday()) if week.first <= day <= week.last else None
                if own is not None:
                    return own
            usual = calendar.week.get(day.isoweekday())
            if usual is not None:
                return usual
        return STANDARD.week[day.isoweekday()] or ()

    def first_at(self, at: datetime.datetime) -> datetime.datetime:
        """The moment itself if work is done then, else the next begin of work. Raises NoWorkingTimeError."""
        day = at.date()
        floor = _minute(at.time())
        for _step in range(_FURTHEST):
            for start, end in self.ranges(day):
                if end > floor:
                    return _moment(day, max(start, floor), at)
            day, floor = day + datetime.timedelta(days=1), 0
        raise NoWorkingTimeError

    def last_on(self, day: datetime.date) -> datetime.time | None:
        """When work ends on the day, None on a free one; midnight at its end is said as 23:59."""
        ranges = self.ranges(day)
        if not ranges:
            return None
        last = min(ranges[-1][1], DAY_MINUTES - 1)
        return datetime.time(last // 60, last % 60)

    def add(self, start: datetime.datetime, minutes: float) -> datetime.datetime:
        """The moment by which that many working minutes have passed since `start`. Raises NoWorkingTimeError."""
        if minutes <= 0:
            return start
        left, day, floor = minutes, start.date(), _minute(start.time())
        for _step in range(_FURTHEST):
            for begin, end in self.ranges(day):
                room = end - max(begin, floor)
                if room <= 0:
                    continue
                if left <= room:
                    return _moment(day, max(begin, floor) + left, start)
                left -= room
            day, floor = day + datetime.timedelta(days=1), 0
        raise NoWorkingTimeError

    def between(self, start: datetime.datetime, finish: datetime.datetime) -> float:
        """Working minutes from start to finish, 0 where the finish is not later."""
        total, day = 0.0, start.date()
        while day <= finish.date():
            low = _exact(start) if day == start.date() else 0.0
            high = _exact(finish) if day == finish.date() else float(DAY_MINUTES)
            total += sum(max(0.0, min(end, high) - max(begin, low)) for begin, end in self.ranges(day))
            day += datetime.timedelta(days=1)
        return total


def _chain(calendar: Calendar, parents: Mapping[str, Calendar]) -> list[Calendar]:
    found, seen = [calendar], {calendar.uid}
    while found[-1].parent and found[-1].parent in parents and found[-1].parent not in seen:
        found.append(parents[found[-1].parent])
        seen.add(found[-1].uid)
    return found


def _minute(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def _exact(at: datetime.datetime) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def _moment(day: datetime.date, minute: float, like: datetime.datetime) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), like.tzinfo) + datetime.timedelta(minutes=minute)
