"""A small organisation with computed health on month-ends, work of every kind, and three readers."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import create_record, update_record
from portfolio.models import Contribution, Objective
from portfolio.services.health.recompute import recompute
from portfolio.services.reporting.periods import settle_periods
from projects.models.choices import ProjectStatus
from risks.models import Risk
from tests import factories
from tests.conftest import client_of
from tests.health import build

TODAY = datetime.date(2026, 11, 22)
PAST = datetime.date(2026, 9, 30)
DAYS = (
    datetime.date(2026, 8, 31),
    PAST,
    datetime.date(2026, 10, 31),
    datetime.date(2026, 11, 20),
    datetime.date(2026, 11, 21),
)


@pytest.fixture(scope="module", autouse=True)
def today() -> Iterator[None]:
    """It is noon of this day in Shanghai: for the rows that are built once and for every page."""
    with time_machine.travel(datetime.datetime.combine(TODAY, datetime.time(4), datetime.UTC)):
        yield


def changed(row: Any, day: datetime.date, **values: Any) -> Any:
    """The row with other values from the day on."""
    return update_record(actor=SYSTEM, row=row, values=values, day=day)


@pytest.fixture(scope="module")
def peopled_once(shared_rows: Callable[..., Any]) -> SimpleNamespace:
    return shared_rows(_people)


@pytest.fixture
def peopled(db: None, peopled_once: SimpleNamespace) -> SimpleNamespace:
    """Five projects in two portfolios, units, themes; dates move in September and November."""
    return copy.deepcopy(peopled_once)


def _people() -> SimpleNamespace:
    build.organisation()
    readers = {
        "pmo": factories.user(Role.PMO_ANALYST, username="pmo"),
        "manager": factories.user(username="manager"),
        "owner": factories.user(username="owner"),
    }
    group = build.portfolio("Group", owner=readers["owner"].person)
    other = build.portfolio("Other")
    units = [factories.unit(kind=OrgUnit.Kind.BUSINESS_UNIT), factories.unit(kind=OrgUnit.Kind.BUSINESS_UNIT)]
    lower = factories.unit(parent=units[0])
    theme = create_record(actor=SYSTEM, row=Objective(name_en="Growth"), day=build.START)
    below = create_record(actor=SYSTEM, row=Objective(name_en="More customers", parent=theme), day=build.START)
    places = (
        ("Good", group, units[0]),
        ("Late", group, lower),
        ("Dear", group, units[1]),
        ("Empty", group, None),
        ("Foreign", other, units[1]),
    )
    rows = {}
    for name, within, unit in places:
        rows[name] = build.project(
            name,
            portfolio=within,
            critical=name == "Dear",
            unit=unit,
            status=ProjectStatus.IN_PROGRESS,
            pm=readers["manager"].person if name in {"Late", "Dear"} else None,
            planned_start=build.date("2026-01-05"),
            planned_finish=build.date("2027-06-01"),
            forecast_finish=build.date("2027-07-01"),
        )
    _money(rows)
    stones = _plan(rows)
    _work(rows, readers, stones)
    for name, objective in (("Good", theme), ("Late", below), ("Dear", below)):
        create_record(
            actor=SYSTEM, row=Contribution(project=rows[name], objective=objective, weight=20), day=build.START
        )
    settle_periods(day=TODAY)
    for day in DAYS:
        recompute(actor=SYSTEM, day=day)
    clients = {name: client_of(user) for name, user in readers.items()}
    return SimpleNamespace(group=group, other=other, readers=readers, clients=clients, theme=theme, **rows)


def _money(rows: dict[str, Any]) -> None:
    for name in ("Good", "Late", "Dear", "Foreign"):
        build.budget(rows[name], 1_000_000)
        build.report(rows[name], "2026-08-20", "green", "green")
        if name != "Foreign":
            build.report(rows[name], "2026-09-27", "green", "green", submitted_on=build.date("2026-09-28"))
        build.report(rows[name], "2026-11-18", "green", "green")
        build.cost(rows[name], 950_000 if name == "Dear" else 300_000, "2026-06-01")


def _plan(rows: dict[str, Any]) -> list[Any]:
    for name in ("Good", "Late", "Dear", "Foreign"):
        build.milestone(rows[name], "First", "2026-06-01", "2026-06-01", "2026-06-01")
    stone = build.milestone(rows["Late"], "Start of production", "2026-10-01", "2026-10-20", is_key=True)
    changed(stone, datetime.date(2026, 9, 15), forecast_date=build.date("2026-12-20"))
    changed(stone, datetime.date(2026, 11, 21), forecast_date=build.date("2027-03-01"))
    second = build.milestone(rows["Dear"], "Last", "2026-09-01", "2026-09-20")
    changed(second, datetime.date(2026, 10, 10), actual_date=build.date("2026-10-10"))
    return [stone, second]


def _work(rows: dict[str, Any], readers: dict[str, Any], stones: list[Any]) -> None:
    manager = readers["manager"].person
    for name in ("Late", "Dear", "Foreign"):
        decision = build.add(
            "decision", rows[name], title=f"D {name}", needed_by="2026-09-10", delay_cost=Decimal(1000), decider=manager
        )
        build.add("decision", rows[name], title=f"E {name}", needed_by="2026-12-01", day=datetime.date(2026, 10, 5))
        action = build.add("action", rows[name], title=f"A {name}", due_on="2026-09-12", owner=manager)
        build.add("issue", rows[name], title=f"I {name}", owner=manager)
        if name == "Dear":
            changed(decision, datetime.date(2026, 10, 20), state="decided", decided_on=build.date("2026-10-20"))
            changed(action, datetime.date(2026, 10, 21), state="done", done_on=build.date("2026-10-21"))
        risk = Risk(project=rows[name], title=f"R {name}", owner=manager, probability=3, impact_time=4)
        create_record(actor=SYSTEM, row=risk, day=build.START)
