"""Comparing tokens with a condition, as each database does it."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func

from pmo.core.search.asked import Tree, as_fts5, as_tsquery
from pmo.core.search.ddl import FTS


class Matches(Func):
    """Whether an entry's tokens meet the condition. For `filter`."""

    output_field = BooleanField()

    def __init__(self, tree: str | Tree) -> None:
        super().__init__(F("tokens"), F("pk"))
        self.tree = tree

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """Our tokens are a tsvector as they stand."""
        sql, params = compiler.compile(self.source_expressions[0])
        query = as_tsquery(self.tree)
        return f"array_to_tsvector(string_to_array({sql}, ' ')) @@ %s::tsquery", [*params, query]

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """FTS5 gives the ids."""
        sql, params = compiler.compile(self.source_expressions[1])
        return f"{sql} IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", [*params, as_fts5(self.tree)]  # noqa: S608
