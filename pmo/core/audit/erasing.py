"""Taking data out of entries without breaking the chain: an audited act with a marker for each entry it touched."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction

from pmo.core.audit.actor import Actor
from pmo.core.audit.digests import entry_digest, markers_digest
from pmo.core.audit.models import AuditEntry, AuditErasure, AuditPayload
from pmo.core.audit.services import Act, content_of, record
from pmo.core.audit.verifying import MARKERS

CHUNK = 500
# What an entry says of people in fields of its own.
NAMED = ("actor_name", "object_label", "reason")

# Changes the entry's named fields in place and returns what becomes of its details (None: removed).
Redact = Callable[[AuditEntry, Any], Any]


def erase_from_entries(*, actor: Actor, entries: models.QuerySet[AuditEntry], redact: Redact, act: Act) -> int:
    """Redact the entries and record `act` with a digest of all markers; returns how many entries changed.

    One transaction. Entries that `redact` leaves as they are get no marker; nothing is recorded where none changed.
    """
    with transaction.atomic():
        markers: list[tuple[int, str]] = []
        last = 0
        while found := list(entries.filter(id__gt=last).select_related("payload").order_by("id")[:CHUNK]):
            markers += _redact(found, redact)
            last = found[-1].pk
        if not markers:
            return 0
        count, digest = markers_digest(markers)
        act.changes[MARKERS] = [None, {"count": count, "digest": digest}]
        told = record(actor=actor, act=act)
        _mark(told.pk, markers)
    return len(markers)


def _mark(act_id: int, markers: Iterable[tuple[int, str]]) -> None:
    rows = [AuditErasure(entry_id=entry_id, act_id=act_id, after=after) for entry_id, after in markers]
    AuditErasure.objects.bulk_create(rows, batch_size=CHUNK)


def _redact(found: list[AuditEntry], redact: Redact) -> list[tuple[int, str]]:
    entries, payloads, gone, markers = [], [], [], []
    for entry in found:
        payload: AuditPayload | None = getattr(entry, "payload", None)
        before = tuple(getattr(entry, name) for name in NAMED)
        details = None if payload is None else payload.changes
        after = redact(entry, copy.deepcopy(details))
        if tuple(getattr(entry, name) for name in NAMED) != before:
            entries.append(entry)
        elif after == details:
            continue
        if payload is not None and after is None:
            gone.append(entry.pk)
        elif payload is not None and after != details:
            payload.changes = after
            payloads.append(payload)
        markers.append((entry.pk, entry_digest(content_of(entry), after)))
    AuditEntry.objects.bulk_update(entries, NAMED, batch_size=100)
    AuditPayload.objects.bulk_update(payloads, ["changes"], batch_size=100)
    AuditPayload.objects.filter(entry_id__in=gone).delete()
    return markers
