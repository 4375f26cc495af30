"""The load of people on a past or present day, read from version rows."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from django.db.models import Case, IntegerField, Q, Value, When
from numpy.typing import NDArray

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.history.queries import as_of
from resources.calc import load
from resources.models import Allocation, PoolMember

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def over_allocation(
    day: datetime.date, horizon_days: int, project_where: Q, calendar: WorkingCalendar
) -> tuple[IntArray, FloatArray]:
    """By how much the people committed to each project are promised beyond their capacity, in percent, as of `day`.

    For the people of the pool committed to a project in the `horizon_days` days after `day`: their demand above
    capacity (of all projects together, day by day) over their capacity in that time. `project_where` is a condition on
    the field `project_id`; empty takes every project. Returns project ids, ascending, and percentages of the same
    length; projects without committed people of the pool are not in it. Two queries whatever the size.
    """
    days = load.day_range(day + datetime.timedelta(days=1), day + datetime.timedelta(days=horizon_days))
    committed = as_of(Allocation, day).filter(
        state=Allocation.State.COMMITTED,
        starts_on__lte=day + datetime.timedelta(days=horizon_days),
        ends_on__gt=day,
    )
    people = committed.filter(project_where).order_by().values("person_id")
    members = as_of(PoolMember, day).filter(person_id__in=people).order_by("person_id")
    pool = list(members.values_list("person_id", "availability", "pool_from", "pool_until"))
    rows = list(
        committed.filter(person_id__in=people)
        .annotate(asked=_asked(project_where))
        .order_by()
        .values_list("person_id", "project_id", "starts_on", "ends_on", "percent", "asked")
    )
    return _over(pool, rows, days, load.day_factors(calendar, days))


def _asked(project_where: Q) -> Any:
    if not project_where:
        return Value(1, output_field=IntegerField())
    return Case(When(project_where, then=Value(1)), default=Value(0), output_field=IntegerField())


def _over(
    pool: list[Any], rows: list[Any], days: NDArray[np.datetime64], factors: FloatArray
) -> tuple[IntArray, FloatArray]:
    if not pool or not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    person, availability, since, until = zip(*pool, strict=True)
    people = np.array(person, dtype=np.int64)
    places = np.arange(len(people))
    capacity = load.spread(places, _days(since), _days(until), np.array(availability) / 100.0, len(people), days)
    who, project, starts, ends, percent, asked = zip(*rows, strict=True)
    line = np.searchsorted(people, np.array(who, dtype=np.int64))
    known = people[np.minimum(line, len(people) - 1)] == np.array(who)
    demand = load.spread(
        line[known],
        _days(starts)[known],
        _days(ends)[known],
        np.array(percent)[known] / 100.0,
        len(people),
        days,
    )
    over = load.excess(demand * factors, capacity * factors).sum(axis=1)
    wanted = known & (np.array(asked) == 1)
    return load.over_by_project(
        np.array(project, dtype=np.int64)[wanted], line[wanted], over, (capacity * factors).sum(axis=1)
    )


def _days(values: tuple[Any, ...]) -> NDArray[np.datetime64]:
    return np.array(values, dtype="datetime64[D]")
