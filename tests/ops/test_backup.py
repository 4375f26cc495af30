"""A backup holds every acknowledged row, also while somebody writes."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from pmo.core.ops.backup import BackupFailed, backup

NOW = datetime.datetime(2026, 11, 24, 2, 0, 0, tzinfo=datetime.UTC)


def entry(path: Path) -> dict[str, object]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def live(path: Path) -> sqlite3.Connection:
    """A database in use: rows in the side file, not yet in the main file."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE t (n INTEGER)")
    connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1000)])
    return connection


def count(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def test_every_acknowledged_row_is_there(tmp_path: Path) -> None:
    connection = live(tmp_path / "db with blanks.sqlite3")
    acknowledged, stop = [1000], threading.Event()

    def write() -> None:
        while not stop.is_set():
            connection.execute("INSERT INTO t VALUES (1)")
            acknowledged[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = acknowledged[0]
        copy = backup(entry(tmp_path / "db with blanks.sqlite3"), tmp_path / "backup", NOW)
    finally:
        stop.set()
        writer.join()
    assert copy.name == "bellwether-20261124-020000.sqlite3"
    assert before <= count(copy) <= acknowledged[0]
    assert copy.stat().st_mode & 0o077 == 0
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_copying_the_file_would_lose_rows(tmp_path: Path) -> None:
    """The negative control."""
    connection = live(tmp_path / "db.sqlite3")
    shutil.copy(tmp_path / "db.sqlite3", tmp_path / "copy.sqlite3")
    with pytest.raises((sqlite3.OperationalError, AssertionError)):
        assert count(tmp_path / "copy.sqlite3") == 1000
    connection.close()


def test_nothing_is_left_of_a_backup_that_failed(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="There is no database"):
        backup(entry(tmp_path / "none.sqlite3"), tmp_path / "backup", NOW)
    assert list((tmp_path / "backup").iterdir()) == []


def test_an_older_backup_is_not_overwritten(tmp_path: Path) -> None:
    live(tmp_path / "db.sqlite3").close()
    backup(entry(tmp_path / "db.sqlite3"), tmp_path / "backup", NOW)
    with pytest.raises(BackupFailed, match="exists already"):
        backup(entry(tmp_path / "db.sqlite3"), tmp_path / "backup", NOW)
