"""Rows by a list of ids that goes to the database as one value: a short statement, quickly written and planned, however many ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func


class Listed(Func):
    """Whether the id in column `name` is among `ids`: numbers, or the list as the database itself writes one. For `filter`."""

    output_field = BooleanField()

    def __init__(self, name: str, ids: str | Iterable[int]) -> None:
        super().__init__(F(name))
        self.ids = ids if isinstance(ids, str) else ",".join(map(str, ids))
        self.bare = not isinstance(ids, str)

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """An array."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} IN (SELECT unnest(%s::bigint[]))", [*params, f"{{{self.ids}}}" if self.bare else self.ids]

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        """The same from JSON."""
        sql, params = compiler.compile(self.source_expressions[0])
        value = f"[{self.ids}]" if self.bare else self.ids
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, value]  # noqa: S608
