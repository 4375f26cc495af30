"""What processes hold, from /proc: the same ones still there, their memory, and the most that their children ever held."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil


@dataclass(frozen=True)
class Held:
    """Megabytes of a process: now, and the most so far."""

    now: float
    most: float


def held(pid: int) -> Held:
    """VmRSS and VmHWM. Raises FileNotFoundError for a process that is gone."""
    values = {}
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        name, _, rest = line.partition(":")
        if name in ("VmRSS", "VmHWM"):
            values[name] = int(rest.split()[0]) / 1024
    return Held(round(values.get("VmRSS", 0.0), 1), round(values.get("VmHWM", 0.0), 1))


def family(pid: int) -> list[psutil.Process]:
    """A process and its children, without what those start for a moment."""
    top = psutil.Process(pid)
    return [top, *sorted(top.children(), key=lambda one: one.pid)]


def same(before: Sequence[psutil.Process]) -> bool:
    """Whether all of them are still the same living processes."""
    return all(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in before)


class Readers:
    """Looks again and again for reading processes below others; `most` is the most that one of them ever held, in MB."""

    MARK = "projects.plan_files.child"

    def __init__(self, above: psutil.Process) -> None:
        self.above, self.most = above, 0.0
        self.seen: dict[int, psutil.Process] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join(30)

    def left(self) -> list[int]:
        """Those that still run."""
        return [pid for pid, one in self.seen.items() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def _look(self) -> None:
        while not self._over.wait(0.1):
            with contextlib.suppress(psutil.NoSuchProcess):
                for one in self.above.children(recursive=True):
                    self._note(one)

    def _note(self, one: psutil.Process) -> None:
        try:
            if one.pid not in self.seen:
                command = " ".join(one.cmdline())
                if self.MARK not in command:
                    # Between fork and exec it still looks like its parent.
                    return
                self.seen[one.pid] = one
            self.most = max(self.most, held(one.pid).most)
        except (psutil.NoSuchProcess, psutil.ZombieProcess, FileNotFoundError, ProcessLookupError):
            return
