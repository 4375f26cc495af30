"""The tests in this folder run on a PostgreSQL and a Redis of their own: `pytest -m services tests/services`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as live_settings
from django.db import connection, connections

from pmo.env import database_from_url
from tests.services.harness import QUICK, Postgres, RedisServer, Worker


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/services/"):
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the session."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Postgres) -> None:
    """Point Django at it, so that the test database is made there and the test reads what the workers write."""
    wanted = {"default": database_from_url(postgres.url("bellwether"))}
    connections["default"].close()
    del connections["default"]
    live_settings.DATABASES["default"].clear()
    live_settings.DATABASES["default"].update(connections.configure_settings(wanted)["default"])


@pytest.fixture
def database_url(transactional_db: None, postgres: Postgres) -> str:
    """The address of the test database, for processes. Tables are emptied after the test."""
    if connection.vendor != "postgresql":
        pytest.fail("Run these by themselves: pytest -m services tests/services")
    return postgres.url(str(connection.settings_dict["NAME"]))


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """The waits of the processes hold in the test too."""
    for name, value in QUICK.items():
        setattr(settings, name, value)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis with the settings of production; this process delivers to it."""
    with RedisServer() as server, delivering_to(server):
        yield server


class delivering_to:  # noqa: N801
    """While it lasts, the calling process sends its messages to this Redis instead of running tasks itself."""

    def __init__(self, server: RedisServer) -> None:
        self.server = server

    def __enter__(self) -> None:
        self._set(self.server.url, eager=False)

    def __exit__(self, *_exception: object) -> None:
        self._set(live_settings.REDIS_URL, eager=True)

    @staticmethod
    def _set(url: str, *, eager: bool) -> None:
        current_app.conf.update(broker_url=url, broker_write_url=url, broker_read_url=url, task_always_eager=eager)
        current_app.set_default()
        current_app._pool = None
        current_app.amqp._producer_pool = None
        from kombu import pools

        pools.reset()


@pytest.fixture
def worker(database_url: str, redis: RedisServer) -> Iterator[Callable[..., Worker]]:
    """`worker(beat=True, env={...})` starts one on the test's database and Redis; all are killed at the end."""
    started: list[Worker] = []

    def start(**options: Any) -> Worker:
        one = Worker(database_url=database_url, redis_url=redis.url, name=f"w{len(started)}", **options)
        started.append(one)
        one.start()
        return one

    yield start
    for one in started:
        one.__exit__()
