"""Comparing tokens with a condition, as each database does it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FullResultSet
from django.db.models import BooleanField, F, Func, Q

from pmo.core.search.asked import Tree, as_fts5, as_tsquery, each_word
from pmo.core.search.ddl import FTS, TABLE
from pmo.core.search.models import SearchEntry


class Matches(Func):
    """Whether an entry's tokens meet the condition. For `filter`."""

    output_field = BooleanField()

    def __init__(self, tree: str | Tree) -> None:
        super().__init__(F("tokens"), F("pk"))
        self.tree = tree

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """Our tokens are a tsvector as they stand."""
        sql, params = compiler.compile(self.source_expressions[0])
        queries = [as_tsquery(tree) for tree in each_word(self.tree)]
        one = f"array_to_tsvector(string_to_array({sql}, ' ')) @@ %s::tsquery"
        found = [value for query in queries for value in (*params, query)]
        return f"({' AND '.join([one] * len(queries))})", found

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """FTS5 gives the ids."""
        sql, params = compiler.compile(self.source_expressions[1])
        return f"{sql} IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", [*params, as_fts5(self.tree)]  # noqa: S608


class Compiled(Func):
    """A condition on entries whose SQL was written once, for the several statements of one search."""

    output_field = BooleanField()

    def __init__(self, sql: str, params: tuple[Any, ...]) -> None:
        super().__init__(F("pk"))
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_extra: Any) -> Any:
        """The condition, on the entry of this very statement: within a subquery its table has another name."""
        column, _params = compiler.compile(self.source_expressions[0])
        table = column.rpartition(".")[0]
        return f"({self.sql.replace(f'{connection.ops.quote_name(TABLE)}.', f'{table}.')})", list(self.params)


def compiled(condition: Q, using: str = "default") -> Compiled | None:
    """The condition written as SQL; None where it keeps every entry. Raises EmptyResultSet where it keeps none."""
    rows = SearchEntry.objects.using(using).filter(condition)
    compiler = rows.query.get_compiler(using)
    compiler.setup_query()
    try:
        sql, params = compiler.compile(rows.query.where)
    except FullResultSet:
        return None
    return Compiled(sql, tuple(params))
