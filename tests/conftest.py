"""Named people for every test: each fixture is a signed-in client whose `user` is the login."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest import runner
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from pmo.core.access.roles import Role
from pmo.core.people.models import User
from pmo.roomy import roomy
from tests import factories

# The suite makes millions of short-lived objects, few of them in cycles. Measured over 154 tests of pages, after the imports:
# 1.5 of 20 CPU seconds went into looking for cycles with Python's own thresholds, 0.3 with these.
gc.set_threshold(100_000, 50, 50)


def pytest_collection_finish() -> None:
    """What is there before the first test stays until the last: it is never looked through again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Each test with room for deep calls, otherwise as pytest does it."""
    return roomy(runner.pytest_runtest_protocol)(item=item, nextitem=nextitem)


# Machines differ in speed: a slow one is not a wrong result. Examples are chosen by the test itself, so that a change is
# judged by what it changes; `make test-examples` looks for others, ten times as many.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile(
    "search", settings.get_profile("house"), derandomize=False, max_examples=1000, print_blob=True
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request leaves the language of its user switched on in the thread: no test may depend on which one ran before."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_numbers() -> Iterator[None]:
    """The codes, names and days of a test's rows do not depend on how many rows the tests before it have made."""
    with factories.own_numbers():
        yield


@pytest.fixture
def english(default_language: None) -> None:
    """For tests that read messages without a request: they are in English."""
    translation.activate("en")


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """`shared_rows(build)`, in a fixture of the module: rows built once, in a transaction thrown away after the last test.

    A test runs in a savepoint above them, so that what it writes is gone after it. It gets `copy.deepcopy` of what `build`
    returned, for it may change that too. Tests of the module that do not ask for the rows run before they are built. Not for
    modules with tests that commit (`transaction=True`).
    """

    def build_with(build: Callable[[], Any]) -> Any:
        translation.deactivate()
        with django_db_blocker.unblock():
            return build()

    block = transaction.atomic()
    with django_db_blocker.unblock():
        block.__enter__()
    yield build_with
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In every module, those that share rows come last."""
    items[:] = [
        item
        for _, group in itertools.groupby(items, key=lambda item: item.path)
        for item in sorted(group, key=lambda item: "shared_rows" in getattr(item, "fixturenames", ()))
    ]


class UserClient(Client):
    """A signed-in browser; `user` is who sits at it."""

    user: User


def client_of(user: User) -> UserClient:
    """A browser signed in as the user."""
    client = UserClient()
    client.force_login(user)
    client.user = user
    return client


def proven(client: UserClient) -> UserClient:
    """The browser, whose user has just proven who they are."""
    session = client.session
    session["bw_confirmed"] = timezone.now().timestamp()
    session.save()
    return client


@pytest.fixture
def client_for(db: None) -> Callable[..., UserClient]:
    """`client_for(role, within=unit)`: a browser of a new user with the role."""

    def make(role: Role | str | None = None, **values: Any) -> UserClient:
        return client_of(factories.user(role, **values))

    return make


@pytest.fixture
def pmo_admin(db: None) -> UserClient:
    """Holds every permission."""
    return client_of(factories.user(Role.PMO_ADMIN, username="pmo_admin"))


@pytest.fixture
def pmo_analyst(db: None) -> UserClient:
    return client_of(factories.user(Role.PMO_ANALYST, username="pmo_analyst"))


@pytest.fixture
def executive(db: None) -> UserClient:
    return client_of(factories.user(Role.EXECUTIVE, username="executive"))


@pytest.fixture
def auditor(db: None) -> UserClient:
    return client_of(factories.user(Role.AUDITOR, username="auditor"))


@pytest.fixture
def outsider(db: None) -> UserClient:
    """A login without any role: sees what everybody sees."""
    return client_of(factories.user(username="outsider"))
