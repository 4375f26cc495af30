"""The recompute under a killed worker and a restarted broker: the finished snapshots equal the undisturbed ones."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import Job, enqueue
from portfolio.models import HealthSnapshot, RollupSnapshot
from portfolio.services.health.nightly import KIND
from portfolio.services.health.recompute import recompute
from tests.health import build
from tests.services.harness import RedisServer, Worker, wait_until

Start = Callable[..., Worker]
DAY = datetime.date(2024, 11, 20)
SINCE = datetime.date(2024, 1, 1)
WITHIN_SECONDS = 120
PROJECTS, CHUNK = 60, 1


@pytest.fixture
def undisturbed(database_url: str) -> tuple[list[Any], list[Any]]:
    """What the date holds when nothing goes wrong; taken away again before the test."""
    build.organisation(day=SINCE)
    groups = [build.portfolio(f"Portfolio {number}", day=SINCE) for number in range(3)]
    for number in range(PROJECTS):
        row = build.project(f"Project {number}", day=SINCE, portfolio=groups[number % 3], critical=number % 7 == 0)
        build.budget(row, 1000 + number, day=SINCE)
        build.cost(row, 400 + 3 * number, "2024-06-30", day=SINCE)
        build.milestone(row, "First", "2024-05-01", None, "2024-05-0" + str(1 + number % 9), day=SINCE)
        build.milestone(row, "Second", "2024-11-01", "2024-12-02", is_key=number % 2 == 0, day=SINCE)
        build.report(row, "2024-11-11", ("green", "amber", "red")[number % 3])
    recompute(actor=SYSTEM, day=DAY)
    found = build.snapshots(DAY), build.rollups(DAY)
    HealthSnapshot.objects.all().delete()
    RollupSnapshot.objects.all().delete()
    return found


def start_job() -> Job:
    return enqueue(kind=KIND, params={"date": DAY.isoformat(), "chunk": CHUNK}, actor=SYSTEM)


def under_way(share: float = 0.1) -> None:
    wait_until(
        lambda: HealthSnapshot.objects.count() >= PROJECTS * share, what="the first chunks are written", every=0.002
    )


def finished(job: Job, since: float) -> None:
    def ended() -> bool:
        job.refresh_from_db()
        return job.state not in {"queued", "running"}

    wait_until(ended, seconds=WITHIN_SECONDS - (time.monotonic() - since), what="the job ended", every=0.1)
    assert job.state == "done", (job.state, job.error)


def assert_same(undisturbed: tuple[list[Any], list[Any]], job: Job) -> None:
    assert (build.snapshots(DAY), build.rollups(DAY)) == undisturbed
    assert job.result is not None
    assert (job.result["projects"], job.result["snapshots"]) == (PROJECTS, PROJECTS)
    assert [row.outcome for row in job.log.all()].count("done") == 1


def test_kill_9_of_the_worker_in_mid_recompute(worker: Start, undisturbed: tuple[list[Any], list[Any]]) -> None:
    workers = [worker(), worker()]
    since = time.monotonic()
    job = start_job()
    under_way()
    job.refresh_from_db()
    busy = next(one for one in workers if any(str(process.pid) in job.worker for process in [one, *one.pool()]))
    written = HealthSnapshot.objects.count()
    busy.kill()
    assert written < PROJECTS, "killed too late to mean anything"
    finished(job, since)
    assert_same(undisturbed, job)
    assert [row.outcome for row in job.log.all()] == ["lost", "done"]


def test_a_restart_of_the_broker_in_mid_recompute(
    worker: Start, redis: RedisServer, undisturbed: tuple[list[Any], list[Any]]
) -> None:
    worker()
    worker()
    since = time.monotonic()
    jobs = [start_job()]
    under_way()
    redis.restart()
    jobs.append(start_job())
    for job in jobs:
        finished(job, since)
        assert_same(undisturbed, job)


def test_two_workers_on_one_date_at_once(worker: Start, undisturbed: tuple[list[Any], list[Any]]) -> None:
    worker()
    worker()
    since = time.monotonic()
    jobs = [start_job() for _ in range(4)]
    for job in jobs:
        finished(job, since)
        assert_same(undisturbed, job)


def test_postgresql_and_sqlite_compute_the_same(undisturbed: tuple[list[Any], list[Any]], tmp_path: Any) -> None:
    """The undisturbed figures of this PostgreSQL against a SQLite of the same rows."""
    import json
    import os
    import subprocess
    import sys

    from django.core import serializers

    from pmo.core.history.models import versioned_models
    from tests.services.harness import ROOT, SECRET

    dump = tmp_path / "rows.json"
    models = [table for pair in versioned_models().items() for table in pair]
    from portfolio.models import HealthModel

    rows = [row for model in [*models, HealthModel] for row in model._base_manager.order_by("pk")]
    dump.write_text(serializers.serialize("json", rows), encoding="utf-8")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite://{tmp_path / 'same.sqlite3'}",
        "SECRET_KEY": SECRET,
        "BELLWETHER_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "pmo.settings",
    }
    command = [sys.executable, "-m", "tests.services.same_on_sqlite", str(dump), DAY.isoformat()]
    printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found = json.loads(printed)
    assert connection.vendor == "postgresql"
    assert found == json.loads(json.dumps(undisturbed, default=str))
