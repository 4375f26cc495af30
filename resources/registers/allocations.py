"""Allocations of people to projects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from resources.models import Allocation
from resources.registers.common import PERSON, PERSON_SEARCH, PROJECT, PROJECT_SEARCH, UNIT
from resources.services import allocations

ALLOCATIONS = Register(
    key="allocations",
    model=Allocation,
    group="resources",
    icon="swap",
    order=32,
    columns=[
        Column("code", primary=True, width="narrow"),
        PERSON,
        UNIT,
        PROJECT,
        Column("project__priority", label=_("Priority")),
        Column("role"),
        Column("starts_on"),
        Column("ends_on"),
        Column("percent", kind="percent"),
        Column("state", kind="badge", tones={"proposed": "warn", "committed": "good", "cancelled": "quiet"}),
        Column("note", width="wide"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "person",
        "project",
        "project__priority",
        "role",
        "starts_on",
        "ends_on",
        "percent",
        "state",
    ],
    default_sort=["-starts_on"],
    group_by=["person", "project", "person__unit", "role", "state", "project__priority"],
    search_fields=["code", "note", *PERSON_SEARCH, *PROJECT_SEARCH],
    form_fields=["project", "person", "role", "starts_on", "ends_on", "percent", "state", "note"],
    inline_fields=["percent", "starts_on", "ends_on", "state", "note"],
    state_field="state",
    create=allocations.create_allocation,
    update=allocations.update_allocation,
    delete=allocations.delete_allocation,
    restore=allocations.restore_allocation,
    empty=_("No allocations yet. A project manager proposes, the resource manager of the person's unit commits."),
    description=_("Who is promised to which project, for what share of a full week."),
)
