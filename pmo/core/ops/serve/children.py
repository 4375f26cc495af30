"""A child process that is started again when it dies, and dies when its parent does."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LONGEST_WAIT = 30.0
_STEADY_SECONDS = 60.0
_LOG_BYTES = 5_000_000


def _tie_to_parent(parent: int) -> None:
    """In the child, before the program starts: be told to stop when the parent ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


@dataclass
class Child:
    """A program with its own log file. `stop_seconds` is how long it gets to end by itself."""

    name: str
    command: list[str]
    env: dict[str, str]
    folder: Path
    log: Path
    stop_seconds: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    not_before: float = 0.0
    _started: float = field(default=0.0)

    def start(self) -> None:
        """Start the program in a process group of its own, so that a Ctrl-C reaches the parent alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  the command is made here, not given by anybody
                self.command,
                env=self.env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: _tie_to_parent(parent),
            )
        self._started = time.monotonic()

    def look_after(self) -> str | None:
        """Start the program again if it ended and its wait is over; returns a sentence if it just ended.

        The wait doubles from one second to half a minute and is forgotten after a minute of steady work.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.failures = 1 if now - self._started > _STEADY_SECONDS else self.failures + 1
        wait = min(2.0 ** (self.failures - 1), _LONGEST_WAIT)
        self.process, self.not_before = None, now + wait
        return f"{self.name} ended with code {code}; starting it again in {wait:.0f} s (see {self.log})"

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self) -> None:
        """Wait for the end, then end what is left of the process group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=self.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_lines(self, count: int = 15) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
        except OSError:
            return ""
