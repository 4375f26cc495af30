"""Benefits and what of them arrives by period. Amounts are for those who may see money; other units are for all."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, FieldGroup, Register
from projects.access import MONEY
from projects.models import Benefit, BenefitLine
from projects.registers.common import PROJECT
from projects.services import benefits


def _if(field: str, flag: str, *, monetary: bool) -> Any:
    """The field where the benefit is (not) money, else nothing."""
    return Case(When(**{flag: monetary}, then=F(field)), default=None)


def _amount(field: str, label: Any, flag: str = "monetary") -> Column:
    return Column(
        f"{field}_money",
        label=label,
        kind="money",
        annotate=_if(field, flag, monetary=True),
        currency="currency",
        permission=MONEY,
        sum=True,
        places=0,
    )


def _quantity(field: str, label: Any, flag: str = "monetary") -> Column:
    return Column(f"{field}_quantity", label=label, kind="number", annotate=_if(field, flag, monetary=False))


BENEFITS = Register(
    key="benefits",
    model=Benefit,
    group="projects",
    icon="trophy",
    order=45,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True, width="wide"),
        Column("kind", kind="badge", tones={"hard": "info", "soft": "quiet"}),
        Column("monetary"),
        _amount("planned_total", _("Planned money")),
        Column("currency"),
        _quantity("planned_total", _("Planned in its unit")),
        Column("unit"),
        Column("manner"),
        Column("direction"),
        Column("baseline", kind="number"),
        Column("planned_total", kind="number", permission=MONEY),
        Column("owner"),
        Column("anchor"),
        Column("starts_on"),
        Column("offset_months", kind="number"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "kind",
        "planned_total_money",
        "planned_total_quantity",
        "unit",
        "owner",
        "anchor",
    ],
    default_sort=["project", "code"],
    group_by=["project", "kind", "owner", "anchor", "currency"],
    search_fields=["code", "name", "note", "project__code", "project__name_zh", "project__name_en"],
    form_fields=[
        "project",
        "code",
        "name",
        "kind",
        "monetary",
        "currency",
        "unit",
        "manner",
        "direction",
        "baseline",
        "planned_total",
        "owner",
        "anchor",
        "starts_on",
        "offset_months",
        "note",
    ],
    field_groups=[
        FieldGroup(_("Benefit"), ("project", "code", "name", "kind", "owner", "note")),
        FieldGroup(
            _("How much"),
            ("monetary", "currency", "unit", "manner", "direction", "baseline", "planned_total"),
        ),
        FieldGroup(_("From when"), ("anchor", "starts_on", "offset_months")),
    ],
    inline_fields=["name", "owner"],
    detail_fields=["note"],
    create=benefits.create_benefit,
    update=benefits.update_benefit,
    empty=_("No benefits yet. Say what the organisation gets from its projects, how much, and from when."),
)

BENEFIT_LINES = Register(
    key="benefit-lines",
    model=BenefitLine,
    group="projects",
    icon="bars",
    order=46,
    columns=[
        Column("benefit", link=True, primary=True, width="wide"),
        PROJECT,
        Column("period"),
        _amount("planned", _("Planned money"), "benefit__monetary"),
        _amount("actual", _("Actual money"), "benefit__monetary"),
        Column("currency"),
        _quantity("planned", _("Planned in its unit"), "benefit__monetary"),
        _quantity("actual", _("Actual in its unit"), "benefit__monetary"),
        Column("benefit__unit", label=_("Unit")),
        Column("planned", kind="number", permission=MONEY),
        Column("actual", kind="number", permission=MONEY),
        Column("updated_at"),
    ],
    default_columns=[
        "benefit",
        "project",
        "period",
        "planned_money",
        "actual_money",
        "planned_quantity",
        "actual_quantity",
        "benefit__unit",
    ],
    default_sort=["project", "benefit", "period"],
    group_by=["project", "benefit", "period", "currency"],
    search_fields=["benefit__code", "benefit__name", "project__code", "project__name_zh", "project__name_en"],
    form_fields=["project", "benefit", "period", "planned", "actual"],
    inline_fields=["planned", "actual"],
    create=benefits.create_line,
    update=benefits.update_line,
    empty=_("No periods yet. Enter by month what a benefit shall bring, and later what it brought."),
)
