"""Two imports and two publications at once, on a database with real concurrency: one wins, the other is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import StaleRecord
from projects.models import Milestone
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans import stored
from projects.services.plans import storing, versions
from tests import factories
from tests.plans import build


@pytest.fixture
def project(database_url: str) -> Any:
    assert connection.vendor == "postgresql"
    factories.organisation()
    return factories.project()


def both(work: Callable[[int], Any]) -> tuple[list[Any], list[Exception]]:
    """Run `work(0)` and `work(1)` in threads that begin together: what they returned and what they raised."""
    together = threading.Barrier(2)
    done: list[Any] = []
    refused: list[Exception] = []

    def run(number: int) -> None:
        together.wait(30)
        try:
            done.append(work(number))
        except StaleRecord as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return done, refused


def commit(project: Any, seen: int, title: str) -> PlanVersion:
    plan = build.plan(title=title)
    return storing.commit_plan(actor=SYSTEM, project=project, plan=plan, expected_number=seen)


@pytest.mark.parametrize("before", [0, 1], ids=["the first plan", "a later plan"])
def test_of_two_imports_one_wins_and_leaves_one_whole_plan(project: Any, before: int) -> None:
    for _number in range(before):
        commit(project, 0, "Before")
    done, refused = both(lambda number: commit(project, before, f"Import {number}"))
    assert (len(done), len(refused)) == (1, 1)
    published = PlanVersion.objects.filter(state="published")
    assert list(published) == done
    assert stored.plan_of(done[0]) == build.plan(title=done[0].title)
    assert PlanTask.objects.count() == len(build.tasks()) * (before + 1)
    assert Milestone.objects.count() == 1


def test_of_two_publications_of_one_draft_one_wins(project: Any) -> None:
    commit(project, 0, "Before")
    draft = versions.start_draft(actor=SYSTEM, project=project)

    def publish(_number: int) -> Any:
        row = PlanVersion.objects.get(pk=draft.pk)
        return versions.publish(actor=SYSTEM, draft=row, expected_version=draft.version)

    done, refused = both(publish)
    assert (len(done), len(refused)) == (1, 1)
    assert PlanVersion.objects.get(state="published").pk == draft.pk
