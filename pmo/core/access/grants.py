"""The roles a signed-in user holds in the organisation and its units, read once per request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pmo.core.access.roles import READER, Role


@dataclass(frozen=True)
class Grants:
    """Organisation-wide roles, and (role, unit path) pairs."""

    person_id: int | None
    everywhere: frozenset[str]
    units: frozenset[tuple[str, str]]

    def unit_paths(self, roles: frozenset[str]) -> list[str]:
        """Paths of the units in which one of the roles is held."""
        return sorted({path for role, path in self.units if role in roles})


NOBODY = Grants(None, frozenset(), frozenset())


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


def _read(user: Any) -> Grants:
    from pmo.core.people.models import Person, RoleGrant

    person_id = Person.objects.filter(user_id=user.pk).values_list("pk", flat=True).first()
    rows = RoleGrant.objects.filter(person_id=person_id).values_list("role", "unit_id", "unit__path")
    everywhere = {role for role, unit_id, _path in rows if unit_id is None}
    units = {(role, path) for role, unit_id, path in rows if unit_id is not None}
    if user.is_superuser:
        everywhere.add(Role.PMO_ADMIN.value)
    return Grants(person_id, frozenset(everywhere | {READER}), frozenset(units))
