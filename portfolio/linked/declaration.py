"""What a set of linked tables says: which record each row becomes, which field each column feeds, which link each relation is.

A row is a node, known by its id within its table; a table of relations joins nodes. One row may become several records
(a bureau is a unit and a portfolio); the first of them is the one that reports count.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["text", "long_text", "number", "whole", "money", "date", "days"]

ONE = Decimal(1)


@dataclass(frozen=True)
class From:
    """Where a field's value comes from.

    `part` takes what stands before or after the first "-" of the cell. `scale` multiplies numbers. `words` maps the words of
    the column to values of the field. `since` reads a number of days counted from a date; `plus` adds the days of another
    column to a date. `otherwise` is the text for rows without a value, made of their other columns; it is used for new
    records only, so that what people write later stays.
    """

    column: str
    kind: Kind = "text"
    part: Literal["", "before", "after"] = ""
    prefix: str = ""
    scale: Decimal = ONE
    words: Mapping[str, str] = field(default_factory=dict)
    since: datetime.date | None = None
    plus: str = ""
    otherwise: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it reads."""
        return (self.column, self.plus) if self.plus else (self.column,)


@dataclass(frozen=True)
class Kept:
    """A column without a field of its own: it becomes a custom field of the register."""

    column: str
    code: str
    kind: Kind
    name_en: str
    name_zh: str
    scale: Decimal = ONE
    currency: str = ""


@dataclass(frozen=True)
class Made:
    """A record that each row of a table becomes.

    `key` names it in this declaration; `unique` are the fields by which it is found again. `points` gives foreign keys to
    other records of the same row. `fallback` gives foreign keys to a record of `LinkedTables.spare`, where no relation says
    another; for new records only. `needs` is the column without which the row makes no such record.
    """

    key: str
    model: str
    fields: Mapping[str, From] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    unique: tuple[str, ...] = ("code",)
    points: Mapping[str, str] = field(default_factory=dict)
    fallback: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Tasks:
    """The rows of a table are tasks of a plan. Durations are days of the calendar, from the planned start on."""

    uid: str
    name: str
    start: str
    duration: str
    cost: str = ""
    scale: Decimal = ONE
    currency: str = ""
    notes: str = ""
    actual_delay: str = ""
    actual_duration: str = ""
    state: str = ""
    done: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()

    def fed(self) -> list[tuple[str, str]]:
        """(column, field of the task) of every column that feeds a field; further columns stay with the task as they are."""
        pairs = [
            (self.uid, "uid"),
            (self.name, "name"),
            (self.start, "starts_at"),
            (self.duration, "duration"),
            (self.cost, "cost"),
            (self.notes, "notes"),
            (self.actual_delay, "actual_start"),
            (self.actual_duration, "actual_duration"),
            (self.state, "percent_complete"),
            *((column, "fields") for column in self.fields),
        ]
        return [(column, name) for column, name in pairs if column]

    @property
    def columns(self) -> frozenset[str]:
        """Every column that it reads."""
        own = (self.uid, self.name, self.start, self.duration, self.cost, self.notes)
        return frozenset(own + (self.actual_delay, self.actual_duration, self.state, *self.fields)) - {""}


@dataclass(frozen=True)
class TableOf:
    """One table of the zip: `label` is its name in the relations, `files` are the names its file may have, without ending."""

    label: str
    files: tuple[str, ...]
    made: tuple[Made, ...] = ()
    tasks: Tasks | None = None
    identity: str = ""  # the column that people know a row by

    @property
    def columns(self) -> frozenset[str]:
        """Every column that it names."""
        return frozenset(self.needed) | frozenset(self.further)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns in which no row may be empty, in the order of the declaration; the id of the row is one more."""
        if self.tasks is not None:
            return (self.tasks.uid, self.tasks.name)
        first = self.made[0]
        return tuple(first.fields[name].column for name in first.unique if name in first.fields)

    @property
    def further(self) -> tuple[str, ...]:
        """Columns that may be empty or missing, in the order of the declaration."""
        named = [column for made in self.made for source in made.fields.values() for column in source.columns]
        named += [kept.column for made in self.made for kept in made.kept]
        named += [*(made.needs for made in self.made), self.identity]
        named += [column for column, _field in self.tasks.fed()] if self.tasks is not None else []
        return tuple(name for name in dict.fromkeys(named) if name and name not in self.needed)


@dataclass(frozen=True)
class Fill:
    """A relation gives a record its foreign key: `owner`.`field` points to `to`, or with `through` to what that one points to."""

    owner: str
    field: str
    to: str
    through: str = ""


@dataclass(frozen=True)
class Join:
    """A relation becomes a record of its own with two foreign keys, {field: key of the record}, found again by `unique`."""

    model: str
    ends: Mapping[str, str]
    unique: tuple[str, ...]


@dataclass(frozen=True)
class RelationOf:
    """One kind of relation; `plan` names the record whose plan gets the tasks."""

    source: str
    name: str
    target: str
    fills: tuple[Fill, ...] = ()
    join: Join | None = None
    plan: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it from other relations."""
        return (self.source, self.name, self.target)


@dataclass(frozen=True)
class Spare:
    """A record for rows that no relation places; it is made only where such a row is there."""

    made: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class LinkedTables:
    """A set of linked tables. Tables and their records stand in the order in which they are written."""

    key: str
    label: Any
    tables: tuple[TableOf, ...]
    relations: tuple[RelationOf, ...]
    spare: Mapping[str, Spare] = field(default_factory=dict)
    node: str = "node_id"
    relation_files: tuple[str, ...] = ("relationships", "relations")
    relation_columns: tuple[str, str, str, str, str] = ("from_node", "from_label", "relation", "to_node", "to_label")
    order: tuple[str, ...] = ()
    notes: tuple[Any, ...] = ()

    def made(self) -> list[tuple[TableOf, Made]]:
        """Every record with its table, in the order of writing."""
        found = [(table, made) for table in self.tables for made in table.made]
        place = {key: number for number, key in enumerate(self.order)}
        return sorted(found, key=lambda pair: place.get(pair[1].key, len(place)))

    def by_key(self, key: str) -> Made:
        """The record of a key; raises KeyError."""
        return {made.key: made for _table, made in self.made()}[key]

    def table(self, label: str) -> TableOf | None:
        """The table of a label."""
        return next((one for one in self.tables if one.label == label), None)
