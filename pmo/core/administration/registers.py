"""The register of kept import mappings: renamed with what is inside."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.imports.kept import rename_mapping
from pmo.core.imports.models import ImportMapping
from pmo.core.registers.declaration import Column, Link, Register

IMPORT_MAPPINGS = Register(
    key="import-mappings",
    model=ImportMapping,
    group="administration",
    icon="swap",
    order=70,
    code_field="",
    columns=[Column("name", primary=True), Column("target"), Column("created_at"), Column("updated_at")],
    default_columns=["name", "target", "updated_at"],
    default_sort=["name"],
    group_by=["target"],
    search_fields=["name", "target"],
    form_fields=["name"],
    inline_fields=["name"],
    creatable=False,
    list_links=[Link(_("Ready-made, and from a file"), lambda request: reverse("import-mappings"), "swap")],
    update=rename_mapping,
    empty=_("No mappings yet. The import keeps one when you give it a name."),
)
