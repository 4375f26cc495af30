"""A plan in the database is the plan that was committed; a second import keeps what people added."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from projects.calc.plan.document import Link, Plan, Span, Task
from projects.models import Milestone
from projects.models.plan import Assignment, PlanCalendar, PlanFile, PlanResource, PlanTask, PlanVersion, TaskLink
from projects.queries.plans import stored
from projects.services.plans import rows, storing
from projects.services.plans.refusals import PlanChanged
from tests import factories
from tests.plans import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: None) -> Any:
    factories.organisation()
    return factories.project()


def commit(project: Any, plan: Plan, **more: Any) -> PlanVersion:
    return storing.commit_plan(actor=SYSTEM, project=project, plan=plan, **more)


def test_what_was_committed_is_read_again(project: Any) -> None:
    plan = build.plan()
    version = commit(project, plan)
    assert stored.plan_of(version) == plan
    assert stored.plan_of(PlanVersion.objects.get()) == plan
    assert (version.state, version.number) == ("published", 1)
    assert stored.published(project) == version
    assert stored.draft(project) is None


def test_reading_takes_the_same_few_statements_whatever_the_size(project: Any) -> None:
    version = commit(project, build.plan())
    with CaptureQueriesContext(
        connection,
    ) as small:
        stored.plan_of(version)
    many = tuple(Task(str(n), f"Task {n}", 1) for n in range(100, 300))
    bigger = commit(project, build.plan(tasks=(*build.tasks(), *many)))
    with CaptureQueriesContext(connection) as large:
        assert len(stored.plan_of(bigger).tasks) == 206
    assert len(large) == len(small) <= 7


def test_one_audit_entry_tells_of_all_rows(project: Any) -> None:
    plan = build.plan(tasks=tuple(task for task in build.tasks() if not task.milestone), links=())
    version = commit(project, plan, reason="From the contractor")
    entries = AuditEntry.objects.filter(project_id=project.pk, model="projects.planversion")
    assert [(entry.action, entry.object_id, entry.reason) for entry in entries] == [
        ("import.commit", version.pk, "From the contractor")
    ]
    assert entries[0].payload.changes["counts"] == plan.counts()
    assert AuditEntry.objects.filter(project_id=project.pk).exclude(pk=entries[0].pk).count() == 0


def test_a_second_import_supersedes_the_first(project: Any) -> None:
    first, second = commit(project, build.plan()), commit(project, build.plan(title="Again"))
    first.refresh_from_db()
    assert (first.state, second.state, second.number, second.based_on) == ("superseded", "published", 2, first)


def test_what_people_added_stays_with_the_task_when_the_plan_comes_again(project: Any) -> None:
    first = commit(project, build.plan())
    person = factories.person()
    PlanTask.objects.filter(plan=first, uid="11").update(responsible=person, remark="Ask Li first")
    keys = dict(PlanTask.objects.filter(plan=first).values_list("name", "key"))
    dug, *rest = [task for task in build.tasks() if task.uid != "10"]
    moved = (build.tasks()[0], replace(dug, name="Dig by hand", wbs="1.9"), *rest)
    second = commit(project, build.plan(tasks=moved))
    again = PlanTask.objects.get(plan=second, uid="11")
    assert (again.key, again.responsible, again.remark) == (keys["Dig"], person, "Ask Li first")
    assert (
        dict(PlanTask.objects.filter(plan=second).exclude(uid="11").values_list("name", "key")).items() <= keys.items()
    )
    assert list(PlanResource.objects.filter(plan=second).values_list("name", "key")) == list(
        PlanResource.objects.filter(plan=first).values_list("name", "key")
    )
    assert stored.plan_of(second).lost == build.plan().lost


def test_a_file_with_new_numbers_is_found_again_by_its_names(project: Any) -> None:
    first = commit(project, build.plan())
    keys = dict(PlanTask.objects.filter(plan=first).values_list("name", "key"))
    shifted = {task.uid: str(int(task.uid) + 1) for task in build.tasks()}
    tasks = tuple(
        replace(task, uid=shifted[task.uid], parent=shifted[task.parent] if task.parent else None, wbs="")
        for task in build.tasks()
    )
    second = commit(project, build.plan(tasks=tasks, links=(), assignments=()))
    assert dict(PlanTask.objects.filter(plan=second).values_list("name", "key")) == keys


def test_what_exists_only_here_is_named(project: Any) -> None:
    first = commit(project, build.plan())
    PlanTask.objects.create(plan=first, name="Added by hand", wbs="3", position=1_000_000)
    PlanTask.objects.filter(plan=first, uid="13").update(remark="Oak only")
    fewer = tuple(task for task in build.tasks() if task.uid != "13")
    links = tuple(link for link in build.plan().links if "13" not in (link.predecessor, link.successor))
    second = commit(project, build.plan(tasks=fewer, links=links, assignments=()))
    told = {(one.area, one.code): one.examples for one in stored.plan_of(second).lost}
    assert told[("tasks", "only_here")] == ("3 Added by hand",)
    assert told[("tasks", "additions_gone")] == ("1.2.1 Carpentry",)


def test_a_failed_commit_leaves_nothing(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = commit(project, build.plan())
    before = [model.objects.count() for model in (PlanTask, PlanCalendar, TaskLink, Assignment, Milestone)]

    def broken(*_args: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(rows.PlanWriter, "_assignment", broken)
    with pytest.raises(DatabaseError, match="disk full"):
        commit(project, build.plan(title="Never"))
    assert [model.objects.count() for model in (PlanTask, PlanCalendar, TaskLink, Assignment, Milestone)] == before
    first.refresh_from_db()
    assert first.state == "published"
    assert AuditEntry.objects.filter(model="projects.planversion").count() == 1


def test_the_second_of_two_imports_is_refused(project: Any) -> None:
    commit(project, build.plan(), expected_number=0)
    with pytest.raises(PlanChanged) as refused:
        commit(project, build.plan(), expected_number=0)
    assert refused.value.current.number == 1
    assert PlanVersion.objects.count() == 1


def test_two_that_take_the_same_number_do_not_both_win(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the unique constraints refuse when both have looked before either wrote."""
    commit(project, build.plan())
    monkeypatch.setattr(stored, "published", lambda _project: None)
    with pytest.raises(PlanChanged):
        commit(project, build.plan())
    assert PlanTask.objects.values("plan").distinct().count() == 1


