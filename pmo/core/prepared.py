"""Statements that every request sends, the same but for one id: the ORM makes them once, each run puts its id in."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

# Stands for the id while the statement is made; no row has it.
_MARK = -481_516_234_233


class Prepared(Generic[M]):
    """Rows of a queryset that is made for the process, not for the request.

    `rows` gives the queryset for an id. It is asked once, with a mark in place of the id: what it gives may depend on
    nothing else, neither on the day nor on the reader's language. Joins (`select_related`) and annotations come along;
    `prefetch_related` does not.
    """

    def __init__(self, rows: Callable[[int], QuerySet[M]]) -> None:
        self._rows = rows
        self._made: _Made | None = None

    def of(self, pk: int) -> list[M]:
        """The rows for the id, freshly read in one statement."""
        made = self._made
        if made is None:
            made = self._made = _Made(self._rows(_MARK))
        run: Any = _Run(made, pk)
        found: QuerySet[M] = QuerySet(made.model, query=run, using=DEFAULT_DB_ALIAS)
        return list(found)

    def forget(self) -> None:
        """Make the statement anew at its next use."""
        self._made = None


class _Made:
    """A statement with the mark in it, and the compiler that knows how its rows become objects. Only read after it is made."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.model = rows.model
        self.compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self.compiler.as_sql()
        self.params = tuple(params)


class _Run:
    """Takes the place of a queryset's query for one reading: gives a compiler whose SQL is there already."""

    def __init__(self, made: _Made, pk: int) -> None:
        self._made, self._pk = made, pk

    def get_compiler(self, using: str, **_options: Any) -> Any:
        """A compiler of its own for each run: it holds the connection of its thread."""
        compiler = copy.copy(self._made.compiler)
        compiler.connection = connections[using]
        params = tuple(self._pk if value == _MARK else value for value in self._made.params)
        compiler.as_sql = lambda *_args, **_kwargs: (self._made.sql, params)
        return compiler
