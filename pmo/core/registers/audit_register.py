"""The audit trail as a register: readable words for models and acts, and what each entry changed."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.audit.models import AuditEntry
from pmo.core.records.models import Record
from pmo.core.registers import audit_search
from pmo.core.registers.declaration import Column, Link, Register, Tab, register_for
from pmo.core.registers.fields import protected_fields
from pmo.core.registers.history import Change, action_label, changes_of, entry_changes, name_shown
from pmo.core.web import formats


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
    """The changed fields in words; of records that no register shows nothing, because nothing says who may see them."""
    try:
        model = apps.get_model(row.model)
    except (LookupError, ValueError):
        return []
    declared = register_for(model)
    if declared is None:
        return [] if issubclass(model, Record) else _bare(row)
    masked = {
        name
        for name, bound in protected_fields(declared).items()
        if not holds_everywhere(user, str(bound.column.permission))
    }
    return entry_changes(declared, row, masked, user)


def _bare(row: AuditEntry) -> list[Change]:
    """The values as they were noted, for rows that no register shows."""
    pairs = [(name, pair) for name, pair in changes_of(row).items() if isinstance(pair, list) and len(pair) == 2]
    return [Change(name, _noted(old), _noted(new), name) for name, (old, new) in pairs]


def _noted(value: Any) -> str:
    if value is None or value == "":
        return formats.EMPTY
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
    added_filters=audit_search.filters(),
    list_links=[Link(_("Check of the trail"), lambda request: reverse("audit-check"), icon="shield")],
    empty=_("Nothing has happened yet."),
    tabs=[Tab("changes", _("What changed"), view=changes_tab)],
)
