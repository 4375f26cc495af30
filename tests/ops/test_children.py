"""Children of `manage.py serve`: started again when they die, ended with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import pytest

from pmo.core.management.commands import serve
from pmo.core.ops.serve import children, supervisor
from pmo.core.ops.serve.broker import broker_child, free_port, port_is_free
from pmo.core.ops.serve.children import Child


def child(tmp_path: Path, code: str, **options: float) -> Child:
    one = Child("The test", [sys.executable, "-c", code], dict(os.environ), tmp_path, tmp_path / "log" / "test.log")
    for name, value in options.items():
        setattr(one, name, value)
    return one


def until(condition: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_dead_child_is_started_again_after_a_wait_that_doubles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: clock[0])
    one = child(tmp_path, "raise SystemExit(3)")
    one.start()
    waits = []
    for _ in range(7):
        assert one.process is not None
        one.process.wait(60)
        said = one.look_after()
        assert said is not None and "ended with code 3" in said
        waits.append(one.not_before - clock[0])
        assert one.look_after() is None and one.process is None, "not before its time"
        clock[0] = one.not_before
        one.look_after()
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert one.process is not None
    one.process.wait(60)
    clock[0] += 61
    one.look_after()
    assert one.failures == 1, "a minute of steady work forgets the failures"


def test_a_healthy_child_is_left_alone(tmp_path: Path) -> None:
    one = child(tmp_path, "import time; time.sleep(300)")
    one.start()
    assert one.look_after() is None and one.failures == 0
    one.ask_to_stop()
    one.wait_until_stopped()
    assert one.process is None


def test_a_child_that_does_not_listen_is_killed_with_its_own_children(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']); print(p.pid, flush=True); time.sleep(300)"
    )
    one = child(tmp_path, code, stop_seconds=0.3)
    one.start()
    until(lambda: one.last_lines().strip())
    grandchild = int(one.last_lines())
    one.ask_to_stop()
    one.wait_until_stopped()
    until(lambda: gone(grandchild))


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from pmo.core.ops.serve.children import Child
one = Child("c", [sys.executable, "-c", "import time; time.sleep(300)"], dict(os.environ), Path({str(tmp_path)!r}), Path({str(tmp_path)!r}) / "c.log")
one.start()
print(one.process.pid, flush=True)
time.sleep(300)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not gone(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait(60)
    until(lambda: gone(pid))


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_LOG_BYTES", 10)
    one = child(tmp_path, "print('new')")
    one.log.parent.mkdir()
    one.log.write_text("old " * 10, encoding="utf-8")
    one.start()
    assert one.process is not None
    one.process.wait(60)
    assert one.last_lines() == "new"
    assert one.log.with_suffix(".old.log").read_text(encoding="utf-8").startswith("old")


def test_a_used_port_is_noticed() -> None:
    import socket

    port = free_port()
    assert port_is_free("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free("127.0.0.1", port)


@pytest.mark.long
def test_the_broker_keeps_what_it_was_given_through_a_kill(tmp_path: Path) -> None:
    """In a folder with blanks; with a password; and with the settings of production."""
    import redis

    folder = tmp_path / "data of 风向标"
    one, url = broker_child(folder, tmp_path / "broker.log", dict(os.environ))
    one.start()
    client = redis.Redis.from_url(url)

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    try:
        until(answers)
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=int(client.connection_pool.connection_kwargs["port"])).ping()
        client.set("kept", "yes")
        time.sleep(1.2)
        one.kill()
        one.start()
        until(answers)
        assert client.get("kept") == b"yes"
        assert (folder / "valkey.conf").stat().st_mode & 0o077 == 0, "the password is the owner's alone"
    finally:
        client.close()
        one.kill()


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        (["localhost", "127.0.0.1"], "127.0.0.1"),
        (["*"], "127.0.0.1"),
        ([".example.org"], "example.org"),
        ([], "127.0.0.1"),
    ],
)
def test_readiness_is_asked_by_a_name_the_product_answers_to(settings: Any, allowed: list[str], host: str) -> None:
    settings.ALLOWED_HOSTS = allowed
    assert supervisor._known_host() == host


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_wrong_port_is_told_in_words(port: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a port"):
        serve._port(port)
