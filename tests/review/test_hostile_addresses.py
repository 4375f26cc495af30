"""Whatever stands in an address is answered with a page or a clear refusal, never with a server error."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from pmo.core.registers.api.paging import page_of
from pmo.core.registers.conditions import lookups_of
from pmo.core.registers.declaration import Register, all_registers, declared_register
from pmo.core.registers.exporting import export_rows
from pmo.core.registers.fields import bound_columns
from pmo.core.registers.queries import filtered, order_expressions
from pmo.core.registers.state import read_state
from pmo.core.registers.values import BadParameterError
from tests import factories
from tests.access.world import World
from tests.conftest import UserClient
from tests.walks import IN_EVERY_RUN, each

pytestmark = pytest.mark.django_db

HUGE, LONG = "9" * 30, "9" * 5000
VALUES = ["\x00", HUGE, LONG, "1e23", "²", "9999-12-31", "today+9999", "9223372036854775808", "x" * 500]


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """Built once, inside a transaction that is thrown away."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def parameters(declared: Register) -> dict[str, tuple[Any, ...]]:
    """The parameters of a list that follow from its columns, each with its kind: what reads it and what it is compared with."""
    return {
        f"{bound.name}__{part}" if part else bound.name: (
            part, bound.kind, type(bound.model_field), bound.computed, bound.protected, bool(bound.choices),
        )
        for bound in bound_columns(declared)
        if bound.filterable
        for part in lookups_of(bound)
    }  # fmt: skip


@functools.cache
def repeated() -> dict[str, set[str]]:
    """Of the registers of every run: the parameters whose kind an earlier one of them has, too."""
    seen: set[tuple[Any, ...]] = set()
    found: dict[str, set[str]] = {}
    for key in sorted(IN_EVERY_RUN):
        kinds = parameters(declared_register(key))
        found[key] = {name for name, kind in kinds.items() if kind in seen}
        seen |= set(kinds.values())
    return found


@pytest.mark.parametrize("key", each(declared.key for declared in all_registers()))
def test_no_filter_of_any_register_breaks(world: World, key: str) -> None:
    declared = declared_register(key)
    names = {"q", "sort", "group", "columns", "page", "page_size", *parameters(declared)} - repeated().get(key, set())
    names |= {one.field for one in declared.all_filters if one.apply is not None}
    ask(world, declared, names)


@pytest.mark.long
@pytest.mark.parametrize("key", sorted(IN_EVERY_RUN))
def test_no_filter_breaks_that_is_like_one_of_another_register(world: World, key: str) -> None:
    ask(world, declared_register(key), repeated()[key])


def ask(world: World, declared: Register, names: Collection[str]) -> None:
    user = world.user("A")
    for name in names:
        for value in VALUES:
            params = QueryDict(mutable=True)
            params[name] = value
            state = read_state(declared, user, params)
            with transaction.atomic():
                list(export_rows(state)[:1])


@pytest.mark.parametrize("key", each(declared.key for declared in all_registers()))
def test_a_made_up_cursor_is_refused(world: World, key: str) -> None:
    declared = next(one for one in all_registers() if one.key == key)
    state = read_state(declared, world.user("A"), QueryDict(mutable=True))
    levels = len(order_expressions(state))
    for value in ["\x00", 10**30, float("inf"), float("nan"), "abc", True, "2026-13-45", -1]:
        cursor = base64.urlsafe_b64encode(json.dumps([value] * levels + [1]).encode()).decode()
        with transaction.atomic():
            try:
                page_of(state, filtered(state), 5, cursor)
            except BadParameterError as error:
                assert error.parameter == "cursor"


