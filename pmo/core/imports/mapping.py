"""Which column feeds which field, as data: saved under a name, edited in the wizard, read from `mapping.json`."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pmo.core.imports.amounts import DecimalStyle
from pmo.core.imports.dates import DateOrder, Partial
from pmo.core.imports.fields import Target
from pmo.core.imports.messages import Message
from pmo.core.imports.table import Table

Combine = Literal["one", "join", "first", "constant"]
OrderChoice = DateOrder | Literal["auto"]
MatchBy = Literal["code", "name"]
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
    """How rows find what exists: by code, else by normalised name. From `near` on, a name is offered as similar."""

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
    reading: ReadingOptions = ReadingOptions()

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


def check_mapping(mapping: Mapping, table: Table, target: Target) -> list[MappingIssue]:
    """What keeps this mapping from being applied to this file: missing columns, unknown or missing fields."""
    issues: list[MappingIssue] = []
    for key, source in mapping.fields.items():
        path = f"fields.{key}"
        known = target.fields.get(key)
        if known is None:
            issues.append(
                MappingIssue(path, Message("unknown_field", {"field": key, "known": ", ".join(target.fields)}))
            )
            continue
        issues += [_missing(path, column, table) for column in source.columns if table.find(column) is None]
        if source.combine == "first" and known.kind == "text" and key == target.code:
            issues.append(MappingIssue(path, Message("key_needs_join", {"field": key})))
        issues += _check_value_map(path, source, key, target)
    if mapping.date is not None and table.find(mapping.date.column) is None:
        issues.append(_missing("date.column", mapping.date.column, table))
    return issues + _check_identity(mapping, target)


def _missing(path: str, column: str, table: Table) -> MappingIssue:
    names = ", ".join(one.name for one in table.columns)
    return MappingIssue(path, Message("missing_column", {"column": column, "columns": names}))


def _check_value_map(path: str, source: Source, key: str, target: Target) -> list[MappingIssue]:
    """Words must be given a meaning that the field has."""
    field_ = target.fields[key]
    if field_.kind == "rag":
        allowed = {"green", "amber", "red", "grey", ""}
    elif field_.kind == "choice":
        allowed = {choice.value for choice in field_.choices} | {""}
    else:
        return []
    return [
        MappingIssue(
            f"{path}.value_map",
            Message("unknown_meaning", {"word": word, "meaning": meant, "known": ", ".join(sorted(allowed - {""}))}),
        )
        for word, meant in source.value_map.items()
        if meant not in allowed
    ]


def _check_identity(mapping: Mapping, target: Target) -> list[MappingIssue]:
    """A row must say what it is: by code or by a name. Required fields need a source."""
    issues = []
    if target.code not in mapping.fields and not any(name in mapping.fields for name in target.names):
        issues.append(
            MappingIssue("fields", Message("no_identity", {"fields": ", ".join((target.code, *target.names))}))
        )
    for key, one in target.fields.items():
        if one.required and key not in mapping.fields:
            issues.append(MappingIssue("fields", Message("required_field_missing", {"field": key})))
    return issues
