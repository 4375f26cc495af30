"""The REST API: contract, errors, locking, idempotency, cursors, tokens."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import update_record
from pmo.core.registers.models import ApiToken, IdempotencyKey
from pmo.core.registers.tokens import create_token, revoke_token
from projects.models import Milestone, Project
from tests import factories
from tests.conftest import UserClient, client_of, proven
from tests.registers.pages import api

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 1)


@pytest.fixture
def manager(db: None) -> UserClient:
    return client_of(factories.user(username="manager"))


@pytest.fixture
def project(manager: UserClient) -> Project:
    return factories.project(name_en="Crane", pm=manager.user.person)


@pytest.fixture
def milestone(project: Project) -> Milestone:
    return factories.milestone(project, name="Handover", weight="2.5")


def send(client: Client, method: str, address: str, data: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(address, data, content_type="application/json", headers=named)


def problem(response: Any, status: int) -> dict[str, Any]:
    """The body of an error; every error has this shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"].startswith("urn:bellwether:problem:")
    assert body["title"]
    assert body["request_id"] == response["X-Request-ID"]
    return body


def test_retrieve_has_ids_labels_and_an_etag(manager: UserClient, milestone: Milestone) -> None:
    response = manager.get(api("milestones", milestone.pk))
    assert response["ETag"] == '"1"'
    body = response.json()
    assert body["id"] == milestone.pk
    assert body["uid"] == str(milestone.uid)
    assert (body["name"], body["weight"], body["project"]) == ("Handover", "2.5000", milestone.project_id)
    assert body["labels"]["project"] == "Crane"
    assert body["note"] == ""
    assert body["hidden"] == []


def test_list_takes_the_parameters_of_the_page(manager: UserClient, project: Project) -> None:
    rows = [
        factories.milestone(project, is_key=n % 2 == 0, baseline_date=DAY + datetime.timedelta(days=n))
        for n in range(6)
    ]
    body = manager.get(api("milestones"), {"is_key": "true", "sort": "-baseline_date", "columns": "name,is_key"}).json()
    assert [row["id"] for row in body["results"]] == [row.pk for row in reversed(rows) if row.is_key]
    assert body["next"] is None
    assert set(body["results"][0]) >= {"id", "name", "is_key", "labels", "hidden"}
    assert "weight" not in body["results"][0]


@pytest.mark.parametrize(
    "query",
    [
        {"portfolio": "x"},
        {"is_key": "perhaps"},
        {"nothing": "1"},
        {"sort": "x"},
        {"page_size": "0"},
        {"page_size": "501"},
        {"cursor": "xx"},
    ],
)
def test_bad_parameters_are_400_and_named(manager: UserClient, milestone: Milestone, query: dict[str, str]) -> None:
    body = problem(manager.get(api("milestones"), query), 400)
    ((name, value),) = query.items()
    assert [(fault["field"], fault["value"]) for fault in body["errors"]] == [(name, value)]
    assert body["errors"][0]["reason"]


@pytest.mark.parametrize("sort", ["weight", "-weight", "owner,-name", "-is_key,baseline_date", ""])
def test_cursors_walk_over_every_row_once_in_order(manager: UserClient, project: Project, sort: str) -> None:
    people = [factories.person(name_en="Ann"), factories.person(name_en="Ann"), None]
    for n in range(23):
        factories.milestone(
            project,
            weight=None if n % 4 == 0 else n % 5,
            is_key=n % 2 == 0,
            owner=people[n % 3],
            baseline_date=None if n % 6 == 0 else DAY,
        )
    query = {"sort": sort, "page_size": "500"}
    whole = [row["id"] for row in manager.get(api("milestones"), query).json()["results"]]
    assert len(whole) == 23
    found: list[int] = []
    address: str | None = f"{api('milestones')}?sort={sort}&page_size=5"
    pages = 0
    while address:
        body = manager.get(address).json()
        found += [row["id"] for row in body["results"]]
        address = body["next"]
        pages += 1
    assert (found, pages) == (whole, 5)


def test_a_cursor_goes_on_where_rows_were_added_before_it(manager: UserClient, project: Project) -> None:
    rows = [factories.milestone(project, baseline_date=DAY + datetime.timedelta(days=n)) for n in range(6)]
    first = manager.get(api("milestones"), {"sort": "baseline_date", "page_size": "3"}).json()
    factories.milestone(project, baseline_date=DAY - datetime.timedelta(days=1))
    second = manager.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == [row.pk for row in rows[3:]]


