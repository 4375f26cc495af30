"""Strategic objectives and contributions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from portfolio.models import Contribution, Objective

OBJECTIVES = Register(
    key="objectives",
    model=Objective,
    group="portfolio",
    icon="target",
    order=10,
    columns=[
        Column("code"),
        Column("name", label=_("Strategic objective"), primary=True),
        Column("perspective"),
        Column("parent", link=True),
        Column("owner"),
        Column("measure"),
        Column("baseline"),
        Column("target"),
        Column("actual"),
        Column("due_on"),
    ],
    default_columns=["code", "name", "perspective", "owner", "measure", "baseline", "target", "actual", "due_on"],
    default_sort=["code"],
    group_by=["perspective", "parent", "owner"],
    search_fields=["code", "name_zh", "name_en", "measure"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "perspective",
        "parent",
        "owner",
        "measure",
        "baseline",
        "target",
        "actual",
        "due_on",
    ],
    inline_fields=["owner", "target", "actual", "due_on"],
    empty=_("No objectives yet. Projects are chosen by what they contribute to objectives."),
)
CONTRIBUTIONS = Register(
    key="contributions",
    model=Contribution,
    group="portfolio",
    icon="pulse",
    order=20,
    columns=[
        Column("objective", link=True, sort="objective__code"),
        Column("project", link=True, primary=True, sort="project__code"),
        Column("weight", kind="percent", sum=True),
        Column("updated_at"),
    ],
    default_columns=["objective", "project", "weight"],
    default_sort=["objective", "-weight"],
    group_by=["objective", "project"],
    search_fields=["project__code", "project__name_zh", "project__name_en", "objective__name_zh", "objective__name_en"],
    form_fields=["objective", "project", "weight"],
    inline_fields=["weight"],
    empty=_("No contributions yet. Say which project serves which objective, and how much."),
)
