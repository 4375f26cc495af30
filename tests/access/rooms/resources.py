"""The resource pool: who reads people, who proposes, who commits; rates are for those who plan with them."""

from __future__ import annotations

from typing import Any

from pmo.core.people.models import Person
from resources.models import (
    Allocation,
    Certificate,
    Equipment,
    EquipmentBooking,
    PersonSkill,
    PoolMember,
    ResourceRole,
    Skill,
)
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS: dict[str, Rights] = {
    "resource-roles": Rights(ROLES, "AN", "AN", "AN"),
    "skills": Rights(ROLES, "AN", "AN", "AN"),
    "pool": Rights("ANEORU", "ANR", "ANR", "ANR"),
    "person-skills": Rights("ANEORU", "ANR", "ANR", "ANR"),
    "certificates": Rights("ANEORU", "ANR", "ANR", "ANR"),
    "allocations": Rights(INSIDE, "ANRP", "ANRP", "ANRP", lists=ROLES),
    "equipment": Rights(ROLES, "ANR", "ANR", "ANR"),
    "equipment-bookings": Rights(INSIDE, "ANRP", "ANRP", "ANRP", lists=ROLES),
}
ROUTES: dict[str, dict[str, Any]] = {
    "resource-capacity": {"get": "ANEORU"},
    "resource-capacity-export": {"get": "ANEORU", "args": "capacity-file"},
    "equipment-grid": {"get": ROLES},
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_DATES = {"starts_on": "2026-11-23", "ends_on": "2026-12-04"}


def _person(world: Any) -> Person:
    return factories.person(unit=world.unit)


def rows(world: Any) -> dict[str, Any]:
    """A row of every register, in the unit of the resource manager and the project of the world."""
    person = _person(world)
    role = ResourceRole.objects.create(code="R1", name_en="Test engineer")
    skill = Skill.objects.create(code="K1", name_en="Testing")
    rig = Equipment.objects.create(code="Q1", name_en="Rig", unit=world.unit)
    return {
        "resource-roles": role,
        "skills": skill,
        "pool": PoolMember.objects.create(
            person=person, role=role, pool_from="2026-01-01", cost_rate="321.50", rate_from="2026-01-01"
        ),
        "person-skills": PersonSkill.objects.create(person=person, skill=skill),
        "certificates": Certificate.objects.create(person=person, name="PMP"),
        "allocations": Allocation.objects.create(project=world.project, person=person, code="L1", **_DATES),
        "equipment": rig,
        "equipment-bookings": EquipmentBooking.objects.create(
            equipment=rig, project=world.project, code="B1", **_DATES
        ),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number, made = factories.number(), world.rows
    forms: dict[str, dict[str, Any]] = {
        "resource-roles": {"code": f"N{number}", "name_en": "New"},
        "skills": {"code": f"N{number}", "name_en": "New", "category": "testing"},
        "equipment": {
            "code": f"N{number}",
            "name_en": "New",
            "kind": "test_rig",
            "unit": world.unit.pk,
            "capacity": 1,
            "setup_hours": 0,
            "teardown_hours": 0,
            "status": "in_service",
        },
        "equipment-bookings": {
            "equipment": made["equipment"].pk,
            "project": world.project.pk,
            "quantity": 1,
            "state": "requested",
            **_DATES,
        },
    }
    if key in forms:
        return forms[key]
    person = _person(world).pk
    return {
        "pool": {
            "person": person,
            "role": made["resource-roles"].pk,
            "availability": 100,
            "pool_from": "2026-01-01",
            "currency": "CNY",
        },
        "person-skills": {"person": person, "skill": made["skills"].pk, "level": 3},
        "certificates": {"person": person, "name": "New"},
        "allocations": {
            "project": world.project.pk,
            "person": person,
            "percent": 50,
            "state": "proposed",
            **_DATES,
        },
    }[key]


def address(world: Any, args: str) -> dict[str, Any] | None:
    """URL arguments of the room's other routes."""
    del world
    return {"kind": "csv"} if args == "capacity-file" else None
