"""Drafts and publishing, and the milestones that follow the published plan."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.history.queries import as_of
from pmo.core.records.services import StaleRecord, delete_record
from projects.calc.plan.document import Plan, Task
from projects.models import Milestone
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans import stored
from projects.services.plans import storing, versions
from projects.services.plans.refusals import PlanChanged
from tests import factories
from tests.plans import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db: None) -> Any:
    factories.organisation()
    return factories.project()


def commit(project: Any, plan: Plan, **more: Any) -> versions.Publication:
    return storing.import_plan(actor=SYSTEM, project=project, plan=plan, **more)


def start(project: Any) -> PlanVersion:
    return versions.start_draft(actor=SYSTEM, project=project)


def publish(draft: PlanVersion) -> versions.Publication:
    return versions.publish(actor=SYSTEM, draft=draft, expected_version=draft.version)


def one_milestone(**values: Any) -> Plan:
    return Plan(tasks=(Task("1", "Handover", 1, milestone=True, **values),))


def test_a_draft_is_the_published_plan_with_what_people_added(project: Any) -> None:
    published = commit(project, build.plan()).version
    person = factories.person()
    PlanTask.objects.filter(plan=published, uid="13").update(responsible=person, remark="Oak")
    PlanTask.objects.create(plan=published, name="By hand", position=2**40)
    draft = start(project)
    assert (draft.state, draft.number, draft.based_on) == ("draft", 2, published)
    assert stored.plan_of(draft) == stored.plan_of(published)
    columns = ("key", "uid", "responsible", "remark", "name")
    assert set(PlanTask.objects.filter(plan=draft).values_list(*columns)) == set(
        PlanTask.objects.filter(plan=published).values_list(*columns)
    )


def test_a_project_without_a_plan_begins_with_an_empty_draft(project: Any) -> None:
    draft = start(project)
    assert (draft.based_on, stored.plan_of(draft)) == (None, Plan())
    with pytest.raises(ValidationError, match="draft"):
        start(project)


def test_publishing_supersedes_what_was_published(project: Any) -> None:
    first = commit(project, build.plan()).version
    second = publish(start(project)).version
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    assert second.published_at is not None
    assert stored.published(project) == second
    assert AuditEntry.objects.filter(model="projects.planversion", object_id=second.pk, action="publish").count() == 1


def test_a_draft_of_another_plan_is_not_published(project: Any) -> None:
    commit(project, build.plan())
    draft = start(project)
    newer = commit(project, build.plan()).version
    with pytest.raises(PlanChanged) as refused:
        publish(draft)
    assert refused.value.current == newer
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_draft_that_changed_meanwhile_is_not_published(project: Any) -> None:
    draft = start(project)
    with pytest.raises(StaleRecord):
        versions.publish(actor=SYSTEM, draft=draft, expected_version=draft.version + 1)
    assert stored.published(project) is None
    with pytest.raises(ValidationError):
        publish(commit(factories.project(), build.plan()).version)


def test_a_discarded_draft_makes_room_for_another(project: Any) -> None:
    published = commit(project, build.plan()).version
    versions.discard_draft(actor=SYSTEM, draft=start(project))
    assert stored.draft(project) is None
    assert start(project).number == 3
    with pytest.raises(ValidationError):
        versions.discard_draft(actor=SYSTEM, draft=published)


def test_milestones_of_the_plan_become_milestones_of_the_project(project: Any) -> None:
    feed = commit(project, build.plan()).milestones
    row = Milestone.objects.get()
    assert feed.created == ("Foundation done",)
    assert (row.name, row.project, row.code) == ("Foundation done", project, f"MS-{row.pk:04d}")
    assert (row.baseline_date, row.forecast_date, row.actual_date) == (
        datetime.date(2027, 3, 10),
        datetime.date(2027, 3, 12),
        None,
    )
    assert row.task_key == PlanTask.objects.get(uid="15").key
    assert as_of(Milestone, datetime.date.today() + datetime.timedelta(days=2)).get().task_key == row.task_key


def test_a_milestone_follows_its_task_and_keeps_what_the_plan_does_not_say(project: Any) -> None:
    commit(project, one_milestone(finish=build.at(5)))
    owner = factories.person()
    Milestone.objects.update(owner=owner, is_key=True, baseline_date=datetime.date(2027, 3, 1))
    done = one_milestone(finish=build.at(6), actual_finish=build.at(6))
    feed = commit(project, replace(done, tasks=(replace(done.tasks[0], name="Handed over"),))).milestones
    row = Milestone.objects.get()
    assert feed.counts() == {"created": 0, "changed": 1, "adopted": 0, "released": 0, "in_trash": 0}
    assert (row.name, row.forecast_date, row.actual_date) == (
        "Handed over",
        datetime.date(2027, 3, 6),
        datetime.date(2027, 3, 6),
    )
    assert (row.owner, row.is_key, row.baseline_date) == (owner, True, datetime.date(2027, 3, 1))
    assert AuditEntry.objects.filter(model="projects.milestone", object_id=row.pk).count() == 2


def test_a_milestone_kept_by_hand_under_the_same_name_is_adopted_once(project: Any) -> None:
    mine = factories.milestone(project, name="handover ", task_key=None)
    other = factories.milestone(project, name="Something else")
    feed = commit(project, one_milestone(finish=build.at(5))).milestones
    mine.refresh_from_db()
    assert feed.adopted == ("handover ",)
    assert (mine.name, mine.forecast_date) == ("Handover", datetime.date(2027, 3, 5))
    assert Milestone.objects.get(pk=other.pk).task_key is None
    assert Milestone.objects.count() == 2


def test_a_milestone_whose_task_is_gone_stays_and_is_named(project: Any) -> None:
    commit(project, one_milestone(finish=build.at(5)))
    feed = commit(project, Plan(tasks=(Task("2", "Else", 1),))).milestones
    row = Milestone.objects.get()
    assert feed.released == ("Handover",)
    assert (row.task_key, row.forecast_date) == (None, datetime.date(2027, 3, 5))


def test_a_deleted_milestone_is_not_brought_back(project: Any) -> None:
    commit(project, one_milestone(finish=build.at(5)))
    delete_record(actor=SYSTEM, row=Milestone.objects.get())
    assert commit(project, one_milestone(finish=build.at(6))).milestones.in_trash == ("Handover",)
    assert not Milestone.objects.exists()


def test_summaries_and_switched_off_tasks_are_no_milestones(project: Any) -> None:
    tasks = (
        Task("1", "A", 1, milestone=True, summary=True),
        Task("2", "B", 1, milestone=True, active=False),
        Task("3", "", 1, milestone=True),
    )
    commit(project, Plan(tasks=tasks))
    assert not Milestone.objects.exists()


def test_many_milestones_take_as_many_statements_as_few(project: Any) -> None:
    def statements(count: int) -> int:
        rows = tuple(Task(str(n), f"M{n}", 1, milestone=True, finish=build.at(5)) for n in range(count))
        with CaptureQueriesContext(connection) as seen:
            commit(factories.project(), Plan(tasks=rows))
        return len([query for query in seen if "INSERT" not in query["sql"]])

    assert statements(3) == statements(60)
