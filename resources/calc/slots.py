"""Windows of equipment: how much is in use on a day, what stands in the way of a booking, when the next window is free.

Set-up lies before a booking and tear-down after it; a working day holds `HOURS_PER_DAY` hours and a begun day is taken
whole. Within its occupied span a booking takes its quantity on every calendar day.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pmo.core.calendars.calc import WorkingCalendar

HOURS_PER_DAY = 8
SEARCH_DAYS = 400
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """A booking as it occupies equipment: first and last day including set-up and tear-down, quantity, who (any key)."""

    first: datetime.date
    last: datetime.date
    quantity: int
    key: int = 0


def occupied(
    starts: datetime.date, ends: datetime.date, setup_hours: int, teardown_hours: int, calendar: WorkingCalendar
) -> tuple[datetime.date, datetime.date]:
    """First and last day a booking takes, with the working days of set-up before and tear-down after."""
    before, after = math.ceil(setup_hours / HOURS_PER_DAY), math.ceil(teardown_hours / HOURS_PER_DAY)
    first = calendar.add_working_days(starts, -before) if before else starts
    last = calendar.add_working_days(ends, after) if after else ends
    return first, last


def used(slots: Sequence[Slot], first: datetime.date, last: datetime.date) -> NDArray[np.int64]:
    """Items in use on each day from `first` to `last`."""
    days = (last - first).days + 1
    change = np.zeros(days + 1, dtype=np.int64)
    for slot in slots:
        low, high = max((slot.first - first).days, 0), min((slot.last - first).days + 1, days)
        if high > low:
            change[low] += slot.quantity
            change[high] -= slot.quantity
    return np.cumsum(change)[:-1]


def fits(slots: Sequence[Slot], capacity: int, quantity: int, first: datetime.date, last: datetime.date) -> bool:
    """Whether `quantity` more items are free on every day."""
    return bool((used(slots, first, last) + quantity <= capacity).all())


def in_the_way(slots: Sequence[Slot], capacity: int, wanted: Slot) -> list[Slot]:
    """The slots that are in use on a day on which the wanted one does not fit, by first day."""
    usage = used(slots, wanted.first, wanted.last)
    full = {wanted.first + _DAY * int(day) for day in np.flatnonzero(usage + wanted.quantity > capacity)}
    found = [slot for slot in slots if any(slot.first <= day <= slot.last for day in full)]
    return sorted(found, key=lambda slot: (slot.first, slot.key))


def next_free(
    slots: Sequence[Slot],
    capacity: int,
    quantity: int,
    starts: datetime.date,
    ends: datetime.date,
    hours: tuple[int, int],
    calendar: WorkingCalendar,
) -> tuple[datetime.date, datetime.date] | None:
    """The first window from `starts` on that is as long as `starts` to `ends` and free; None within `SEARCH_DAYS`.

    `hours` are set-up and tear-down. Windows begin on working days and keep their number of working days.
    """
    if quantity > capacity:
        return None
    length = calendar.working_days_between(starts - _DAY, ends)
    day = calendar.next_working_day(starts, inclusive=True)
    while (day - starts).days <= SEARCH_DAYS:
        end = max(calendar.add_working_days(day - _DAY, length), day) if length > 0 else day
        first, last = occupied(day, end, *hours, calendar)
        if fits(slots, capacity, quantity, first, last):
            return day, end
        day = calendar.next_working_day(day)
    return None
