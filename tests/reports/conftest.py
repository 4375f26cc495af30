"""A project whose cost and schedule slip, with its manager and the PMO at their browsers, on a frozen Wednesday."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record
from portfolio.services.health.recompute import recompute
from risks.models import Risk
from tests import factories
from tests.conftest import client_of
from tests.health import build

DAY = build.DAY
LAST_WEEK = DAY - datetime.timedelta(days=7)


@pytest.fixture(scope="module")
def world_once(shared_rows: Callable[..., Any]) -> SimpleNamespace:
    with pytest.MonkeyPatch.context() as patch:
        _stop_the_clock(patch)
        return shared_rows(_world)


@pytest.fixture
def world(db: None, world_once: SimpleNamespace) -> SimpleNamespace:
    """One late and dear project with RIDAC rows, a published report of last week, its manager, an analyst, an executive."""
    return copy.deepcopy(world_once)


def _world() -> SimpleNamespace:
    build.organisation()
    manager, sponsor = factories.user(username="manager"), factories.person(name_zh="赵明", name_en="Zhao Ming")
    group = build.portfolio("Group")
    project = build.project(
        "Harbour crane", portfolio=group, name_zh="港口起重机", code="HC-1", pm=manager.person, sponsor=sponsor,
        planned_finish=datetime.date(2027, 1, 29), forecast_finish=datetime.date(2027, 3, 5),
    )  # fmt: skip
    build.budget(project, 1_000_000)
    build.cost(project, 900_000, "2026-06-01")
    build.milestone(project, "Survey", "2026-06-01", "2026-06-01", "2026-06-01")
    build.milestone(project, "Handover", "2026-10-01", "2027-03-05", is_key=True)
    build.add("decision", project, title="Rent a second crane", needed_by="2026-11-22", decider=sponsor)
    build.add("issue", project, title="Pile driver is broken", due_on="2026-11-10")
    build.add("issue", project, title="Permit was missing", state="done", closed_on="2026-11-18")
    build.add("action", project, title="Order the spare part", due_on="2026-12-01", owner=manager.person)
    risk = Risk(project=project, title="Winter storms", probability=4, impact_cost=4, status="identified")
    create_record(actor=SYSTEM, row=risk, day=build.START)
    last = build.report(project, "2026-11-18", "amber", "amber", comment="Late by a week", summary="Slow week.")
    recompute(actor=SYSTEM, day=LAST_WEEK)
    recompute(actor=SYSTEM, day=DAY)
    return SimpleNamespace(
        project=project,
        group=group,
        sponsor=sponsor,
        last=last,
        risk=risk,
        manager=client_of(manager),
        analyst=client_of(factories.user(Role.PMO_ANALYST, username="analyst")),
        executive=client_of(factories.user(Role.EXECUTIVE, username="executive")),
        auditor=client_of(factories.user(Role.AUDITOR, username="auditor")),
    )


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> datetime.date:
    """The organisation's today is the Wednesday after the last computed night."""
    return _stop_the_clock(monkeypatch)


def _stop_the_clock(patch: pytest.MonkeyPatch) -> datetime.date:
    day = build.TODAY
    for module in (
        "projects.services.reports.drafts",
        "projects.services.reports.review",
        "projects.views.reports.write",
        "projects.views.reports.drafting",
        "projects.views.reports.workbook",
        "projects.queries.report_document.build",
        "pmo.core.records.services",
    ):
        patch.setattr(f"{module}.org_today", lambda: day)
    return day


def typed(page: Any, **changes: str) -> dict[str, str]:
    """What a browser would post of the form on the page, with changes."""
    context = page.context
    data = {name: context["form"][name].value() for name in context["form"].fields}
    for row in context["rows"]:
        data |= {
            f"{row.name}-declared": row.form["declared"].value(),
            f"{row.name}-comment": row.form["comment"].value(),
        }
    data |= {"asks-TOTAL_FORMS": "0", "asks-INITIAL_FORMS": "0"}
    found = {name: "" if value is None else str(value) for name, value in data.items()}
    return {**found, **changes}


def explained(page: Any, **changes: str) -> dict[str, str]:
    """The same with a comment at every colour."""
    data = typed(page)
    comments = {name: "Crane comes on 11 Dec" for name in data if name.endswith("comment")}
    return {**data, **comments, **changes}
