"""Searching the audit trail: who, which act, which register, which request, and a text in what was changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import holds_everywhere
from pmo.core.records.json_text import as_text, holds_text
from pmo.core.records.models import Record
from pmo.core.registers.declaration import Filter, all_registers
from pmo.core.registers.fields import protected_fields
from pmo.core.registers.history import known_actions


def _any(values: list[str], *lookups: str) -> Q:
    """Rows for which one of the lookups holds one of the texts."""
    found = Q()
    for text in values:
        for lookup in lookups:
            found |= Q(**{lookup: text})
    return found


def by_person(rows: Any, values: list[str], user: Any) -> Any:
    """Acts of whoever is called so now or was called so then, by name or login."""
    names = ("actor_name", "actor__username", "actor__person__name_zh", "actor__person__name_en", "actor__person__code")
    return rows.filter(_any(values, *(f"{name}__icontains" for name in names)))


def by_action(rows: Any, values: list[str], user: Any) -> Any:
    """Acts of these kinds."""
    return rows.filter(action__in=values)


def by_register(rows: Any, values: list[str], user: Any) -> Any:
    """Acts on rows of these registers."""
    return rows.filter(model__in=values)


def by_request(rows: Any, values: list[str], user: Any) -> Any:
    """Everything one request, or one job, did."""
    return rows.filter(request_id__in=[text.strip() for text in values])


def by_changes(rows: Any, values: list[str], user: Any) -> Any:
    """Acts whose old or new values hold the text; registers with fields that the reader may not see are left out."""
    found = Q()
    for text in values:
        found |= holds_text("changes_text", text, lookup="icontains")
    return rows.exclude(model__in=_masked(user)).annotate(changes_text=as_text("payload__changes")).filter(found)


def _masked(user: Any) -> list[str]:
    """Models with fields that the reader may not see, and records that no register shows."""
    shown = {register.model for register in all_registers()}
    hidden: list[Any] = [model for model in apps.get_models() if issubclass(model, Record) and model not in shown]
    hidden += [
        register.model
        for register in all_registers()
        if any(not holds_everywhere(user, str(b.column.permission)) for b in protected_fields(register).values())
    ]
    return [model._meta.label_lower for model in hidden]


def action_choices() -> list[tuple[str, str]]:
    """The acts that have a word of their own."""
    return [(key, str(label)) for key, label in known_actions().items()]


def register_choices(user: Any) -> list[tuple[str, str]]:
    """Every kind of row that acts are about."""
    labels = {register.model._meta.label_lower: str(register.title) for register in all_registers()}
    for name in ("core.comment", "core.attachment"):
        labels.setdefault(name, str(apps.get_model(name)._meta.verbose_name_plural))
    return sorted(labels.items(), key=lambda pair: pair[1])


def filters() -> list[Filter]:
    """The filters of the trail that no column answers."""
    return [
        Filter("person", label=_("Person or login"), apply=by_person),
        Filter("act", label=_("Act"), choices=action_choices, apply=by_action),
        Filter("register", label=_("Register"), choices=register_choices, apply=by_register),
        Filter("changed", label=_("Text in the changes"), apply=by_changes),
        Filter("request", label=_("Request or job number"), apply=by_request, advanced=True),
    ]
