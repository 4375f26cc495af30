"""Capacity and demand of the people of the pool by period, as they stood at the end of a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmo.core.access.api import scoped_q
from pmo.core.calendars.queries import working_calendar
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit, Person
from pmo.core.people.names import localised
from resources.access import POOL
from resources.calc import load
from resources.models import Allocation, PersonSkill, PoolMember, ResourceRole, Skill

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """What the page is asked for: the day it is seen from, periods as (first, last) day, filters by id (0: none)."""

    day: datetime.date
    periods: tuple[tuple[datetime.date, datetime.date], ...]
    unit: int = 0
    role: int = 0
    skill: int = 0
    proposed: bool = False


@dataclass(frozen=True)
class Names:
    """Units (id -> (name, path)), roles and skills by id, in the reader's language and in order."""

    units: dict[int, tuple[str, str]]
    roles: dict[int, str]
    skills: dict[int, str]


@dataclass(frozen=True)
class Member:
    """A person of the pool."""

    person_id: int
    name: str
    unit_id: int | None
    role_id: int


@dataclass(frozen=True)
class Pool:
    """People (n) with capacity and demand in person-days by period (n, periods); `working` are the periods' working days."""

    members: list[Member]
    capacity: FloatArray
    demand: FloatArray
    working: FloatArray


def names() -> Names:
    """The vocabularies of the page's filters. Three queries."""
    units = OrgUnit.objects.order_by("path").values_list("pk", "name_zh", "name_en", "code", "path")
    roles = ResourceRole.objects.order_by("code").values_list("pk", "name_zh", "name_en", "code")
    skills = Skill.objects.order_by("category", "code").values_list("pk", "name_zh", "name_en", "code")
    return Names(
        units={pk: (localised(zh, en) or code, path) for pk, zh, en, code, path in units},
        roles={pk: localised(zh, en) or code for pk, zh, en, code in roles},
        skills={pk: localised(zh, en) or code for pk, zh, en, code in skills},
    )


def read_pool(user: Any, asked: Asked) -> Pool:
    """The people the user may see, with what they can give and what is asked of them.

    Demand counts every allocation of these people, also to projects the user may not open. Six queries.
    """
    people = Person.all_objects.filter(scoped_q(user, "pool", POOL, "unit_id"))
    if asked.unit:
        path = OrgUnit.objects.filter(pk=asked.unit).values_list("path", flat=True).first()
        people = people.filter(unit__path__startswith=path) if path else people.none()
    if asked.skill:
        people = people.filter(pk__in=PersonSkill.objects.filter(skill_id=asked.skill).order_by().values("person_id"))
    rows = as_of(PoolMember, asked.day).filter(person_id__in=people.order_by().values("pk"))
    if asked.role:
        rows = rows.filter(role_id=asked.role)
    first, last = asked.periods[0][0], asked.periods[-1][1]
    days = load.day_range(first, last)
    factors = load.day_factors(working_calendar(day=asked.day), days)
    starts = np.array([start for start, _end in asked.periods], dtype="datetime64[D]")
    working = load.per_period(factors[None, :], days, starts)[0]
    pool = list(
        rows.order_by("person_id").values_list("person_id", "role_id", "availability", "pool_from", "pool_until")
    )
    if not pool:
        none = np.zeros((0, len(asked.periods)))
        return Pool([], none, none, working)
    ids = np.array([row[0] for row in pool], dtype=np.int64)
    held = load.spread(
        np.arange(len(ids)), _dates(pool, 3), _dates(pool, 4), np.array([row[2] for row in pool]) / 100, len(ids), days
    )
    wanted = _demand(asked, rows, ids, days)
    known = {
        pk: (localised(zh, en) or code, unit)
        for pk, zh, en, code, unit in people.filter(pk__in=rows.values("person_id"))
        .order_by()
        .values_list("pk", "name_zh", "name_en", "code", "unit_id")
    }
    return Pool(
        [Member(row[0], known[row[0]][0], known[row[0]][1], row[1]) for row in pool],
        load.per_period(held * factors, days, starts),
        load.per_period(wanted * factors, days, starts),
        working,
    )


def _demand(asked: Asked, rows: Any, ids: NDArray[np.int64], days: NDArray[np.datetime64]) -> FloatArray:
    states = [Allocation.State.COMMITTED, *([Allocation.State.PROPOSED] if asked.proposed else [])]
    found = list(
        as_of(Allocation, asked.day)
        .filter(
            person_id__in=rows.order_by().values("person_id"),
            state__in=states,
            starts_on__lte=asked.periods[-1][1],
            ends_on__gte=asked.periods[0][0],
        )
        .order_by()
        .values_list("person_id", "starts_on", "ends_on", "percent")
    )
    line = np.searchsorted(ids, np.array([row[0] for row in found], dtype=np.int64))
    demand: FloatArray = load.spread(
        line, _dates(found, 1), _dates(found, 2), np.array([row[3] for row in found]) / 100.0, len(ids), days
    )
    return demand


def _dates(rows: Sequence[Any], place: int) -> NDArray[np.datetime64]:
    return np.array([row[place] for row in rows], dtype="datetime64[D]")
