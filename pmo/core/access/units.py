"""Reach through units: a role granted in a unit holds in everything below it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from pmo.core.access.grants import grants_of


def below(paths: list[str], field: str = "path") -> Q:
    """A filter that keeps units at or below one of the paths."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


def unit_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of the units in which the user holds one of the roles."""
    from pmo.core.access.roles import READER
    from pmo.core.people.models import OrgUnit

    if READER in roles:
        return OrgUnit.objects.order_by().values("pk")
    paths = grants_of(user).unit_paths(roles)
    if not paths:
        return None
    return OrgUnit.objects.filter(below(paths)).order_by().values("pk")
