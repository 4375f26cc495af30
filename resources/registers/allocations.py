"""Allocations of people to projects."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.core.people.models import OrgUnit
from pmo.core.registers.declaration import Column, Filter, Register
from pmo.core.registers.values import is_id
from resources.models import Allocation, PersonSkill, PoolMember, ResourceRole, Skill
from resources.registers.common import PERSON, PERSON_SEARCH, PROJECT, PROJECT_SEARCH, UNIT
from resources.services import allocations


def _ids(texts: list[str], label: Any) -> list[int]:
    if not all(is_id(text) for text in texts):
        raise ValidationError(
            _("%(field)s: %(value)s is not the number of a record.") % {"field": label, "value": ", ".join(texts)[:200]}
        )
    return [int(text) for text in texts]


def of_pool_role(rows: Any, texts: list[str], user: Any) -> Any:
    """Allocations of people whose role in the pool is one of these."""
    del user
    members = PoolMember.objects.filter(role_id__in=_ids(texts, _("Role in the pool"))).order_by()
    return rows.filter(person_id__in=members.values("person_id"))


def with_skill(rows: Any, texts: list[str], user: Any) -> Any:
    """Allocations of people who have one of these skills."""
    del user
    people = PersonSkill.objects.filter(skill_id__in=_ids(texts, _("Skill"))).order_by()
    return rows.filter(person_id__in=people.values("person_id"))


def in_unit(rows: Any, texts: list[str], user: Any) -> Any:
    """Allocations of people of these units and everything below them."""
    del user
    below = Q(pk__in=[])
    for pk in _ids(texts, _("Unit")):
        below |= Q(person__unit__path__contains=f"/{pk}/")
    return rows.filter(below)


def _options(model: Any) -> Any:
    def read(user: Any) -> list[tuple[int, str]]:
        del user
        return [(row.pk, str(row)) for row in model.objects.all()]

    return read


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
    filters=[
        Filter("person"),
        Filter("project"),
        Filter("state"),
        Filter("starts_on"),
        Filter("ends_on"),
        Filter("percent", advanced=True),
        Filter("role", advanced=True),
        Filter("person__unit", advanced=True),
        Filter("project__priority", advanced=True),
        Filter(
            "pool_role", label=_("Role in the pool"), choices=_options(ResourceRole), apply=of_pool_role, advanced=True
        ),
        Filter("has_skill", label=_("Person has the skill"), choices=_options(Skill), apply=with_skill, advanced=True),
        Filter("in_unit", label=_("Unit and below"), choices=_options(OrgUnit), apply=in_unit, advanced=True),
    ],
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
