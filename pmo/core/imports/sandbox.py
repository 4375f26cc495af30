"""Run one function on a hostile file in a child process that the kernel holds to memory, time and output limits.

The child is a fresh isolated interpreter (`python -I`) with an almost empty environment. It loads one self-contained
script by its path, so nothing of the product and no secret is in its memory. It answers in JSON lines; the parent never
unpickles. This file is both halves: the parent imports it, the child runs it, so it uses the standard library only.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EXIT_MEMORY = 3
EXIT_REFUSED = 4
DETAIL_LENGTH = 2_000
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


class SandboxError(Exception):
    """The child did not answer. `code`: time, memory, refused (see `params`) or crashed (see `detail`, for the log)."""

    def __init__(self, code: str, *, detail: str = "", params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.params = dict(params or {})


@contextmanager
def run_isolated(
    script: Path,
    function: str,
    arguments: Mapping[str, Any],
    *,
    wall_seconds: float,
    cpu_seconds: int,
    memory_bytes: int,
    output_bytes: int,
    object_hook: Callable[[dict[str, Any]], Any] | None = None,
) -> Iterator[Iterator[Any]]:
    """Yield the JSON values that `function(**arguments)` of the script yielded in the child, one by one.

    `arguments` must be plain JSON. The script refuses a file with an exception class of its own, which it calls
    `RefusedError` and which carries `code` and `params`. Raises SandboxError when the child
    was stopped, refused the file or failed.
    """
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        task = Path(folder, "task.json")
        answer = Path(folder, "answer.jsonl")
        limits = {"cpu": cpu_seconds, "memory": memory_bytes, "output": output_bytes}
        task.write_text(
            json.dumps({"script": str(script), "function": function, "arguments": dict(arguments), "limits": limits})
        )
        code, errors = _start(task, answer, wall_seconds)
        if code != 0:
            raise _failure(code, errors, answer)
        with answer.open(encoding="utf-8") as lines:
            yield (json.loads(line, object_hook=object_hook) for line in lines)


def _start(task: Path, answer: Path, wall_seconds: float) -> tuple[int, str]:
    """Run the child to its end and return its exit code and the tail of its error output."""
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    errors = answer.with_name("errors.txt")
    with errors.open("wb") as sink:
        # The command is our own interpreter and our own two paths; nothing of it comes from the user.
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-X", "utf8", __file__, str(task), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sink,
            cwd=answer.parent,
            env=environment,
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise SandboxError("time") from error
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
    return code, errors.read_text(encoding="utf-8", errors="replace")[-DETAIL_LENGTH:]


def _failure(code: int, errors: str, answer: Path) -> SandboxError:
    """Say what an exit code means: our own codes, or the signal that ended the child."""
    if code == EXIT_REFUSED:
        refusal = json.loads(answer.read_text(encoding="utf-8"))
        return SandboxError("refused", params={"code": refusal["code"], **refusal["params"]})
    if code == EXIT_MEMORY:
        return SandboxError("memory", detail=errors)
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return SandboxError("time", detail=errors)
    return SandboxError("crashed", detail=errors)


def _limit(limits: Mapping[str, int]) -> None:
    """Bind this process to its limits before it has read one byte of the file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _load(path: str) -> Any:
    """Import the script by its path, as a module of its own."""
    spec = importlib.util.spec_from_file_location("sandboxed", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def child_main(task_path: str, answer_path: str) -> int:
    """The child's whole life: limits, script, answer. Returns the exit code."""
    task = json.loads(Path(task_path).read_text(encoding="utf-8"))
    _limit(task["limits"])
    try:
        return _answer(task, Path(answer_path))
    except MemoryError:
        return EXIT_MEMORY


def _answer(task: Mapping[str, Any], target: Path) -> int:
    """Load the script, run its function and write what it yields, or why it refused."""
    module = _load(task["script"])
    try:
        with target.open("w", encoding="utf-8") as sink:
            for value in getattr(module, task["function"])(**task["arguments"]):
                sink.write(json.dumps(value, separators=(",", ":")))
                sink.write("\n")
    except module.RefusedError as refusal:
        target.write_text(json.dumps({"code": refusal.code, "params": refusal.params}), encoding="utf-8")
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(child_main(sys.argv[1], sys.argv[2]))