def test_create_answers_201_with_the_row(manager: UserClient, project: Project) -> None:
    response = send(manager, "post", api("milestones"), {"project": project.pk, "name": "Trial", "reason": "agreed"})
    assert response.status_code == 201, response.content
    row = Milestone.objects.get()
    assert response["Location"] == api("milestones", row.pk)
    assert (response["ETag"], response.json()["code"]) == ('"1"', f"MS-{row.pk:04d}")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason, entry.actor) == ("create", "agreed", manager.user)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"project", "name"}),
        ({"name": 5}, {"name"}),
        ({"name": "x", "is_key": "yes"}, {"is_key"}),
        ({"name": "x", "weight": [1]}, {"weight"}),
        ({"name": "x", "weight": "-1"}, {"weight", "project"}),
        ({"name": "x", "project": "Crane"}, {"project"}),
        ({"name": "x", "baseline_date": "soon"}, {"baseline_date", "project"}),
        ({"name": "x", "version": 3, "uid": "x"}, {"version", "uid"}),
        ({"name": None}, {"name"}),
        ({"name": "x", "reason": 1}, {"reason"}),
    ],
)
def test_invalid_bodies_name_every_field(manager: UserClient, project: Project, data: Any, fields: set[str]) -> None:
    body = problem(send(manager, "post", api("milestones"), data), 400)
    assert {fault["field"] for fault in body["errors"]} == fields
    for fault in body["errors"]:
        assert fault["reason"]
        assert fault["value"] == data.get(fault["field"]) or isinstance(data.get(fault["field"]), list)
    assert not Milestone.objects.exists()


def test_bodies_that_are_no_object_or_no_json(manager: UserClient, project: Project) -> None:
    assert problem(send(manager, "post", api("milestones"), [1, 2]), 400)
    broken = manager.post(api("milestones"), "{", content_type="application/json")
    assert problem(broken, 400)
    problem(manager.post(api("milestones"), "a=b", content_type="text/plain"), 415)


def test_patch_needs_the_version_it_changes(manager: UserClient, milestone: Milestone) -> None:
    address = api("milestones", milestone.pk)
    problem(send(manager, "patch", address, {"name": "New"}), 428)
    problem(send(manager, "put", address, {"name": "New"}), 428)
    problem(send(manager, "delete", address), 428)
    changed = send(manager, "patch", address, {"name": "New"}, If_Match='"1"')
    assert (changed.status_code, changed["ETag"], changed.json()["name"]) == (200, '"2"', "New")
    any_version = send(manager, "patch", address, {"name": "Newer"}, If_Match="*")
    assert any_version["ETag"] == '"3"'


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_stale_version_is_412_and_shows_the_present_row(
    manager: UserClient, milestone: Milestone, method: str
) -> None:
    update_record(actor=actor_of(factories.user("pmo_admin")), row=milestone, values={"name": "Theirs"})
    data = manager.get(api("milestones", milestone.pk)).json()
    names = (
        "project",
        "code",
        "name",
        "is_key",
        "weight",
        "baseline_date",
        "forecast_date",
        "actual_date",
        "owner",
        "note",
    )
    body = {name: data[name] for name in names} | {"name": "Mine"}
    for stale in ('"1"', 'W/"2"', '"x"'):
        answer = problem(send(manager, method, api("milestones", milestone.pk), body, If_Match=stale), 412)
        assert (answer["current"]["name"], answer["current"]["version"]) == ("Theirs", 2)
    milestone.refresh_from_db()
    assert (milestone.name, milestone.deleted_at) == ("Theirs", None)


def test_put_replaces_and_names_what_is_missing(manager: UserClient, milestone: Milestone) -> None:
    address = api("milestones", milestone.pk)
    body = problem(send(manager, "put", address, {"name": "x"}, If_Match='"1"'), 400)
    assert "owner" in {fault["field"] for fault in body["errors"]}
    whole = {
        "project": milestone.project_id,
        "code": milestone.code,
        "name": "Put",
        "is_key": True,
        "weight": None,
        "baseline_date": "2026-07-01",
        "forecast_date": None,
        "actual_date": None,
        "owner": None,
        "note": "",
    }
    done = send(manager, "put", address, whole, If_Match='"1"')
    assert done.status_code == 200, done.content
    assert {name: done.json()[name] for name in whole} == whole


