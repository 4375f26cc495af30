"""A PostgreSQL of the benchmark's own: started on a free loopback port in a temporary folder, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_STARTED_WITHIN = 30.0


def binaries() -> Path:
    """The folder of initdb and postgres: the newest installed one, or where they lie on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        raise SystemExit("bench: PostgreSQL is not installed; expected initdb and postgres.")
    return Path(on_path).parent


def _owner() -> dict[str, object]:
    """PostgreSQL refuses to run as root: its own account does then."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def cluster(*databases: str) -> Iterator[dict[str, str]]:
    """Start a fresh cluster with default settings; yields the DATABASE_URL of each of its empty databases by name."""
    folder = Path(tempfile.mkdtemp(prefix="bellwether-bench-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port, owner = folder / "data", free_port(), _owner()
    init = [str(binaries() / "initdb"), "-D", str(data), "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL, **owner)
    options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([str(binaries() / "postgres"), "-D", str(data), *options], stderr=log, **owner)
        try:
            _create(databases, port, server, folder / "log")
            yield {name: f"postgresql://bench@127.0.0.1:{port}/{name}" for name in databases}
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(folder)


def _create(databases: tuple[str, ...], port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg2
    from psycopg2 import sql

    end = time.monotonic() + _STARTED_WITHIN
    while True:
        try:
            connection = psycopg2.connect(host="127.0.0.1", port=port, user="bench", dbname="postgres")
            break
        except psycopg2.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"bench: PostgreSQL did not start: {log.read_text()}") from error
            time.sleep(0.1)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in databases:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
