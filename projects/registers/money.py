"""Budget lines and actual costs: rows and amounts are for those who may see money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from projects.access import MONEY
from projects.models import BudgetLine, CostLine
from projects.registers.common import PROJECT

_AMOUNT = Column("amount", permission=MONEY, sum=True)

BUDGET_LINES = Register(
    key="budget-lines",
    model=BudgetLine,
    group="projects",
    icon="money",
    order=40,
    columns=[
        Column("code", primary=True),
        PROJECT,
        Column("period"),
        Column("kind"),
        Column("category"),
        _AMOUNT,
        Column("currency"),
        Column("note"),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "period", "kind", "category", "amount", "currency", "note"],
    default_sort=["project", "period"],
    group_by=["project", "kind", "category", "period", "currency"],
    search_fields=["code", "note", "project__code", "project__name_zh", "project__name_en"],
    form_fields=["project", "code", "period", "kind", "category", "amount", "currency", "note"],
    inline_fields=["period", "kind", "category", "amount", "note"],
    empty=_("No budget lines yet. The sum of a project's budget lines is its budget at completion."),
)

COST_LINES = Register(
    key="cost-lines",
    model=CostLine,
    group="projects",
    icon="money",
    order=41,
    columns=[
        Column("code", primary=True),
        PROJECT,
        Column("booked_on"),
        Column("kind"),
        Column("category"),
        _AMOUNT,
        Column("currency"),
        Column("note"),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "booked_on", "kind", "category", "amount", "currency", "note"],
    default_sort=["-booked_on"],
    group_by=["project", "kind", "category", "currency"],
    search_fields=["code", "note", "project__code", "project__name_zh", "project__name_en"],
    form_fields=["project", "code", "booked_on", "kind", "category", "amount", "currency", "note"],
    inline_fields=["booked_on", "kind", "category", "amount", "note"],
    empty=_("No actual costs yet. Book what was spent; a correction is a negative line."),
)
