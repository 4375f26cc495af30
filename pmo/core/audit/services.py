"""Writing the audit trail, and sealing it."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from pmo.core.audit.actor import Actor
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


def _digest(entry: AuditEntry, changes: dict[str, Any]) -> str:
    content = [
        entry.at.isoformat(),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.model,
        entry.object_id,
        entry.object_label,
        entry.project_id,
        entry.reason,
        entry.request_id,
        hashlib.sha256(json.dumps(changes, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


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
        entry.digest = _digest(entry, changes)
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
    with transaction.atomic():
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

    Entries younger than `settle_seconds` wait: a slower transaction may still commit a smaller id.
    """
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-last_entry_id").select_for_update().first()
        edge = timezone.now() - datetime.timedelta(seconds=settle_seconds)
        rows = list(
            AuditEntry.objects.filter(id__gt=last.last_entry_id if last else 0, at__lte=edge)
            .order_by("id")
            .values_list("id", "digest")[:20000]
        )
        if not rows:
            return 0
        head = _chain(last.head if last else "", [digest for _, digest in rows])
        AuditSeal.objects.create(
            first_entry_id=rows[0][0], last_entry_id=rows[-1][0], count=len(rows), head=head, sealed_at=timezone.now()
        )
        for listener in _sealed:
            listener(rows[0][0], rows[-1][0])
        return len(rows)


def _chain(head: str, digests: list[str]) -> str:
    for digest in digests:
        head = hashlib.sha256(f"{head}{digest}".encode()).hexdigest()
    return head


def broken_seals() -> list[int]:
    """Recompute the chain; returns ids of seals whose entries were changed, removed or reordered (empty: intact)."""
    broken, head = [], ""
    for link in AuditSeal.objects.order_by("last_entry_id"):
        entries = AuditEntry.objects.filter(id__gte=link.first_entry_id, id__lte=link.last_entry_id).order_by("id")
        digests = [_redigest(entry) for entry in entries.select_related("payload")]
        head = _chain(head, digests)
        if head != link.head or len(digests) != link.count:
            broken.append(link.pk)
            head = link.head
    return broken


def _redigest(entry: AuditEntry) -> str:
    payload: AuditPayload | None = getattr(entry, "payload", None)
    if payload is None:
        return entry.digest
    return _digest(entry, payload.changes)
