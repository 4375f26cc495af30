"""The index gives what `visible_to` gives: for every role, every register, every row of the table of rights."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.kept import keeping
from pmo.core.records.services import delete_record
from pmo.core.registers.queries import visible
from pmo.core.search.content import indexed_registers
from pmo.core.search.hits import hits_of
from pmo.core.search.models import SearchEntry
from pmo.core.search.queries import CANDIDATES, COUNTED, counts, find
from pmo.core.search.seen import entries_visible_to
from pmo.core.search.services import rebuild
from pmo.core.search.tokens import line_of, title_tokens
from tests import factories
from tests.access.rights import ROLES
from tests.access.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """The world of the access table with its index, thrown away afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        factories.issue(made.project, title="Hidden harbour")
        rebuild()
        yield made
        transaction.set_rollback(True)


def fresh(world: World, letter: str) -> Any:
    """The person as a new request reads them."""
    return type(world.users[letter]).objects.get(pk=world.users[letter].pk)


@pytest.mark.parametrize("reading", [True, False], ids=["reading", "writing"])
@pytest.mark.parametrize("letter", sorted(ROLES))
def test_each_role_finds_what_it_may_see(world: World, letter: str, reading: bool) -> None:
    user = fresh(world, letter)
    with keeping() if reading else nullcontext():
        found = set(entries_visible_to(user).values_list("register", "row_id"))
    for register in indexed_registers():
        rows = set(visible(register, user).order_by().values_list("pk", flat=True))
        assert {pk for key, pk in found if key == register.key} == rows, register.key


def test_every_kind_of_row_has_an_address_that_opens(world: World) -> None:
    admin = fresh(world, "A")
    first = {entry.register: entry for entry in entries_visible_to(admin).order_by("pk")}
    hits = hits_of(admin, list(first.values()))
    assert {hit.register.key for hit in hits} == set(first) and len(first) > 40
    for hit in hits:
        assert world.clients["A"].get(hit.url).status_code == 200, hit.url


def test_the_table_has_rows_that_some_do_not_see(world: World) -> None:
    numbers = {letter: entries_visible_to(fresh(world, letter)).count() for letter in ROLES}
    assert numbers["A"] > numbers["E"] > numbers["X"] > 0


def test_rows_of_a_project_in_the_trash_are_not_found(world: World) -> None:
    admin = fresh(world, "A")
    assert [entry.register for entry in find(admin, "hidden harbour").entries] == ["issues"]
    assert find(fresh(world, "X"), "hidden harbour").entries == []
    with transaction.atomic():
        delete_record(actor=SYSTEM, row=type(world.project).objects.get(pk=world.project.pk))
        assert find(fresh(world, "A"), "hidden harbour").entries == []
        transaction.set_rollback(True)


@pytest.mark.parametrize("reading", [True, False], ids=["reading", "writing"])
def test_who_sees_few_of_very_many_finds_those_few(world: World, reading: bool) -> None:
    """However many newer rows hold that one may not see, one's own are found and counted, and no other."""
    moment = timezone.now()
    with transaction.atomic():
        own = [factories.issue(world.project, title=f"Rusty anchor {number}") for number in range(3)]
        elsewhere = factories.project(visibility="private")
        rebuild(["issues"])
        old = moment - datetime.timedelta(days=300)
        SearchEntry.objects.filter(register="issues").update(updated_at=old)
        SearchEntry.objects.bulk_create(
            SearchEntry(register="issues", row_id=10**6 + number, scope_id=elsewhere.pk, project_id=elsewhere.pk,
                        title_en="Rusty anchor", tokens=line_of(title_tokens("", ["rusty anchor"])), updated_at=moment)
            for number in range(2 * CANDIDATES + COUNTED)
        )  # fmt: skip
        for letter, expected in (("E", {row.pk for row in own}), ("X", set())):
            user = fresh(world, letter)
            with keeping() if reading else nullcontext():
                found = find(user, "rusty anchor")
                assert {entry.row_id for entry in found.entries} == expected
                assert counts(user, found) == ({"issues": 3} if expected else {}, False)
        assert counts(admin := fresh(world, "A"), find(admin, "rusty anchor"))[1]
        transaction.set_rollback(True)


def test_nobody_finds_nothing(world: World) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert entries_visible_to(AnonymousUser()).count() == 0


def test_a_search_takes_as_many_statements_for_few_rows_as_for_many(world: World) -> None:
    def statements(query: str) -> int:
        user = fresh(world, "E")
        with keeping(), CaptureQueriesContext(connection) as captured:
            counts(user, find(user, query))
        return len(captured)

    few = statements("hidden")
    with transaction.atomic():
        for number in range(40):
            factories.issue(world.project, title=f"Hidden {number}")
        rebuild(["issues"])
        assert statements("hidden") <= few <= 12
        transaction.set_rollback(True)
