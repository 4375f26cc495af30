"""The pool: generic roles and the people in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from resources.access import RATE
from resources.models import PoolMember, ResourceRole
from resources.registers.common import PERSON_SEARCH, UNIT
from resources.services.pool import update_of_person

ROLES = Register(
    key="resource-roles",
    model=ResourceRole,
    group="resources",
    icon="tree",
    order=70,
    columns=[Column("code", width="narrow"), Column("name", label=_("Resource role"), primary=True), Column("note")],
    default_sort=["code"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "note"],
    inline_fields=["note"],
    empty=_("No resource roles yet. A role is what a project asks for before it knows the person."),
)

POOL = Register(
    key="pool",
    model=PoolMember,
    group="resources",
    icon="people",
    order=30,
    columns=[
        Column("person", primary=True, sort="person__code"),
        UNIT,
        Column("role"),
        Column("location"),
        Column("availability", kind="percent"),
        Column("pool_from"),
        Column("pool_until"),
        Column("person__line_manager", label=_("Line manager")),
        Column("cost_rate", permission=RATE, kind="money"),
        Column("currency"),
        Column("rate_from", permission=RATE),
        Column("updated_at"),
    ],
    default_columns=["person", "person__unit", "role", "location", "availability", "pool_from", "cost_rate"],
    default_sort=["person"],
    group_by=["person__unit", "role", "location"],
    search_fields=[*PERSON_SEARCH, "location"],
    form_fields=[
        "person",
        "role",
        "location",
        "availability",
        "pool_from",
        "pool_until",
        "cost_rate",
        "currency",
        "rate_from",
    ],
    inline_fields=["role", "location", "availability", "pool_until"],
    update=update_of_person,
    empty=_("Nobody is in the pool yet. Add the people who are allocated to projects."),
    description=_("People who can be allocated, with role and availability."),
)
