"""PMO units."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office.models import PMOUnit
from office.services.units import delete_unit
from pmo.core.records.trees import create_in_tree, update_in_tree
from pmo.core.registers.declaration import Column, FieldGroup, Register

TYPE_TONES = {"supportive": "quiet", "controlling": "warn", "directive": "info", "strategic": "good"}


def unit_url(row: Any) -> str:
    """The profile of the unit."""
    return reverse("pmo-unit", kwargs={"pk": row.pk})


UNITS = Register(
    key="pmo-units",
    model=PMOUnit,
    group="office",
    icon="building",
    order=20,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("PMO unit"), primary=True),
        Column("level"),
        Column("parent", link=True, sort="path"),
        Column("type", kind="badge", tones=TYPE_TONES),
        Column("type_label"),
        Column("function"),
        Column("function_label"),
        Column("head"),
        Column("org_unit", link=True, sort="org_unit__path"),
        Column("fte", sum=True),
        Column("founded_on"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "level", "parent", "type", "function", "head", "org_unit", "fte", "founded_on"],
    default_sort=["parent", "code"],
    group_by=["level", "type", "function", "head"],
    search_fields=["code", "name_zh", "name_en", "mission", "type_label", "function_label"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "level",
        "parent",
        "type",
        "type_label",
        "function",
        "function_label",
        "head",
        "org_unit",
        "fte",
        "founded_on",
        "mission",
    ],
    inline_fields=["function", "head", "fte", "founded_on"],
    field_groups=[
        FieldGroup(_("Name"), ("code", "name_zh", "name_en")),
        FieldGroup(_("Place"), ("level", "parent", "org_unit", "head")),
        FieldGroup(_("Kind of PMO"), ("type", "type_label", "function", "function_label")),
        FieldGroup(_("Identity"), ("mission", "founded_on", "fte")),
    ],
    create=create_in_tree,
    update=update_in_tree,
    delete=delete_unit,
    detail_url=unit_url,
    empty=_("No PMO on file yet. Begin with the enterprise PMO; those of departments stand below it."),
)
