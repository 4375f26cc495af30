"""The registers of plan tasks and plan versions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from projects.calc.plan.document import Plan, Span, Task
from projects.models import ProjectMember
from projects.models.choices import Visibility
from projects.models.plan import PlanTask
from projects.services.plans import storing, versions
from tests import factories
from tests.conftest import UserClient, client_of
from tests.plans import build

pytestmark = pytest.mark.django_db
URL = "/api/v1/tasks/"


@pytest.fixture
def project(db: None) -> Any:
    factories.organisation()
    return factories.project()


def commit(project: Any, *tasks: Task, **values: Any) -> Any:
    return storing.commit_plan(actor=SYSTEM, project=project, plan=Plan(tasks=tasks, currency="CNY", **values))


def listed(client: UserClient, **query: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client.get(URL, query).json()["results"]
    return results


def test_only_tasks_of_the_published_plan_are_listed_in_the_order_of_the_outline(
    pmo_admin: UserClient, project: Any
) -> None:
    commit(project, Task("1", "Old", 1))
    commit(project, Task("9", "First", 1), Task("1", "Second", 2, parent="9"), Task("5", "Third", 1))
    versions.start_draft(actor=SYSTEM, project=project)
    page = pmo_admin.get("/r/tasks/").content.decode()
    assert page.index("First") < page.index("Second") < page.index("Third")
    assert [row["name"] for row in listed(pmo_admin, sort="project,position")] == ["First", "Second", "Third"]


def test_times_of_the_plan_are_days_of_the_plan_wherever_the_organisation_is(
    pmo_admin: UserClient, project: Any
) -> None:
    late = datetime.datetime(2027, 3, 5, 23)
    commit(
        project,
        Task("1", "A", 1, start=build.at(1), finish=late, duration=Span(1125.0, "d")),
        Task("2", "B", 1, duration=Span(2880.0, "ed")),
        minutes_per_day=450,
    )
    one, two = listed(pmo_admin)
    assert (one["starts_at_on"], one["finishes_at_on"], one["days"]) == ("2027-03-01", "2027-03-05", 2.5)
    assert two["days"] == 2
    assert [row["name"] for row in listed(pmo_admin, finishes_at_on__gte="2027-03-05")] == ["A"]
    assert listed(pmo_admin, finishes_at_on__gte="2027-03-06") == []


def test_costs_are_masked_for_those_without_the_right_to_money(project: Any) -> None:
    commit(project, Task("1", "A", 1, cost=Decimal("1234.5")))
    coordinator, manager = factories.user(), factories.user()
    for user, role in ((coordinator, Role.COORDINATOR), (manager, Role.PROJECT_MANAGER)):
        ProjectMember.objects.create(project=project, person=user.person, role=role)
    (seen,), (masked,) = listed(client_of(manager)), listed(client_of(coordinator))
    assert Decimal(str(seen["cost"]["amount"] if isinstance(seen["cost"], dict) else seen["cost"])) == Decimal("1234.5")
    assert masked["name"] == "A"
    assert masked["cost"] is None


def test_tasks_of_a_project_that_is_not_visible_are_not_listed(project: Any) -> None:
    commit(project, Task("1", "A", 1))
    type(project).all_objects.filter(pk=project.pk).update(visibility=Visibility.PRIVATE)
    assert listed(client_of(factories.user(Role.TEAM_MEMBER, within=factories.unit()))) == []
    project.deleted_at = datetime.datetime.now(datetime.UTC)
    type(project).all_objects.filter(pk=project.pk).update(deleted_at=project.deleted_at)
    assert listed(client_of(factories.user(Role.PMO_ADMIN))) == []


def test_the_list_can_be_narrowed_to_a_project_and_a_person(pmo_admin: UserClient, project: Any) -> None:
    commit(project, Task("1", "A", 1), Task("2", "B", 1))
    commit(factories.project(), Task("1", "C", 1))
    person = factories.person()
    PlanTask.objects.filter(name="B").update(responsible=person)
    assert [row["name"] for row in listed(pmo_admin, project=project.pk)] == ["A", "B"]
    assert [row["name"] for row in listed(pmo_admin, responsible=person.code)] == ["B"]


def test_lists_are_built_in_as_many_statements_for_many_rows_as_for_few(
    pmo_admin: UserClient, project: Any, django_assert_max_num_queries: Any
) -> None:
    commit(project, *(Task(str(n), f"T{n}", 1) for n in range(60)))
    for key in ("tasks", "plan-versions"):
        with django_assert_max_num_queries(12):
            page = pmo_admin.get(f"/r/{key}/")
        assert page.status_code == 200


def test_versions_of_plans_are_listed_with_their_state(pmo_admin: UserClient, project: Any) -> None:
    commit(project, Task("1", "A", 1))
    commit(project, Task("1", "A", 1))
    rows = pmo_admin.get("/api/v1/plan-versions/").json()["results"]
    assert [(row["number"], row["state"]) for row in rows] == [(2, "published"), (1, "superseded")]


def test_versions_list_drafts_only_for_those_who_keep_the_plan(project: Any) -> None:
    commit(project, Task("1", "A", 1))
    versions.start_draft(actor=SYSTEM, project=project)
    member, keeper = factories.user(), factories.user()
    factories.member(project, member, Role.TEAM_MEMBER)
    factories.member(project, keeper, Role.COORDINATOR)
    for user, states in ((member, {"published"}), (keeper, {"published", "draft"})):
        rows = client_of(user).get("/api/v1/plan-versions/").json()["results"]
        assert {row["state"] for row in rows} == states
    hidden = project.plans.get(state="draft")
    assert client_of(member).get(f"/r/plan-versions/{hidden.pk}/").status_code == 404
