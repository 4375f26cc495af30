"""A statement made once for the process gives what the ORM would give anew each time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from pmo.core.calendars.queries import organisation
from pmo.core.people.backend import PersonBackend, read_with_login
from pmo.core.people.models import User
from pmo.core.prepared import Prepared
from tests import factories

pytestmark = pytest.mark.django_db


def logins(pk: int) -> QuerySet[User]:
    named = User.objects.select_related("person").annotate(shout=Concat("username", Value("!")))
    return named.filter(pk=pk).order_by("pk")[:1]


def test_each_run_reads_its_own_row_with_all_it_carries() -> None:
    prepared, users = Prepared(logins), [factories.user(username=name) for name in ("first", "second")]
    for user in users:
        with CaptureQueriesContext(connection) as captured:
            (found,) = prepared.of(user.pk)
            assert found.person == user.person
        assert len(captured) == 1
        assert (found, found.username, found.shout) == (user, user.username, f"{user.username}!")
        (anew,) = logins(user.pk)
        states = [{k: v for k, v in vars(row).items() if k != "_state"} for row in (found, anew)]
        assert states[0] == states[1]
    assert prepared.of(987_654_321) == []


def test_nothing_is_kept_but_the_statement() -> None:
    prepared, user = Prepared(logins), factories.user(username="before")
    assert prepared.of(user.pk)[0].username == "before"
    User.objects.filter(pk=user.pk).update(username="after")
    assert prepared.of(user.pk)[0].shout == "after!"
    User.objects.filter(pk=user.pk).update(username="third")
    assert prepared.of(user.pk)[0] is not prepared.of(user.pk)[0]


def test_the_queryset_is_asked_once_and_again_after_it_was_forgotten() -> None:
    asked: list[int] = []

    def rows(pk: int) -> QuerySet[User]:
        asked.append(pk)
        return logins(pk)

    prepared, user = Prepared(rows), factories.user()
    assert [prepared.of(user.pk)[0].pk for _time in range(3)] == [user.pk] * 3 and len(asked) == 1
    prepared.forget()
    assert prepared.of(user.pk)[0].pk == user.pk and len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_statement_and_not_the_connection() -> None:
    prepared = Prepared(logins)
    users = [factories.user() for _number in range(4)]
    prepared.of(users[0].pk)
    found: dict[int, set[str]] = {user.pk: set() for user in users}

    def read(user: User) -> None:
        try:
            found[user.pk].update(prepared.of(user.pk)[0].username for _time in range(20))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {user.pk: {user.username} for user in users}


def test_a_login_is_read_with_what_another_room_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo.core.people import backend

    user, told = factories.user(), []
    assert PersonBackend().get_user(user.pk) == user
    with monkeypatch.context() as patch:
        patch.setattr(backend, "_riders", {})
        read_with_login("test", lambda: Value(7), told.append)
        assert PersonBackend().get_user(user.pk) == user and told == [7]
    backend._logins.forget()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert PersonBackend().get_user(user.pk) is None


def test_the_organisation_is_read_as_it_is_now() -> None:
    assert organisation().pk is None
    made = factories.organisation()
    assert organisation() == made
    type(made).objects.filter(pk=made.pk).update(name_en="Other")
    assert organisation().name_en == "Other"