def test_delete_moves_to_the_trash(manager: UserClient, milestone: Milestone) -> None:
    response = send(manager, "delete", api("milestones", milestone.pk), If_Match='"1"')
    assert (response.status_code, response.content) == (204, b"")
    problem(manager.get(api("milestones", milestone.pk)), 404)
    assert Milestone.all_objects.get(pk=milestone.pk).deleted_at is not None


def test_not_visible_is_404_not_allowed_is_403_not_signed_in_is_401(
    outsider: UserClient, milestone: Milestone, client: Client
) -> None:
    private = factories.milestone(factories.project(visibility="private"))
    problem(outsider.get(api("milestones", private.pk)), 404)
    problem(outsider.get(api("milestones", 2**70)), 404)
    problem(outsider.get(api("no-such-register")), 404)
    problem(outsider.get("/api/v1/no/such/address"), 404)
    refused = problem(send(outsider, "patch", api("milestones", milestone.pk), {"name": "x"}, If_Match='"1"'), 403)
    assert "You need one of these roles here" in refused["detail"]
    problem(send(outsider, "post", api("milestones"), {"name": "x", "project": milestone.project_id}), 403)
    problem(send(outsider, "delete", api("milestones", milestone.pk), If_Match='"1"'), 403)
    problem(outsider.get(api("cost-lines")), 403)
    anonymous = client.get(api("milestones"))
    problem(anonymous, 401)
    assert anonymous["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_project_where_one_may_not_add_is_refused(manager: UserClient, project: Project) -> None:
    foreign = factories.project()
    body = problem(send(manager, "post", api("milestones"), {"project": foreign.pk, "name": "x"}), 400)
    assert [fault["field"] for fault in body["errors"]] == ["project"]


def test_read_only_registers_take_no_writes(pmo_admin: UserClient) -> None:
    assert pmo_admin.get(api("audit")).status_code == 200
    problem(send(pmo_admin, "post", api("audit"), {}), 405)
    problem(send(pmo_admin, "post", api("users"), {}), 405)


def test_the_same_key_and_body_make_one_record(manager: UserClient, project: Project) -> None:
    data = {"project": project.pk, "name": "Once"}
    first = send(manager, "post", api("milestones"), data, Idempotency_Key="abc")
    again = send(manager, "post", api("milestones"), data, Idempotency_Key="abc")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Milestone.objects.count() == 1
    body = problem(send(manager, "post", api("milestones"), {**data, "name": "Twice"}, Idempotency_Key="abc"), 422)
    assert body["type"] == "urn:bellwether:problem:idempotency-key-reused"
    assert Milestone.objects.count() == 1
    send(manager, "post", api("milestones"), data, Idempotency_Key="def")
    assert Milestone.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(manager: UserClient, project: Project) -> None:
    problem(send(manager, "post", api("milestones"), {"project": project.pk}, Idempotency_Key="abc"), 400)
    assert not IdempotencyKey.objects.exists()
    made = send(manager, "post", api("milestones"), {"project": project.pk, "name": "Now"}, Idempotency_Key="abc")
    assert made.status_code == 201


def test_keys_belong_to_their_user(manager: UserClient, pmo_admin: UserClient, project: Project) -> None:
    data = {"project": project.pk, "name": "Mine"}
    for client in (manager, pmo_admin):
        assert send(client, "post", api("milestones"), data, Idempotency_Key="abc").status_code == 201
    assert Milestone.objects.count() == 2


def test_sessions_need_the_csrf_token(manager: UserClient, project: Project) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager.user)
    problem(send(strict, "post", api("milestones"), {"project": project.pk, "name": "x"}), 403)


def test_the_same_number_of_queries_at_3_and_at_30_rows(pmo_admin: UserClient) -> None:
    counts = []
    for count in (3, 27):
        for _round in range(count):
            factories.milestone(factories.project(), owner=factories.person())
        pmo_admin.get(api("milestones"))
        with CaptureQueriesContext(connection) as queries:
            assert len(pmo_admin.get(api("milestones")).json()["results"]) in {3, 30}
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}


