"""Capacity, demand and load of people, as arrays of days.

Units: a *person-day* is one full working day of one person; hours are person-days times `HOURS_PER_DAY`. A calendar gives
each day its factor (1 working, 0 off, 0.7 shortened); availability and allocations are percent of a full week, so that a
day holds factor x percent / 100 person-days of either. Ratios are sums divided, never averages of ratios.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmo.core.calendars.calc import WorkingCalendar

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DateArray = NDArray[np.datetime64]

HOURS_PER_DAY = 8.0
UNDER_USED, NEAR, FULL, EXTREME = 50.0, 80.0, 100.0, 120.0
_NOISE = 1e-6


def day_range(first: datetime.date, last: datetime.date) -> DateArray:
    """The days from `first` to `last`, both included."""
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)


def day_factors(calendar: WorkingCalendar, days: DateArray) -> FloatArray:
    """The share of a working day that each of the days counts as."""
    return calendar.working_days_between_many(days - 1, days)


def spread(rows: ArrayLike, starts: ArrayLike, ends: ArrayLike, values: ArrayLike, count: int, days: DateArray) -> Any:
    """Sum of the values in force: array (count, days) for spans of `rows` from `starts` to `ends`, both included.

    A start of NaT begins before the first day, an end of NaT lasts beyond the last. Spans outside the days add nothing.
    """
    change = np.zeros((count, len(days) + 1))
    if count and len(days):
        line = np.asarray(rows, dtype=np.int64)
        first = np.asarray(starts, dtype="datetime64[D]")
        last = np.asarray(ends, dtype="datetime64[D]")
        begin = np.where(np.isnat(first), days[0], first)
        stop = np.where(np.isnat(last), days[-1], last) + 1
        low = np.clip((begin - days[0]).astype(np.int64), 0, len(days))
        high = np.clip((stop - days[0]).astype(np.int64), 0, len(days))
        amount = np.asarray(values, dtype=np.float64)
        inside = high > low
        np.add.at(change, (line[inside], low[inside]), amount[inside])
        np.add.at(change, (line[inside], high[inside]), -amount[inside])
    return np.cumsum(change, axis=1)[:, :-1]


def per_period(daily: FloatArray, days: DateArray, starts: ArrayLike) -> FloatArray:
    """Sums over periods that begin on `starts` (ascending, the first on or before the first day): (rows, periods)."""
    edges = np.asarray(starts, dtype="datetime64[D]")
    index = np.searchsorted(edges, days, side="right") - 1
    out = np.zeros((daily.shape[0], len(edges)))
    for period in range(len(edges)):
        out[:, period] = daily[:, index == period].sum(axis=1)
    return out


def group_sums(values: FloatArray, groups: ArrayLike, count: int) -> FloatArray:
    """Rows added up by group: (groups, periods)."""
    out = np.zeros((count, values.shape[1]))
    np.add.at(out, np.asarray(groups, dtype=np.int64), values)
    return out


def load_percent(demand: FloatArray, capacity: FloatArray) -> FloatArray:
    """Demand over capacity in percent; NaN where there is neither, infinite where demand meets no capacity."""
    out = np.where(demand > _NOISE, np.inf, np.nan)
    known = capacity > _NOISE
    out[known] = demand[known] / capacity[known] * 100.0
    return out


def load_class(percent: float) -> str:
    """The class of a load: none, under, calm, near, over, extreme."""
    if np.isnan(percent):
        return "none"
    if percent < UNDER_USED:
        return "under"
    if percent < NEAR:
        return "calm"
    if percent <= FULL + _NOISE:
        return "near"
    return "over" if percent <= EXTREME + _NOISE else "extreme"


def excess(demand: FloatArray, capacity: FloatArray) -> FloatArray:
    """Demand above capacity, day by day, never negative."""
    above: FloatArray = np.maximum(demand - capacity, 0.0)
    above[above < _NOISE] = 0.0
    return above


def over_by_project(
    projects: IntArray, persons: IntArray, over: FloatArray, capacity: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Over-allocation of projects in percent: demand above capacity of their people over the capacity of these people.

    `projects` and `persons` are parallel (a pair may come several times and counts once); `over` and `capacity` are per
    person. Returns project ids, ascending, of those whose people have capacity at all.
    """
    if not len(projects):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    pairs = np.unique(np.stack([projects, persons], axis=1), axis=0)
    ids, line = np.unique(pairs[:, 0], return_inverse=True)
    above = np.bincount(line, weights=over[pairs[:, 1]], minlength=len(ids))
    held = np.bincount(line, weights=capacity[pairs[:, 1]], minlength=len(ids))
    known = held > _NOISE
    return ids[known].astype(np.int64), above[known] / held[known] * 100.0
