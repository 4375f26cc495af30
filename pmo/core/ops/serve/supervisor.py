"""Runs broker, worker and web as children, looks after them, and ends them."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from pmo.core.ops.serve.broker import broker_child, python
from pmo.core.ops.serve.children import Child

_LOOK_SECONDS = 0.2
_STARTUP_SECONDS = 90.0
_GIVE_UP_AFTER = 3


class NotReady(Exception):
    """The parts did not come up; the message says which and shows the end of their logs."""


class Supervisor:
    """The children of one installation. `folder` is where the product lies, `var` its data folder."""

    def __init__(
        self, *, host: str, port: int, folder: Path, var: Path, env: dict[str, str], say: Callable[[str], None]
    ) -> None:
        self.host, self.port, self.say = host, port, say
        self.children: list[Child] = []
        self.stopping = 0
        self._watch_again = 0.0
        logs = var / "log"
        if not {"REDIS_URL", "REDIS_URL_FILE"} & env.keys():
            broker, url = broker_child(var / "broker", logs / "broker.log", env)
            env = env | {"REDIS_URL": url}
            self.children.append(broker)
        env = {"WORKER_STOP_SECONDS": "5"} | env | {"REMAP_SIGTERM": "SIGQUIT"}
        self.worker = Child("The worker", _worker(), env, folder, logs / "worker.log", stop_seconds=20.0)
        self.children.append(self.worker)
        self.children.append(Child("The web process", _web(host, port), env, folder, logs / "web.log"))

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the product."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104  a comparison
        return f"http://{host}:{self.port}/"

    def run(self, greet: Callable[[], None]) -> int:
        """Start everything, greet when it is ready, look after it until a signal; returns the exit code."""
        before = {
            number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            for child in self.children:
                child.start()
            self._until_ready()
            if not self.stopping:
                greet()
            while not self.stopping:
                self._look_after()
                self._watch_beat()
                time.sleep(_LOOK_SECONDS)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.stopping += 1
        if self.stopping > 1:
            for child in self.children:
                child.kill()

    def _until_ready(self) -> None:
        end, wrong = time.monotonic() + _STARTUP_SECONDS, ["no answer yet"]
        while not self.stopping:
            self._look_after()
            wrong = self._wrong()
            if not wrong:
                return
            failed = [child for child in self.children if child.failures >= _GIVE_UP_AFTER]
            if failed or time.monotonic() > end:
                raise NotReady(_explain(failed or self.children, wrong))
            time.sleep(_LOOK_SECONDS)

    def _look_after(self) -> None:
        for child in self.children:
            said = child.look_after()
            if said:
                self.say(said)

    def _watch_beat(self) -> None:
        """Start the worker again where the beat inside it has fallen silent: it would go unnoticed for days."""
        now = time.monotonic()
        if now < self._watch_again:
            return
        self._watch_again = now + settings.BEAT_LATE_SECONDS / 4
        if any(wrong.startswith("beat: silent") for wrong in self._wrong()):
            self.say("The beat has fallen silent; starting the worker again.")
            # A slow machine takes a while to start it: no second restart meanwhile.
            self._watch_again = now + max(settings.BEAT_LATE_SECONDS, _STARTUP_SECONDS)
            self.worker.ask_to_stop()
            self.worker.wait_until_stopped()

    def _wrong(self) -> list[str]:
        """What /readyz names; empty where all is well."""
        headers = {"X-Forwarded-Proto": "https", "Host": _known_host()}
        request = urllib.request.Request(f"{self.address}readyz", headers=headers)  # noqa: S310  our own address
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310  our own loopback address
                return []
        except urllib.error.HTTPError as error:
            return _named(error.read())
        except OSError as error:
            return [f"web: {error}"]

    def _stop(self) -> None:
        """Web first, so that nothing new is asked for; the broker last, because the worker hands its job back through it."""
        self.say("Stopping ...")
        for child in reversed(self.children):
            child.ask_to_stop()
            child.wait_until_stopped()


def _known_host() -> str:
    """A name the product answers to, whatever ALLOWED_HOSTS says."""
    allowed = settings.ALLOWED_HOSTS
    return "127.0.0.1" if {"127.0.0.1", "*"} & set(allowed) or not allowed else allowed[0].lstrip(".")


def _named(body: bytes) -> list[str]:
    try:
        found: Any = json.loads(body).get("wrong")
    except (ValueError, AttributeError):
        found = None
    return found or ["web: it answers with an error"]


def _explain(children: list[Child], wrong: list[str]) -> str:
    parts = [f"Not ready: {'; '.join(wrong)}."]
    parts += [f"--- {child.log}\n{child.last_lines()}" for child in children]
    return "\n".join(parts)


def _worker() -> list[str]:
    """One worker process with the beat inside: SQLite has one writer at a time anyway."""
    return python(
        "-m", "celery", "-A", "pmo", "worker", "-B", "-c", "1", "-l", "INFO", "--without-mingle", "--without-gossip",
    )  # fmt: skip


def _web(host: str, port: int) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return python(
        "-m", "gunicorn", "pmo.wsgi:application", "--bind", bind, "--workers", "1", "--threads", "8", "--timeout", "120",
        "--graceful-timeout", "5", "--no-control-socket", "--access-logfile", "-", "--error-logfile", "-",
    )  # fmt: skip


def environment() -> dict[str, str]:
    """What the children get: this process's environment and the settings module."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": "pmo.settings", "PYTHONUNBUFFERED": "1"}
