"""`manage.py serve` as a person starts it: one command, nothing installed, and the schedule fires in a worker process."""

from __future__ import annotations

import datetime
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
import zoneinfo
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
            lambda: self.output().count("is ready:") > seen or self.ended(), seconds=120, what="ready", every=0.2
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
        return self.process.wait(timeout=60)

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

    def rows(self, sql: str) -> list[Any]:
        with sqlite3.connect(f"{(self.var / 'bellwether.sqlite3').as_uri()}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()

    def python(self, code: str) -> None:
        """Run code of the product on this data, in another process."""
        setup = "import django; django.setup()\n"
        env = self.env | {"DJANGO_SETTINGS_MODULE": "pmo.settings", "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", setup + textwrap.dedent(code)], cwd=ROOT, env=env, check=True)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    one = Serve(tmp_path / "data of 风向标", free_port(), "--no-demo")
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


def test_the_nightly_run_fires_by_itself_in_the_worker(serve: Serve) -> None:
    serve.ready()
    status, body = serve.get("/readyz")
    assert status == 200, body
    assert serve.get("/login")[0] == 200
    zone = noon_zone(datetime.datetime.now(datetime.UTC))
    at = datetime.datetime.now(zoneinfo.ZoneInfo(zone)) + datetime.timedelta(seconds=AHEAD_SECONDS)
    serve.python(
        f"""
        import time
        from tests.health import build
        from pmo.core.calendars.models import Organisation
        from pmo.core.jobs.models import DailyStart
        build.organisation(day="2026-01-01", time_zone={zone!r}, nightly_time={at.time().isoformat("seconds")!r})
        # A tick that read the settings of the empty installation may still be under way; it has nothing to compute.
        time.sleep(4)
        build.project("Somewhere", day="2026-01-01")
        # The empty installation has had its night already, which computed nothing; it may be the same date.
        DailyStart.objects.all().delete()
        """
    )
    assert serve.rows("SELECT count(*) FROM core_job") == [(0,)], "the hour has not come"
    wait_until(
        lambda: serve.rows("SELECT 1 FROM core_job WHERE state = 'done'"),
        seconds=90,
        what="the night is computed",
        every=0.2,
    )
    [(kind, label, started)] = serve.rows("SELECT kind, worker, started_at FROM core_job")
    assert kind == "portfolio.recompute"
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
    wait_until(lambda: serve.answers() and serve.get("/readyz")[0] == 200, seconds=60, what="ready again", every=0.5)
    assert serve.output().count("starting it again") >= 3


def test_a_beat_that_died_inside_the_worker_comes_back(tmp_path: Path) -> None:
    """The worker itself does not notice: only the age of the last tick tells."""
    one = Serve(tmp_path / "data", free_port(), "--no-demo", BEAT_LATE_SECONDS="6")
    try:
        one.ready()
        worker = one.child("celery")
        assert worker is not None
        for process in worker.children(recursive=True):
            process.kill()
        wait_until(lambda: one.get("/readyz")[0] == 503, seconds=30, what="the silence is noticed", every=0.5)
        assert "beat: silent" in one.get("/readyz")[1]
        wait_until(lambda: one.get("/readyz")[0] == 200, seconds=60, what="ready again", every=0.5)
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
    assert same_port.process.wait(60) == 1
    assert f"Port {serve.port} is used by another program" in same_port.output()
    same_data = Serve(serve.var, free_port(), "--no-demo")
    same_data.start()
    assert same_data.process is not None
    assert same_data.process.wait(60) == 1
    assert "already runs on the data" in same_data.output()
    assert serve.get("/readyz")[0] == 200
