"""A web process for tests: gunicorn as `manage.py serve` starts it, on a free loopback port."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.services.harness import ROOT, environment, free_port, tied_to_parent, wait_until


class Web:
    """Variables given as `env` win over those of `environment`; static files are gathered before it starts."""

    def __init__(self, *, database_url: str, redis_url: str, env: dict[str, str] | None = None) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="bw-web-")), free_port()
        self.log = self.folder / "log"
        variables = {"BELLWETHER_VAR": str(self.folder)} | (env or {})
        self.env = environment(database_url=database_url, redis_url=redis_url, **variables)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process above those that answer."""
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start and wait until it answers."""
        gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(gather, cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)
        command = [
            sys.executable, "-m", "gunicorn", "pmo.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
            "--threads", "8", "--timeout", "120", "--no-control-socket", "--error-logfile", "-",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=tied_to_parent(signal.SIGKILL),
            )  # fmt: skip
        wait_until(self._answers, seconds=120, what="the web process answers", every=0.2)

    def output(self) -> str:
        """What it has logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
