"""Role x route x method: every route of every register against the table, and denied calls change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from pmo.core.audit.models import AuditEntry
from pmo.core.jobs.models import Job
from pmo.core.records.models import Record
from pmo.core.registers.declaration import all_registers, get_register
from pmo.core.registers.routes import register_routes
from pmo.core.registers.views.exports import KIND as EXPORT_KIND
from tests.access.rooms import ROOMS
from tests.access.table import REGISTERS, ROLES, Rights
from tests.access.world import World
from tests.walks import IN_EVERY_RUN, each, one_of_each

pytestmark = pytest.mark.django_db

OK, DENIED, ABSENT = "ok", 403, 404
# A refused attempt may leave traces here, never elsewhere.
TRACES = {"core_session"}


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module, inside a transaction that is thrown away."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def browsers(world: World, letters: str = ROLES) -> Iterator[tuple[str, Client]]:
    """A signed-in browser per letter, kept for the whole module."""
    for letter in letters:
        yield letter, world.clients[letter]


@contextmanager
def nothing_written() -> Iterator[None]:
    """Refuse the block if it sent a statement that writes, to any table but the traces."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.replace('"', " ").split()
        if words and words[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            table = words[1] if words[0].upper() == "UPDATE" else words[2]
            if table not in TRACES:
                written.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert written == []


def check(response: Any, expected: Any, what: str) -> None:
    if expected == OK:
        assert response.status_code < 400, (what, response.status_code, getattr(response, "content", b"")[-600:])
    else:
        assert response.status_code == expected, (what, response.status_code, expected)


def row_answer(letter: str, rights: Rights, allowed: str) -> Any:
    """404 where the row is not visible, 403 where it is but the act is not allowed."""
    if letter not in rights.view:
        return ABSENT
    return OK if letter in allowed else DENIED


def list_answer(letter: str, rights: Rights) -> Any:
    return OK if letter in rights.opens else DENIED


def test_every_register_and_every_route_is_in_the_table() -> None:
    assert {register.key for register in all_registers()} == set(REGISTERS)
    known = {route.name for route in register_routes()} | set(ROUTES) | PUBLIC | WALKED_HERE
    assert named_routes() - known == set(), "give every new route a row"


def test_the_registers_of_every_run_stand_for_every_kind_of_scope() -> None:
    def kinds(keys: Any) -> set[str]:
        models = [get_register(key).model for key in keys]
        return {getattr(model, "access_scope", ("",))[0] for model in models}

    assert kinds(IN_EVERY_RUN) == kinds(REGISTERS)


def named_routes() -> set[str]:
    found: set[str] = set()
    stack = [get_resolver()]
    while stack:
        for entry in stack.pop().url_patterns:
            if hasattr(entry, "url_patterns"):
                stack.append(entry)
            elif entry.name:
                found.add(entry.name)
    return found


# The frame around a page asks nothing of the row: it is drawn once for each register and role, around the row's own page.
PART = {"HX-Request": "true"}


@pytest.mark.parametrize("key", each(REGISTERS))
def test_reading(world: World, key: str) -> None:
    rights, row = REGISTERS[key], world.rows[key]
    for letter, client in browsers(world):
        check(
            client.get(reverse("register-list", kwargs={"key": key}), headers=PART),
            list_answer(letter, rights),
            f"{letter} list {key}",
        )
        detail = reverse("register-detail", kwargs={"key": key, "pk": row.pk})
        check(client.get(detail), row_answer(letter, rights, rights.view), f"{letter} detail {key}")
        for tab in ("history", *(tab.key for tab in get_register(key).all_tabs if tab.view)):
            if tab != "history" or isinstance(row, Record):
                url = reverse("register-tab", kwargs={"key": key, "pk": row.pk, "tab": tab})
                check(
                    client.get(url, headers=PART),
                    TABS.get((key, tab), {}).get(letter, row_answer(letter, rights, rights.view)),
                    f"{letter} tab {tab} {key}",
                )


@pytest.mark.parametrize("key", each(REGISTERS))
def test_exporting_is_allowed_to_who_may_list_and_leaves_an_audit_entry(world: World, key: str) -> None:
    rights = REGISTERS[key]
    for letter, client in browsers(world):
        for kind in ("csv", "xlsx"):
            entries = AuditEntry.objects.count()
            url = reverse("register-export", kwargs={"key": key, "kind": kind})
            expected = list_answer(letter, rights)
            with nullcontext() if expected == OK else nothing_written():
                check(client.get(url), expected, f"{letter} export {kind} {key}")
            assert AuditEntry.objects.count() == entries + (expected == OK), (letter, key)


# Tabs that need more than seeing the project.
TABS = {("projects", "cost"): {letter: DENIED for letter in "CRT"}}
for _room in ROOMS:
    TABS |= _room.TABS


@pytest.mark.parametrize("key", each(key for key, rights in REGISTERS.items() if rights.add))
def test_adding(world: World, key: str) -> None:
    if not get_register(key).creatable or get_register(key).read_only:
        pytest.fail("the table says somebody may add, the register is never added to")
    rights, url = REGISTERS[key], reverse("register-create", kwargs={"key": key})
    for letter, client in browsers(world):
        form = world.form(key)
        expected = OK if letter in rights.add else DENIED
        check(client.get(url), expected, f"{letter} create form {key}")
        with transaction.atomic():
            with nullcontext() if expected == OK else nothing_written():
                response = client.post(url, form)
            check(response, expected, f"{letter} create {key}")
            assert expected != OK or response.status_code == 302, (letter, key, response.content.decode()[-3000:])
            transaction.set_rollback(True)


@pytest.mark.parametrize("key", each(key for key, rights in REGISTERS.items() if rights.change))
def test_changing(world: World, key: str) -> None:
    rights, row, register = REGISTERS[key], world.rows[key], get_register(key)
    edit = reverse("register-edit", kwargs={"key": key, "pk": row.pk})
    for letter, client in browsers(world):
        expected = row_answer(letter, rights, rights.change)
        check(client.get(edit), expected, f"{letter} edit form {key}")
        for field in register.inline_fields:
            cell = reverse("register-cell", kwargs={"key": key, "pk": row.pk, "field": field})
            denied = MASKED.get((key, field), {}).get(letter, expected)
            check(client.get(cell, headers={"HX-Request": "true"}), denied, f"{letter} cell {field} {key}")
        if expected == OK:
            continue
        with nothing_written():
            check(client.post(edit, {"version": row.version}), expected, f"{letter} edit {key}")
            for field in register.inline_fields[:1]:
                cell = reverse("register-cell", kwargs={"key": key, "pk": row.pk, "field": field})
                check(client.post(cell, {field: "x", "version": row.version}), expected, f"{letter} cell {key}")


# Cells hidden from somebody who may change the rest of the row.
MASKED: dict[tuple[str, str], dict[str, int]] = {}


@pytest.mark.parametrize("key", each(key for key, rights in REGISTERS.items() if rights.delete))
def test_deleting_and_taking_back(world: World, key: str) -> None:
    rights, row = REGISTERS[key], world.rows[key]
    delete = reverse("register-delete", kwargs={"key": key, "pk": row.pk})
    restore = reverse("register-restore", kwargs={"key": key, "pk": row.pk})
    for letter, client in browsers(world):
        expected = row_answer(letter, rights, rights.delete)
        with transaction.atomic():
            with nullcontext() if expected == OK else nothing_written():
                check(
                    client.post(delete, {"version": row.version, "reason": "Because"}),
                    expected,
                    f"{letter} delete {key}",
                )
            gone = type(row).all_objects.get(pk=row.pk).deleted_at is not None
            assert gone == (expected == OK), (letter, key)
            if expected == OK:
                check(client.post(restore), OK, f"{letter} restore {key}")
                assert type(row).all_objects.get(pk=row.pk).deleted_at is None, (letter, key)
            transaction.set_rollback(True)


def _typed(world: World, key: str) -> dict[str, Any]:
    """What the form of a new row sends. What a room had to clear for it stands again afterwards."""
    with transaction.atomic():
        sent = world.form(key)
        transaction.set_rollback(True)
    return sent


@pytest.mark.parametrize("key", each(REGISTERS))
def test_the_api_answers_like_the_pages_and_lists_only_visible_rows(world: World, key: str) -> None:
    rights, row, register = REGISTERS[key], world.rows[key], get_register(key)
    if not register.api:
        return
    item, many = (
        reverse("api-register-item", kwargs={"key": key, "pk": row.pk}),
        reverse("api-register-list", kwargs={"key": key}),
    )
    version = getattr(row, "version", 1)
    for letter, client in browsers(world):
        page = client.get(many, {"page_size": 200})
        check(page, list_answer(letter, rights), f"{letter} api list {key}")
        if letter in rights.opens:
            ids = {item["id"] for item in page.json()["results"]}
            assert (row.pk in ids) == (letter in rights.view), (letter, key)
        check(client.get(item), row_answer(letter, rights, rights.view), f"{letter} api item {key}")
        if letter not in rights.add:
            body = json.dumps(_typed(world, key)) if rights.add else "{}"
            with nothing_written():
                response = client.post(many, body, content_type="application/json")
            assert response.status_code in {403, 405}, (letter, key, response.status_code)
        if letter not in rights.change:
            with nothing_written():
                response = client.patch(
                    many, json.dumps({"ids": [row.pk], "clear": ["id"]}), content_type="application/json"
                )
            assert response.status_code in {400, 403, 405}, (letter, key, response.status_code)
        for method, allowed in (("patch", rights.change), ("delete", rights.delete)):
            expected = row_answer(letter, rights, allowed)
            if expected == OK:
                continue
            with nothing_written():
                response = getattr(client, method)(
                    item, "{}", content_type="application/json", headers={"If-Match": f'"{version}"'}
                )
            assert response.status_code in {expected, 405}, (
                letter,
                key,
                method,
                response.status_code,
                response.content[:200],
            )


def test_nobody_signed_in_gets_nothing(world: World) -> None:
    nobody = Client()
    with nothing_written():
        for key, row in world.rows.items():
            for name, kwargs in (
                ("register-list", {}),
                ("register-detail", {"pk": row.pk}),
                ("register-export", {"kind": "csv"}),
                ("register-columns", {}),
                ("register-tab", {"pk": row.pk, "tab": "history"}),
            ):
                for method in ("get", "post"):
                    response = getattr(nobody, method)(reverse(name, kwargs={"key": key, **kwargs}))
                    assert response.status_code == 302 and "/login" in response.url, (name, key, method)
            if not get_register(key).api:
                continue
            for url in (
                reverse("api-register-list", kwargs={"key": key}),
                reverse("api-register-item", kwargs={"key": key, "pk": row.pk}),
            ):
                for method in ("get", "post", "patch", "delete"):
                    assert getattr(nobody, method)(url).status_code == 401, (url, method)


# Everybody who may add rows somewhere.
ADDERS = "".join(letter for letter in ROLES if any(letter in rights.add for rights in REGISTERS.values()))
# Routes beside the registers: the letters that get an answer, per method; everybody else 403 (404 where `hidden`).
ROUTES: dict[str, dict[str, Any]] = {
    "home": {"get": ROLES},
    "my-work": {"get": ROLES},
    "home-choose": {"post": ROLES, "form": {"home": "work"}},
    "tour-start": {"post": ROLES},
    "tour-go": {"post": ROLES, "form": {"step": "1"}},
    "tour-end": {"post": ROLES},
    "start-empty": {"get": "A"},
    "scorecard": {"get": "ANEOU"},
    "scorecard-pdf": {"get": "ANEOU"},
    "dashboard": {"get": "ANORU"},
    "report-new": {"get": "ANCP", "args": "project", "hidden": "X"},
    "report-page": {"get": "ANCEORPTSU", "args": "report", "hidden": "X"},
    "report-pdf": {"get": "ANCEORPTSU", "args": "report", "hidden": "X"},
    "report-edit": {"get": "ANCP", "args": "report", "hidden": "X"},
    "report-submit": {"post": "ANP", "args": "report", "hidden": "X"},
    "report-return": {"post": "AN", "args": "submitted", "hidden": "X", "form": {"comment": "Why"}},
    "report-publish": {"post": "AN", "args": "submitted", "hidden": "X"},
    "job-list": {"get": ROLES},
    "job-detail": {"get": "ANU", "args": "job", "hidden": "CEORPTSX"},
    "job-json": {"get": "ANU", "args": "job", "hidden": "CEORPTSX"},
    "job-cancel": {"post": "AN", "args": "job", "hidden": "CEORPTSX"},
    "directory": {"get": ROLES},
    "favourites": {"get": ROLES, "post": ROLES, "form": {"url": "/"}},
    "favourite-change": {"post": "", "args": "token", "hidden": ROLES},
    "token-list": {"get": ROLES},
    "token-revoke": {"post": "", "args": "token", "hidden": ROLES},
    "styleguide": {"get": ROLES},
    "api-schema": {"get": ROLES},
    "api-docs": {"get": ROLES},
    "register-options": {"get": ROLES, "args": "options"},
    "register-lookup": {"get": "ANOP", "args": "options"},
    "health-recompute": {"post": "AN"},
    # Who may add rows to some register may import into it; a batch is its owner's and the PMO's (this one is an administrator's).
    "import-list": {"get": ADDERS},
    "import-new": {"get": ADDERS},
    "import-template": {"get": REGISTERS["milestones"].add, "args": "template"},
    "import-mapping-json": {"get": "AN", "args": "mapping"},
    "import-page": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-file": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-wait": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-columns": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-values": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-matches": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-preview": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-refused": {"get": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-commit": {"post": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-undo": {"post": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "import-discard": {"post": "AN", "args": "batch", "hidden": "CEORPTSUX"},
    "project-health": {"get": "ANCEORPTSU", "args": "project_pk", "hidden": "X"},
    "health-model": {"get": ROLES},
    "health-model-history": {"get": ROLES},
    "health-model-edit": {"get": "AN", "post": "AN"},
    "health-model-withdraw": {"post": "AN", "args": "health_model"},
}
for _room in ROOMS:
    ROUTES |= _room.ROUTES
# Open to everybody, signed in or not.
PUBLIC = {
    "login", "logout", "set_language", "display_preferences", "healthz", "readyz", "metrics",
    # A signed link and a secret address are the permission; tests/messages walks both.
    "message-unsubscribe", "calendar-feed",
    # The ways in, and what another system sends; tests/sign_in walks each with right and wrong answers.
    "login-code", "login-passkey-options", "login-passkey", "password-forgot", "password-reset", "invite-accept",
    "openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs", "saml_sls", "saml_metadata",
}  # fmt: skip
# Walked by a test of their own below.
WALKED_HERE = {"job-retry", "register-export-file"}


def address(world: World, name: str, args: str | None) -> str:
    """The route's address, with the row its arguments name (`submitted`: the report, handed in)."""
    if args == "project":
        return f"{reverse(name)}?project={world.project.pk}"
    report = world.rows["status-reports"]
    if args in {"report", "submitted"}:
        type(report).objects.filter(pk=report.pk).update(state="submitted" if args == "submitted" else "draft")
    kwargs: dict[str | None, dict[str, Any]] = {
        "report": {"pk": report.pk},
        "submitted": {"pk": report.pk},
        "project_pk": {"pk": world.project.pk},
        "health_model": {"number": world.rows["health-models"].number},
        "job": {"uid": world.rows["jobs"].uid},
        "mapping": {"pk": world.rows["import-mappings"].pk},
        "template": {"key": "milestones", "kind": "csv"},
        "batch": {"pk": world.rows["imports"].pk},
        "token": {"pk": 987654},
        "options": {"key": "projects", "field": "unit"},
    }
    for room in ROOMS:
        if args is not None and args not in kwargs and (found := room.address(world, args)) is not None:
            return reverse(name, kwargs=found)
    return reverse(name, kwargs=kwargs.get(args))


@pytest.mark.parametrize("name", one_of_each(ROUTES))
def test_the_other_routes(world: World, name: str) -> None:
    row = ROUTES[name]
    for method in ("get", "post"):
        if method not in row:
            continue
        for letter, client in browsers(world):
            expected = OK if letter in row[method] else ABSENT if letter in row.get("hidden", "") else DENIED
            with transaction.atomic():
                url = address(world, name, row.get("args"))
                with nullcontext() if expected == OK else nothing_written():
                    sent = row.get("form", {}) if method == "post" else {}
                    kind = {"content_type": "application/json"} if method == "post" and row.get("json") else {}
                    response = getattr(client, method)(url, sent, **kind)
                check(response, expected, f"{letter} {method} {name}")
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_the_other_routes_ask_for_a_login(world: World, name: str) -> None:
    row = ROUTES[name]
    for method in ("get", "post"):
        response = getattr(Client(), method)(address(world, name, row.get("args")))
        assert response.status_code in {302, 401}, (name, method, response.status_code)


def test_only_who_may_change_jobs_retries_them(world: World) -> None:
    job = world.rows["jobs"]
    for letter, client in browsers(world):
        with transaction.atomic():
            type(job).objects.filter(pk=job.pk).update(state="failed")
            response = client.post(reverse("job-retry", kwargs={"uid": job.uid}))
            check(response, OK if letter in "AN" else DENIED if letter == "U" else ABSENT, f"{letter} retry")
            transaction.set_rollback(True)


def test_an_export_made_by_a_job_is_for_the_one_who_asked(world: World) -> None:
    name = default_storage.save("exports/test.csv", ContentFile(b"secret"))
    result = {"file": name, "format": "csv", "register": "projects"}
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=EXPORT_KIND,
                state=Job.State.DONE,
                owner=world.users["E"],
                result=result,
                finished_at=timezone.now(),
            )
            for letter, client in browsers(world):
                response = client.get(reverse("register-export-file", kwargs={"uid": job.uid}))
                check(response, OK if letter == "E" else ABSENT, f"{letter} export file")
                if letter == "E":
                    assert b"".join(response.streaming_content) == b"secret"
            transaction.set_rollback(True)
    finally:
        default_storage.delete(name)
