"""The roles a signed-in user holds in the organisation and its units, read once per request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast, Coalesce

from pmo.core.access.roles import READER, Role
from pmo.core.kept import is_keeping


@dataclass(frozen=True)
class Grants:
    """Organisation-wide roles, (role, unit path) pairs, and every role held in anything at all."""

    person_id: int | None
    everywhere: frozenset[str]
    units: frozenset[tuple[str, str]]
    anywhere: frozenset[str] = frozenset()

    def unit_paths(self, roles: frozenset[str]) -> list[str]:
        """Paths of the units in which one of the roles is held."""
        return sorted({path for role, path in self.units if role in roles})


NOBODY = Grants(None, frozenset(), frozenset())
# Stands in place of a unit path in rows that come from an app.
_ELSEWHERE = "*"
RoleQuery = Callable[[int], Sequence[Any]]

_role_queries: list[RoleQuery] = []
# What the apps' statements depend on beside the person and his grants, such as the day.
_variations: list[Callable[[], Hashable]] = []
# The statement of `_read`, made once for every variation, with a mark in the place of the person.
_statements: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}
_PERSON = -907_531_112_358


def register_role_query(source: RoleQuery) -> None:
    """Add an app's answer to "which roles does this person hold in any of your memberships".

    `source(person_id)` gives querysets; `role_rows` makes each from rows and the role they mean. All are read with the
    grants in one statement, which is made once for all people: a source reads nothing itself, and what else it depends
    on is named with `register_variation`.
    """
    if source not in _role_queries:
        _role_queries.append(source)


def register_variation(read: Callable[[], Hashable]) -> None:
    """Name what the statements of `register_role_query` and of scope providers depend on beside the person: today's date."""
    if read not in _variations:
        _variations.append(read)


def variation() -> Hashable:
    """What statements that were made earlier must have in common with one made now, to be used for it."""
    return (len(_role_queries), *(read() for read in _variations))


def role_rows(rows: Any, role: str | F) -> Any:
    """A queryset for `register_role_query`: each row means the role (`F("role")`: the role the row names)."""
    named = role if isinstance(role, F) else Value(role, output_field=CharField())
    mark = Value(_ELSEWHERE, output_field=CharField())
    nothing = Cast(Value(None), output_field=BigIntegerField())
    values = rows.order_by().annotate(held_role=named, held_in=nothing, held_path=mark)
    return values.values_list("held_role", "held_in", "held_path").distinct()


def may_hold(user: Any, roles: frozenset[str]) -> frozenset[str]:
    """Those of the roles that the user may hold somewhere: asking for the others in a statement is idle.

    Only a request that writes nothing knows; in any other all of them are asked for.
    """
    return roles & grants_of(user).anywhere if is_keeping() else roles


def grants_of(user: Any) -> Grants:
    """The user's grants; kept on the user object for the length of the request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    cached: Grants | None = getattr(user, "_grants", None)
    if cached is None:
        cached = _read(user)
        user._grants = cached
    return cached


def forget(user: Any) -> None:
    """Drop the kept grants, after they changed within a request."""
    if hasattr(user, "_grants"):
        del user._grants


def person_id_of(user: Any) -> int | None:
    """The living person behind the login. No query where the login was read together with its person."""
    from pmo.core.people.models import Person

    if "person" in user._state.fields_cache:
        person = user._state.fields_cache["person"]
        return None if person is None or person.deleted_at is not None else int(person.pk)
    found: int | None = Person.objects.filter(user_id=user.pk).values_list("pk", flat=True).first()
    return found


def _read(user: Any) -> Grants:
    """One statement for the grants and every app's memberships."""
    person_id = person_id_of(user)
    rows: list[tuple[str, int | None, str]] = []
    anywhere: set[str] = set()
    if person_id is not None:
        for role, unit_id, path in _held_rows(person_id):
            anywhere.add(role)
            if path != _ELSEWHERE:
                rows.append((role, unit_id, path))
    everywhere = {role for role, unit_id, _path in rows if unit_id is None}
    units = frozenset((role, path) for role, unit_id, path in rows if unit_id is not None)
    if user.is_superuser:
        everywhere.add(Role.PMO_ADMIN.value)
    everywhere.add(READER)
    return Grants(person_id, frozenset(everywhere), units, frozenset(anywhere | everywhere))


def _held_rows(person_id: int) -> list[tuple[str, int | None, str]]:
    """(role, unit, path) of everything the person holds. Making the statement costs more than its answer: it is kept."""
    now = variation()
    statement = _statements.get(now)
    if statement is None:
        statement = _statement()
        _statements.clear()
        _statements[now] = statement
    sql, marked = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, [person_id if value == _PERSON else value for value in marked])
        found: list[tuple[str, int | None, str]] = cursor.fetchall()
    return found


def _statement() -> tuple[str, tuple[Any, ...]]:
    """The SQL for the mark's grants and memberships, and its parameters."""
    from pmo.core.people.models import RoleGrant

    granted = RoleGrant.objects.filter(person_id=_PERSON).order_by()
    paths = Coalesce(F("unit__path"), Value("", output_field=CharField()))
    here = granted.annotate(held_role=F("role"), held_in=F("unit_id"), held_path=paths)
    parts = [part for source in _role_queries for part in source(_PERSON)]
    rows = here.values_list("held_role", "held_in", "held_path").union(*parts, all=True)
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, tuple(params)
