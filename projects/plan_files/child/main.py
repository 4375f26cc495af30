"""The life of the reading process: limits first, then one request a line until the parent hangs up.

Python's private memory and Java's heap together are held by RLIMIT_DATA; processor time is counted anew for each request.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects.plan_files.child.requests import answer_of
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

EXIT_MEMORY = 3


def main() -> int:
    """Read requests from the standard input until it ends. Returns the exit code."""
    limits = Limits(**json.loads(sys.argv[2]))
    _bind(limits)
    tell = _private_output()
    for line in sys.stdin:
        _allow_time(limits)
        request = json.loads(line)
        try:
            answer = answer_of(request, limits, lambda *state: tell({"progress": state}))
            _write(Path(request["answer"]), answer, limits)
        except PlanFileError as refusal:
            tell({"refused": {"code": refusal.code, "params": refusal.params, "detail": refusal.detail}})
        except MemoryError:
            return EXIT_MEMORY
        else:
            tell({"done": True})
    return 0


def _write(target: Path, answer: Any, limits: Limits) -> None:
    """The answer as ASCII: the parent takes only as much as it can hold."""
    written = json.dumps(answer, separators=(",", ":")).encode("ascii")
    if len(written) > limits.answer:
        raise PlanFileError("answer")
    target.write_bytes(written)


def _bind(limits: Limits) -> None:
    """Bind this process to its limits before it has read one byte of a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    largest = max(limits.answer, limits.unpacked) + MEGABYTE
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def _allow_time(limits: Limits) -> None:
    """Processor time for one request, on top of what was used; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + limits.cpu
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))


def _private_output() -> Callable[[dict[str, Any]], None]:
    """Keep the pipe to the parent for our own lines: what libraries print goes to the errors."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    return tell
