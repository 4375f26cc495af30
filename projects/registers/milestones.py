"""Milestones."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from projects.models import Milestone
from projects.registers.common import PROJECT, SLIP
from projects.registers.plan_fed import fixed_by_plan, plan_notice

MILESTONES = Register(
    key="milestones",
    model=Milestone,
    group="projects",
    icon="flag",
    order=30,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True, width="wide"),
        Column("is_key"),
        Column("baseline_date"),
        Column("forecast_date"),
        Column("actual_date"),
        SLIP,
        Column("weight"),
        Column("owner"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "is_key",
        "baseline_date",
        "forecast_date",
        "actual_date",
        "slip",
        "owner",
    ],
    default_sort=["baseline_date"],
    group_by=["project", "owner", "is_key"],
    search_fields=["code", "name", "project__code", "project__name_zh", "project__name_en"],
    form_fields=[
        "project",
        "code",
        "name",
        "is_key",
        "weight",
        "baseline_date",
        "forecast_date",
        "actual_date",
        "owner",
        "note",
    ],
    inline_fields=["name", "is_key", "weight", "baseline_date", "forecast_date", "actual_date", "owner"],
    detail_fields=["note"],
    fixed=fixed_by_plan,
    notice=plan_notice,
    empty=_("No milestones yet. Add the dates the project is measured by."),
)
