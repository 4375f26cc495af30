"""Digests of entries and the chain over them: the only place that knows how they are made."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple


class Content(NamedTuple):
    """What the digest of an entry is made of, in this order."""

    at: datetime.datetime
    actor_id: int | None
    actor_name: str
    action: str
    model: str
    object_id: int | None
    object_label: str
    project_id: int | None
    reason: str
    request_id: str


def entry_digest(content: Content, changes: Any) -> str:
    """SHA-256 in hex over the entry and the digest of its details; `changes` None where the details are gone."""
    details = None if changes is None else _sha(json.dumps(changes, sort_keys=True, ensure_ascii=False))
    return _sha(json.dumps([content.at.isoformat(), *content[1:], details], ensure_ascii=False))


def chained(head: str, digests: Iterable[str]) -> str:
    """The head of the chain after the digests."""
    for digest in digests:
        head = _sha(f"{head}{digest}")
    return head


def markers_digest(markers: Iterable[tuple[int, str]]) -> tuple[int, str]:
    """(count, digest) of the markers of one erasure, given as (entry id, digest after) by entry id."""
    count, head = 0, ""
    for entry_id, after in markers:
        count, head = count + 1, _sha(f"{head}{entry_id}:{after}")
    return count, head


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
