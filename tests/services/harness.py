"""PostgreSQL, Redis and worker processes for tests: started in temporary folders on free loopback ports, stopped afterwards.

    with Postgres() as postgres, RedisServer() as redis, Worker(database_url=..., redis_url=redis.url) as worker:
        ...
        worker.kill()

From a shell, `python -m tests.services.harness [--redis] -- command` runs a command with DATABASE_URL (and REDIS_URL) set to
servers that live as long as the command: `.ci/run` runs the whole suite on PostgreSQL this way.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import psutil

_PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-key-for-service-tests-only-" + "x" * 40
# Short waits, for the tests and for the processes they start.
QUICK = {"JOB_LOST_SECONDS": 3, "JOB_RETRY_SECONDS": 1, "JOB_REDELIVER_SECONDS": 3, "BEAT_TICK_SECONDS": 1}
_POSTGRES_OPTIONS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "120",
    "listen_addresses": "127.0.0.1", "shared_buffers": "128MB",
}  # fmt: skip


class NotInstalled(RuntimeError):
    """A server program is missing; the message says which package has it."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(condition: Callable[[], Any], *, seconds: float = 60, what: str = "", every: float = 0.05) -> Any:
    """Poll until the condition is true and return its value. Raises AssertionError with `what` after the time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what or condition}")
        time.sleep(every)


def tied_to_parent(number: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the child gets the signal when this process ends, however it ends (Linux)."""
    parent, library = os.getpid(), ctypes.CDLL(None)

    def tie() -> None:
        library.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return tie if sys.platform == "linux" else lambda: None


