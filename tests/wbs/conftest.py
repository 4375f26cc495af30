"""A project with a draft of some rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from pmo.core.audit.actor import Actor, actor_of
from projects.models.plan import PlanTask, PlanVersion
from tests import factories

UTC = datetime.UTC
MONDAY = datetime.datetime(2026, 11, 2, 8, tzinfo=UTC)


def draft(project: Any, levels: list[int], **values: Any) -> PlanVersion:
    """A draft with rows A, B, C … of these levels; tasks at the bottom take two days from a Monday on."""
    plan = PlanVersion.objects.create(project=project, number=1, title="Plan", **values)
    summaries = [after > level for level, after in zip(levels, [*levels[1:], 0], strict=True)]
    trail: list[PlanTask] = []
    for index, (level, summary) in enumerate(zip(levels, summaries, strict=True)):
        trail = trail[: level - 1]
        task = PlanTask.objects.create(
            plan=plan,
            position=(index + 1) * 1024,
            level=level,
            parent=trail[-1] if trail else None,
            summary=summary,
            name=chr(65 + index),
            wbs=f"W{index}" if index == 1 else "",
            duration=960.0,
            starts_at=MONDAY,
            finishes_at=MONDAY + datetime.timedelta(days=1, hours=9),
            percent_complete=0.0 if not summary else None,
        )
        trail.append(task)
    return plan


@pytest.fixture
def project(db: None) -> Any:
    factories.organisation()
    return factories.project(name_en="The project")


@pytest.fixture
def plan(project: Any) -> PlanVersion:
    return draft(project, [1, 2, 3, 3, 2, 1, 2, 2])


@pytest.fixture
def actor(project: Any) -> Actor:
    return actor_of(factories.user(username="planner"))


def rows(plan: PlanVersion) -> dict[str, PlanTask]:
    return {task.name: task for task in PlanTask.objects.filter(plan=plan).order_by("position")}


def shape(plan: PlanVersion) -> list[tuple[str, int]]:
    return list(PlanTask.objects.filter(plan=plan).order_by("position").values_list("name", "level"))


def state(plan: PlanVersion) -> list[dict[str, Any]]:
    """Everything of the plan's rows and links but the version that only rises."""
    names = [field.attname for field in PlanTask._meta.concrete_fields if field.attname != "version"]
    return [
        *PlanTask.objects.filter(plan=plan).order_by("position").values(*names),
        *plan.links.order_by("pk").values(),
    ]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English, whatever the installation's language."""
    with translation.override("en"):
        yield
