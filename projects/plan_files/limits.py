"""How much a plan file may ask of the machine. The kernel holds the reading process to most of them."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds.

    The heap of Java is bound by -Xmx, and all private memory of the process (the heap included) by RLIMIT_DATA. RLIMIT_AS
    would count address space that Java only reserves, several times what it uses.
    """

    file: int = 128 * MEGABYTE
    unpacked: int = 128 * MEGABYTE
    heap: int = 1024 * MEGABYTE
    memory: int = 2048 * MEGABYTE
    answer: int = 128 * MEGABYTE
    cpu: int = 240
    wall: float = 300.0
    nodes: int = 12_000_000
    depth: int = 100
    tasks: int = 50_000