class Server:
    """A program with a folder of its own; `start` and `stop` are given by the kind of server."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"bw-{type(self).__name__.lower()}-"))
        self.port = free_port()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class Postgres(Server):
    """A PostgreSQL 15 or newer without durability; as root it runs as the user postgres."""

    def __init__(self) -> None:
        super().__init__()
        self.bin = _postgres_bin()
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self.account: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        )

    def url(self, name: str = "postgres") -> str:
        """The address of a database on this server."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        if not self.data.exists():
            self._init()
        options = [part for name, value in _POSTGRES_OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port), "-k", str(self.folder), *options],
                cwd="/", stdout=log, stderr=log, preexec_fn=tied_to_parent(signal.SIGQUIT), **self.account,
            )  # fmt: skip
        # After a kill it first goes through its log, as long as that takes on a busy machine.
        wait_until(self._answers, seconds=180, what=f"PostgreSQL on port {self.port}", every=0.2)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)
            self.process = None

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process is not None
        # Stopped first: a server process born between the list and the kill would keep the shared memory, and no restart.
        self.process.send_signal(signal.SIGSTOP)
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for process in family:
            process.kill()
        self.process.wait(timeout=30)
        psutil.wait_procs(family, timeout=10)
        self.process = None

    def restart(self) -> None:
        """Start again after `kill` or `stop`, with the same data and port."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for lock in self.folder.glob(".s.PGSQL.*"):
            lock.unlink(missing_ok=True)
        wait_until(self._starts, what="PostgreSQL starts again", every=1)

    def _starts(self) -> bool:
        # Memory of the killed server may be released a moment after its last process is gone.
        try:
            self.start()
        except RuntimeError as error:
            sys.stderr.write(f"{error}\n")
            return False
        return True

    def _init(self) -> None:
        if self.account:
            shutil.chown(self.folder, "postgres", "postgres")
        options = ["--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(self.data)]
        done = subprocess.run(
            [str(self.bin / "initdb"), *options], cwd="/", capture_output=True, text=True, check=False, **self.account
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr.strip()}")

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended: {_tail(self.folder / 'log')}")
        ready = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0


def _postgres_bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    path = found[-1] if found else shutil.which("initdb")
    if path is None:
        raise NotInstalled("PostgreSQL is missing: apt-get install postgresql")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError as error:
            raise NotInstalled("There is no user postgres: apt-get install postgresql") from error
    return Path(path).parent


class RedisServer(Server):
    """A Redis with the settings of production: append-only file, no eviction. `aof=False` shows what they are for."""

    def __init__(self, *, aof: bool = True) -> None:
        super().__init__()
        self.aof = aof
        self.process: subprocess.Popen[bytes] | None = None
        self.program = shutil.which("redis-server") or shutil.which("valkey-server")
        if self.program is None:
            raise NotInstalled("Redis is missing: apt-get install redis-server")

    @property
    def url(self) -> str:
        """The address of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                str(self.program),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self.folder),
                "--save",
                "",
                "--appendonly",
                "yes" if self.aof else "no",
                "--appendfsync",
                "everysec",
                "--maxmemory-policy",
                "noeviction",
            ],  # fmt: skip
            stdout=subprocess.DEVNULL,
            preexec_fn=tied_to_parent(signal.SIGKILL),
        )
        wait_until(self._answers, what=f"Redis on port {self.port}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=20)
        self.process = None

    def restart(self) -> None:
        """`kill -9` and start again with the same data and port."""
        if self.process is not None:
            self.kill()
        self.start()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def environment(*, database_url: str, redis_url: str, **extra: str) -> dict[str, str]:
    """The variables of a product process in a test: quick rounds, no demo, its own data folder left to `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    return kept | {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "pmo.settings", "PYTHONUNBUFFERED": "1", **{name: str(value) for name, value in QUICK.items()},
    } | extra  # fmt: skip


class Worker:
    """A Celery worker in processes of its own; `beat=True` embeds the beat as `manage.py serve` does.

    `include` are modules it imports besides the product's: test kinds of job are declared there. Variables given as `env`
    win over those of `environment`.
    """

    def __init__(
        self, *, database_url: str, redis_url: str, beat: bool = False, concurrency: int = 1,
        include: Sequence[str] = ("tests.services.kinds",), env: dict[str, str] | None = None, name: str = "worker",
    ) -> None:  # fmt: skip
        self.folder = Path(tempfile.mkdtemp(prefix="bw-worker-"))
        self.log = self.folder / "log"
        variables = {"BELLWETHER_VAR": str(self.folder)} | (env or {})
        self.env = environment(database_url=database_url, redis_url=redis_url, **variables)
        self.command = [
            sys.executable, "-m", "celery", "-A", "pmo", "worker", "-c", str(concurrency), "-n", f"{name}@%h",
            "-l", "INFO", "-I", ",".join(include), "--without-mingle", "--without-gossip", *(["-B"] if beat else []),
        ]  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The main process."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start and wait until it takes jobs."""
        seen = self.output().count(" ready.")
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=tied_to_parent(signal.SIGKILL),
            )  # fmt: skip
        self.process = process
        try:
            wait_until(lambda: self.output().count(" ready.") > seen or process.poll() is not None, seconds=90)
        except AssertionError as error:
            raise AssertionError(f"the worker did not start:\n{self.output()}") from error
        assert process.poll() is None, f"the worker did not start:\n{self.output()}"

    def output(self) -> str:
        """What it has logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def pool(self) -> list[psutil.Process]:
        """The processes that do the work."""
        return psutil.Process(self.pid).children(recursive=True)

    def kill(self) -> None:
        """`kill -9` of everything, as when a machine is lost."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process = None

    def kill_pool(self) -> None:
        """`kill -9` of the working processes only, as the kernel does when memory runs out."""
        for process in self.pool():
            process.kill()

    def freeze(self) -> None:
        """Stop all its processes without ending them: a machine that hangs."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)

    def terminate(self, seconds: float = 40) -> int:
        """Ask it to stop, as a deployment does; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(timeout=seconds)
        self.process = None
        return code


def _tail(path: Path, lines: int = 20) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def main(arguments: list[str]) -> int:
    """`[--redis] -- command ...`: run the command with the addresses of temporary servers; returns its exit code."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = arguments[:split], arguments[split + 1 :]
    if not command or set(options) - {"--redis"}:
        sys.stderr.write(f"usage: python -m tests.services.harness [--redis] -- command ...\n{__doc__}")
        return 2
    with Postgres() as postgres:
        env = os.environ | {"DATABASE_URL": postgres.url("bellwether")}
        if "--redis" not in options:
            return subprocess.call(command, env=env)
        with RedisServer() as redis:
            return subprocess.call(command, env=env | {"REDIS_URL": redis.url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