def test_tokens_sign_in_and_know_their_scope(manager: UserClient, project: Project, milestone: Milestone) -> None:
    actor = actor_of(manager.user)
    reading_row, reading = create_token(actor=actor, name="Report", scope=ApiToken.Scope.READ, days=10)
    _row, writing = create_token(actor=actor, name="Sync", scope=ApiToken.Scope.WRITE, days=10)
    program = Client(enforce_csrf_checks=True)
    assert program.get(api("milestones", milestone.pk), headers=bearer(reading)).status_code == 200
    body = json.dumps({"project": project.pk, "name": "By program"})
    refused = program.post(api("milestones"), body, content_type="application/json", headers=bearer(reading))
    assert problem(refused, 403)["detail"] == "This token may only read."
    made = program.post(api("milestones"), body, content_type="application/json", headers=bearer(writing))
    assert made.status_code == 201
    assert AuditEntry.objects.filter(model="projects.milestone").latest("id").actor == manager.user
    reading_row.refresh_from_db()
    assert reading_row.last_used_at is not None
    assert reading not in str(list(ApiToken.objects.values()))


def test_tokens_end(manager: UserClient, milestone: Milestone) -> None:
    actor, program = actor_of(manager.user), Client()
    row, token = create_token(actor=actor, name="Report", scope="read", days=1)

    def answer(text: str) -> Any:
        return program.get(api("milestones", milestone.pk), headers=bearer(text))

    assert answer(token).status_code == 200
    for wrong in (token[:-1], token + "x", "", "bw_", token.removeprefix("bw_"), f"{token} {token}"):
        problem(answer(wrong), 401)
    revoke_token(actor=actor, row=row)
    problem(answer(token), 401)
    row, token = create_token(actor=actor, name="Short", scope="read", days=1)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    problem(answer(token), 401)
    _row, token = create_token(actor=actor, name="Gone", scope="read", days=1)
    type(manager.user).objects.filter(pk=manager.user.pk).update(is_active=False)
    problem(answer(token), 401)


def test_the_token_page_shows_a_token_once(manager: UserClient) -> None:
    proven(manager)
    made = manager.post("/account/tokens", {"name": "Report", "scope": "read", "days": "30"})
    assert made.status_code == 201
    token = made.context["made"]
    assert token.startswith("bw_")
    assert token in made.content.decode()
    assert made["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    later = manager.get("/account/tokens").content.decode()
    assert token not in later
    assert "Report" in later
    row = ApiToken.objects.get()
    stranger = client_of(factories.user(username="stranger"))
    assert stranger.post(f"/account/tokens/{row.pk}/revoke").status_code == 404
    manager.post(f"/account/tokens/{row.pk}/revoke")
    row.refresh_from_db()
    assert row.revoked_at is not None
    bad = manager.post("/account/tokens", {"name": "", "scope": "all", "days": "9999"})
    assert set(bad.context["form"].errors) == {"name", "scope", "days"}


def test_a_token_is_made_only_by_who_has_just_proven_who_they_are(manager: UserClient) -> None:
    form = {"name": "Report", "scope": "read", "days": "30"}
    asked = manager.post("/account/tokens", form)
    assert asked["Location"] == "/account/confirm?next=%2Faccount%2Ftokens" and not ApiToken.objects.exists()
    assert "create the token once more" in manager.get(asked["Location"]).content.decode()
    done = manager.post("/account/confirm", {"password": factories.PASSWORD, "next": "/account/tokens"})
    assert done["Location"] == "/account/tokens"
    assert manager.post("/account/tokens", form).status_code == 201


def test_the_openapi_document_describes_every_register(manager: UserClient, client: Client) -> None:
    from pmo.core.registers.declaration import all_registers

    assert client.get("/api/v1/schema/").status_code in {401, 403}
    paths = manager.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()["paths"]
    for register in all_registers():
        assert f"/api/v1/{register.key}/" in paths
    listing = paths["/api/v1/milestones/"]["get"]
    assert {"baseline_date__gte", "owner", "sort", "cursor"} <= {
        parameter["name"] for parameter in listing["parameters"]
    }
    assert set(paths["/api/v1/milestones/{id}/"]) == {"get", "put", "patch", "delete"}
    assert set(paths["/api/v1/audit/{id}/"]) == {"get"}


def test_the_documentation_page_has_no_inline_script(manager: UserClient) -> None:
    html = manager.get("/api/v1/docs/").content.decode()
    assert "swagger-ui-bundle.js" in html
    assert "<style" not in html
    assert "<script>" not in html


def test_a_failure_on_our_side_is_a_problem_too(
    manager: UserClient, milestone: Milestone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("disk is gone")

    monkeypatch.setattr("pmo.core.registers.api.views.as_json", fail)
    manager.raise_request_exception = False
    body = problem(manager.get(api("milestones", milestone.pk)), 500)
    assert "disk is gone" not in str(body)