def test_a_draft_beside_a_draft_is_refused(project: Any) -> None:
    commit(project, build.plan(), publish=False)
    with pytest.raises(ValidationError, match="draft"):
        commit(project, build.plan(), publish=False)
    assert commit(project, build.plan()).state == "published"


def test_the_file_is_kept_with_its_plan(project: Any) -> None:
    file = PlanFile.objects.create(project=project, filename="shed.mpp", stored="x", size=1, sha256="y")
    version = commit(project, build.plan(), file=file)
    file.refresh_from_db()
    assert (version.source, file.state) == (file, "committed")


def test_progress_reaches_the_number_of_rows(project: Any) -> None:
    told: list[tuple[int, int]] = []
    many = tuple(Task(str(n), f"Task {n}", 1) for n in range(1, 1202))
    links = tuple(Link(str(n), str(n + 1), "FS", Span(0.0)) for n in range(1, 1201))
    plan = Plan(tasks=many, links=links)
    commit(project, plan, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2401, 2401)
    assert [done for done, _total in told] == [500, 1000, 1201, 1701, 2201, 2401]


def test_references_that_lead_nowhere_are_named_not_swallowed(project: Any) -> None:
    version = commit(project, build.plan(links=(Link("11", "999"),), calendar="77"))
    told = {(one.area, one.code, one.examples) for one in stored.plan_of(version).lost}
    assert ("links", "reference_dropped", ("11 → 999",)) in told
    assert ("calendars", "reference_dropped", ("77",)) in told


def test_rows_that_cannot_be_told_apart_are_refused(project: Any) -> None:
    twice = (Task("1", "A", 1), Task("1", "B", 1))
    with pytest.raises(ValidationError, match="told apart"):
        commit(project, Plan(tasks=twice))
    assert not PlanVersion.objects.exists()


def test_an_unrelated_file_takes_nothing_over_though_its_numbers_are_the_same(project: Any) -> None:
    names = ("Survey", "Piles", "Deck", "Rails")
    first = storing.commit_plan(
        actor=SYSTEM, project=project, plan=Plan(tasks=tuple(Task(str(n), name, 1) for n, name in enumerate(names)))
    )
    PlanTask.objects.filter(plan=first).update(remark="ours")
    other = tuple(Task(str(n), f"Chapter {n}", 1) for n in range(4))
    second = storing.commit_plan(actor=SYSTEM, project=project, plan=Plan(tasks=other))
    old, new = (set(PlanTask.objects.filter(plan=one).values_list("key", flat=True)) for one in (first, second))
    assert not old & new
    assert not PlanTask.objects.filter(plan=second).exclude(remark="").exists()
