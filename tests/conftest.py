"""Named people for every test: each fixture is a signed-in client whose `user` is the login."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from _pytest import runner
from django.test import Client
from django.utils import translation
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


# Machines differ in speed: a slow one is not a wrong result.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request leaves the language of its user switched on in the thread: no test may depend on which one ran before."""
    translation.deactivate()


@pytest.fixture
def english(default_language: None) -> None:
    """For tests that read messages without a request: they are in English."""
    translation.activate("en")


class UserClient(Client):
    """A signed-in browser; `user` is who sits at it."""

    user: User


def client_of(user: User) -> UserClient:
    """A browser signed in as the user."""
    client = UserClient()
    client.force_login(user)
    client.user = user
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
