"""Whose membership decides: scope kinds, and the apps' providers of the ids a user reaches through them.

A provider takes (user, roles) and returns a queryset of ids of its kind in which the user holds one of the roles.
`resources` or `portfolio` may add further providers for the kind "project"; all are OR-ed into one SQL statement.
A provider decides by the user and his grants alone, and by what `grants.register_variation` names (the day): its SQL is kept.
One that reads rows says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, Expression, Q

from pmo.core.access.grants import grants_of, variation
from pmo.core.kept import is_keeping, kept

Provider = Callable[[Any, frozenset[str]], Any]

_providers: dict[str, list[Provider]] = {}
# Kinds with a provider whose answer depends on rows as well.
_reading: set[str] = set()
# Subqueries in SQL already, for what a user holds; emptied when it has grown to this many.
_made: dict[Hashable, list[CompiledIds]] = {}
_MADE_AT_MOST = 1_000


def register_provider(kind: str, provider: Provider, *, reads: bool = False) -> None:
    """Add a provider for a scope kind ("project", "portfolio", "unit"); `reads`: it looks into rows to make its answer."""
    if provider not in _providers.setdefault(kind, []):
        _providers[kind].append(provider)
    if reads:
        _reading.add(kind)


def reach(user: Any, kind: str, roles: frozenset[str], field: str) -> Q:
    """A filter on `field` (an id of the kind) that keeps what the user reaches with one of the roles."""
    found = Q(pk__in=[])
    for ids in kept(f"reach {kind} {user.pk} {' '.join(sorted(roles))}", lambda: _ids(user, kind, roles)):
        found |= Q(**{f"{field}__in": ids})
    return found


def id_queries(user: Any, kind: str, roles: frozenset[str]) -> list[CompiledIds]:
    """The same as subqueries of one column, in SQL, for a statement that reads the ids themselves."""
    return compiled_ids(kept(f"reach {kind} {user.pk} {' '.join(sorted(roles))}", lambda: _ids(user, kind, roles)))


def _ids(user: Any, kind: str, roles: frozenset[str]) -> list[Any]:
    """What the providers answer: querysets of ids, not yet read.

    A page asks for the same ids in a dozen statements, and the next page again: where nothing is written, their SQL is
    made once for the same user with the same grants.
    """
    if not is_keeping():
        return _asked(user, kind, roles)
    if kind in _reading:
        return compiled_ids(_asked(user, kind, roles))
    key = (kind, len(_providers.get(kind, [])), roles, user.pk, grants_of(user), variation())
    made = _made.get(key)
    if made is None:
        made = compiled_ids(_asked(user, kind, roles))
        if len(_made) >= _MADE_AT_MOST:
            _made.clear()
        _made[key] = made
    return made


def _asked(user: Any, kind: str, roles: frozenset[str]) -> list[Any]:
    answers = [provider(user, roles) for provider in _providers.get(kind, [])]
    return [ids for ids in answers if ids is not None]


class CompiledIds(Expression):
    """A subquery of ids that the ORM has put into SQL already; its parameters stay bound."""

    output_field = BigIntegerField()

    def __init__(self, sql: str, params: tuple[Any, ...]) -> None:
        super().__init__()
        self.sql, self.params = sql, params

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"({self.sql})", self.params


def compiled_ids(asked: list[Any]) -> list[CompiledIds]:
    """Querysets of ids in SQL, those left out that are known to have no rows."""
    return [found for ids in asked if (found := _compiled(ids)) is not None]


def _compiled(ids: Any) -> CompiledIds | None:
    """The subquery as SQL with its parameters; None where it is known to have no rows."""
    if isinstance(ids, CompiledIds):
        return ids
    try:
        sql, params = ids.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return None
    return CompiledIds(sql, tuple(params))
