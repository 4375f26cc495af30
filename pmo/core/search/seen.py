"""Which entries a user sees: `Model.objects.visible_to` of each register, without reading the models.

What the user reaches is asked once for each request: one statement, whose answer is lists of ids as the database itself writes
them. The statements of a search get such a list back as one value. Asked within each of them, the same subqueries cost more than
the search: to plan, and to run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from pmo.core.access.api import decided_at_once, holds_everywhere, permission_of
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import OWNER, READER, roles_holding
from pmo.core.access.scopes import CompiledIds, compiled_ids, id_queries
from pmo.core.kept import kept
from pmo.core.records.listed import Listed
from pmo.core.records.models import RecordQuerySet
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import field_at
from pmo.core.registers.queries import visible
from pmo.core.search.content import indexed_registers
from pmo.core.search.lookups import compiled
from pmo.core.search.models import SearchEntry

Scope = tuple[str, frozenset[str]]
_LISTED = {
    "postgresql": "SELECT array_agg(DISTINCT i)::text FROM ids WHERE i IS NOT NULL",
    "sqlite": "SELECT json_group_array(i) FROM (SELECT DISTINCT i FROM ids WHERE i IS NOT NULL ORDER BY i) AS s "
    "HAVING count(*) > 0",
}


@dataclass
class _Rules:
    """How each register is decided: seen whole, by what is reached in a scope, or by a rule of its own."""

    whole: list[str] = field(default_factory=list)
    scoped: dict[Scope, list[Register]] = field(default_factory=dict)
    parents: dict[Any, list[Register]] = field(default_factory=dict)
    own: list[Register] = field(default_factory=list)


def entries_visible_to(user: Any, keys: Collection[str] = ()) -> QuerySet[SearchEntry]:
    """Entries of rows the user may see, of some registers or of all."""
    if not getattr(user, "is_authenticated", False):
        return SearchEntry.objects.none()
    entries = SearchEntry.objects.filter(register__in=keys) if keys else SearchEntry.objects.all()
    try:
        seen = kept(f"search visible {user.pk}", lambda: compiled(_visible_q(user)))
    except EmptyResultSet:
        return SearchEntry.objects.none()
    return entries if seen is None else entries.filter(seen)


def _visible_q(user: Any) -> Q:
    rules = _rules(user)
    reached = [id_queries(user, kind, _roles(registers[0])) for (kind, _matter), registers in rules.scoped.items()]
    dead = [_dead(parent) for parent in rules.parents]
    lists = _read([*reached, *dead])
    found = Q(register__in=rules.whole)
    for ids, keys in _by_list(rules.scoped.values(), lists).items():
        found |= Q(register__in=keys) & Q(Listed("scope_id", ids))
    for register in rules.own:
        found |= Q(register=register.key, row_id__in=visible(register, user).order_by().values("pk"))
    for ids, keys in _by_list(rules.parents.values(), lists[len(reached) :]).items():
        found &= ~(Q(register__in=keys) & Q(scope_id__isnull=False) & Q(Listed("scope_id", ids)))
    return found


def _by_list(groups: Iterable[Sequence[Register]], lists: Iterable[str | None]) -> dict[str, list[str]]:
    """Keys of registers by their list of ids, those without one left out: most roles reach the same."""
    found: dict[str, list[str]] = {}
    for registers, ids in zip(groups, lists, strict=False):
        if ids is not None:
            found.setdefault(ids, []).extend(register.key for register in registers)
    return found


def _rules(user: Any) -> _Rules:
    rules = _Rules()
    for register in indexed_registers():
        kind, path = getattr(register.model, "access_scope", ("organisation", ""))
        permission = permission_of(register.model, "view")
        if register.visible is not None or "__" in path or not _is_plain(register) or _names_more(user, register.model):
            rules.own.append(register)
            continue
        if holds_everywhere(user, permission) or (kind == "organisation" and READER in roles_holding(permission)):
            rules.whole.append(register.key)
        elif kind != "organisation":
            rules.scoped.setdefault((kind, _that_matter(user, _roles(register))), []).append(register)
        if path not in {"", "id", "pk"}:
            parent = field_at(register.model, path.removesuffix("_id")).related_model
            rules.parents.setdefault(parent, []).append(register)
    return rules


def _names_more(user: Any, model: Any) -> bool:
    """Whether rows may name what the user does not see, so that each is looked at."""
    return bool(getattr(model, "access_also", ())) and not decided_at_once(user, model, "view")


def _roles(register: Register) -> frozenset[str]:
    return roles_holding(permission_of(register.model, "view"))


def _that_matter(user: Any, roles: frozenset[str]) -> frozenset[str]:
    """Roles the user holds in anything, and those nobody is granted: the others open nothing."""
    return roles & (grants_of(user).anywhere | {READER, OWNER})


def _is_plain(register: Register) -> bool:
    """Whether the rows are seen by the common rule, not by one of the model's own."""
    queryset: Any = type(register.model._default_manager.get_queryset())
    return bool(getattr(queryset, "visible_to", None) is RecordQuerySet.visible_to)


def _dead(model: Any) -> list[CompiledIds]:
    return compiled_ids([model._base_manager.filter(deleted_at__isnull=False).order_by().values("pk")])


def _read(wanted: Sequence[Sequence[CompiledIds]]) -> list[str | None]:
    """The ids that each union of subqueries has, as a list in the database's own writing; None where there are none. One statement."""
    columns, params = [], []
    for queries in wanted:
        if not queries:
            columns.append("NULL")
            continue
        parts = [f"SELECT * FROM ({query.sql}) AS q{number}" for number, query in enumerate(queries)]  # noqa: S608
        columns.append(f"(WITH ids(i) AS ({' UNION ALL '.join(parts)}) {_LISTED[connection.vendor]})")
        params += [value for query in queries for value in query.params]
    if not params and set(columns) <= {"NULL"}:
        return [None] * len(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        row: tuple[str | None, ...] = cursor.fetchone()
    return list(row)
