"""/healthz and /readyz."""

from __future__ import annotations

import datetime
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from pmo.core.jobs import ticks
from pmo.core.jobs.models import BeatTick
from pmo.core.ops import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(settings: Any) -> Iterator[None]:
    """A socket that answers PING as Redis does."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            with connection:
                while chunk := connection.recv(4096):
                    connection.sendall(
                        b"".join(b"+PONG\r\n" if b"PING" in part else b"+OK\r\n" for part in chunk.split(b"*")[1:])
                    )

    threading.Thread(target=answer, daemon=True).start()
    settings.REDIS_URL = f"redis://:very-secret@127.0.0.1:{server.getsockname()[1]}/0"
    yield
    server.close()


def all_alive() -> None:
    for name in ("beat", "tick", "worker:a"):
        ticks.note(name)


def test_health_says_only_that_the_process_answers() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_ready_where_everything_answers(broker: None) -> None:
    all_alive()
    response = Client().get("/readyz")
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["ready"] and body["wrong"] == [] and set(body["parts"]) == {"database", "broker", "beat", "worker"}
    assert "very-secret" not in response.text


def test_before_the_first_tick_it_is_not_ready(broker: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["wrong"] == ["beat: has not started yet", "worker: has not started yet"]


@pytest.mark.parametrize("part", ["beat", "worker:a"])
def test_a_wedged_part_is_named_with_its_age(broker: None, settings: Any, part: str) -> None:
    all_alive()
    late = timezone.now() - datetime.timedelta(seconds=settings.BEAT_LATE_SECONDS + 20)
    BeatTick.objects.filter(name=part).update(at=late)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["wrong"] == [
        f"{part.partition(':')[0]}: silent for {settings.BEAT_LATE_SECONDS + 20} s, "
        f"more than {settings.BEAT_LATE_SECONDS} s"
    ]


def test_one_living_worker_is_enough(broker: None) -> None:
    all_alive()
    BeatTick.objects.create(name="worker:b", at=timezone.now() - datetime.timedelta(days=2))
    assert Client().get("/readyz").status_code == 200


def test_a_broker_that_is_down_is_named_without_its_password(settings: Any) -> None:
    all_alive()
    settings.REDIS_URL = "redis://:very-secret@127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["wrong"] == ["broker: no answer (ConnectionError)"]
    assert "very-secret" not in response.text


def test_a_database_that_is_down_is_named(broker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> Any:
            raise DatabaseError("host=secret-host password=secret")

    monkeypatch.setattr(health, "connection", Away())
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["wrong"] == ["database: no answer (DatabaseError)"]
    assert "secret" not in response.text
