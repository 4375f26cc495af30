"""Killed workers, a restarted broker, a restarted database: nothing lost, nothing done twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import Job, enqueue
from pmo.core.jobs.models import JobOutbox
from tests.services import kinds
from tests.services.harness import Postgres, RedisServer, Worker, wait_until

Start = Callable[..., Worker]


@pytest.fixture(autouse=True)
def tables(database_url: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(kinds.TABLES)
        cursor.execute("TRUNCATE fault_rows, fault_runs")


def ask(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def chunks(count: int, seconds: float) -> Job:
    return enqueue(kind="test.chunks", params={"chunks": count, "seconds": seconds}, actor=SYSTEM)


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def finished(*jobs: Job, seconds: float = 120) -> None:
    wait_until(
        lambda: all(state(job) in {"done", "dead", "failed"} for job in jobs),
        seconds=seconds,
        what="all jobs ended",
        every=0.2,
    )


def in_the_middle(job: Job, chunk: int = 2) -> None:
    wait_until(
        lambda: ask("SELECT 1 FROM fault_runs WHERE job = %s AND chunk = %s", job.pk, chunk),
        what="the job is under way",
    )


def assert_done_once(job: Job, count: int) -> None:
    """All rows are there, the result was written, and the log has exactly one attempt that ended well."""
    assert state(job) == "done", (job.state, job.error)
    assert ask("SELECT count(*), sum(value) FROM fault_rows WHERE job = %s", job.pk) == [
        (count, sum(n * n for n in range(count)))
    ]
    assert [row.outcome for row in job.log.all()].count("done") == 1
    assert not JobOutbox.objects.filter(job=job).exists()


def test_a_job_reaches_a_worker_and_shows_its_progress(worker: Start) -> None:
    one = worker()
    job = chunks(20, 0.2)
    wait_until(lambda: state(job) == "running" and 0 < job.done < 20, what="progress")
    assert job.message == f"chunk {job.done}"
    finished(job)
    assert_done_once(job, 20)
    assert job.result["pid"] != one.pid
    assert ask("SELECT count(*) FROM fault_runs") == [(20,)], "each chunk ran once"


@pytest.mark.parametrize("way", ["machine", "process"])
def test_kill_9_in_mid_job(worker: Start, way: str) -> None:
    """The whole worker, or the process that does the work: another takes over and the work is whole."""
    first = worker()
    job = chunks(12, 0.3)
    in_the_middle(job)
    if way == "machine":
        first.kill()
        worker()
    else:
        first.kill_pool()
    finished(job)
    assert_done_once(job, 12)
    assert [row.outcome for row in job.log.all()] == ["lost", "done"]
    assert ask("SELECT max(attempt) FROM fault_runs") == [(2,)]


def test_a_worker_that_hangs_loses_its_job_and_can_write_nothing_when_it_wakes(worker: Start) -> None:
    """Its process still exists: only the heartbeat tells. What it had in hand when it froze must not count."""
    first = worker()
    job = chunks(12, 0.3)
    in_the_middle(job)
    first.freeze()
    second = worker()
    wait_until(lambda: state(job) == "running" and job.attempts == 2, seconds=30, what="taken over")
    in_the_middle(job, 4)
    first.thaw()
    finished(job)
    wait_until(lambda: "was taken over" in first.output(), what="the worker that woke finds its job gone")
    time.sleep(3)
    assert_done_once(job, 12)
    assert job.result["pid"] in {process.pid for process in second.pool()}
    assert job.attempts == 2


def test_a_long_statement_keeps_its_claim(worker: Start) -> None:
    """The heartbeat does not depend on the job's own thread: nine seconds of silence with three allowed."""
    worker()
    worker()
    job = enqueue(kind="test.long_statement", params={"seconds": 9}, actor=SYSTEM)
    finished(job)
    assert (job.state, job.attempts, job.result) == ("done", 1, {"attempt": 1})


