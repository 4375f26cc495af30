"""Who sees the pool, who proposes, and who commits people and equipment."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from pmo.core.access.api import held_anywhere, scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.access.roles import EVERYBODY, WHOLE_PMO, Role, allow
from pmo.core.access.units import below, unit_ids
from pmo.core.people.models import OrgUnit
from projects.models import Project
from resources.models import Allocation, EquipmentBooking

RATE = "resources.rate.view"
COMMIT = "resources.allocation.commit"
CONFIRM = "resources.equipmentbooking.confirm"
POOL = "resources.poolmember.view"

_READ_EVERYWHERE = frozenset({Role.EXECUTIVE.value, Role.PORTFOLIO_OWNER.value})
_KEEPERS = frozenset({*WHOLE_PMO, Role.RESOURCE_MANAGER})
_OF_PEOPLE = ("poolmember", "personskill", "certificate")
_OF_PROJECTS = ("allocation", "equipmentbooking")
_WRITE = ("add", "change", "delete")


def pool_unit_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of the units whose people the user reaches: those of his grants, all for who steers projects anywhere."""
    if roles & _READ_EVERYWHERE & held_anywhere(user):
        return OrgUnit.objects.order_by().values("pk")
    return unit_ids(user, roles - {"reader"})


def project_ids(user: Any, roles: frozenset[str]) -> Any:
    """Ids of projects that use people or equipment of the units in which the user is a resource manager."""
    if Role.RESOURCE_MANAGER not in roles:
        return None
    paths = grants_of(user).unit_paths(frozenset({Role.RESOURCE_MANAGER.value}))
    if not paths:
        return None
    people = Allocation.objects.filter(below(paths, "person__unit__path")).order_by().values("project_id")
    equipment = EquipmentBooking.objects.filter(below(paths, "equipment__unit__path")).order_by().values("project_id")
    return Project.objects.filter(Q(pk__in=people) | Q(pk__in=equipment)).order_by().values("pk")


def commits_for(user: Any, unit_id: int | None) -> bool:
    """Whether the user decides about the people of a unit: its resource manager, or the PMO."""
    return _holds_in_unit(user, COMMIT, unit_id)


def confirms_for(user: Any, unit_id: int | None) -> bool:
    """Whether the user decides about the equipment of a unit."""
    return _holds_in_unit(user, CONFIRM, unit_id)


def _holds_in_unit(user: Any, permission: str, unit_id: int | None) -> bool:
    condition = scoped_q(user, "pool", permission, "pk")
    if not condition.children:
        return True
    return unit_id is not None and OrgUnit.objects.filter(condition, pk=unit_id).exists()


def declare_roles() -> None:
    """Everybody reads the vocabularies and the equipment; people of the pool are for who plans with them; rates for few."""
    allow(EVERYBODY, *(f"resources.{name}.view" for name in ("resourcerole", "skill", "equipment", *_OF_PROJECTS)))
    readers = _KEEPERS | {Role.EXECUTIVE, Role.PORTFOLIO_OWNER, Role.AUDITOR}
    for name in _OF_PEOPLE:
        allow(readers, f"resources.{name}.view")
        allow(_KEEPERS, *(f"resources.{name}.{action}" for action in _WRITE))
    for name in ("resourcerole", "skill"):
        allow(WHOLE_PMO, *(f"resources.{name}.{action}" for action in _WRITE))
    allow(_KEEPERS, *(f"resources.equipment.{action}" for action in _WRITE), COMMIT, CONFIRM)
    for name in _OF_PROJECTS:
        allow(_KEEPERS | {Role.PROJECT_MANAGER}, *(f"resources.{name}.{action}" for action in _WRITE))
    allow(_KEEPERS | {Role.AUDITOR}, RATE)
