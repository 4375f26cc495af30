"""Rows of a file on their way to records: what each means, what it wants, what of it was refused."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pmo.core.imports.apply import MappedRow, Refusal
from pmo.core.imports.matching import Match
from pmo.core.imports.messages import Message, shorten

if TYPE_CHECKING:
    from pmo.core.imports.standing import Standing
    from pmo.core.imports.targets import Part

Kind = Literal["create", "update", "delete"]
Values = dict[str, Any]
_VALUE_LENGTH = 200


@dataclass(slots=True)
class Operation:
    """One write: `row` is the instance to create, change or remove, `values` the columns to set.

    `changes` is {column: [old, new]} of what differs.
    """

    kind: Kind
    part: Part
    draft: RowDraft
    row: Any
    values: Values
    standing: Standing | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class RowDraft:
    """A row of the file on its way.

    `main_id` is the record it means: 0 while none is known, negative for one that is still to be created. `ids` holds what
    the parts have looked up, `stood` the records as they stood on the row's date and `wanted` their new values, by part.
    """

    row: MappedRow
    day: datetime.date
    main_id: int = 0
    match: Match[int] | None = None
    ids: dict[str, Any] = field(default_factory=dict)
    stood: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, Values] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused_fields: tuple[str, ...] = ()
    # Titles of the columns by field, and the fields that say what a row is: code first, then names.
    columns: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()

    def get(self, key: str) -> Any:
        """The row's value of a field, None where it has none or the cell was refused."""
        return None if key in self.refused_fields else self.row.values.get(key)

    def refuse(self, key: str, reason: Message, *, whole_row: bool = False) -> None:
        """Refuse one cell, or with it the whole row."""
        raw = shorten(self.row.raw.get(key, ""), _VALUE_LENGTH)
        self.refusals.append(Refusal(self.row.number, self.columns.get(key, ""), key, raw, reason, whole_row))
        self.refused_fields += (key,)

    def refuse_row(self, reason: Message) -> None:
        """Refuse the whole row, for the cell that says what it is."""
        self.refuse(self.identity_field, reason, whole_row=True)

    @property
    def identity_field(self) -> str:
        """The field of the row's code, else of its name."""
        return next((key for key in self.identity if key in self.row.values), self.identity[0])

    @property
    def code(self) -> str:
        """The row's code, "" where it has none."""
        return str(self.row.values.get(self.identity[0], ""))

    @property
    def names(self) -> list[str]:
        """The row's names, the one it goes by first."""
        return [str(self.row.values[key]) for key in self.identity[1:] if key in self.row.values]

    @property
    def name(self) -> str:
        """The name the row goes by, "" where it has none."""
        return next(iter(self.names), "")

    @property
    def refused(self) -> bool:
        """Whether the row as a whole goes nowhere."""
        return any(one.whole_row for one in self.refusals)

    @property
    def outcome(self) -> str:
        """What becomes of the row, as in `ImportRow.Outcome`."""
        if self.refused:
            return "refused"
        if any(one.kind == "create" and not one.part.owner for one in self.operations):
            return "created"
        return "updated" if self.operations else "unchanged"


@dataclass
class ChunkPlan:
    """What the rows of one chunk do, all of one date."""

    day: datetime.date
    drafts: list[RowDraft]

    def operations(self, part: Part) -> list[Operation]:
        """The writes of one part, in the order of the rows."""
        return [one for draft in self.drafts if not draft.refused for one in draft.operations if one.part is part]
