"""Writing rows of a register: through the services it declares, else the kernel's, with access decided around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.api import can, has_any, scope_id_of
from pmo.core.audit.actor import Actor
from pmo.core.records.services import create_record, delete_record, restore_record, update_record
from pmo.core.registers.beside import is_beside
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
    values = getattr(row, "beside_values", {})
    if register.beside is None or not values:
        return create(actor=actor, row=row, reason=reason)
    with transaction.atomic():
        made = create(actor=actor, row=row, reason=reason)
        saved = row if made is None else made
        return register.beside.write(
            actor=actor, row=saved, values=values, expected_version=None, reason=reason, fresh=True
        )


def update_row(
    *, register: Register, actor: Actor, row: Any, values: dict[str, Any], expected_version: int, reason: str = ""
) -> Any:
    """Set the values that differ. Raises StaleRecord, Refused, FieldRefusedError or ValidationError by field."""
    own = {name: value for name, value in values.items() if not is_beside(register, name)}
    other = _changed_beside(register, row, {name: value for name, value in values.items() if name not in own})
    changed = [name for name, value in own.items() if _differs(row, name, value)]
    _check_fixed(register, row, changed)
    check_protected(register, actor, row, [*changed, *other])
    _check_move(actor, row, own)
    update = register.update or update_record
    if register.beside is None or not other:
        return update(actor=actor, row=row, values=own, expected_version=expected_version, reason=reason)
    with transaction.atomic():
        if own:
            row = update(actor=actor, row=row, values=own, expected_version=expected_version, reason=reason)
            expected_version = row.version
        return register.beside.write(
            actor=actor, row=row, values=other, expected_version=expected_version, reason=reason, fresh=False
        )


def _check_fixed(register: Register, row: Any, names: Sequence[str]) -> None:
    """Refuse fields whose values come from elsewhere. Raises ValidationError by field."""
    if register.fixed is None or not names:
        return
    fixed = register.fixed([row]).get(row.pk, {})
    problems = {name: fixed[name].refusal for name in names if name in fixed}
    if problems:
        raise ValidationError(problems)


def _changed_beside(register: Register, row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values kept outside the model that say something new."""
    if register.beside is None or not values:
        return {}
    held = register.beside.values([row.pk], values)[row.pk]
    return {name: value for name, value in values.items() if register.beside.differs(name, held[name], value)}


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
        column = register.column(name)
        needed = [column.permission if name in protected else None, column.edit_permission] if column else []
        for permission in filter(None, needed):
            decision = can(actor.user, permission, row)
            if not decision:
                raise FieldRefusedError(name, decision.reason)


def not_editable(register: Register, user: Any, row: Any) -> set[str]:
    """Form fields for which the user lacks the right of their own on the row; None: anywhere. At most one query per right."""
    asked: dict[str, bool] = {}
    found = set()
    for column in register.all_columns:
        right = column.edit_permission
        if right and column.field in register.form_fields:
            if right not in asked:
                asked[right] = has_any(user, right) if row is None else bool(can(user, right, row))
            if not asked[right]:
                found.add(column.field)
    return found


def writable_at_all(register: Register, user: Any) -> list[str]:
    """Form fields for a new row: protected ones only for users who hold their permission somewhere."""
    protected = protected_fields(register)
    closed = not_editable(register, user, None)
    return [
        name
        for name in register.form_fields
        if name not in closed and (name not in protected or has_any(user, str(protected[name].column.permission)))
    ]


def _differs(row: Any, name: str, value: Any) -> bool:
    return bool(getattr(row, name) != value)


def _check_move(actor: Actor, row: Any, values: dict[str, Any]) -> None:
    """A row moved into another project (portfolio, unit), itself or with what it hangs on, needs the right to add there.

    It names nothing that the actor does not see.
    """
    kind, scope = getattr(type(row), "access_scope", ("organisation", ""))
    if kind == "organisation" or scope in {"id", "pk"}:
        return
    first = scope.split("__")[0].removesuffix("_id")
    names = (first, *getattr(type(row), "access_also", ()))
    changed = [name for name in names if values.get(name) is not None and values[name].pk != getattr(row, f"{name}_id")]
    if not changed:
        return
    moved = type(row)(**{name: values[name] if name in changed else getattr(row, name) for name in names})
    if changed == [first] and scope_id_of(moved) == scope_id_of(row):
        return
    decision = can(actor.user, "add", moved)
    if not decision:
        raise ValidationError({changed[0]: _("You may not add rows there. %(reason)s") % {"reason": decision.reason}})
