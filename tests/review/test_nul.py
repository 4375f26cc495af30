"""The character NUL, sent to every route beside the registers: a page, a refusal in words, never a server error.

PostgreSQL takes it in no text; the guard of the connections (`pmo.core.unholdable`) refuses it on SQLite too, so these tests mean the same on both.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from pmo.core.models import Person, PersonErasure
from pmo.core.people.models import OrgUnit
from pmo.core.unholdable import UnholdableText, refuse
from pmo.core.web.errors import bad_request
from tests.access.test_matrix import ROUTES, address
from tests.access.world import World
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db

ASKED = {
    "get": re.compile(r"""\bGET\.get(?:list)?\(\s*["']([\w-]+)["']"""),
    "post": re.compile(r"""\bPOST\.get(?:list)?\(\s*["']([\w-]+)["']"""),
}


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """Built once, inside a transaction that is thrown away."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def asked(url: str, method: str) -> list[str]:
    """What the module of the route's view reads out of an address, or a form."""
    view = inspect.unwrap(resolve(url.partition("?")[0]).func)
    module = inspect.getmodule(getattr(view, "view_class", view))
    return sorted(set(ASKED[method].findall(inspect.getsource(module)))) if module else []


def attempts(row: dict[str, Any], url: str, method: str) -> Iterator[dict[str, Any]]:
    """The row's form with a NUL in one text after the other."""
    form = dict(row.get("form", {})) if method == "post" else {}
    for name in sorted({*form, *asked(url, method)}):
        yield {**form, name: f"{form.get(name, '')}\x00"}


# Comments, reasons, names and texts that reach the database without a form of Django's.
IN_EVERY_RUN = {
    "access-why", "account-passkey-add", "board-new", "comment-add", "decision-decide", "favourites", "plan-edit-act", "privacy-ask",
    "project-charter-reopen", "report-return", "tags-set",
}  # fmt: skip


@pytest.mark.parametrize("only", [IN_EVERY_RUN, pytest.param(set(), marks=pytest.mark.long)], ids=["some", "all"])
def test_no_route_breaks(world: World, only: set[str]) -> None:
    assert only <= set(ROUTES)
    broken = []
    for name, row in sorted(ROUTES.items()):
        for method in ("get", "post"):
            if row.get(method) and (not only or name in only):
                broken += [f"{method} {name} {sent}: {why}" for sent, why in tried(world, name, row, method)]
    assert broken == []


def tried(world: World, name: str, row: dict[str, Any], method: str) -> Iterator[tuple[dict[str, Any], str]]:
    """What was sent that was not answered."""
    client, url = world.clients[min(row[method])], address(world, name, row.get("args"))
    kind = {"content_type": "application/json"} if method == "post" and row.get("json") else {}
    for sent in attempts(row, url, method):
        with transaction.atomic():
            url = address(world, name, row.get("args"))
            client.raise_request_exception = False
            answer = getattr(client, method)(url, sent, **kind)
            client.raise_request_exception = True
            if answer.status_code >= 500:
                yield sent, repr(getattr(answer, "exc_info", ("", answer.status_code))[1])
            transaction.set_rollback(True)


def test_no_statement_takes_one() -> None:
    with translation.override("en"), pytest.raises(UnholdableText, match="Nor␀th"), transaction.atomic():
        OrgUnit.objects.filter(code="Nor\x00th").exists()
    with pytest.raises(UnholdableText), transaction.atomic():
        OrgUnit.objects.bulk_create([OrgUnit(code="N1", name_zh="a"), OrgUnit(code="N2", name_zh="half \ud800")])
    with connection.cursor() as cursor, pytest.raises(UnholdableText):
        cursor.executemany("SELECT %s", [("fine",), ("not\x00",)])
    assert issubclass(UnholdableText, BadRequest)


def test_a_connection_that_opens_while_it_is_watched_stays_guarded() -> None:
    made = connection.copy()
    with made.execute_wrapper(lambda execute, *given: execute(*given)), made.cursor() as cursor:
        cursor.execute("SELECT 1")
    try:
        with made.cursor() as cursor, pytest.raises(UnholdableText):
            cursor.execute("SELECT %s", ["not\x00"])
    finally:
        made.close()
    assert made.execute_wrappers == [refuse]


@pytest.mark.parametrize(
    ("path", "headers", "kind"),
    [
        ("/r/milestones/", {"HX-Request": "true"}, "text/plain; charset=utf-8"),
        ("/api/v1/milestones/", {}, "application/problem+json"),
    ],
)
def test_programs_and_fragments_get_the_words(path: str, headers: dict[str, str], kind: str) -> None:
    request = RequestFactory().post(path, headers=headers)
    with translation.override("en"):
        answer = bad_request(request, UnholdableText("before\x00"))
    assert (answer.status_code, answer["Content-Type"]) == (400, kind)
    told = json.loads(answer.content)["detail"] if kind.endswith("json") else answer.content.decode()
    assert told == "A text holds a character that cannot be saved: “before␀”. Take it out, then send it again."


def test_a_page_says_what_to_do(pmo_admin: UserClient) -> None:
    person = Person.objects.create(code="SOME-1", name_en="Some One")
    answer = pmo_admin.post(f"/people/{person.pk}/data/erase", {"reason": "By let\x00ter"})
    assert answer.status_code == 400
    assert "By let␀ter" in answer.content.decode()
    assert not PersonErasure.objects.filter(person=person).exists()
