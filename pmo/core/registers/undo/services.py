"""Remembering a change in its own transaction, and taking it back within ten minutes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.models import AuditEntry
from pmo.core.records.models import Record
from pmo.core.registers.declaration import Register, get_register
from pmo.core.registers.undo.models import UndoEntry, UndoRow
from pmo.core.registers.undo.restoring import restore_chunk
from pmo.core.registers.undo.snapshots import differing, snapshots

WINDOW = datetime.timedelta(minutes=10)
CHUNK = 100
# Above this many rows a change and its undo are jobs.
AT_ONCE = 200
KEPT = datetime.timedelta(days=7)
Progress = Callable[[int, int], None]


class UndoRefusedError(Exception):
    """The change cannot be taken back (any more)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def last_audit() -> int:
    """The newest entry of the audit trail: read before a change, later entries are what others did since."""
    newest: int | None = AuditEntry.objects.aggregate(last=Max("id"))["last"]
    return newest or 0


def undoable(register: Register) -> bool:
    """Whether changes of the register's rows can be taken back."""
    return issubclass(register.model, Record) and not register.read_only


def open_entry(
    *, actor: Actor, register: Register, kind: str, title: str, state: str = UndoEntry.State.DONE, **values: Any
) -> UndoEntry:
    """A new change of the actor. Call it in the transaction of the change."""
    return UndoEntry.objects.create(
        user=actor.user,
        register=register.key,
        kind=kind,
        title=title[:300],
        state=state,
        expires_at=timezone.now() + WINDOW,
        **values,
    )


def remember_edit(
    *, actor: Actor, register: Register, before: dict[str, Any], row: Any, since: int
) -> UndoEntry | None:
    """Keep how one row stood before it was changed. `before` is its snapshot, `since` the audit trail's end, both read
    before the change. None where nothing changed."""
    fresh: Any = register.model._base_manager.get(pk=row.pk)
    old, new = differing(before, snapshots(register, [fresh])[fresh.pk])
    if not new or not undoable(register):
        return None
    entry = open_entry(
        actor=actor,
        register=register,
        kind=UndoEntry.Kind.EDIT,
        title=str(row),
        matched=1,
        changed=1,
        last_audit=since,
    )
    add_rows(entry, [(row.pk, str(row), fresh.version, old, new)])
    return entry


def remember_delete(*, actor: Actor, register: Register, row: Any, since: int) -> UndoEntry | None:
    """Keep that one row was moved to the trash."""
    if not undoable(register):
        return None
    version = register.model._base_manager.values_list("version", flat=True).get(pk=row.pk)
    entry = open_entry(
        actor=actor,
        register=register,
        kind=UndoEntry.Kind.DELETE,
        title=str(row),
        matched=1,
        changed=1,
        last_audit=since,
    )
    add_rows(entry, [(row.pk, str(row), version, {}, {})])
    return entry


def add_rows(entry: UndoEntry, rows: list[tuple[int, str, int, dict[str, Any], dict[str, Any]]]) -> None:
    """Keep (id, label, version after, fields before, fields after) of changed rows."""
    UndoRow.objects.bulk_create(
        [
            UndoRow(entry=entry, row_id=pk, label=label[:300], version_after=version, before=before, after=after)
            for pk, label, version, before, after in rows
        ],
        batch_size=200,
    )


def entry_of(user: Any, uid: uuid.UUID) -> UndoEntry | None:
    """The user's change with this id; nobody sees another's."""
    return UndoEntry.objects.filter(user_id=user.pk, uid=uid).first()


def may_undo(entry: UndoEntry) -> bool:
    """Whether the change can still be taken back."""
    open_states = {UndoEntry.State.DONE, UndoEntry.State.FAILED}
    return bool(entry.changed) and entry.state in open_states and entry.expires_at > timezone.now()


def claim(entry: UndoEntry) -> None:
    """Take the change for its undo, so that two clicks undo once. Raises UndoRefusedError."""
    now = timezone.now()
    states = [UndoEntry.State.DONE, UndoEntry.State.FAILED]
    if not UndoEntry.objects.filter(pk=entry.pk, state__in=states, expires_at__gt=now).update(
        state=UndoEntry.State.UNDOING
    ):
        raise UndoRefusedError(why_not(entry))
    entry.state = UndoEntry.State.UNDOING


def why_not(entry: UndoEntry) -> str:
    """Why a change cannot be taken back."""
    entry.refresh_from_db()
    if entry.state in {UndoEntry.State.UNDONE, UndoEntry.State.UNDOING}:
        return _("This change was taken back already.")
    if entry.state == UndoEntry.State.RUNNING:
        return _("This change is still being made.")
    return _("The ten minutes for taking this change back are over.")


def undo(*, actor: Actor, entry: UndoEntry) -> UndoEntry:
    """Take the change back in one transaction; rows that others changed since stay and are named in `kept`.

    Raises UndoRefusedError where the time is over or it was taken back already.
    """
    with transaction.atomic():
        claim(entry)
        return restore_all(actor=actor, entry=entry)


def restore_all(*, actor: Actor, entry: UndoEntry, progress: Progress | None = None) -> UndoEntry:
    """Put the rows of a claimed change back, a hundred in a transaction; can be run again after a stop."""
    register = get_register(entry.register)
    waiting = list(entry.rows.filter(undone=False).order_by("pk").values_list("pk", flat=True))
    kept: list[dict[str, Any]] = []
    for start in range(0, len(waiting), CHUNK):
        if progress is not None:
            progress(start, len(waiting))
        with transaction.atomic():
            rows = list(entry.rows.filter(pk__in=waiting[start : start + CHUNK]).order_by("pk"))
            kept += restore_chunk(actor=actor, register=register, entry=entry, rows=rows)
            stay = {item["id"] for item in kept}
            UndoRow.objects.filter(pk__in=[row.pk for row in rows if row.row_id not in stay]).update(undone=True)
    return _finished(entry, kept)


def _finished(entry: UndoEntry, kept: list[dict[str, Any]]) -> UndoEntry:
    """Where nothing could be taken back, the change stays open for another attempt."""
    some = entry.rows.filter(undone=True).exists()
    entry.state = UndoEntry.State.UNDONE if some else UndoEntry.State.DONE
    entry.kept, entry.undone_at = kept, timezone.now() if some else None
    entry.save(update_fields=["state", "kept", "undone_at"])
    return entry


def forget_old() -> int:
    """Delete changes of past weeks; returns how many."""
    old = UndoEntry.objects.filter(expires_at__lt=timezone.now() - KEPT)
    count = old.count()
    old.delete()
    return count
