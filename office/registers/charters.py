"""PMO charters, every revision."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office.models import PMOCharter
from office.services import charters
from pmo.core.registers.declaration import Column, FieldGroup, Register


def charter_url(row: Any) -> str:
    """The charter as a document."""
    return reverse("pmo-charter", kwargs={"pk": row.pk})


CHARTERS = Register(
    key="pmo-charters",
    model=PMOCharter,
    group="office",
    icon="file",
    order=30,
    columns=[
        Column("code", primary=True, width="narrow"),
        Column("revision", width="narrow"),
        Column("unit", link=True, sort="unit__path"),
        Column("state", kind="badge", tones={"draft": "quiet", "signed": "good", "replaced": "line"}),
        Column("sponsor"),
        Column("signed_on"),
        Column("review_on"),
        Column("sunset_on"),
        Column("executive"),
        Column("hr"),
        Column("head"),
        Column("executive_signed_at"),
        Column("hr_signed_at"),
        Column("head_signed_at"),
        Column("change_note", width="wide"),
    ],
    default_columns=["code", "revision", "unit", "state", "sponsor", "signed_on", "review_on", "sunset_on"],
    default_sort=["unit", "-revision"],
    group_by=["unit", "state", "sponsor"],
    search_fields=["code", "problem", "mandate", "scope", "success_measures"],
    form_fields=[
        "unit",
        "problem",
        "mandate",
        "scope",
        "success_measures",
        "sponsor",
        "executive",
        "hr",
        "head",
        "review_on",
        "sunset_on",
    ],
    field_groups=[
        FieldGroup(_("Why and what for"), ("unit", "problem", "mandate", "scope", "success_measures")),
        FieldGroup(_("Who stands behind it"), ("sponsor", "executive", "hr", "head")),
        FieldGroup(_("How long"), ("review_on", "sunset_on")),
    ],
    state_field="state",
    create=charters.create_charter,
    update=charters.update_charter,
    delete=charters.delete_charter,
    restore=charters.restore_charter,
    detail_url=charter_url,
    empty=_("No charter yet. A charter says which problem a PMO solves, what it may decide and who stands behind it."),
)
