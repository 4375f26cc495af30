"""Putting rows back: through the register's own services, unless somebody changed them since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.access.api import allowed_q
from pmo.core.audit.actor import Actor
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import update_record
from pmo.core.registers.declaration import Register
from pmo.core.registers.history import who_acted
from pmo.core.registers.services import delete_row, restore_row, update_row
from pmo.core.registers.undo.models import UndoEntry, UndoRow
from pmo.core.registers.undo.rows import Refusal, RowRefusedError, plain_rows, refusal, with_each
from pmo.core.registers.undo.snapshots import records_named, restored_values, snapshots

_EDITS = {UndoEntry.Kind.EDIT.value, UndoEntry.Kind.BULK_EDIT.value}
_DELETIONS = {UndoEntry.Kind.DELETE.value, UndoEntry.Kind.BULK_DELETE.value}


def restore_chunk(*, actor: Actor, register: Register, entry: UndoEntry, rows: list[UndoRow]) -> list[Refusal]:
    """Put the rows back; returns those that stay as they are, with the reason. Call it inside a transaction."""
    kept: list[Refusal] = []
    known = {row.row_id: row for row in rows}
    current = plain_rows(register, known)
    gone = known.keys() - {row.pk for row in current}
    kept += [refusal(pk, known[pk].label, _("It does not exist any more.")) for pk in sorted(gone)]
    others = _changed_by_others(register, entry, [row for row in current if row.version != known[row.pk].version_after])
    allowed = _allowed(actor, register, entry, list(known))
    put_back = _edits_back if entry.kind in _EDITS else _delete_back if entry.kind in _DELETIONS else _trash_again
    act = put_back(actor, register, entry, known)

    def one(row: Any) -> bool:
        if row.pk in others:
            raise RowRefusedError(_("Changed since by %(who)s.") % {"who": others[row.pk]})
        if row.pk not in allowed:
            raise RowRefusedError(_("Your roles do not let you change it any more."))
        return act(row)

    with_each(register, current, one, kept)
    return kept


def _changed_by_others(register: Register, entry: UndoEntry, rows: list[Any]) -> dict[int, str]:
    """{row id: who} of rows that somebody else changed after the change."""
    if not rows:
        return {}
    acts = AuditEntry.objects.filter(
        model=register.model._meta.label_lower, object_id__in=[row.pk for row in rows], id__gt=entry.last_audit
    ).exclude(actor_id=entry.user_id)
    return {int(act.object_id or 0): who_acted(act) for act in acts.select_related("actor__person").order_by("id")}


def _allowed(actor: Actor, register: Register, entry: UndoEntry, ids: list[int]) -> set[int]:
    action = "change" if entry.kind in _EDITS else "delete"
    rows = register.model._base_manager.filter(allowed_q(actor.user, register.model, action), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


Back = Callable[[Any], bool]


def _edits_back(actor: Actor, register: Register, entry: UndoEntry, known: dict[int, UndoRow]) -> Back:
    records = records_named(register.model, [row.before for row in known.values()])
    reason = _reason(entry)

    def back(row: Any) -> bool:
        was = known[row.pk]
        if row.deleted_at is not None:
            raise RowRefusedError(_("It is in the trash."))
        now = snapshots(register, [row])[row.pk]
        if any(now.get(name) != value for name, value in was.after.items()):
            raise RowRefusedError(_("You changed it again since."))
        values = restored_values(register, was.before, register.form_fields, records)
        if values:
            update_row(
                register=register, actor=actor, row=row, values=values, expected_version=row.version, reason=reason
            )
        _put_the_rest_back(actor, register, row.pk, was, records, reason)
        return True

    return back


def _put_the_rest_back(
    actor: Actor, register: Register, pk: int, was: UndoRow, records: dict[str, dict[int, Any]], reason: str
) -> None:
    """Fields that the register's service had set by itself and did not take back by itself."""
    model = register.model
    fresh: Any = model._base_manager.get(pk=pk)
    now = snapshots(register, [fresh])[pk]
    left = {name: value for name, value in was.before.items() if now.get(name) != value}
    names = [field.name for field in model._meta.concrete_fields if field.attname in left]
    if names:
        values = restored_values(register, left, names, records)
        update_record(actor=actor, row=fresh, values=values, expected_version=fresh.version, reason=reason)


def _delete_back(actor: Actor, register: Register, entry: UndoEntry, known: dict[int, UndoRow]) -> Back:
    reason = _reason(entry)

    def back(row: Any) -> bool:
        if row.deleted_at is None:
            raise RowRefusedError(_("It is not in the trash any more."))
        restore_row(register=register, actor=actor, row=row, reason=reason)
        return True

    return back


def _trash_again(actor: Actor, register: Register, entry: UndoEntry, known: dict[int, UndoRow]) -> Back:
    reason = _reason(entry)

    def back(row: Any) -> bool:
        if row.deleted_at is not None:
            raise RowRefusedError(_("It is in the trash."))
        delete_row(register=register, actor=actor, row=row, expected_version=row.version, reason=reason)
        return True

    return back


def _reason(entry: UndoEntry) -> str:
    return _("Taken back: %(title)s") % {"title": entry.title}
