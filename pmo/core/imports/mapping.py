"""Which column feeds which field, as data: saved under a name, edited in the wizard, read from `mapping.json`."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pmo.core.imports.amounts import DecimalStyle
from pmo.core.imports.dates import DateOrder, Partial
from pmo.core.imports.messages import Message

Combine = Literal["one", "join", "first", "constant"]
OrderChoice = DateOrder | Literal["auto"]
MatchBy = Literal["code", "name", "key", "new"]
Blanks = Literal["keep", "clear"]
FormulaPolicy = Literal["value", "refuse"]

NEAR_SCORE = 0.8


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of one field come from.

    `combine` is one (a column), join (several columns with a separator make a key), first (the first column that has
    a value) or constant. `scale` multiplies numbers ("in millions": 1,000,000). `date_order` and `decimal` are decided
    from the column when they are "auto". `value_map` translates words first; an empty meaning is no value.
    `create_parent` lets the commit create what a reference names and does not find.
    """

    columns: tuple[str, ...] = ()
    combine: Combine = "one"
    separator: str = "-"
    constant: str = ""
    scale: Decimal = Decimal(1)
    currency: str = ""
    date_order: OrderChoice = "auto"
    decimal: DecimalStyle = "auto"
    partial: Partial = ""
    value_map: MappingType[str, str] = field(default_factory=dict)
    create_parent: bool = False

    @property
    def title(self) -> str:
        """The columns as the user sees them, for refusals."""
        return " + ".join(self.columns)


@dataclass(frozen=True, slots=True)
class DateColumn:
    """The column that dates each row, so that a file becomes snapshots. A year alone becomes its `year_end` (MM-DD)."""

    column: str
    year_end: str = "12-31"
    date_order: OrderChoice = "auto"


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """How rows find what exists: by code, else by normalised name. From `near` on, a name is offered as similar.

    Targets made from a register know `key` (its unique fields together; the default there) and `new`: every row is new.
    """

    by: tuple[MatchBy, ...] = ("code", "name")
    near: float = NEAR_SCORE


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the user overruled when the file was read; None means recognised."""

    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A complete mapping of a file onto a target's fields."""

    fields: MappingType[str, Source]
    name: str = ""
    description: str = ""
    date: DateColumn | None = None
    match: MatchPolicy = MatchPolicy()
    formulas: FormulaPolicy = "value"
    # What an empty cell of a mapped column means to a record that exists (targets made from a register only).
    blanks: Blanks = "keep"
    reading: ReadingOptions = ReadingOptions()
    # Of a ready-made mapping: a file it is for has one column of each group. Columns it has not are then left out (see tailoring).
    requires: tuple[tuple[str, ...], ...] = ()

    def columns_used(self) -> tuple[str, ...]:
        """Every column that some field or the snapshot date takes, once, in order."""
        used = [column for source in self.fields.values() for column in source.columns]
        if self.date is not None:
            used.append(self.date.column)
        return tuple(dict.fromkeys(used))


@dataclass(frozen=True, slots=True)
class MappingIssue:
    """One thing that is wrong with a mapping: where (`fields.budget.scale`) and what was expected there."""

    path: str
    message: Message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)


class MappingError(Exception):
    """A mapping that cannot be used, with everything that is wrong at once."""

    def __init__(self, issues: list[MappingIssue]) -> None:
        super().__init__(", ".join(issue.path for issue in issues))
        self.issues = issues

    def __str__(self) -> str:
        return " ".join(str(issue) for issue in self.issues)
