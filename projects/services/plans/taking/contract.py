"""How a room says that it takes rows of plan files into one of its registers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pmo.core.custom_fields.definitions import Definition
from pmo.core.records.models import Record
from projects.calc.plan.document import Entry, Plan, Remark
from projects.models.project import Project
from projects.queries.plans.people import People

_EXAMPLES = 8
# What the file does not hold is lost; everything else that has no place stands in a text or in the attached file.
_LOST = frozenset({"attachments_not_in_export"})


class Notes:
    """What the report says beside the numbers: by code, how often and of what."""

    def __init__(self, area: str) -> None:
        self.area = area
        self._found: dict[str, dict[str, None]] = {}
        self._counts: dict[str, int] = {}

    def add(self, code: str, example: str, count: int = 1) -> None:
        """Once more; the same example stands there once."""
        self._found.setdefault(code, {})[example] = None
        self._counts[code] = self._counts.get(code, 0) + count

    def remarks(self, *, lost: bool) -> tuple[Remark, ...]:
        """The lines of what is kept elsewhere, or of what is lost."""
        return tuple(
            Remark(self.area, code, self._counts[code], tuple(self._found[code])[:_EXAMPLES])
            for code in self._found
            if (code in _LOST) == lost
        )


@dataclass(frozen=True)
class Source:
    """What a room reads its rows from."""

    project: Project
    plan: Plan
    entries: Sequence[Entry]
    people: People
    notes: Notes
    fields: Mapping[str, Definition] = field(default_factory=dict)  # custom fields, by name in small letters


@dataclass(frozen=True)
class Mapped:
    """A row of the file as values of the record, by column name (`owner_id`); `title` is what the report calls it.

    `beside` are texts of custom fields, by their marked names (see `fields`).
    """

    title: str
    values: Mapping[str, Any]
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taker:
    """A register that takes rows of one kind. `reader` reads what all rows share once, then one row after another."""

    kind: str  # of the entries, and the key of the register
    model: type[Record]
    label: Any
    permissions: Mapping[str, str]  # add, change and delete
    reader: Callable[[Source], Callable[[Entry], Mapped]]
    create: Callable[..., Any]
    update: Callable[..., Any]
    # Sets what follows from the other values of a new record today, so that many are written at once.
    prepare: Callable[[Any, datetime.date], None] = lambda row, today: None
    order: int = 100


@dataclass
class _Takers:
    known: dict[str, Taker] = field(default_factory=dict)


_takers = _Takers()


def register_taker(taker: Taker) -> None:
    """Let a room take rows of plan files; call it from the wiring."""
    _takers.known[taker.kind] = taker


def takers() -> list[Taker]:
    """The registers that take rows, in their order."""
    return sorted(_takers.known.values(), key=lambda one: one.order)
