"""Use and upkeep of the demo: days of use of the demo logins, completeness of the last weeks, the warnings judged."""

from __future__ import annotations

import datetime

import numpy as np

from pmo.core.access.roles import Role
from pmo.core.people.models import User
from portfolio.demo.logins import LOGINS
from portfolio.demo.world import World
from portfolio.models import SignInDay
from portfolio.services.upkeep.daily import judge_warnings, keep_upkeep

WEEKS = 12
# Chance of a day of use on a working day.
_HABITS = {
    Role.PMO_ADMIN: 0.95,
    Role.PMO_ANALYST: 0.9,
    Role.PROJECT_MANAGER: 0.7,
    Role.COORDINATOR: 0.8,
    Role.RESOURCE_MANAGER: 0.5,
    Role.PORTFOLIO_OWNER: 0.35,
    Role.EXECUTIVE: 0.2,
    Role.SPONSOR: 0.12,
    Role.TEAM_MEMBER: 0.4,
    Role.AUDITOR: 0.05,
}


def add_use(world: World) -> int:
    """Days of use of the demo logins over the last weeks, on working days; more of them every week, as in a roll-out."""
    users = dict(User.objects.filter(username__in=[login.username for login in LOGINS]).values_list("username", "pk"))
    rng = np.random.default_rng([world.seed, 0x75736520])
    rows = []
    for back in range(7 * WEEKS):
        day = world.today - datetime.timedelta(days=back)
        spread = 1.0 - 0.4 * back / (7 * WEEKS)
        for login in LOGINS:
            drawn = rng.random()
            if login.username in users and world.work.floor(day) == day and drawn < _HABITS[login.role] * spread:
                rows.append(SignInDay(user_id=users[login.username], day=day))
    SignInDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def add_upkeep(world: World) -> None:
    """Completeness of the last Sundays and of the last day, and the warnings of the last year judged."""
    sunday = world.today - datetime.timedelta(days=world.today.isoweekday() % 7)
    days = {world.today, *(sunday - datetime.timedelta(weeks=back) for back in range(WEEKS))}
    for day in sorted(day for day in days if day >= world.first):
        keep_upkeep(day=day)
    judge_warnings(day=world.today, again=True)
