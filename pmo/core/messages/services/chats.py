"""Keeping chat groups. The robot's address is sealed: nobody reads it again, it can only be replaced."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.messages.channels.robots import robot_of, seal_text
from pmo.core.messages.models import ChatGroup
from pmo.core.messages.safe_http import UnsafeAddress
from pmo.core.messages.scopes import all_scopes
from pmo.core.messages.sealing import seal
from pmo.core.messages.services.webhooks import audit, checked_events, save_changed

_SHOWN = 4


def save_chat_group(
    *,
    actor: Actor,
    row: ChatGroup,
    name: str,
    kind: str,
    language: str,
    events: list[str],
    scope: str = "",
    address: str = "",
    secret: str = "",
) -> ChatGroup:
    """Make a group (a row without an id) or change one. `scope` is "portfolio:7" or "" for everything.

    An empty `address` keeps the one there is; a group of another tool needs a new one. Raises ValidationError by field.
    """
    shown = ("name", "kind", "language", "events", "scope_kind", "scope_id")
    old = {field: getattr(row, field) for field in shown}
    row.name, row.kind, row.language, row.events = name.strip(), kind, language, checked_events(events)
    row.scope_kind, row.scope_id = checked_scope(scope)
    if address.strip():
        _check_address(kind, address, secret)
        row.address, row.hint = seal(seal_text(address, secret)), address.strip()[-_SHOWN:]
    elif row.pk is None or kind != old["kind"]:
        raise ValidationError({"address": _("Enter the address of the robot.")})
    row.full_clean()
    with transaction.atomic():
        if row.pk is None:
            row.save(force_insert=True)
            audit(actor, row, "create", {field: [None, getattr(row, field)] for field in shown})
            return row
        if address.strip():
            ChatGroup.objects.filter(pk=row.pk).update(address=row.address, hint=row.hint)
            audit(actor, row, "new address", {})
        save_changed(actor, row, old)
    return row


def _check_address(kind: str, address: str, secret: str) -> None:
    try:
        robot_of(kind, address, secret)
    except KeyError as error:
        raise ValidationError({"kind": _("There is no such tool.")}) from error
    except UnsafeAddress as error:
        raise ValidationError({"address": error.message}) from error


def checked_scope(text: str) -> tuple[str, int | None]:
    """The kind and id of "portfolio:7". Raises ValidationError for one that does not exist."""
    if not text:
        return "", None
    kind, _colon, number = text.partition(":")
    scope = next((one for one in all_scopes() if one.kind == kind), None)
    if scope is None or not number.isdigit() or int(number) not in {pk for pk, _name in scope.choices()}:
        raise ValidationError({"scope": _("There is no such portfolio.")})
    return kind, int(number)


def scope_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Choices of the form: what groups may be limited to, by kind."""
    return [(scope.label, [(f"{scope.kind}:{pk}", name) for pk, name in scope.choices()]) for scope in all_scopes()]