@pytest.mark.parametrize("value", ["\x00", LONG, "abc", "0", "-1", "9" * 20])
@pytest.mark.parametrize("name", ["project", "portfolio", "page", "page_size", "cursor", "q"])
@pytest.mark.parametrize(
    "address", ["/r/milestones/", "/r/milestones/export.csv", "/r/milestones/export.xlsx", "/api/v1/milestones/"]
)
def test_every_door_of_a_list_refuses_clearly(pmo_admin: UserClient, address: str, name: str, value: str) -> None:
    factories.organisation()
    factories.milestone(factories.project())
    answer = pmo_admin.get(address, {name: value})
    assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "address",
    [
        "/reports/new/?project=²",
        "/reports/new/?project=" + LONG,
        "/reports/new/?project=" + HUGE,
        "/reports/new/?project=%00",
        "/r/milestones/new/?project=²",
        "/r/milestones/new/?project=" + LONG,
        "/r/milestones/new/?project=%00",
        "/r/milestones/new/?baseline_date=%00",
        f"/r/milestones/{HUGE}/",
        f"/api/v1/milestones/{HUGE}/",
        f"/reports/{HUGE}/",
        f"/imports/{HUGE}/",
        f"/health/model/{HUGE}/",
        f"/projects/{HUGE}/health/",
        "/r/%00/",
        "/r/milestones/?undo=" + LONG,
        "/r/milestones/?n=" + LONG,
        "/scorecard/?date=0001-01-01",
        "/scorecard/?date=2026-13-45",
        "/scorecard/?date=%00",
        "/scorecard/?scope=%00",
        "/dashboard/?date=9999-12-31",
        "/dashboard/?scope=%00",
        "/jobs/?page=" + LONG,
        "/jobs/?state=%00",
        "/imports/?page=" + LONG,
        "/r/milestones/trash/?page=" + LONG,
        "/r/milestones/options/project/?term=%00",
        "/r/milestones/lookup/project/?term=%00",
        "/imports/new/?target=%00",
        "/notifications?page=%00",
        "/api/v1/%00/",
        "/display?theme=%00",
    ],
)
def test_hostile_pages(pmo_admin: UserClient, address: str) -> None:
    factories.organisation()
    assert pmo_admin.get(address).status_code < 500


@pytest.mark.parametrize("day", ["", "0001-01-01", "9999-12-31", "\x00", "²"])
@pytest.mark.parametrize("project", ["²", LONG, HUGE, "\x00"])
def test_hostile_recompute(pmo_admin: UserClient, day: str, project: str) -> None:
    factories.organisation()
    assert pmo_admin.post("/health/recompute/", {"date": day, "project": project}).status_code < 500


def test_nul_bytes_in_typed_text_are_refused_or_dropped(pmo_admin: UserClient) -> None:
    """PostgreSQL cannot store them: they end in a message, not in an error of ours."""
    factories.organisation()
    project = factories.project()
    row = factories.milestone(project)
    data = {"project": project.pk, "name": "Na\x00me", "reason": "Be\x00cause"}
    assert pmo_admin.post("/r/milestones/new/", data).status_code == 422
    assert pmo_admin.post("/r/milestones/new/", {**data, "name": "Name"}).status_code == 302
    edited = {"project": project.pk, "code": row.code, "name": "Other", "version": row.version, "reason": "Be\x00cause"}
    assert pmo_admin.post(f"/r/milestones/{row.pk}/edit/", edited).status_code == 302
    assert pmo_admin.post(f"/r/milestones/{row.pk}/delete/", {"reason": "Be\x00cause"}).status_code == 302
    body = json.dumps({"project": project.pk, "name": "By API", "reason": "Be\x00cause"})
    assert pmo_admin.post("/api/v1/milestones/", body, content_type="application/json").status_code in {201, 400}
    body = json.dumps({"project": project.pk, "name": "By\x00API"})
    assert pmo_admin.post("/api/v1/milestones/", body, content_type="application/json").status_code == 400
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def test_nul_bytes_in_a_review(pmo_admin: UserClient) -> None:
    from projects.models import StatusReport

    factories.organisation()
    for act in ("return", "publish"):
        report = StatusReport.objects.create(
            project=factories.project(),
            code=act,
            period_start="2026-11-16",
            period_end="2026-11-22",
            declared="green",
            state="submitted",
        )
        answer = pmo_admin.post(f"/reports/{report.pk}/{act}/", {"comment": "Wh\x00y", "reviewed": "green"})
        assert answer.status_code < 500


def test_long_right_to_left_and_emoji_names(pmo_admin: UserClient) -> None:
    factories.organisation()
    name = "مشروع البرج 🏗️ \u202e" + "很" * 280
    project = factories.project(name_zh=name[:300], name_en="")
    factories.milestone(project, name=("<script>alert(1)</script>" + "x" * 275))
    for address in (
        "/r/projects/",
        f"/r/projects/{project.pk}/",
        "/r/milestones/?group=project",
        "/api/v1/projects/",
        "/r/projects/export.xlsx",
    ):
        answer = pmo_admin.get(address)
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"<script>alert(1)" not in text
