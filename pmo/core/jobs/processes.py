"""Which process works on a job, and whether it still exists: quicker and surer than a heartbeat on the same machine."""

from __future__ import annotations

import hashlib
import os
import socket
from enum import Enum
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")


class Life(Enum):
    """What is known about a process."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"


@lru_cache(maxsize=1)
def _machine() -> str:
    """Host name and a digest of boot and process namespace: containers that share a host name still differ."""
    name = socket.gethostname()[:64]
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return name
    return f"{name}#{hashlib.sha256(f'{boot}{namespace}'.encode()).hexdigest()[:10]}"


def _started(pid: int) -> str | None:
    """When the kernel started the process, in ticks since boot; None where there is no such process."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    # Field 3 of proc(5) is the first after the name: Z and X are dead, field 22 is the start time.
    return None if fields[0] in {"Z", "X"} else fields[19]


def this_process() -> str:
    """The label of the calling process: machine:pid:start."""
    pid = os.getpid()
    return f"{_machine()}:{pid}:{_started(pid) or 0}"


def life_of(label: str) -> Life:
    """Whether the process of the label still exists; UNKNOWN for other machines and for systems without /proc."""
    machine, pid, started = (label.rsplit(":", 2) + ["", ""])[:3]
    if "#" not in machine or machine != _machine() or not pid.isdigit():
        return Life.UNKNOWN
    return Life.ALIVE if _started(int(pid)) == started else Life.GONE


def short_name(label: str) -> str:
    """Machine and pid, for people."""
    machine, _, rest = label.partition(":")
    return f"{machine.partition('#')[0]}:{rest.partition(':')[0]}".rstrip(":")
