"""Databases outside Django's own connection: what they hold, copied and put back. SQLite and PostgreSQL."""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from pmo.core.ops.backup import BackupFailed

_HEAD = "SELECT last_entry_id, head FROM core_auditseal ORDER BY last_entry_id DESC LIMIT 1"
_UNSEALED = "SELECT COUNT(*) FROM core_auditentry WHERE id > %d"
Entry = dict[str, Any]


def is_sqlite(entry: Entry) -> bool:
    """Whether Django's entry means SQLite."""
    return str(entry["ENGINE"]).endswith("sqlite3")


def url_of(entry: Entry) -> str:
    """The address of an entry, without the password."""
    if is_sqlite(entry):
        return f"sqlite://{quote(str(entry['NAME']))}"
    user, port = quote(str(entry.get("USER") or "")), entry.get("PORT")
    place = str(entry.get("HOST") or "")
    socket = place.startswith("/")
    host = "" if socket else place
    query = f"?host={quote(place, safe='')}" if socket else ""
    return (
        f"postgresql://{user}{'@' if user else ''}{host}{f':{port}' if port else ''}/{quote(str(entry['NAME']))}{query}"
    )


def facts_of_sqlite(path: Path) -> dict[str, Any]:
    """Rows of every table, the head of the audit chain, and how many entries are not under a seal."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        names = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        return _facts(names, lambda text: database.execute(text).fetchone(), lambda name: f'"{name}"')


def facts_of_cursor(cursor: Any) -> dict[str, Any]:
    """The same of a PostgreSQL database, in the snapshot of the cursor's transaction."""

    def one(text: str) -> Any:
        cursor.execute(text)
        return cursor.fetchone()

    cursor.execute(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    return _facts([row[0] for row in cursor.fetchall()], one, lambda name: name)


def _facts(names: list[str], one: Callable[[str], Any], quoted: Callable[[str], str]) -> dict[str, Any]:
    tables = {name: int(one(f"SELECT COUNT(*) FROM {quoted(name)}")[0]) for name in names}  # noqa: S608
    head = one(_HEAD) if "core_auditseal" in tables else None
    last = int(head[0]) if head else 0
    unsealed = int(one(_UNSEALED % last)[0]) if "core_auditentry" in tables else 0
    return {"tables": tables, "audit": {"last_entry_id": last, "head": head[1] if head else "", "unsealed": unsealed}}


@contextmanager
def connected(entry: Entry, database: str = "") -> Iterator[Any]:
    """A connection of its own to PostgreSQL."""
    options = {
        "dbname": database or entry["NAME"],
        "user": entry.get("USER") or None,
        "password": entry.get("PASSWORD") or None,
        "host": entry.get("HOST") or None,
        "port": entry.get("PORT") or None,
    }
    try:
        connection = psycopg2.connect(**options)
    except psycopg2.Error as error:
        raise BackupFailed(f"The database does not answer: {str(error).strip()}") from error
    try:
        yield connection
    finally:
        connection.close()


def dump_postgresql(entry: Entry, target: Path) -> dict[str, Any]:
    """Write the database in pg_dump's custom format and count its rows in the very same snapshot."""
    with connected(entry) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            client("pg_dump", entry, "--format=custom", f"--file={target}", f"--snapshot={snapshot}")
            return facts_of_cursor(cursor)


def client(program: str, entry: Entry, *options: str) -> None:
    """Run a program of the PostgreSQL client against the entry. Raises BackupFailed, also where it is not installed."""
    places = {"--host": entry.get("HOST"), "--port": entry.get("PORT"), "--username": entry.get("USER")}
    where = [f"{name}={value}" for name, value in places.items() if value]
    password = {"PGPASSWORD": str(entry["PASSWORD"])} if entry.get("PASSWORD") else {}
    command = [program, *options, *where, f"--dbname={entry['NAME']}"]
    try:
        done = subprocess.run(command, env=os.environ | password, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupFailed(f"{program} is missing: install the PostgreSQL client programs.") from error
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()}")


def tables_of(entry: Entry) -> int:
    """How many tables a PostgreSQL database has."""
    with connected(entry) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()")
        return int(cursor.fetchone()[0])


@contextmanager
def passing_database(entry: Entry) -> Iterator[Entry]:
    """A new, empty database on the same server, dropped at the end. Raises BackupFailed where the login may not make one."""
    name = f"bellwether_verify_{secrets.token_hex(4)}"
    with connected(entry) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            try:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
                )
            except psycopg2.Error as error:
                told = str(error).strip()
                raise BackupFailed(
                    f"No temporary database could be made ({told}); give an empty one with --into."
                ) from error
            try:
                yield entry | {"NAME": name}
            finally:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
