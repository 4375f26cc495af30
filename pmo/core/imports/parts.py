"""The records that a row of a file becomes, and a row on its way to them.

One row makes or changes one main record (a project) and any number of parts that hang on it (its budget line, its rating
of the day, its place in a portfolio).
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from django.utils.functional import Promise

from pmo.core.imports.apply import MappedRow, Refusal
from pmo.core.imports.matching import Match
from pmo.core.imports.messages import Message, shorten
from pmo.core.records.models import Record

Text = str | Promise
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
    # Mapped fields whose empty cell empties the record's.
    cleared: frozenset[str] = frozenset()
    # Gives a record the related ones that its own rules read.
    dress: Callable[[Any], None] | None = None
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


@dataclass(slots=True)
class Standing:
    """One record on one day.

    `row` is an instance with the values of that day, `covering` the version row that says so (None: none does).
    `history_only`: something later is on file, or the record lies in the trash, so the current row keeps what it says.
    `begins_later`: the record's history has to be extended back to the day.
    """

    row: Any
    covering: Any = None
    history_only: bool = False
    begins_later: bool = False

    def copied(self) -> Standing:
        """The same with an instance that may be changed."""
        return Standing(copy.copy(self.row), self.covering, self.history_only, self.begins_later)


class _Drop:
    """The answer of `Part.values` that takes an existing record away."""

    def __repr__(self) -> str:
        return "DROP"


DROP = _Drop()


class Lookup(Protocol):
    """Finds what references name, and plans what is to be created for them."""

    def find(self, draft: RowDraft, key: str, kind: str, scope: Any = None) -> int | None:
        """The id of the record that the row's field names.

        A name that is not known is created where the mapping says so, else its cell is refused and None returned.
        `scope` is the id within which names are unique; None searches everywhere and creates nothing.
        """

    def known(self, draft: RowDraft, key: str, kind: str) -> int | None:
        """The id of the one record of any scope that the field names; nothing is created or refused."""

    def scope_of(self, kind: str, pk: int) -> Any:
        """The scope of a known record."""

    def once(self, key: str, read: Callable[[], Any]) -> Any:
        """What `read` gives, read once for the whole file."""


@dataclass(frozen=True)
class Directory:
    """A kind of record that references name, found by code or by a name in either language.

    `make(name)` gives an unsaved record for a name that is not known; `scope` is the column within which names are unique;
    `also` are columns that mean the record where no code and no name does (login, e-mail);
    `save(actor, rows, day, reason)` saves new ones where more than `create_many` is needed.
    """

    kind: str
    label: Text
    model: type[Record]
    make: Callable[[str], Record]
    code: str = "code"
    names: tuple[str, ...] = ("name_zh", "name_en")
    scope: str = ""
    also: tuple[str, ...] = ()
    save: Callable[..., list[Any]] | None = None


@dataclass(frozen=True)
class Part:
    """One record that a row makes or changes.

    `values(draft, old)` gives the columns to set (foreign keys as `_id`), None for nothing, DROP to take the record away;
    `old` is the record as it stood on the row's date. `sources` names the import field behind each column, for refusals and
    for the preview. `resolve(draft, lookup)` turns references into `draft.ids` beforehand.
    A column that may come from one of several fields names them all; the first that the row fills counts.
    `owner` is the foreign key to the main record, "" for the main record itself; `where(day)` tells this part's record from
    others of the owner and is set on new ones, together with `blanks(draft)`.
    `carried` are the columns that a record keeps when its history is extended to a day before it was known.
    """

    key: str
    model: type[Record]
    values: Callable[[RowDraft, Any], Values | _Drop | None]
    sources: Mapping[str, str | tuple[str, ...]]
    owner: str = ""
    where: Callable[[datetime.date], Values] = lambda day: {}
    blanks: Callable[[RowDraft], Values] = lambda draft: {}
    resolve: Callable[[RowDraft, Lookup], None] | None = None
    carried: tuple[str, ...] = ()
    # Foreign keys that the record's own text reads.
    spoken: tuple[str, ...] = ()

    def source(self, column: str, draft: RowDraft) -> str:
        """The import field behind a column in this row; "" where no field fills it."""
        keys = self.sources.get(column, ())
        keys = (keys,) if isinstance(keys, str) else keys
        return next((key for key in keys if draft.get(key) is not None), next(iter(keys), ""))

    @property
    def source_fields(self) -> list[tuple[str, str]]:
        """Columns with each import field that may fill them."""
        return [
            (column, key)
            for column, keys in self.sources.items()
            for key in ((keys,) if isinstance(keys, str) else keys)
        ]

    @property
    def owner_column(self) -> str:
        """The column that holds the main record's id."""
        return f"{self.owner}_id" if self.owner else "pk"


Draft = RowDraft
