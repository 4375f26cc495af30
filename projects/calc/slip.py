"""Slip of milestones and finishes, in working days, late is positive.

A milestone that is done slipped from its baseline to its actual date. One that is open slips to its forecast, or to its
baseline if nobody forecast it, but never to a day that is already over: what was forecast for last week and is not done
is at best done today.
"""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmo.core.calendars.calc import WorkingCalendar

DateArray = NDArray[np.datetime64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def expected_date(baseline: date | None, forecast: date | None, actual: date | None, when: date) -> date | None:
    """Return the date a milestone was done or is at best done, seen at the end of `when`; None if nothing is known."""
    if actual is not None and actual <= when:
        return actual
    expected = forecast if forecast is not None else baseline
    return None if expected is None else max(expected, when)


def slip_working_days(
    calendar: WorkingCalendar, baseline: date | None, forecast: date | None, actual: date | None, when: date
) -> float | None:
    """Return the slip of one milestone in working days, negative if early, None without a baseline."""
    expected = expected_date(baseline, forecast, actual, when)
    if baseline is None or expected is None:
        return None
    return calendar.working_days_between(baseline, expected)


def expected_dates(baseline: ArrayLike, forecast: ArrayLike, actual: ArrayLike, when: date) -> DateArray:
    """Return `expected_date` for (m,) dates, NaT where unknown."""
    day = np.datetime64(when, "D")
    planned, foreseen, done = (np.asarray(dates, dtype="datetime64[D]") for dates in (baseline, forecast, actual))
    expected = np.where(np.isnat(foreseen), planned, foreseen)
    return np.where(done <= day, done, np.maximum(expected, day))


def slips(
    calendar: WorkingCalendar, baseline: ArrayLike, forecast: ArrayLike, actual: ArrayLike, when: date
) -> FloatArray:
    """Return `slip_working_days` for (m,) milestones, NaN without a baseline."""
    return calendar.working_days_between_many(baseline, expected_dates(baseline, forecast, actual, when))


def worst_per_project(project: ArrayLike, slip: FloatArray, chosen: ArrayLike, *, projects: int) -> FloatArray:
    """Return the largest slip of the chosen milestones of n projects, NaN where there is none.

    `project` (indices), `slip` and `chosen` (booleans, such as "is a key milestone") are (m,).
    """
    index = np.asarray(project, dtype=np.int64)
    used = np.asarray(chosen, dtype=np.bool_) & ~np.isnan(slip)
    worst = np.full(projects, -np.inf)
    np.maximum.at(worst, index[used], slip[used])
    return np.where(np.isneginf(worst), np.nan, worst)


def is_late(baseline: ArrayLike, actual: ArrayLike, when: date) -> BoolArray:
    """Tell which milestones were due before `when` and are not done by its end. On its baseline date none is late."""
    day = np.datetime64(when, "D")
    planned, done = (np.asarray(dates, dtype="datetime64[D]") for dates in (baseline, actual))
    late: BoolArray = (planned < day) & ~(done <= day)
    return late


def late_per_project(project: ArrayLike, late: ArrayLike, baseline: ArrayLike, *, projects: int) -> FloatArray:
    """Count the late milestones of n projects; NaN for a project that has no milestone with a baseline."""
    index = np.asarray(project, dtype=np.int64)
    planned = ~np.isnat(np.asarray(baseline, dtype="datetime64[D]"))
    count = np.bincount(index, weights=np.asarray(late, dtype=np.float64), minlength=projects)
    return np.where(np.bincount(index[planned], minlength=projects) > 0, count, np.nan)
