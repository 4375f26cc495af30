"""Working-day arithmetic on an organisation's calendar.

A day counts as its *factor*: 1 for a working day, 0 for a day off, 0.7 for a day of seven tenths of the hours
(Ramadan). A dated exception replaces what the weekday says, so a public holiday is an exception with 0 and a Chinese
make-up Saturday (调休) one with 1.

Counting follows the spreadsheet convention WORKDAY: the days *after* the start up to and including the end count, so
from Friday to the Monday after is one working day, and to the Saturday none. Hence
`working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)`, and
`working_days_between(a, add_working_days(a, n)) == n` for whole n and whole days.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

MONDAY_TO_FRIDAY = frozenset({0, 1, 2, 3, 4})

_EPOCH = datetime.date(1970, 1, 1)
_EPOCH_WEEKDAY = 3
_NOISE = 1e-9
_MAX_SEARCH_DAYS = 366 * 100
"""A calendar whose next working day is further away than this is taken as having none."""


class NoWorkingDayError(ValueError):
    """The calendar has no (further) working day, so the date asked for does not exist."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Working weekdays (0 Monday to 6 Sunday) and dated exceptions (share of a working day, 0 or more).

    Raises ValueError for an unknown weekday or a negative or non-finite factor.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    exceptions: Mapping[datetime.date, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(day for day in self.weekdays if day not in range(7))
        if unknown:
            raise ValueError(f"weekdays are 0 (Monday) to 6 (Sunday), not {unknown}")
        wrong = sorted(day for day, factor in self.exceptions.items() if not 0 <= factor < float("inf"))
        if wrong:
            raise ValueError(f"the factor of an exception is a number >= 0: {', '.join(map(str, wrong))}")

    def factor(self, day: datetime.date) -> float:
        """Return the share of a working day that `day` counts as."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return float(exception)
        return 1.0 if day.weekday() in self.weekdays else 0.0

    def is_working(self, day: datetime.date) -> bool:
        """Tell whether any work is done on `day`."""
        return self.factor(day) > 0

    def working_days_between(self, start: datetime.date, end: datetime.date) -> float:
        """Return the working days after `start` up to and including `end`; negative if `end` is earlier."""
        return float(self.working_days_between_many(_day(start), _day(end)))

    def working_days_between_many(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.float64]:
        """Return `working_days_between` for arrays of datetime64 dates, broadcast together; NaN where either is NaT."""
        first = np.asarray(start, dtype="datetime64[D]")
        last = np.asarray(end, dtype="datetime64[D]")
        known = ~(np.isnat(first) | np.isnat(last))
        if not known.any():
            return np.full(known.shape, np.nan)
        first_days = first.astype(np.int64)
        last_days = last.astype(np.int64)
        span = np.concatenate([np.broadcast_to(days, known.shape)[known].ravel() for days in (first_days, last_days)])
        low, high = int(span.min()), int(span.max())
        table = np.cumsum(self._factors(low, high))
        first_index = np.clip(first_days - low, 0, high - low)
        last_index = np.clip(last_days - low, 0, high - low)
        days = np.round(table[last_index] - table[first_index], 9)
        return np.where(known, days, np.nan)

    def add_working_days(self, start: datetime.date, days: float) -> datetime.date:
        """Return the first date by which `days` working days have passed after `start` (before it, if negative).

        0 gives `start` itself, working or not. Raises `NoWorkingDayError` if the calendar runs out of working days.
        """
        if not np.isfinite(days):
            raise ValueError("the number of working days must be finite")
        step = datetime.timedelta(days=1 if days > 0 else -1)
        remaining = abs(float(days))
        day, idle = start, 0
        while remaining > _NOISE:
            day = self._step(day, step, start)
            share = self.factor(day)
            remaining -= share
            idle = 0 if share > 0 else idle + 1
            if idle > _MAX_SEARCH_DAYS:
                raise NoWorkingDayError(f"no {days} working days from {start}")
        return day

    def next_working_day(self, day: datetime.date, *, inclusive: bool = False) -> datetime.date:
        """Return the first working day after `day`, or `day` itself if `inclusive` and it is one."""
        if inclusive and self.is_working(day):
            return day
        return self.add_working_days(day, 2 * _NOISE)

    def with_shortened_days(self, first: datetime.date, last: datetime.date, factor: float) -> "WorkingCalendar":
        """Return a calendar on which every working day from `first` to `last` counts `factor` times as much.

        Days off stay days off, and a make-up day in the period is shortened too (Ramadan hours).
        """
        exceptions = dict(self.exceptions)
        for offset in range((last - first).days + 1):
            day = first + datetime.timedelta(days=offset)
            if self.is_working(day):
                exceptions[day] = round(self.factor(day) * factor, 9)
        return WorkingCalendar(self.weekdays, exceptions)

    def _factors(self, low: int, high: int) -> NDArray[np.float64]:
        """Return the factors of the days `low` to `high`, counted from 1970-01-01."""
        week = np.array([1.0 if day in self.weekdays else 0.0 for day in range(7)])
        factors = week[(np.arange(low, high + 1) + _EPOCH_WEEKDAY) % 7]
        for day, factor in self.exceptions.items():
            index = (day - _EPOCH).days - low
            if 0 <= index <= high - low:
                factors[index] = factor
        return factors

    @staticmethod
    def _step(day: datetime.date, step: datetime.timedelta, start: datetime.date) -> datetime.date:
        try:
            return day + step
        except OverflowError:
            raise NoWorkingDayError(f"the calendar ends before enough working days from {start}") from None


def _day(day: datetime.date) -> np.datetime64:
    return np.datetime64(day, "D")
