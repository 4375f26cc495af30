"""Many workers reach for the same jobs at once, on a database with real concurrency."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs import daily, services
from pmo.core.jobs.api import Job, enqueue
from pmo.core.jobs.models import DailyStart, JobOutbox

THREADS = 8
JOBS = 40


@pytest.fixture(autouse=True)
def database(database_url: str) -> None:
    assert connection.vendor == "postgresql"


def jobs() -> list[int]:
    return [Job.objects.create(kind="test.race").pk for _ in range(JOBS)]


def in_parallel(work: Callable[[int], None]) -> None:
    """Run `work(number)` in threads that begin together. The first error is raised."""
    together, errors = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        try:
            together.wait()
            work(number)
        except BaseException as error:
            errors.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def take_all(claim: Callable[[int, str], bool]) -> Counter[int]:
    """How often each job was taken when all threads try all of them in the same order."""
    ids, taken = jobs(), Counter[int]()
    step = threading.Barrier(THREADS)

    def work(number: int) -> None:
        for job_id in ids:
            step.wait(30)
            if claim(job_id, f"w{number}"):
                taken[job_id] += 1

    in_parallel(work)
    assert set(taken) == set(ids), "every job is taken"
    return taken


def test_each_job_is_claimed_by_one_worker() -> None:
    taken = take_all(lambda job_id, worker: services.claim(job_id, worker=worker) is not None)
    assert set(taken.values()) == {1}
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_read_then_write_would_give_a_job_to_several() -> None:
    """The negative control: the same race without the condition in the UPDATE."""

    def naive(job_id: int, worker: str) -> bool:
        if Job.objects.get(pk=job_id).state != "queued":
            return False
        Job.objects.filter(pk=job_id).update(state="running", worker=worker)
        return True

    assert max(take_all(naive).values()) > 1


def test_one_daily_run_however_many_clocks_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_entries", {})
    started: list[str] = []
    daily.register_daily("test.night", lambda now: "2026-11-24", started.append)
    in_parallel(lambda number: daily.start_entry("test.night", "2026-11-24") and None)
    assert started == ["2026-11-24"]
    assert DailyStart.objects.count() == 1


def test_one_job_per_unique_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo.core.jobs import kinds

    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.job_kind("test.race", label="Race")(lambda ctx: None)
    monkeypatch.setattr("pmo.core.jobs.services.enqueueing.deliver", lambda job_id: False)
    found: list[int] = []
    in_parallel(lambda number: found.append(enqueue(kind="test.race", params={}, actor=SYSTEM, unique_key="k").pk))
    assert len(found) == THREADS
    assert len(set(found)) == 1
    assert Job.objects.count() == JobOutbox.objects.count() == 1
