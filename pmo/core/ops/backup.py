"""A copy of the database that holds every committed row, taken while the product runs."""

from __future__ import annotations

import datetime
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any


class BackupFailed(Exception):
    """The message says why."""


def backup(database: dict[str, Any], folder: Path, now: datetime.datetime) -> Path:
    """Write a new file into `folder` and return its path; a draft that failed is removed. Raises BackupFailed.

    SQLite by its backup API (copying the live file loses acknowledged rows), then checked; PostgreSQL by pg_dump in its
    custom format. `database` is Django's entry.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sqlite = database["ENGINE"].endswith("sqlite3")
    target = folder / f"bellwether-{now:%Y%m%d-%H%M%S}.{'sqlite3' if sqlite else 'dump'}"
    if target.exists():
        raise BackupFailed(f"{target} exists already.")
    draft = target.with_suffix(".draft")
    draft.touch(mode=0o600)
    try:
        (copy_sqlite if sqlite else _postgresql)(database, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def copy_sqlite(database: dict[str, Any], draft: Path) -> None:
    """Copy an SQLite database into a file by the backup API, then check the copy. Raises BackupFailed."""
    source_path = Path(database["NAME"])
    if not source_path.exists():
        raise BackupFailed(f"There is no database {source_path}.")
    source, target = sqlite3.connect(f"{source_path.resolve().as_uri()}?mode=ro", uri=True), sqlite3.connect(draft)
    try:
        source.backup(target)
        # A single file without a side file, whatever the journal mode of the original.
        target.execute("PRAGMA journal_mode=DELETE")
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        source.close()
        target.close()
    if found != "ok":
        raise BackupFailed(f"The copy is damaged: {found}")


def _postgresql(database: dict[str, Any], draft: Path) -> None:
    places = {"--host": database["HOST"], "--port": database["PORT"], "--username": database["USER"]}
    options = [f"{name}={value}" for name, value in places.items() if value]
    command = ["pg_dump", "--format=custom", f"--file={draft}", *options, f"--dbname={database['NAME']}"]
    env = os.environ | ({"PGPASSWORD": str(database["PASSWORD"])} if database["PASSWORD"] else {})
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupFailed("pg_dump is missing: install the PostgreSQL client programs.") from error
    if done.returncode:
        raise BackupFailed(f"pg_dump: {done.stderr.strip()}")
