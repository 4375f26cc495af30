"""Telling other rooms that records were written, in the transaction that wrote them: the search index listens.

A room above this one registers once, from its wiring; the services of this room tell. It is not for rules of a subject: those
stand in the subject's own services.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol


class Listener(Protocol):
    """`fields` are the columns that changed, None where all may have; `gone` says that the rows went to the trash."""

    def __call__(self, rows: Sequence[Any], *, fields: Collection[str] | None, gone: bool) -> None: ...


_listeners: list[Listener] = []


def on_written(listener: Listener) -> None:
    """Ask to be told of every write of records of one model."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_written(rows: Sequence[Any], *, fields: Collection[str] | None = None, gone: bool = False) -> None:
    """Say that these rows of one model were written; call it inside the transaction."""
    if rows:
        for listener in _listeners:
            listener(rows, fields=fields, gone=gone)
