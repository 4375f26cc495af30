"""Working days as numbers, so that a year of plans is arithmetic on arrays."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from pmo.core.calendars.calc import WorkingCalendar

IntArray = NDArray[np.int64]


class WorkDays:
    """Numbers the working days of a calendar between two dates, both included.

    A day that counts anything is a working day here; what a shortened day costs is for the plan to say.
    """

    def __init__(self, calendar: WorkingCalendar, first: datetime.date, last: datetime.date) -> None:
        self.first = first
        span = (last - first).days + 1
        days = [first + datetime.timedelta(days=offset) for offset in range(span)]
        working = np.array([calendar.is_working(day) for day in days])
        self._passed = np.cumsum(working)
        self.dates = [day for day, works in zip(days, working, strict=True) if works]

    def number(self, day: datetime.date) -> int:
        """The number of the last working day up to and including the day. ValueError outside the span."""
        offset = (day - self.first).days
        if not 0 <= offset < len(self._passed):
            raise ValueError(f"{day} lies outside the calendar of the demo")
        return int(self._passed[offset]) - 1

    def date(self, number: int) -> datetime.date:
        """The date of a working day; numbers beyond the span give its first or last working day."""
        return self.dates[min(max(int(number), 0), len(self.dates) - 1)]

    def floor(self, day: datetime.date) -> datetime.date:
        """The day itself, or the last working day before it."""
        return self.date(self.number(day))

    def shift(self, day: datetime.date, days: int) -> datetime.date:
        """The working day `days` after the last working day up to `day` (before it, if negative)."""
        return self.date(self.number(day) + days)
