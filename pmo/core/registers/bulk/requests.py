"""Which rows a bulk change concerns, and what it does: read from a form, kept with a job."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from pmo.core.registers.declaration import Register
from pmo.core.registers.queries import filtered, trash, visible
from pmo.core.registers.saved_views.queries import read_with_view
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.values import BadParameterError

EDIT, DELETE, RESTORE = "edit", "delete", "restore"
KINDS = {
    EDIT: UndoEntry.Kind.BULK_EDIT,
    DELETE: UndoEntry.Kind.BULK_DELETE,
    RESTORE: UndoEntry.Kind.BULK_RESTORE,
}
ROWS, ALL = "row", "all"
MOST_CHOSEN = 1000


class SelectionError(Exception):
    """The filter of "all that match" cannot be used."""

    def __init__(self, errors: list[BadParameterError]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class BulkRequest:
    """`ids` {row id: the version seen, or None}, or with `all_matching` what `query` keeps when the work is done.

    `by_id`: the values of `raw` name records by their ids, as the API does.
    """

    act: str
    ids: dict[int, int | None] = field(default_factory=dict)
    all_matching: bool = False
    query: str = ""
    raw: dict[str, list[str]] = field(default_factory=dict)
    reason: str = ""
    by_id: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the row of the change."""
        return dataclasses.asdict(self) | {"ids": {str(pk): version for pk, version in self.ids.items()}}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> BulkRequest:
        """The request as it was kept."""
        return cls(**{**kept, "ids": {int(pk): version for pk, version in kept["ids"].items()}})

    @property
    def data(self) -> QueryDict:
        """The operations as the form sent them."""
        sent = QueryDict(mutable=True)
        for key, texts in self.raw.items():
            sent.setlist(key, texts)
        return sent


def read_request(data: Any, query: str) -> BulkRequest:
    """The rows and the act of a form that was sent. A row is `id`, or `id:version` from the preview."""
    act = data.get("act", EDIT)
    chosen: dict[int, int | None] = {}
    for text in data.getlist(ROWS)[:MOST_CHOSEN]:
        pk, _colon, version = text.partition(":")
        if _is_number(pk):
            chosen[int(pk)] = int(version) if _is_number(version) else None
    everything = data.get(ALL) == "1"
    return BulkRequest(
        act=act if act in KINDS else EDIT,
        ids={} if everything else chosen,
        all_matching=everything,
        query=query,
        reason=data.get("bulk_reason", "")[:500],
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def matching(register: Register, user: Any, request: BulkRequest) -> Any:
    """The rows the request concerns, as they match now. Raises SelectionError where the filter cannot be used."""
    if request.act == RESTORE:
        rows = trash(register, user).order_by("pk")
        return rows if request.all_matching else rows.filter(pk__in=list(request.ids))
    if not request.all_matching:
        return visible(register, user).filter(pk__in=list(request.ids)).order_by("pk")
    state, _view = read_with_view(register, user, QueryDict(request.query))
    # Only what the filters need: no column of the list.
    state.columns = []
    rows = filtered(state)
    if state.errors:
        raise SelectionError(state.errors)
    return rows.order_by("pk")
