"""What a project has of the pool: its people with their load from all projects, and its equipment."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q

from pmo.core.calendars.calc import WorkingCalendar
from resources.calc import load
from resources.models import Allocation, EquipmentBooking, PoolMember
from resources.queries.load import over_allocation

HORIZON = 28


@dataclass(frozen=True)
class Line:
    """An allocation of the project with the load of its person in the next weeks, in percent (None: not in the pool)."""

    row: Allocation
    load: float | None
    kind: str


def allocation_lines(project_id: int, today: datetime.date, calendar: WorkingCalendar) -> list[Line]:
    """Allocations of the project that are not over, the nearest first. Three queries."""
    rows = list(
        Allocation.objects.filter(project_id=project_id, ends_on__gte=today)
        .exclude(state=Allocation.State.CANCELLED)
        .select_related("person__unit", "role")
        .order_by("starts_on", "code")[:200]
    )
    loads = person_loads([row.person_id for row in rows], today, calendar)
    return [Line(row, loads.get(row.person_id), load.load_class(loads.get(row.person_id, np.nan))) for row in rows]


def person_loads(ids: list[int], today: datetime.date, calendar: WorkingCalendar) -> dict[int, float]:
    """Committed demand over capacity of people in the `HORIZON` days after today, in percent, all projects together."""
    pool = list(
        PoolMember.objects.filter(person_id__in=ids)
        .order_by("person_id")
        .values_list("person_id", "availability", "pool_from", "pool_until")
    )
    first, last = today + datetime.timedelta(days=1), today + datetime.timedelta(days=HORIZON)
    found = list(
        Allocation.objects.filter(
            person_id__in=[row[0] for row in pool],
            state=Allocation.State.COMMITTED,
            starts_on__lte=last,
            ends_on__gte=first,
        ).values_list("person_id", "starts_on", "ends_on", "percent")
    )
    place = {row[0]: number for number, row in enumerate(pool)}
    days = load.day_range(first, last)
    factors = load.day_factors(calendar, days)
    held = load.spread(
        range(len(pool)), _dates(pool, 2), _dates(pool, 3), [row[1] / 100 for row in pool], len(pool), days
    )
    wanted = load.spread(
        [place[row[0]] for row in found],
        _dates(found, 1),
        _dates(found, 2),
        [row[3] / 100 for row in found],
        len(pool),
        days,
    )
    percent = load.load_percent((wanted * factors).sum(axis=1), (held * factors).sum(axis=1))
    return {row[0]: float(value) for row, value in zip(pool, percent, strict=True) if not np.isnan(value)}


def project_over(project_id: int, today: datetime.date, calendar: WorkingCalendar) -> float | None:
    """Over-allocation of the project in percent, None where nobody of the pool is committed to it. Two queries."""
    ids, over = over_allocation(today, HORIZON, Q(project_id=project_id), calendar)
    return float(over[0]) if len(ids) else None


def bookings(project_id: int, today: datetime.date) -> Any:
    """Bookings of the project that are not over, the nearest first. One query."""
    return (
        EquipmentBooking.objects.filter(project_id=project_id, ends_on__gte=today)
        .exclude(state=EquipmentBooking.State.CANCELLED)
        .select_related("equipment__unit")
        .order_by("starts_on", "code")[:200]
    )


def _dates(rows: list[Any], place: int) -> Any:
    return np.array([row[place] for row in rows], dtype="datetime64[D]")
