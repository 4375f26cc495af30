"""The product as `make run` starts it, in a data folder and on a port of the benchmark's own: SQLite, broker, worker and web.

with Product() as product:
    product.step("bench.plans_browser", "fill")   # a module of this folder, as a process on the product's data
    browser.goto(product.address)
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from bench.postgres import free_port

ROOT = Path(__file__).resolve().parents[1]
_UNWANTED = ("DATABASE_URL", "REDIS_URL", "BELLWETHER_", "MEDIA_ROOT", "STATIC_ROOT", "DJANGO_SETTINGS_MODULE")
_READY_WITHIN = 300.0


class Product:
    """One installation without the demo; `env` are settings of its own."""

    def __init__(self, **env: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bellwether-bench-"))
        self.var, self.log, self.port = self.folder / "data", self.folder / "serve.log", free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_UNWANTED)}
        self.env = kept | {"BELLWETHER_VAR": str(self.var), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | env
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process above broker, worker and web."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--no-demo"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        ready = False
        try:
            self._wait()
            ready = True
        finally:
            if not ready:
                self.__exit__()
        return self

    def __exit__(self, *_exception: object) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=120)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        end = time.monotonic() + _READY_WITHIN
        while "is ready:" not in self.log.read_text(encoding="utf-8", errors="replace"):
            if self.process_ended or time.monotonic() > end:
                raise SystemExit(f"bench: the product did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.2)

    @property
    def process_ended(self) -> bool:
        """Whether it has stopped by itself."""
        return self._process is None or self._process.poll() is not None

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …` on its data: output, errors and exit code."""
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=False, capture_output=True, text=True)

    def step(self, module: str, *arguments: str) -> Any:
        """Run a module in a process on the product's data and return the JSON of its last line; its errors are shown."""
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        env = self.env | {"DJANGO_SETTINGS_MODULE": "pmo.settings"}
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.strip().splitlines()[-1])
