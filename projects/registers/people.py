"""Stakeholders and members of projects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from projects.models import ProjectMember, Stakeholder
from projects.registers.common import PROJECT
from projects.services import members

STAKEHOLDERS = Register(
    key="stakeholders",
    model=Stakeholder,
    group="projects",
    icon="people",
    order=70,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True),
        Column("person"),
        Column("party"),
        Column("role"),
        Column("external"),
        Column("is_key"),
        Column("power"),
        Column("interest"),
        Column("engagement"),
        Column("desired"),
        Column("last_contact"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "party",
        "role",
        "is_key",
        "power",
        "interest",
        "engagement",
        "desired",
        "last_contact",
    ],
    default_sort=["-is_key", "name"],
    group_by=["project", "engagement", "party", "is_key"],
    search_fields=["code", "name", "party", "role", "project__code", "project__name_zh", "project__name_en"],
    form_fields=[
        "project",
        "code",
        "name",
        "person",
        "party",
        "role",
        "external",
        "is_key",
        "power",
        "interest",
        "engagement",
        "desired",
        "last_contact",
        "note",
    ],
    inline_fields=["party", "role", "is_key", "power", "interest", "engagement", "desired", "last_contact"],
    detail_fields=["note"],
    empty=_("No stakeholders yet. Start with those who can stop the project."),
)

MEMBERS = Register(
    key="project-members",
    model=ProjectMember,
    group="projects",
    icon="people",
    order=80,
    columns=[PROJECT, Column("person", primary=True), Column("role"), Column("updated_at")],
    default_columns=["project", "person", "role"],
    default_sort=["project"],
    group_by=["project", "role", "person"],
    search_fields=[
        "person__name_zh",
        "person__name_en",
        "person__code",
        "project__code",
        "project__name_zh",
        "project__name_en",
    ],
    form_fields=["project", "person", "role"],
    inline_fields=["role"],
    create=members.create_member,
    update=members.update_member,
    restore=members.restore_member,
    empty=_("No members yet. The project manager and the sponsor need no entry here."),
)
