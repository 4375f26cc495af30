"""The process that reads plan files: started for one file, held to limits, ended as a group, its files removed.

It gets one JSON line a request and answers in JSON lines: `{"progress": [phase, done, total]}`, then `{"done": true}` with the
result in a file of its own folder, or `{"refused": {"code", "params"}}`. The parent never unpickles.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pmo.core.imports.sandbox import DETAIL_LENGTH, EXIT_MEMORY, KEPT_ENVIRONMENT
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from projects.plan_files.child.main import main; sys.exit(main())"
LINE_LENGTH = 1 << 16
JAVA_OUT_OF_MEMORY = "insufficient memory for the Java Runtime Environment"
JAVA_SETTINGS = ("JAVA_HOME", "BELLWETHER_JAVA")

Progress = Callable[[str, int, int], None]
"""Told the phase (checking, starting, parsing, taking), how much is done and of how much; 0 of 0 where nobody knows."""


class ReadingProcess:
    """One child process. The product asks it for one file; asked for more, each file has limits of its own.

    After an error that ended it the next request starts a new one, so a killed child costs its own file only.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.starts = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    def ask(self, request: Mapping[str, Any], progress: Progress | None = None) -> Any:
        """The JSON value that the child made of the request. Raises PlanFileError; the child is gone after most of them."""
        finished = False
        try:
            child = self._running()
            answer = Path(self._place(), "answer.json")
            line = json.dumps({**request, "answer": str(answer)})
            self._tell(child, line)
            refused = self._listen(child, progress)
            finished = True
            if refused is not None:
                raise PlanFileError(refused["code"], detail=refused.get("detail", ""), **refused["params"])
            return json.loads(answer.read_bytes())
        finally:
            if not finished:
                self.close()

    def close(self) -> None:
        """End the child with everything that it started, and remove its files."""
        child, self._child = self._child, None
        if child is not None:
            _end(child)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()
        self._unread = b""

    def _place(self) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="plan-", ignore_cleanup_errors=True)
        return self._folder.name

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = self._start()
            self.starts += 1
        return self._child

    def _start(self) -> subprocess.Popen[bytes]:
        folder = self._place()
        environment = {name: os.environ[name] for name in (*KEPT_ENVIRONMENT, *JAVA_SETTINGS) if name in os.environ}
        environment["TMPDIR"] = folder
        with Path(folder, "errors.txt").open("wb") as errors:
            # Our own interpreter, our own text and folder; nothing of the command comes from the user.
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", START, str(ROOT), json.dumps(asdict(self.limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )

    def _tell(self, child: subprocess.Popen[bytes], line: str) -> None:
        assert child.stdin is not None  # noqa: S101
        try:
            child.stdin.write(line.encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError as error:
            raise self._ended(child) from error

    def _listen(self, child: subprocess.Popen[bytes], progress: Progress | None) -> dict[str, Any] | None:
        """Wait for the end of the request and return why it was refused, or None."""
        deadline = time.monotonic() + self.limits.wall
        while True:
            message = json.loads(self._line(child, deadline))
            if "progress" in message:
                if progress is not None:
                    progress(*message["progress"])
            elif "refused" in message:
                refused: dict[str, Any] = message["refused"]
                return refused
            else:
                return None

    def _line(self, child: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert child.stdout is not None  # noqa: S101
        while b"\n" not in self._unread:
            left = deadline - time.monotonic()
            if left <= 0 or not _readable(child.stdout.fileno(), left):
                raise PlanFileError("time", limit=round(self.limits.wall))
            chunk = os.read(child.stdout.fileno(), LINE_LENGTH)
            if not chunk:
                raise self._ended(child)
            self._unread += chunk
            if len(self._unread) > LINE_LENGTH * 2:
                raise PlanFileError("crashed", detail="The answer has a line without an end.")
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _ended(self, child: subprocess.Popen[bytes]) -> PlanFileError:
        """Say what the end of the child means: one of our own exit codes, or the signal."""
        try:
            code = child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        detail = Path(self._place(), "errors.txt").read_text(encoding="utf-8", errors="replace")[-DETAIL_LENGTH:]
        if code == EXIT_MEMORY or JAVA_OUT_OF_MEMORY in detail:
            return PlanFileError("memory", detail=detail)
        if code == -signal.SIGXCPU:
            return PlanFileError("time", limit=self.limits.cpu, detail=detail)
        return PlanFileError("crashed", detail=f"Exit code {code}. {detail}")


def _readable(descriptor: int, seconds: float) -> bool:
    """Whether something comes within the time; `select.select` would fail in servers with many open files."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole session of the child: it leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()
