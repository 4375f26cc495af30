"""Rows of the pool for tests."""

from __future__ import annotations

import datetime
from typing import Any

from pmo.core.audit.actor import SYSTEM
from pmo.core.people.models import Person
from pmo.core.records.services import create_record
from projects.models import Project
from resources.models import Allocation, Equipment, EquipmentBooking, PoolMember, ResourceRole
from tests import factories

MONDAY = datetime.date(2026, 11, 16)
LONG_AGO = datetime.date(2026, 1, 1)


def role(**values: Any) -> ResourceRole:
    """A generic role."""
    return ResourceRole.objects.create(**{"code": f"R{factories.number()}", "name_en": "Test engineer", **values})


def member(person: Person | None = None, *, day: datetime.date = LONG_AGO, **values: Any) -> PoolMember:
    """Somebody in the pool, known since `day`."""
    given = {"role": values.pop("role", None) or role(), "pool_from": LONG_AGO, **values}
    row = PoolMember(person=person or factories.person(unit=factories.unit()), **given)
    return create_record(actor=SYSTEM, row=row, day=day)


def allocation(
    project: Project, person: Person, percent: int, *, day: datetime.date = LONG_AGO, **values: Any
) -> Allocation:
    """A committed allocation over the four weeks after `MONDAY`'s week began, known since `day`."""
    given = {
        "starts_on": MONDAY,
        "ends_on": MONDAY + datetime.timedelta(days=41),
        "state": Allocation.State.COMMITTED,
        **values,
    }
    row = Allocation(project=project, person=person, percent=percent, **given)
    return create_record(actor=SYSTEM, row=row, day=day)


def equipment(**values: Any) -> Equipment:
    """One test rig."""
    given = {"name_en": "Test rig", "unit": values.pop("unit", None) or factories.unit(), "capacity": 1, **values}
    return create_record(actor=SYSTEM, row=Equipment(**given), day=LONG_AGO)


def booking(rig: Equipment, project: Project, starts: Any, ends: Any, **values: Any) -> EquipmentBooking:
    """A confirmed booking, made without asking whether it fits."""
    given = {"state": EquipmentBooking.State.CONFIRMED, **values}
    row = EquipmentBooking(equipment=rig, project=project, starts_on=starts, ends_on=ends, **given)
    return create_record(actor=SYSTEM, row=row, day=LONG_AGO)
