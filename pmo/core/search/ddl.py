"""The index over the tokens, which no model field can declare: GIN on PostgreSQL, FTS5 on SQLite.

No extension is needed: PostgreSQL's own `tsvector` is filled with our tokens as they are, and SQLite's FTS5 comes with Python.
`ensure` runs after every `migrate`, so a table that a later migration makes anew gets its index and triggers again; a
migration may call `create` and `drop` with its schema editor.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "core_searchentry"
FTS = "core_searchfts"
INDEX = "core_searchentry_tokens"

_POSTGRESQL = [
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
    f"ALTER INDEX {INDEX} ALTER COLUMN 1 SET STATISTICS 1000",
]
_OUT = f"INSERT INTO {FTS}({FTS}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"  # noqa: S608
_IN = f"INSERT INTO {FTS}(rowid, tokens) VALUES (new.id, new.tokens);"  # noqa: S608
_SQLITE = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5(tokens, content='{TABLE}', content_rowid='id', "
    "detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_added AFTER INSERT ON {TABLE} BEGIN {_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_removed AFTER DELETE ON {TABLE} BEGIN {_OUT} END",
    f"CREATE TRIGGER IF NOT EXISTS {FTS}_changed AFTER UPDATE OF tokens ON {TABLE} BEGIN {_OUT} {_IN} END",
]


def _statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return _POSTGRESQL
    return [*_SQLITE, f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')"]  # noqa: S608


def create(schema_editor: Any) -> None:
    """Make the index of the tokens, where it is not there yet."""
    for statement in _statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def drop(schema_editor: Any) -> None:
    """Take the index away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        return
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {FTS}_{name}")
    schema_editor.execute(f"DROP TABLE IF EXISTS {FTS}")


def exists(using: str) -> bool:
    """Whether the index of the tokens is whole."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = %s", [INDEX])
            wanted = 1
        else:
            names = [FTS, *(f"{FTS}_{name}" for name in ("added", "removed", "changed"))]
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks})", names)  # noqa: S608
            wanted = len(names)
        return bool(cursor.fetchone()[0] == wanted)


def ensure(using: str = "default", **_more: Any) -> None:
    """Make the index where the table of entries is there without it. A receiver of `post_migrate`."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names() or exists(using):
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)
