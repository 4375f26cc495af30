"""Project charters: the list and the form; the page that reads like a document is the charter's own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, FieldGroup, Register
from projects.access import MONEY
from projects.models import ProjectCharter
from projects.registers.common import PROJECT
from projects.services import charters

_LIMITS = ("limit_spend", "limit_days", "limit_staff", "limit_scope", "escalation")
_SCOPE = ("scope_in", "scope_out", "approach", "assumptions", "constraints")


def charter_url(row: Any) -> str:
    """The charter's own page, under its project."""
    return reverse("project-charter", kwargs={"pk": row.project_id})


CHARTERS = Register(
    key="charters",
    model=ProjectCharter,
    group="projects",
    icon="key",
    order=22,
    columns=[
        Column("code", primary=True, width="narrow"),
        PROJECT,
        Column("state", kind="badge", tones={"draft": "quiet", "submitted": "info", "approved": "good"}),
        Column("revision"),
        Column("in_force"),
        Column("project__pm", label=_("Project manager"), kind="fk", link=False),
        Column("project__sponsor", label=_("Sponsor"), kind="fk", link=False),
        Column("limit_spend", permission=MONEY, kind="money", currency="project__currency"),
        Column("limit_days", kind="number"),
        Column("limit_staff", kind="number"),
        Column("submitted_on"),
        Column("approved_by"),
        Column("approved_on"),
        Column("effective_on"),
        Column("purpose", width="wide"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "state",
        "revision",
        "limit_spend",
        "limit_days",
        "limit_staff",
        "approved_by",
        "approved_on",
    ],
    default_sort=["project"],
    group_by=["state", "approved_by", "revision"],
    search_fields=["code", "purpose", "project__code", "project__name_zh", "project__name_en"],
    form_fields=["project", "code", "purpose", "background", *_SCOPE, *_LIMITS],
    field_groups=[
        FieldGroup(_("Charter"), ("project", "code", "purpose", "background")),
        FieldGroup(_("Scope and approach"), _SCOPE),
        FieldGroup(_("Limits of the project manager's authority"), _LIMITS),
    ],
    detail_fields=["background", *_SCOPE, "limit_scope", "escalation"],
    state_field="state",
    create=charters.create_charter,
    update=charters.update_charter,
    delete=charters.delete_charter,
    detail_url=charter_url,
    empty=_("No charters yet. A charter names the project manager and the limits of the authority that comes with it."),
)
