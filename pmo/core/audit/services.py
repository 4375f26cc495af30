"""Writing the audit trail, and sealing it."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from pmo.core.audit.actor import Actor
from pmo.core.audit.digests import Content, chained, entry_digest
from pmo.core.audit.models import AuditEntry, AuditPayload, AuditSeal


@dataclass(frozen=True)
class Act:
    """What one entry says. `model` is the label such as projects.milestone; `changes` is {field: [old, new]}."""

    action: str
    model: str
    object_id: int | None
    object_label: str = ""
    project_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def plain(value: Any) -> Any:
    """A JSON-safe form of a field's value."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value


def content_of(entry: AuditEntry) -> Content:
    """What the digest of the entry is made of."""
    return Content(*(getattr(entry, name) for name in Content._fields))


class Batch:
    """Entries that a bulk change writes together at its end. `place` and `back_to` drop those of a row that was refused."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.payloads: list[dict[str, Any]] = []

    def place(self) -> int:
        """Where the batch stands."""
        return len(self.entries)

    def back_to(self, place: int) -> None:
        """Forget what came after the place."""
        del self.entries[place:], self.payloads[place:]


_batch: ContextVar[Batch | None] = ContextVar("audit_batch", default=None)


@contextmanager
def batched() -> Iterator[Batch]:
    """Hold the entries of the block back and write them in one go at its end; use it inside the transaction of the change.

    Entries of the block have no id until then. A block that raises writes nothing, as its transaction does.
    """
    batch = Batch()
    token = _batch.set(batch)
    try:
        yield batch
    finally:
        _batch.reset(token)
    _write(batch.entries, batch.payloads)


def record(*, actor: Actor, act: Act) -> AuditEntry:
    """Append one entry; call it in the transaction of the change."""
    return record_many(actor=actor, acts=[act])[0]


def record_many(*, actor: Actor, acts: Iterable[Act]) -> list[AuditEntry]:
    """Append entries in two statements per 500, in the order given."""
    now = timezone.now()
    entries, payloads = [], []
    for act in acts:
        entry = AuditEntry(
            at=now,
            actor=actor.user,
            actor_name=actor.name[:150],
            action=act.action,
            model=act.model,
            object_id=act.object_id,
            object_label=act.object_label[:300],
            project_id=act.project_id,
            reason=act.reason.replace("\x00", "")[:500],
            request_id=actor.request_id,
        )
        changes = plain(act.changes)
        entry.digest = entry_digest(content_of(entry), changes)
        entries.append(entry)
        payloads.append(changes)
    batch = _batch.get()
    if batch is not None:
        batch.entries += entries
        batch.payloads += payloads
    else:
        _write(entries, payloads)
    return entries


def _write(entries: list[AuditEntry], payloads: list[dict[str, Any]]) -> None:
    # No savepoint: a change whose entry cannot be written is not to go on without it.
    with transaction.atomic(savepoint=False):
        AuditEntry.objects.bulk_create(entries, batch_size=500)
        AuditPayload.objects.bulk_create(
            [AuditPayload(entry=entry, changes=changes) for entry, changes in zip(entries, payloads, strict=True)],
            batch_size=500,
        )


# Told of the entries that were sealed, by the ids of the first and the last: (first, last).
SealedListener = Callable[[int, int], Any]
_sealed: list[SealedListener] = []


def when_sealed(listener: SealedListener) -> None:
    """Have the room told of entries once they are committed for good, in the background; each entry comes once."""
    if listener not in _sealed:
        _sealed.append(listener)


def seal(*, settle_seconds: int = 60) -> int:
    """Chain the entries that committed since the last seal, and tell the rooms that asked; returns how many.

    Entries younger than `settle_seconds` wait, and on PostgreSQL all of them while a transaction that wrote entries is still
    open: it may yet commit a smaller id, and a sealed range never gets another entry.
    """
    highest = _settled()
    if highest is None:
        return 0
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-last_entry_id").select_for_update().first()
        edge = timezone.now() - datetime.timedelta(seconds=settle_seconds)
        waiting = AuditEntry.objects.filter(id__gt=last.last_entry_id if last else 0, id__lte=highest)
        young = waiting.filter(at__gt=edge).order_by("id").values_list("id", flat=True).first()
        if young is not None:
            waiting = waiting.filter(id__lt=young)
        rows = list(waiting.order_by("id").values_list("id", "digest")[:20000])
        if not rows:
            return 0
        head = chained(last.head if last else "", [digest for _, digest in rows])
        AuditSeal.objects.create(
            first_entry_id=rows[0][0], last_entry_id=rows[-1][0], count=len(rows), head=head, sealed_at=timezone.now()
        )
        for listener in _sealed:
            listener(rows[0][0], rows[-1][0])
        return len(rows)


def _settled() -> int | None:
    """The highest id below which no entry can appear any more; None while an open transaction has written entries."""
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True)
    if connection.vendor != "postgresql":
        return newest.first() or 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Taken for one short read: it is granted only where nobody is in the middle of writing entries.
            cursor.execute(f"LOCK TABLE {AuditEntry._meta.db_table} IN SHARE MODE NOWAIT")
            return newest.first() or 0
    except OperationalError:
        return None
