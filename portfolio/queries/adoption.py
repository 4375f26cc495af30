"""Who uses the product, which projects are kept up to date, and how complete the data are.

For tiles and pages: `active_by_week` (people signed in per week), `active_now` (by role or unit), `kept_projects` (projects
with an entry within their reporting cycle), `completeness_trend` (from the nightly `UpkeepSnapshot`).

Days of use are kept as one flag per login and day for 13 months; who may read them holds `portfolio.adoption.view`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Sum, Value

from pmo.core.access.roles import Role
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from portfolio.models import Portfolio, SignInDay, UpkeepSnapshot
from portfolio.queries.completeness import Upkeep, upkeep
from portfolio.queries.mywork import LIVE
from projects.models import Project, ProjectMember

KEEP_DAYS = 396
"""13 months."""

WEEKS_SHOWN = 12
_WEEK = datetime.timedelta(weeks=1)


def week_of(day: datetime.date) -> datetime.date:
    """The Monday of the day's week."""
    return day - datetime.timedelta(days=day.weekday())


@dataclass(frozen=True)
class WeekOfUse:
    """A week from its Monday: people who signed in on some day of it, of those with a login."""

    week: datetime.date
    active: int


def active_by_week(today: datetime.date, weeks: int = WEEKS_SHOWN) -> list[WeekOfUse]:
    """The weeks up to this one, oldest first, with their people signed in. One query."""
    first = week_of(today) - _WEEK * (weeks - 1)
    seen: dict[datetime.date, set[int]] = defaultdict(set)
    for user_id, day in SignInDay.objects.filter(day__gte=first, day__lte=today).values_list("user_id", "day"):
        seen[week_of(day)].add(user_id)
    return [WeekOfUse(first + _WEEK * n, len(seen[first + _WEEK * n])) for n in range(weeks)]


@dataclass(frozen=True)
class Group:
    """People with a login in a role or unit, and those of them who signed in within the last seven days."""

    key: str
    label: str
    people: int
    active: int

    @property
    def share(self) -> float | None:
        """Active people in per cent; None without any."""
        return 100.0 * self.active / self.people if self.people else None


def active_now(today: datetime.date) -> dict[str, list[Group]]:
    """{"role": groups, "unit": groups} of the logins in use, by their size. Somebody with two roles counts in both.

    Roles are those granted in the organisation or a unit and those held in a live project or a portfolio. Five queries.
    """
    users = dict(User.objects.filter(is_active=True, person__isnull=False).values_list("pk", "person__pk"))
    since = today - datetime.timedelta(days=6)
    days = SignInDay.objects.filter(day__gte=since, day__lte=today).values_list("user_id", flat=True)
    active = set(days) & set(users)
    unit_of = dict(Person.objects.filter(user_id__in=users).values_list("user_id", "unit_id"))
    units = {unit.pk: str(unit) for unit in OrgUnit.objects.filter(pk__in={pk for pk in unit_of.values() if pk})}
    by_person = {person: user for user, person in users.items()}
    roles: dict[str, set[int]] = defaultdict(set)
    for person_id, role in _roles_held():
        if person_id in by_person:
            roles[role].add(by_person[person_id])
    in_units: dict[str, set[int]] = defaultdict(set)
    for user_id, unit_id in unit_of.items():
        in_units[str(unit_id or "")].add(user_id)
    names = dict(RoleGrant._meta.get_field("role").flatchoices)
    return {
        "role": _groups(roles, active, {key: str(names[key]) for key in roles}),
        "unit": _groups(in_units, active, {str(pk): name for pk, name in units.items()}),
    }


def _roles_held() -> Any:
    """(person, role) of every role that somebody was granted, or holds by what they are in a live project or portfolio."""
    live = Project.objects.filter(status__in=LIVE)

    def held(rows: Any, person: str, role: Any) -> Any:
        return rows.order_by().annotate(who=F(person), held=role).values_list("who", "held")

    def named(role: Role) -> Any:
        return Value(role.value, output_field=CharField())

    members = ProjectMember.objects.filter(project__in=live.order_by().values("pk"))
    return held(RoleGrant.objects.all(), "person_id", F("role")).union(
        held(members, "person_id", F("role")),
        held(live, "pm_id", named(Role.PROJECT_MANAGER)),
        held(live, "sponsor_id", named(Role.SPONSOR)),
        held(Portfolio.objects.all(), "owner_id", named(Role.PORTFOLIO_OWNER)),
    )


def _groups(members: dict[str, set[int]], active: set[int], labels: dict[str, str]) -> list[Group]:
    found = [Group(key, labels.get(key, ""), len(users), len(users & active)) for key, users in members.items()]
    return sorted(found, key=lambda group: (-group.people, group.label))


def kept_projects(user: Any, day: datetime.date) -> list[Upkeep]:
    """The live projects of the day that the user may see, each with its score and its last entry. Three queries."""
    visible = Project.objects.visible_to(user).order_by().values("pk")
    return upkeep(day, among=visible)


@dataclass(frozen=True)
class TrendPoint:
    """All live projects of a date: completeness and kept projects in per cent."""

    date: datetime.date
    projects: int
    completeness: float
    kept: float


def completeness_trend(until: datetime.date, weeks: int = 26) -> list[TrendPoint]:
    """One point a week (the week's last date), oldest first, of the whole organisation. One query."""
    rows = UpkeepSnapshot.objects.filter(date__lte=until, date__gt=until - _WEEK * weeks).order_by("date")
    sums = rows.values("date").annotate(p=Sum("projects"), f=Sum("filled"), e=Sum("expected"), m=Sum("maintained"))
    by_week: dict[datetime.date, TrendPoint] = {}
    for row in sums:
        if row["p"] and row["e"]:
            point = TrendPoint(row["date"], row["p"], 100.0 * row["f"] / row["e"], 100.0 * row["m"] / row["p"])
            by_week[week_of(row["date"])] = point
    return list(by_week.values())
