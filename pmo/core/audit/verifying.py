"""Reading the whole trail and finding what was changed, removed, added or put in another order.

Every entry's digest is made again from its content, and the chain of the seals from the digests. Rows are read in chunks, so
that memory does not grow with the trail. What a check cannot see: entries removed before they were sealed (a minute or so),
and a tail removed together with its seals, unless a head kept elsewhere or an earlier check in the same database names it.
"""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pmo.core.audit.digests import Content, chained, entry_digest, markers_digest
from pmo.core.audit.models import AuditCheck, AuditEntry, AuditErasure, AuditPayload, AuditSeal

CHUNK = 2000
# Entries wait a minute for their seal, and for the next tick of the beat; longer than this means that nobody seals.
SEALED_WITHIN = datetime.timedelta(hours=1)
# Ids that one finding names at most.
MOST_IDS = 100
# The name under which an act's details hold the digest of its markers.
MARKERS = "erasures"

CHANGED = "changed"
PAYLOAD_REMOVED = "payload_removed"
REMOVED = "removed"
ADDED = "added"
REORDERED = "reordered"
TRUNCATED = "truncated"
UNSEALED = "unsealed"
MARKER = "marker"

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `ids` are those of entries; `seal` is the seal whose range holds them."""

    code: str
    ids: tuple[int, ...]
    seal: int | None = None
    count: int = 0


@dataclass
class Verdict:
    """What a check found. `head` belongs to the entries up to `last_entry_id`."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    erased: int = 0
    head: str = ""
    last_entry_id: int = 0
    _found: dict[tuple[str, int | None], tuple[list[int], int]] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong, one for each kind and seal."""
        return [Finding(code, tuple(ids), seal, count) for (code, seal), (ids, count) in self._found.items()]

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self._found

    def add(self, code: str, ids: Iterable[int], count: int, seal: int | None = None) -> None:
        """Note something wrong with `count` entries, the first of which are `ids`."""
        known, before = self._found.get((code, seal), ([], 0))
        self._found[code, seal] = (known + list(islice(ids, MOST_IDS - len(known))), before + count)


@dataclass(frozen=True)
class _Row:
    pk: int
    at: datetime.datetime
    stored: str


def verify(
    *,
    now: datetime.datetime,
    since: int = 0,
    expected: tuple[int, str] | None = None,
    told: Told | None = None,
    chunk: int = CHUNK,
) -> Verdict:
    """Check the trail from the seal that holds the entry `since` on.

    `expected` is a (last entry id, head) noted earlier and kept elsewhere. `told(entries read, last id)` hears of progress.
    """
    verdict = Verdict()
    before = AuditSeal.objects.filter(last_entry_id__lt=since).order_by("-last_entry_id").first() if since else None
    start = before.last_entry_id if before is not None else 0
    entries = _Reader(start, chunk, verdict, told)
    head = before.head if before is not None else ""
    last = before
    for seal in AuditSeal.objects.filter(last_entry_id__gte=since).order_by("last_entry_id").iterator(CHUNK):
        head, last = _check_seal(seal, head, entries, verdict), seal
        verdict.seals += 1
    verdict.head, verdict.last_entry_id = (last.head, last.last_entry_id) if last is not None else ("", 0)
    _check_unsealed(entries, now, verdict)
    _check_tail(expected, verdict)
    _check_markers(verdict)
    return verdict


class _Reader:
    """The entries in the order of their ids, a chunk at a time; each is checked against its own digest."""

    def __init__(self, after: int, chunk: int, verdict: Verdict, told: Told | None) -> None:
        self._after, self._chunk, self._verdict, self._told = after, chunk, verdict, told
        self._end = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self._held: deque[_Row] = deque()

    def up_to(self, last: int | None) -> Iterator[_Row]:
        """The entries that come next, as far as the id `last`."""
        while True:
            if not self._held and not self._fill():
                return
            while self._held:
                if last is not None and self._held[0].pk > last:
                    return
                yield self._held.popleft()

    def _fill(self) -> bool:
        fields = ("id", "digest", *Content._fields)
        found = list(
            AuditEntry.objects.filter(id__gt=self._after, id__lte=self._end)
            .order_by("id")
            .values_list(*fields)[: self._chunk]
        )
        if not found:
            return False
        ids = [row[0] for row in found]
        payloads = dict(AuditPayload.objects.filter(entry_id__in=ids).values_list("entry_id", "changes"))
        markers = dict(
            AuditErasure.objects.filter(entry_id__in=ids).order_by("act_id").values_list("entry_id", "after")
        )
        for pk, stored, *content in found:
            self._check(pk, stored, Content(*content), payloads, markers.get(pk))
            self._held.append(_Row(pk, content[0], stored))
        self._after = ids[-1]
        self._verdict.entries += len(ids)
        if self._told is not None:
            self._told(self._verdict.entries, self._after)
        return True

    def _check(self, pk: int, stored: str, content: Content, payloads: dict[int, Any], marker: str | None) -> None:
        found = entry_digest(content, payloads.get(pk))
        if marker is not None:
            self._verdict.erased += 1
        if found != (marker or stored):
            gone = pk not in payloads
            self._verdict.add(PAYLOAD_REMOVED if gone else CHANGED, [pk], 1)


def _check_seal(seal: AuditSeal, head: str, entries: _Reader, verdict: Verdict) -> str:
    """Compare one seal with its entries; what follows is judged by the head that the seal holds."""
    count = 0
    for row in entries.up_to(seal.last_entry_id):
        if row.pk < seal.first_entry_id:
            verdict.add(ADDED, [row.pk], 1, seal.pk)
            continue
        count, head = count + 1, chained(head, [row.stored])
    if head != seal.head or count != seal.count:
        _blame(seal, count, verdict)
    return seal.head


def _blame(seal: AuditSeal, count: int, verdict: Verdict) -> None:
    """Say what a broken seal tells of its entries; ids that are missing may be those of transactions that never ended."""
    inside = AuditEntry.objects.filter(id__gte=seal.first_entry_id, id__lte=seal.last_entry_id).order_by("id")
    missing = seal.count - count
    if missing > 0:
        there = set(inside.values_list("id", flat=True))
        gone = (pk for pk in range(seal.first_entry_id, seal.last_entry_id + 1) if pk not in there)
        verdict.add(REMOVED, gone, missing, seal.pk)
    elif missing < 0:
        verdict.add(ADDED, inside.values_list("id", flat=True)[:MOST_IDS], -missing, seal.pk)
    else:
        moments = list(inside.values_list("id", "at"))
        back = [pk for (_, earlier), (pk, at) in zip(moments, moments[1:], strict=False) if at < earlier]
        verdict.add(REORDERED, back or [seal.first_entry_id, seal.last_entry_id], seal.count, seal.pk)


def _check_unsealed(entries: _Reader, now: datetime.datetime, verdict: Verdict) -> None:
    for row in entries.up_to(None):
        verdict.unsealed += 1
        if row.at < now - SEALED_WITHIN:
            verdict.add(UNSEALED, [row.pk], 1)


def _check_tail(expected: tuple[int, str] | None, verdict: Verdict) -> None:
    """Heads noted earlier, here or elsewhere, must still be those of a seal."""
    noted = list(
        AuditCheck.objects.exclude(head="").order_by("-id").values_list("last_entry_id", "head").distinct()[:50]
    )
    if expected is not None:
        noted.append(expected)
    known = set(
        AuditSeal.objects.filter(last_entry_id__in=[last for last, _ in noted]).values_list("last_entry_id", "head")
    )
    lost = sorted({last for last, head in noted if (last, head) not in known})
    if lost:
        verdict.add(TRUNCATED, lost, len(lost))


def _check_markers(verdict: Verdict) -> None:
    """Every marker belongs to an audited act whose details hold the digest of all its markers."""
    for act_id in AuditErasure.objects.order_by("act_id").values_list("act_id", flat=True).distinct():
        rows = AuditErasure.objects.filter(act_id=act_id).order_by("entry_id").values_list("entry_id", "after")
        payload = AuditPayload.objects.filter(entry_id=act_id).values_list("changes", flat=True).first() or {}
        noted = payload.get(MARKERS, [None, None])[1] if isinstance(payload, dict) else None
        count, digest = markers_digest(rows.iterator(chunk_size=CHUNK))
        if noted != {"count": count, "digest": digest}:
            verdict.add(MARKER, [act_id], 1)