def test_a_job_that_kills_its_worker_is_given_up(worker: Start) -> None:
    worker()
    bad = enqueue(kind="test.poison", params={}, actor=SYSTEM)
    finished(bad)
    assert (bad.state, bad.attempts) == ("dead", 3)
    good = chunks(3, 0)
    finished(good)
    assert_done_once(good, 3)
    time.sleep(3)
    assert ask("SELECT count(*) FROM fault_runs WHERE job = %s", bad.pk) == [(3,)], "not once more than allowed"


def test_the_broker_is_killed_with_jobs_in_its_queue(worker: Start, redis: RedisServer) -> None:
    one = worker()
    jobs = [chunks(3, 0.1) for _ in range(20)]
    in_the_middle(jobs[0])
    redis.restart()
    jobs += [chunks(3, 0.1) for _ in range(5)]
    finished(*jobs, seconds=120)
    for job in jobs:
        assert_done_once(job, 3)
    assert ask("SELECT count(*) FROM fault_runs") == [(75,)], "no chunk ran twice"
    assert one.process is not None and one.process.poll() is None


def test_the_broker_is_down_while_jobs_are_asked_for(worker: Start, redis: RedisServer) -> None:
    redis.kill()
    start = time.monotonic()
    jobs = [chunks(2, 0) for _ in range(5)]
    assert time.monotonic() - start < 10, "asking must not wait for the broker"
    assert JobOutbox.objects.count() == 5
    redis.start()
    worker()
    finished(*jobs)
    for job in jobs:
        assert_done_once(job, 2)


def test_a_broker_that_forgot_everything_loses_nothing(worker: Start, redis: RedisServer) -> None:
    """The table is the truth: what the broker was given and lost is delivered again."""
    jobs = [chunks(2, 0) for _ in range(10)]
    redis.stop()
    redis.aof = False
    for path in redis.folder.glob("**/*"):
        if path.is_file():
            path.unlink()
    redis.start()
    worker()
    finished(*jobs)
    for job in jobs:
        assert_done_once(job, 2)


def test_without_the_outbox_they_would_be_lost(worker: Start, redis: RedisServer) -> None:
    """The negative control of the test above."""
    job = chunks(2, 0)
    JobOutbox.objects.all().delete()
    redis.stop()
    redis.aof = False
    for path in redis.folder.glob("**/*"):
        if path.is_file():
            path.unlink()
    redis.start()
    worker()
    time.sleep(8)
    assert state(job) == "queued"


def test_the_database_is_killed_in_mid_job(worker: Start, postgres: Postgres) -> None:
    one = worker()
    with connection.cursor() as cursor:
        # What the tests before have written need not be gone through again after the kill.
        cursor.execute("CHECKPOINT")
    job = chunks(12, 0.3)
    in_the_middle(job)
    connection.close()
    postgres.kill()
    time.sleep(1)
    postgres.restart()
    finished(job)
    assert_done_once(job, 12)
    assert one.process is not None and one.process.poll() is None


def test_a_worker_told_to_stop_hands_its_job_over(worker: Start) -> None:
    """A deployment: the soft shutdown gives the job its time, then hands it back without counting the attempt."""
    first = worker(env={"REMAP_SIGTERM": "SIGQUIT", "WORKER_STOP_SECONDS": "1"})
    job = chunks(200, 0.2)
    in_the_middle(job)
    first.terminate()
    wait_until(lambda: state(job) == "queued", what="handed back")
    assert job.attempts <= 1
    assert [row.outcome for row in job.log.all()] == ["released"]
    Job.objects.filter(pk=job.pk).update(params={"chunks": 20, "seconds": 0})
    worker()
    finished(job)
    assert_done_once(job, 20)


def test_cancel_reaches_a_running_job(worker: Start) -> None:
    from pmo.core.jobs.api import cancel

    worker()
    job = chunks(300, 0.1)
    in_the_middle(job)
    assert cancel(actor=SYSTEM, job=job)
    wait_until(lambda: state(job) == "cancelled", seconds=25, what="cancelled")
    ran = ask("SELECT count(*) FROM fault_runs")
    time.sleep(1)
    assert ask("SELECT count(*) FROM fault_runs") == ran
