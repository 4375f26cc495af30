"""When benefits begin and which of their periods count: dates as numpy days, no Django."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

DateArray = NDArray[np.datetime64]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def add_months(days: DateArray, months: IntArray) -> DateArray:
    """Each day moved by whole months (n,), to the last day of the month where it has no such day; NaT stays NaT."""
    first = days.astype("datetime64[M]")
    within = days - first.astype("datetime64[D]")
    target = first + np.where(np.isnat(days), 0, months).astype("timedelta64[M]")
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - target.astype("datetime64[D]")
    last = length - np.timedelta64(1, "D")
    moved: DateArray = target.astype("datetime64[D]") + np.where(within > last, last, within)
    return moved


def expected_finish(planned: DateArray, forecast: DateArray, actual: DateArray, day: datetime.date) -> DateArray:
    """Actual finish where it is past, else the forecast, else the plan; an open project finishes today at the earliest."""
    today = np.datetime64(day, "D")
    finished = ~np.isnat(actual) & (actual <= today)
    promised = np.where(np.isnat(forecast), planned, forecast)
    open_finish = np.where(np.isnat(promised), promised, np.maximum(promised, today))
    return np.where(finished, actual, open_finish)


def weeks_between(start: DateArray, end: DateArray) -> FloatArray:
    """Weeks from start to end (n,), NaN where one of them is unknown."""
    known = ~(np.isnat(start) | np.isnat(end))
    days = np.where(known, (end - start).astype("timedelta64[D]").astype(np.int64), 0)
    return np.where(known, days / 7.0, np.nan)


def last_ended_month(day: datetime.date) -> datetime.date:
    """The first day of the last calendar month that is over at the end of the day."""
    following = day + datetime.timedelta(days=1)
    return previous_month(following)


def previous_month(day: datetime.date) -> datetime.date:
    """The first day of the month before the one the day lies in."""
    return (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
