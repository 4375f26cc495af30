"""A company of a few projects with half a year of weekly health."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from pmo.core.audit.actor import SYSTEM
from portfolio.services.health.recompute import recompute
from projects.models import Project
from tests.health import build

SUNDAYS = [datetime.date(2026, 9, 6) + datetime.timedelta(weeks=week) for week in range(11)]
LAST = SUNDAYS[-1]


def make_projects(number: int) -> list[Project]:
    """Projects whose costs run ahead of their work: the further down the list, the faster."""
    home = build.portfolio("Home", cycle="fortnightly")
    made = []
    for place in range(number):
        row = build.project(
            f"Project {place}",
            portfolio=home,
            visibility="organisation",
            status="in_progress",
            planned_start=datetime.date(2026, 5, 4),
            actual_start=datetime.date(2026, 5, 4),
            planned_finish=datetime.date(2027, 3, 31),
            forecast_finish=datetime.date(2027, 3, 31),
        )
        build.budget(row, 1000)
        build.milestone(row, "First", "2026-08-20", "2026-08-20", "2026-08-20", is_key=True)
        build.milestone(row, "Second", "2026-12-18", "2026-12-18")
        build.cost(row, 400, "2026-08-25")
        for week, day in enumerate(SUNDAYS):
            build.cost(row, 10 + 8 * (place % 4), str(day), day=day)
            if week % 2 == 0:
                build.report(row, str(day))
        made.append(row)
    return made


@pytest.fixture(scope="module")
def company_once(shared_rows: Callable[..., Any]) -> list[Project]:
    return shared_rows(_company)


@pytest.fixture
def company(db: None, company_once: list[Project]) -> list[Project]:
    """Four projects and the health of every Sunday."""
    return copy.deepcopy(company_once)


def _company() -> list[Project]:
    build.organisation()
    made = make_projects(4)
    for day in SUNDAYS:
        recompute(actor=SYSTEM, day=day, today=LAST)
    return made
