"""The risk breakdown structure as a register."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.records.trees import create_in_tree, update_in_tree
from pmo.core.registers.declaration import Column, Link, Register
from risks.models import RiskCategory
from risks.queries.counts import open_in_category


def _ready_made(request: Any) -> str:
    return reverse("risk-taxonomies")


def _risks_below(row: Any) -> str:
    return reverse("register-list", kwargs={"key": "risks"}) + f"?open=1&within={row.pk}"


CATEGORIES = Register(
    key="risk-categories",
    model=RiskCategory,
    group="risks",
    icon="tree",
    order=60,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Risk category"), primary=True),
        Column("parent", link=True, sort="path"),
        Column(
            "risks_open",
            label=_("Open risks, with all below"),
            kind="number",
            annotate=open_in_category,
            filterable=False,
            how=_("Open risks that you may see, in the category and everything below it."),
        ),
        Column("updated_at"),
    ],
    default_columns=["code", "name", "parent", "risks_open"],
    default_sort=["code"],
    group_by=["parent"],
    search_fields=["code", "name_zh", "name_en"],
    form_fields=["code", "name_zh", "name_en", "parent"],
    inline_fields=["parent"],
    create=create_in_tree,
    update=update_in_tree,
    list_links=[Link(_("Ready-made categories"), _ready_made, icon="download", permission="risks.riskcategory.add")],
    detail_links=[Link(_("Open risks"), _risks_below, icon="alert")],
    empty=_("No categories yet. Load a ready-made risk breakdown structure, or add your own."),
)
