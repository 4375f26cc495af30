"""Changes through the API: many rows with preview and limits of the page, every one of them taken back like those of the page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.history.queries import as_of
from pmo.core.jobs.api import run_job_now
from pmo.core.jobs.models import Job
from pmo.core.records.services import create_record
from pmo.core.registers.declaration import get_register
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.report_builder.question import dimensions
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import field, table
from tests.registers.pages import api

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 1)


@pytest.fixture
def project(db: None) -> Project:
    return factories.project(code="P-1", name_en="Crane", name_zh="")


@pytest.fixture
def manager(project: Project) -> UserClient:
    user = factories.user(username="manager")
    Project.objects.filter(pk=project.pk).update(pm=user.person)
    return client_of(user)


@pytest.fixture
def rows(project: Project) -> list[Milestone]:
    """Made by the service, so that they have a history."""
    made = (Milestone(project=project, name=f"M{n}", weight=n + 1, baseline_date=DAY) for n in range(4))
    return [create_record(actor=SYSTEM, row=row) for row in made]


def send(client: Client, method: str, address: str, data: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(address, data, content_type="application/json", headers=named)


def many(client: Client, body: Any, query: str = "", **headers: str) -> Any:
    return send(client, "patch", api("milestones") + query, body, **headers)


def faults(response: Any) -> set[str]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {one["field"] for one in response.json()["errors"]}


def values(name: str) -> list[Any]:
    return list(Milestone.objects.order_by("pk").values_list(name, flat=True))


def everything(row: Any) -> dict[str, Any]:
    """Row and its version of today, without what any write moves on."""
    moving = {"version", "updated_at", "id", "valid_from", "valid_to", "_state"}
    found = {k: v for k, v in vars(Milestone.all_objects.get(pk=row.pk)).items() if k not in moving}
    past = as_of(Milestone, org_today()).get(row_id=row.pk)
    return found | {f"version.{k}": v for k, v in vars(past).items() if k not in moving}


class TestOneRow:
    def test_a_deletion_says_where_it_is_taken_back_and_is(self, manager: UserClient, rows: list[Milestone]) -> None:
        before = everything(rows[0])
        response = send(manager, "delete", api("milestones", rows[0].pk), If_Match='"1"')
        assert (response.status_code, response.content) == (204, b"")
        assert not Milestone.objects.filter(pk=rows[0].pk).exists()
        assert datetime.datetime.fromisoformat(response["Undo-Until"]) > timezone.now()
        back = manager.post(response["Undo-Location"])
        assert back.status_code == 200
        assert (back.json()["state"], back.json()["undo"], back.json()["kept"]) == ("undone", None, [])
        assert everything(rows[0]) == before
        newest = AuditEntry.objects.filter(model="projects.milestone", object_id=rows[0].pk).latest("id")
        assert newest.reason.startswith("Taken back: ")
        again = manager.post(response["Undo-Location"])
        assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
        assert "taken back already" in again.json()["detail"]

    def test_an_edit_too_and_custom_fields_with_it(self, manager: UserClient, rows: list[Milestone]) -> None:
        field("note", "text", "milestones")
        address = api("milestones", rows[0].pk)
        first = send(manager, "patch", address, {"cf_note": "one", "name": "New"}, If_Match='"1"')
        second = send(manager, "patch", address, {"cf_note": "two"}, If_Match=first["ETag"])
        assert manager.post(second["Undo-Location"]).status_code == 200
        body = manager.get(address).json()
        assert (body["cf_note"], body["name"]) == ("one", "New")
        same = send(manager, "patch", address, {"cf_note": "one"}, If_Match=manager.get(address)["ETag"])
        assert same.status_code == 200 and "Undo-Location" not in same

    def test_ten_minutes_and_nobody_else(self, manager: UserClient, rows: list[Milestone]) -> None:
        response = send(manager, "delete", api("milestones", rows[0].pk), If_Match='"1"')
        other = client_of(factories.user(username="other"))
        assert other.post(response["Undo-Location"]).status_code == 404
        assert Client().post(response["Undo-Location"]).status_code == 401
        UndoEntry.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
        assert manager.post(response["Undo-Location"]).status_code == 409
        assert not Milestone.objects.filter(pk=rows[0].pk).exists()


class TestMany:
    def test_preview_then_change_then_undo(self, manager: UserClient, rows: list[Milestone]) -> None:
        before = [everything(row) for row in rows]
        body = {
            "ids": [row.pk for row in rows[:3]],
            "set": {"is_key": True, "owner": manager.user.person.pk},
            "add": {"weight": "1.5"},
            "shift": {"baseline_date": 7},
            "append": {"note": "checked"},
            "reason": "Because",
        }
        seen = many(manager, {**body, "preview": True}).json()
        assert (seen["matched"], seen["allowed"], seen["would_change"], seen["refused"]) == (3, 3, 3, [])
        assert seen["samples"][0]["label"] == str(rows[0])
        assert {"Baseline", "Owner"} <= {one["label"] for one in seen["samples"][0]["changes"]}
        assert [everything(row) for row in rows] == before
        assert not UndoEntry.objects.exists()
        made = many(manager, {**body, "ids": seen["ids"]})
        assert made.status_code == 200, made.content
        assert (made.json()["changed"], made.json()["refused_count"]) == (3, 0)
        assert values("weight")[:2] == [2.5, 3.5]
        assert values("baseline_date") == [DAY + datetime.timedelta(days=7)] * 3 + [DAY]
        assert values("note") == ["checked"] * 3 + [""]
        assert values("owner_id")[0] == manager.user.person.pk
        assert AuditEntry.objects.filter(model="projects.milestone", reason="Because").count() == 3
        back = manager.post(made.json()["undo"])
        assert back.json()["state"] == "undone"
        assert [everything(row) for row in rows] == before

    def test_all_that_match_takes_the_filters_of_the_address(self, manager: UserClient, rows: list[Milestone]) -> None:
        response = many(manager, {"all_matching": True, "set": {"note": "x"}}, "?weight__gte=3")
        assert (response.json()["matched"], values("note")) == (2, ["", "", "x", "x"])
        assert faults(many(manager, {"all_matching": True, "set": {"note": "x"}}, "?nothing=3")) == {"nothing"}
        cleared = many(manager, {"all_matching": True, "clear": ["note"]})
        assert (cleared.json()["changed"], cleared.json()["unchanged"]) == (2, 2)

    def test_more_than_two_hundred_rows_are_a_job(self, manager: UserClient, project: Project) -> None:
        for number in range(201):
            factories.milestone(project, name=f"Many {number}")
        response = many(manager, {"all_matching": True, "set": {"note": "x"}}, "?q=Many")
        assert response.status_code == 202, response.content
        body = response.json()
        assert (body["state"], body["changed"], body["undo"]) == ("running", 0, None)
        run_job_now(Job.objects.latest("pk").pk)
        done = manager.get(response["Location"]).json()
        assert (done["state"], done["changed"]) == ("done", 201)
        undoing = manager.post(done["undo"])
        assert undoing.status_code == 202
        run_job_now(Job.objects.latest("pk").pk)
        assert set(values("note")) == {""}
        assert manager.get(response["Location"]).json()["state"] == "undone"

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, {"ids"}),
            ({"ids": [1]}, {"set"}),
            ({"ids": [1], "all_matching": True, "set": {"note": "x"}}, {"ids"}),
            ({"ids": "1", "set": {"note": "x"}}, {"ids"}),
            ({"ids": [True], "set": {"note": "x"}}, {"ids"}),
            ({"ids": [{"id": 1, "version": "2"}], "set": {"note": "x"}}, {"ids"}),
            ({"ids": list(range(1, 1002)), "set": {"note": "x"}}, {"ids"}),
            ({"ids": [1], "set": {"nothing": "x"}}, {"nothing"}),
            ({"ids": [1], "set": {"note": 1}}, {"note"}),
            ({"ids": [1], "set": {"note": "x"}, "clear": ["note"]}, {"note"}),
            ({"ids": [1], "clear": ["name"]}, {"name"}),
            ({"ids": [1], "shift": {"baseline_date": "soon"}}, {"baseline_date"}),
            ({"ids": [1], "shift": {"note": 1}}, {"note"}),
            ({"ids": [1], "add": {"weight": "heavy"}}, {"weight"}),
            ({"ids": [1], "add": [], "set": {"note": "x"}}, {"add"}),
            ({"ids": [1], "clear": "note"}, {"clear"}),
            ({"ids": [1], "set": {"note": "x"}, "more": 1}, {"more"}),
            ({"ids": [1], "append": {"version": "x"}}, {"version"}),
        ],
    )
    def test_what_cannot_be_done_is_named(self, manager: UserClient, body: Any, named: set[str]) -> None:
        assert named <= faults(many(manager, body))
        assert not UndoEntry.objects.exists()

    def test_rows_of_others_and_stale_ones_stay_and_are_named(
        self, manager: UserClient, pmo_admin: UserClient, rows: list[Milestone]
    ) -> None:
        foreign = factories.milestone(factories.project(code="X"), name="Foreign")
        ids = [{"id": rows[0].pk, "version": 7}, rows[1].pk, foreign.pk]
        body = many(manager, {"ids": ids, "set": {"note": "x"}}).json()
        assert (body["changed"], body["refused_count"]) == (1, 2)
        assert {one["id"] for one in body["refused"]} == {rows[0].pk, foreign.pk}
        assert values("note") == ["", "x", "", "", ""]

    def test_who_may_change_none_is_refused(self, rows: list[Milestone], auditor: UserClient) -> None:
        assert many(auditor, {"ids": [rows[0].pk], "set": {"note": "x"}}).status_code == 403
        assert Client().patch(api("milestones"), "{}", content_type="application/json").status_code == 401

    def test_the_same_key_does_it_once(self, manager: UserClient, rows: list[Milestone]) -> None:
        body = {"ids": [rows[0].pk], "append": {"note": "x"}}
        first = many(manager, body, Idempotency_Key="k1")
        second = many(manager, body, Idempotency_Key="k1")
        assert first.json()["uid"] == second.json()["uid"]
        assert values("note")[0] == "x"

    def test_several_choices_are_added_and_taken_away(self, manager: UserClient, rows: list[Milestone]) -> None:
        field("theme", "multi", "milestones", lookup=table())
        ids = [rows[0].pk, rows[1].pk]
        assert many(manager, {"ids": ids, "set": {"cf_theme": ["core", "legal"]}}).json()["changed"] == 2
        assert many(manager, {"ids": ids[:1], "take_out": {"cf_theme": ["core"]}}).json()["changed"] == 1
        made = many(manager, {"ids": ids[:1], "put_in": {"cf_theme": ["growth"]}}).json()
        one = manager.get(api("milestones", ids[0])).json()
        assert sorted(one["cf_theme"]) == ["growth", "legal"]
        assert manager.get(api("milestones"), {"cf_theme": "core"}).json()["results"][0]["id"] == ids[1]
        manager.post(made["undo"])
        assert manager.get(api("milestones", ids[0])).json()["cf_theme"] == ["legal"]
        for parameter in ("sort", "group"):
            refused = manager.get(api("milestones"), {parameter: "cf_theme"})
            assert refused.status_code == 400, parameter
            assert refused.json()["errors"][0]["field"] == parameter
        unset = many(manager, {"ids": ids, "set": {"cf_theme": None}})
        assert unset.json()["changed"] == 2


def test_my_changes_are_listed_and_no_one_elses(
    manager: UserClient, pmo_admin: UserClient, rows: list[Milestone]
) -> None:
    many(manager, {"ids": [rows[0].pk], "set": {"note": "x"}})
    listed = manager.get(reverse("api-changes")).json()["results"]
    assert [one["kind"] for one in listed] == ["bulk_edit"]
    assert pmo_admin.get(reverse("api-changes")).json() == {"results": []}
    assert pmo_admin.get(reverse("api-change", kwargs={"uid": listed[0]["uid"]})).status_code == 404


def test_several_choices_are_no_dimension_of_a_report(db: None) -> None:
    field("theme", "multi", "milestones", lookup=table())
    field("level", "choice", "milestones", lookup=table("level"))
    offered = {one.bound.name for one in dimensions(get_register("milestones"))}
    assert "cf_level" in offered and not {"cf_theme", "tags"} & offered
