"""`manage.py serve` as a person starts it: one command, nothing installed, and the schedule fires in a worker process."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.services.harness import ROOT, free_port, wait_until

AHEAD_SECONDS = 20


class Serve:
    """The command in a data folder of its own, whose name holds a blank and Chinese."""

    def __init__(self, var: Path, port: int, *options: str, **env: str) -> None:
        unwanted = ("PYTEST", "COV_", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        self.var, self.port = var, port
        self.env = (
            kept
            | {"BELLWETHER_VAR": str(var), "BEAT_TICK_SECONDS": "1", "JOB_LOST_SECONDS": "5", "LANG": "C.UTF-8"}
            | env
        )
        self.log = var.parent / f"serve-{port}.log"
        self.command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def ready(self) -> None:
        """Wait for the greeting."""
        seen = self.output().count("is ready:")
        self.start()
        wait_until(
            lambda: self.output().count("is ready:") > seen or self.ended(), seconds=300, what="ready", every=0.2
        )
        assert not self.ended(), self.output()

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process | None:
        """The living direct child whose command holds the word."""
        assert self.process is not None
        for one in psutil.Process(self.process.pid).children():
            try:
                if word in " ".join(one.cmdline()):
                    return one
            except psutil.NoSuchProcess:
                continue
        return None

    def again(self, word: str, old: int) -> bool:
        """Whether another child with the word runs than the old one."""
        one = self.child(word)
        return one is not None and one.pid != old

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=120)

    def answers(self) -> bool:
        """Whether somebody listens."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def says(self, status: int) -> bool:
        """Whether the readiness page answers so; while a part starts again it may not answer at all."""
        try:
            return self.get("/readyz")[0] == status
        except OSError:
            return False

    def rows(self, sql: str) -> list[Any]:
        with sqlite3.connect(f"{(self.var / 'bellwether.sqlite3').as_uri()}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()

    def python(self, code: str) -> str:
        """Run code of the product on this data, in another process; returns what it printed."""
        setup = "import django; django.setup()\n"
        env = self.env | {"DJANGO_SETTINGS_MODULE": "pmo.settings", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", setup + textwrap.dedent(code)]
        return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first start leaves it: the tests that are about later starts copy it."""
    one = Serve(tmp_path_factory.mktemp("prepared") / "data", free_port())
    one.var.mkdir()
    one.python("from pmo.core.ops.serve.prepare import prepare; prepare(print, demo=False)")
    return one.var


@pytest.fixture
def serve(tmp_path: Path, prepared: Path) -> Iterator[Serve]:
    one = Serve(tmp_path / "data of 风向标", free_port(), "--no-demo")
    shutil.copytree(prepared, one.var)
    yield from ended_afterwards(one)


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[Serve]:
    """One whose data folder does not exist yet."""
    yield from ended_afterwards(Serve(tmp_path / "data of 风向标", free_port(), "--no-demo"))


def ended_afterwards(one: Serve) -> Iterator[Serve]:
    """Lend it, and leave nothing of it behind."""
    yield one
    if not one.ended():
        assert one.process is not None
        family = one.family()
        one.process.kill()
        one.process.wait(20)
        for process in family:
            if process.is_running():
                process.kill()


def noon_zone(now: datetime.datetime) -> str:
    """A zone in which it is about noon, so that the nightly time lies on the same day."""
    offset = (12 - now.hour) % 24
    offset = offset - 24 if offset > 12 else offset
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def test_the_nightly_run_fires_by_itself_in_the_worker(first_start: Serve) -> None:
    serve = first_start
    serve.ready()
    status, body = serve.get("/readyz")
    assert status == 200, body
    assert serve.get("/login")[0] == 200
    zone = noon_zone(datetime.datetime.now(datetime.UTC))
    told = serve.python(
        f"""
        import datetime, zoneinfo
        from tests.health import build
        from pmo.core.calendars.models import Organisation
        from pmo.core.jobs.models import BeatTick, DailyStart, Job
        from tests.services.harness import wait_until

        def ticks(number):
            # What an earlier tick still had to start lies before what a later one does.
            for _tick in range(number):
                seen = BeatTick.objects.get(name="tick").at
                wait_until(lambda: BeatTick.objects.get(name="tick").at > seen, seconds=120, what="a tick", every=0.2)

        build.organisation(day="2026-01-01", time_zone={zone!r}, nightly_time="23:59:59")
        ticks(3)
        build.project("Somewhere", day="2026-01-01")
        # The empty installation has had its night already, which computed nothing; it may be the same date.
        DailyStart.objects.filter(name="portfolio.recompute").delete()
        ticks(3)
        at = datetime.datetime.now(zoneinfo.ZoneInfo({zone!r})) + datetime.timedelta(seconds={AHEAD_SECONDS})
        print(Job.objects.filter(kind="portfolio.recompute").count())
        Organisation.objects.update(nightly_time=at.time().replace(microsecond=0))
        print(at.isoformat())
        """
    )
    before, moment = told.split()
    assert before == "0", "the hour has not come"
    at = datetime.datetime.fromisoformat(moment)
    wait_until(
        lambda: serve.rows("SELECT 1 FROM core_job WHERE kind = 'portfolio.recompute' AND state = 'done'"),
        seconds=180,
        what="the night is computed",
        every=0.2,
    )
    [(label, started)] = serve.rows("SELECT worker, started_at FROM core_job WHERE kind = 'portfolio.recompute'")
    assert serve.rows("SELECT count(*) FROM portfolio_healthsnapshot") == [(1,)]
    pid = int(label.split(":")[1])
    worker, web = serve.child("celery"), serve.child("gunicorn")
    assert worker is not None and web is not None
    assert pid in {one.pid for one in worker.children(recursive=True)}
    assert pid not in {serve.process.pid, web.pid, *(one.pid for one in web.children(recursive=True))}  # type: ignore[union-attr]
    begun = datetime.datetime.fromisoformat(started).replace(tzinfo=datetime.UTC)
    assert begun >= at.replace(microsecond=0)
    assert serve.stop() == 0


def test_a_dead_part_is_started_again(serve: Serve) -> None:
    serve.ready()
    for word in ("valkey", "celery", "gunicorn"):
        old = serve.child(word)
        assert old is not None
        for process in [*old.children(recursive=True), old]:
            process.kill()
        wait_until(partial(serve.again, word, old.pid), seconds=30, what=f"{word} again")
    wait_until(lambda: serve.says(200), seconds=120, what="ready again", every=0.5)
    assert serve.output().count("starting it again") >= 3


def test_a_beat_that_died_inside_the_worker_comes_back(tmp_path: Path, prepared: Path) -> None:
    """The worker itself does not notice: only the age of the last tick tells."""
    one = Serve(tmp_path / "data", free_port(), "--no-demo", BEAT_LATE_SECONDS="6")
    shutil.copytree(prepared, one.var)
    try:
        one.ready()
        worker = one.child("celery")
        assert worker is not None
        for process in worker.children(recursive=True):
            process.kill()
        wait_until(lambda: one.says(503), seconds=60, what="the silence is noticed", every=0.5)
        assert "beat: silent" in one.get("/readyz")[1]
        wait_until(lambda: one.says(200), seconds=120, what="ready again", every=0.5)
        assert "The beat has fallen silent" in one.output()
    finally:
        one.stop()


def test_nothing_outlives_it(serve: Serve) -> None:
    """Ended by Ctrl-C, and by `kill -9`; the second start on the same data is quick and finds everything."""
    serve.ready()
    family = serve.family()
    assert len(family) >= 5
    assert serve.stop() == 0
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    serve.ready()
    assert "Gathering" not in serve.output().rpartition("Stopping")[2]
    family = serve.family()
    assert serve.process is not None
    serve.process.kill()
    serve.process.wait(20)
    wait_until(
        lambda: not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE],
        seconds=40,
        what="all gone",
    )


def test_a_second_one_says_why_it_does_not_start(serve: Serve, tmp_path: Path) -> None:
    serve.ready()
    same_port = Serve(tmp_path / "other", serve.port, "--no-demo")
    same_port.start()
    assert same_port.process is not None
    assert same_port.process.wait(120) == 1
    assert f"Port {serve.port} is used by another program" in same_port.output()
    same_data = Serve(serve.var, free_port(), "--no-demo")
    same_data.start()
    assert same_data.process is not None
    assert same_data.process.wait(120) == 1
    assert "already runs on the data" in same_data.output()
    assert serve.get("/readyz")[0] == 200
