"""A portfolio of four projects with computed health on two days."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from pmo.core.audit.actor import SYSTEM
from portfolio.services.health.recompute import recompute
from portfolio.services.reporting.periods import settle_periods
from tests.health import build

DAY = datetime.date(2026, 11, 20)
BEFORE = datetime.date(2026, 11, 13)


@pytest.fixture(scope="module")
def computed_once(shared_rows: Callable[..., Any]) -> SimpleNamespace:
    return shared_rows(_company)


@pytest.fixture
def computed(db: None, computed_once: SimpleNamespace) -> SimpleNamespace:
    """Good, late (key milestone slips), dear (overspends, declared green), empty (no data)."""
    return copy.deepcopy(computed_once)


def _company() -> SimpleNamespace:
    build.organisation()
    group = build.portfolio("Group")
    other = build.portfolio("Other")
    good, late, dear, empty = (build.project(name, portfolio=group) for name in ("Good", "Late", "Dear", "Empty"))
    foreign = build.project("Foreign", portfolio=other)
    for row in (good, late, dear, foreign):
        build.budget(row, 1_000_000)
        build.milestone(row, "First", "2026-06-01", "2026-06-01", "2026-06-01")
        build.report(row, "2026-11-18", "green", "green")
    for row in (good, late):
        build.report(row, "2026-11-15", "green", "green", submitted_on=build.date("2026-11-16"))
    build.milestone(good, "Last", "2027-06-01", "2027-06-01")
    build.milestone(dear, "Last", "2027-06-01", "2027-06-01")
    build.milestone(late, "Start of production", "2026-12-01", "2027-03-01", is_key=True)
    build.cost(good, 450_000, "2026-06-01")
    build.cost(dear, 950_000, "2026-06-01")
    settle_periods(day=DAY)
    for day in (BEFORE, DAY):
        recompute(actor=SYSTEM, day=day)
    return SimpleNamespace(
        group=group, other=other, good=good, late=late, dear=dear, empty=empty, foreign=foreign, day=DAY
    )
