"""Jobs of lost workers come back, but not for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from pmo.core.audit.actor import Actor
from pmo.core.jobs import processes, services
from pmo.core.jobs.api import Job, enqueue
from pmo.core.jobs.models import JobOutbox
from pmo.core.jobs.processes import Life, life_of, short_name, this_process
from pmo.core.messages.models import Notification
from tests.jobs.test_running import claimed, silence

pytestmark = pytest.mark.django_db


def test_a_silent_worker_loses_its_job(kind: Any, actor: Actor, settings: Any) -> None:
    job = enqueue(kind=kind(), params={}, actor=actor)
    claimed(job)
    silence(job, settings.JOB_LOST_SECONDS - 5)
    assert services.reap_lost() == 0
    silence(job, settings.JOB_LOST_SECONDS + 5)
    assert services.reap_lost() == 1
    job.refresh_from_db()
    assert (job.state, job.claim, job.attempts) == ("queued", None, 1)
    assert JobOutbox.objects.filter(job=job, deliver_after__lte=timezone.now()).exists(), "it must be delivered anew"
    assert services.reap_lost() == 0


def test_after_the_last_attempt_the_job_is_given_up(kind: Any, actor: Actor, analyst: Any) -> None:
    job = enqueue(kind=kind(max_attempts=2), params={}, actor=actor, unique_key="k")
    for _ in range(2):
        claimed(job)
        silence(job)
        assert services.reap_lost() == 1
    job.refresh_from_db()
    assert (job.state, job.unique_key, job.attempts) == ("dead", None, 2)
    assert "lost" in job.error
    assert not JobOutbox.objects.exists()
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"manager", "analyst"}


def test_a_lost_job_that_somebody_cancelled_is_not_run_again(kind: Any, actor: Actor) -> None:
    job = enqueue(kind=kind(), params={}, actor=actor)
    claimed(job)
    assert services.cancel(actor=actor, job=job)
    silence(job)
    assert services.reap_lost() == 1
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_job_claimed_anew_between_look_and_update_is_left_alone(
    kind: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = enqueue(kind=kind(), params={}, actor=actor)
    claimed(job)
    silence(job)

    def steal(label: str) -> Life:
        monkeypatch.undo()
        claimed(job, "b:1:1")
        return Life.UNKNOWN

    monkeypatch.setattr("pmo.core.jobs.services.claims.life_of", steal)
    assert services.reap_lost() == 0
    job.refresh_from_db()
    assert (job.state, job.worker) == ("running", "b:1:1")


class TestProcesses:
    def test_a_process_that_is_gone_loses_its_job_without_waiting(self, kind: Any, actor: Actor) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        label = this_process().replace(f":{os.getpid()}:", f":{child.pid}:").rsplit(":", 1)[0]
        label = f"{label}:{processes._started(child.pid)}"
        job = enqueue(kind=kind(), params={}, actor=actor)
        claimed(job, label)
        assert life_of(label) is Life.ALIVE
        assert services.reap_lost() == 0
        child.communicate(b"\n")
        assert life_of(label) is Life.GONE
        assert services.reap_lost() == 1

    def test_another_process_with_the_same_number_is_not_the_same(self) -> None:
        machine, pid, started = this_process().rsplit(":", 2)
        assert life_of(f"{machine}:{pid}:{started}") is Life.ALIVE
        assert life_of(f"{machine}:{pid}:{int(started) - 1}") is Life.GONE

    def test_nothing_is_known_about_other_machines(self) -> None:
        assert life_of("other#0123456789:1:1") is Life.UNKNOWN
        assert life_of("no-namespace:1:1") is Life.UNKNOWN
        assert life_of("") is Life.UNKNOWN

    def test_people_read_machine_and_number(self) -> None:
        assert short_name("web-1#0123456789:77:9") == "web-1:77"

    @pytest.mark.parametrize(("vendor", "times", "reaped"), [("sqlite", 2, 0), ("sqlite", 11, 1), ("postgresql", 2, 1)])
    def test_on_sqlite_a_living_process_is_given_longer(
        self,
        kind: Any,
        actor: Actor,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        vendor: str,
        times: int,
        reaped: int,
    ) -> None:
        """There the job's own long transaction stops its heartbeat."""
        job: Job = enqueue(kind=kind(), params={}, actor=actor)
        claimed(job, this_process())
        silence(job, settings.JOB_LOST_SECONDS * times)
        monkeypatch.setattr("pmo.core.jobs.services.claims.connection", SimpleNamespace(vendor=vendor))
        assert services.reap_lost() == reaped
