"""The audit trail as a register: readable words for models and acts, and what each entry changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.audit.models import AuditEntry
from pmo.core.registers.declaration import Column, Register, Tab, register_for
from pmo.core.registers.fields import protected_fields
from pmo.core.registers.history import action_label, entry_changes, name_shown


def model_label(value: Any, row: Any, lang: str) -> str:
    """`Milestone` for projects.milestone; the bare label for a model that is gone."""
    try:
        return str(apps.get_model(value)._meta.verbose_name)
    except (LookupError, ValueError):
        return str(value)


def actor_words(value: Any, row: Any, lang: str) -> str:
    """The name kept with the act; the system in the reader's language."""
    return name_shown(str(value))


def action_words(value: Any, row: Any, lang: str) -> str:
    """The act in words."""
    return str(action_label(value))


def changes_tab(request: HttpRequest, row: AuditEntry) -> HttpResponse:
    """What the entry changed; protected fields only for those who may see them everywhere."""
    return render(request, "registers/audit_changes.html", {"changes": changes_for(request.user, row)})


def changes_for(user: Any, row: AuditEntry) -> list[Any]:
    """The changed fields in words."""
    try:
        declared = register_for(apps.get_model(row.model))
    except (LookupError, ValueError):
        declared = None
    if declared is None:
        return []
    masked = {
        name
        for name, bound in protected_fields(declared).items()
        if not holds_everywhere(user, str(bound.column.permission))
    }
    return entry_changes(declared, row, masked, user)


AUDIT = Register(
    key="audit",
    model=AuditEntry,
    group="administration",
    icon="shield",
    order=60,
    read_only=True,
    code_field="",
    columns=[
        Column("at", primary=True),
        Column("actor_name", format=actor_words),
        Column("action", label=_("Act"), format=action_words),
        Column("model", format=model_label),
        Column("object_label", width="wide"),
        Column("object_id", label=_("Record number"), sortable=False),
        Column("reason"),
        Column("request_id"),
        Column("project_id", label=_("Project number"), sortable=False),
    ],
    default_columns=["at", "actor_name", "action", "model", "object_label", "reason"],
    default_sort=["-at"],
    search_fields=["actor_name", "object_label", "reason", "model"],
    empty=_("Nothing has happened yet."),
    tabs=[Tab("changes", _("What changed"), view=changes_tab)],
)
