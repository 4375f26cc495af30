"""Writing rows of a register: through the services it declares, else the kernel's, with access decided around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pmo.core.access.api import can, has_any
from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import protected_fields


class FieldRefusedError(Exception):
    """The user may not write this field here."""

    def __init__(self, field: str, reason: Any) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


def create_row(*, register: Register, actor: Actor, row: Any, given: Iterable[str], reason: str = "") -> Any:
    """Save a new row. `given` names the fields the user filled in.

    Raises Refused (not allowed in this scope), FieldRefusedError (protected field), ValidationError by field.
    """
    can(actor.user, "add", row).or_raise()
    check_protected(register, actor, row, given)
    create = register.create or create_record
    return create(actor=actor, row=row, reason=reason)


def update_row(
    *, register: Register, actor: Actor, row: Any, values: dict[str, Any], expected_version: int, reason: str = ""
) -> Any:
    """Set the values that differ. Raises StaleRecord, Refused, FieldRefusedError or ValidationError by field."""
    changed = [name for name, value in values.items() if _differs(row, name, value)]
    check_protected(register, actor, row, changed)
    _check_move(actor, row, values)
    update = register.update or update_record
    return update(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)


def delete_row(*, register: Register, actor: Actor, row: Any, expected_version: int | None, reason: str = "") -> None:
    """Move the row to the trash. Raises StaleRecord or ValidationError."""
    delete = register.delete or delete_record
    delete(actor=actor, row=row, expected_version=expected_version, reason=reason)


def restore_row(*, register: Register, actor: Actor, row: Any, reason: str = "") -> None:
    """Take the row out of the trash. Raises ValidationError where something stands in its place meanwhile."""
    restore = register.restore or restore_record
    restore(actor=actor, row=row, reason=reason)


def check_protected(register: Register, actor: Actor, row: Any, names: Iterable[str]) -> None:
    """Refuse protected fields on a row on which the actor lacks their permission."""
    protected = protected_fields(register)
    for name in names:
        permission = protected[name].column.permission if name in protected else None
        if permission:
            decision = can(actor.user, permission, row)
            if not decision:
                raise FieldRefusedError(name, decision.reason)


def writable_at_all(register: Register, user: Any) -> list[str]:
    """Form fields for a new row: protected ones only for users who hold their permission somewhere."""
    protected = protected_fields(register)
    return [
        name
        for name in register.form_fields
        if name not in protected or has_any(user, str(protected[name].column.permission))
    ]


def _differs(row: Any, name: str, value: Any) -> bool:
    return bool(getattr(row, name) != value)


def _check_move(actor: Actor, row: Any, values: dict[str, Any]) -> None:
    """A row moved into another project (portfolio, unit) needs the right to add there."""
    kind, scope = getattr(type(row), "access_scope", ("organisation", ""))
    name = scope.removesuffix("_id")
    if kind == "organisation" or scope in {"id", "pk"} or name not in values:
        return
    target = values[name]
    if target is None or target.pk == getattr(row, scope):
        return
    moved = type(row)(**{name: target})
    decision = can(actor.user, "add", moved)
    if not decision:
        raise ValidationError({name: _("You may not add rows there. %(reason)s") % {"reason": decision.reason}})
