"""The outbox: whatever happens to the broker, a job is delivered, and in the end once."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest
import time_machine
from celery import Celery, current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from pmo.core.audit.actor import Actor
from pmo.core.jobs import services
from pmo.core.jobs.api import enqueue
from pmo.core.jobs.models import JobOutbox
from pmo.core.jobs.services import delivery

pytestmark = pytest.mark.django_db


class Broker:
    """Stands for the broker: up or down, and what it was given."""

    def __init__(self) -> None:
        self.up, self.sent = True, []

    def signature(self, name: str) -> Broker:
        self.name = name
        return self

    def apply_async(self, *, args: tuple[int], retry: bool) -> None:
        assert retry is False, "a request must not wait for the broker to come back"
        if not self.up:
            raise OperationalError("connection refused")
        self.sent.append((self.name, args[0]))

    @property
    def conf(self) -> Any:
        return current_app.conf


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    fake = Broker()
    monkeypatch.setattr(delivery, "current_app", fake)
    return fake


def make_due() -> None:
    JobOutbox.objects.update(deliver_after=timezone.now() - datetime.timedelta(seconds=1))


def test_a_request_succeeds_while_the_broker_is_down_and_the_tick_delivers(
    kind: Any, actor: Actor, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    broker.up = False
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(kind=kind(), params={}, actor=actor)
    assert JobOutbox.objects.filter(job=job).exists()
    broker.up = True
    assert services.deliver_due() == 0, "a broker that was just down is given a moment"
    make_due()
    assert services.deliver_due() == 1
    assert broker.sent == [("core.run_job", job.pk)]


def test_a_message_lost_by_the_broker_is_sent_again_until_the_job_is_claimed(
    kind: Any, actor: Actor, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(kind=kind(), params={}, actor=actor)
    for _ in range(3):
        make_due()
        assert services.deliver_due() == 1
    assert len(broker.sent) == 4
    services.claim(job.pk, worker="w")
    make_due()
    assert services.deliver_due() == 0


def test_deliveries_wait_twice_as_long_each_time(kind: Any, actor: Actor, broker: Broker, settings: Any) -> None:
    settings.JOB_REDELIVER_SECONDS = 60
    enqueue(kind=kind(), params={}, actor=actor)
    waits = []
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(8):
            make_due()
            services.deliver_due()
            waits.append((JobOutbox.objects.get().deliver_after - timezone.now()).total_seconds())
    assert waits == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_a_broker_that_is_down_is_asked_once_a_round(
    kind: Any, actor: Actor, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = kind()
    for _ in range(5):
        enqueue(kind=name, params={}, actor=actor)
    asked: list[int] = []
    monkeypatch.setattr(delivery, "_send", lambda job_id: asked.append(job_id))
    assert services.deliver_due() == 0
    assert len(asked) == 1


def test_two_deliverers_send_one_message(
    kind: Any, actor: Actor, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reads the row before the first has counted its delivery; the conditional update tells them apart."""
    job = enqueue(kind=kind(), params={}, actor=actor)
    first_of = type(JobOutbox.objects.all()).first

    def slow_first(self: Any) -> Any:
        row = first_of(self)
        monkeypatch.setattr(type(JobOutbox.objects.all()), "first", first_of)
        assert delivery.deliver(job.pk)
        return row

    monkeypatch.setattr(type(JobOutbox.objects.all()), "first", slow_first)
    assert not delivery.deliver(job.pk)
    assert broker.sent == [("core.run_job", job.pk)]


def test_without_the_condition_both_would_send(kind: Any, actor: Actor, broker: Broker) -> None:
    """The negative control of the test above: read, then send."""
    job = enqueue(kind=kind(), params={}, actor=actor)

    def read() -> bool:
        return JobOutbox.objects.filter(pk=job.pk, deliver_after__lte=timezone.now()).exists()

    first, second = read(), read()
    for due in (first, second):
        if due:
            delivery._send(job.pk)
    assert len(broker.sent) == 2


def test_nobody_listening_is_noticed_at_once(kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client itself would retry for seven seconds while a person waits."""
    away = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(delivery, "current_app", away)
    job = enqueue(kind=kind(), params={}, actor=actor)
    start = time.monotonic()
    assert not delivery.deliver(job.pk)
    assert time.monotonic() - start < 5
    assert JobOutbox.objects.filter(job=job).exists()
