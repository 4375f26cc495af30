"""The matrices as a register; cells and labels are edited on a page of their own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Link, Register
from risks.models import RiskMatrix
from risks.services.matrices import create_matrix, delete_matrix, update_matrix


def _ready_made(request: Any) -> str:
    return reverse("risk-scales")


def _cells(row: Any) -> str:
    return reverse("risk-matrix-edit", kwargs={"pk": row.pk})


MATRICES = Register(
    key="risk-matrices",
    model=RiskMatrix,
    group="risks",
    icon="gear",
    order=70,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Risk matrix"), primary=True),
        Column("is_default"),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "is_default", "updated_at"],
    default_sort=["code"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "is_default"],
    inline_fields=["is_default"],
    create=create_matrix,
    update=update_matrix,
    delete=delete_matrix,
    list_links=[Link(_("Ready-made matrices"), _ready_made, icon="download", permission="risks.riskmatrix.add")],
    detail_links=[
        Link(_("Edit cells and steps"), _cells, icon="edit", permission="risks.riskmatrix.change"),
    ],
    empty=_("No matrices yet. Until there is one, the common 5×5 holds."),
)
