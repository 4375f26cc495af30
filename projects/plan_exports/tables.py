"""A plan as tables, and tables as a plan: what XLSX and CSV have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from projects.calc.plan.document import (
    Assignment,
    Baseline,
    Calendar,
    DayException,
    Field,
    Link,
    Plan,
    Remark,
    Resource,
    Task,
    Week,
)
from projects.plan_exports.cells import Cell, CellError, Units, from_cell, to_cell

DAYS = tuple(range(1, 8))


@dataclass(frozen=True)
class Column:
    """A column: the attribute that it carries and how."""

    name: str
    kind: str  # text, ref, int, float, money, flag, moment, date, span, rate, ranges, list


@dataclass(frozen=True)
class Table:
    """A table with its rows as cells."""

    key: str
    columns: tuple[Column, ...]
    rows: Iterable[list[Cell]]


Read = Mapping[str, tuple[list[str], list[list[Cell]]]]
"""By the key of a table: the names of its columns and its rows, as a file gave them."""


class NotAPlan(ValueError):
    """The tables are none that we wrote, or somebody changed them; `place` says where."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


_KINDS = {
    "str": "text",
    "int": "int",
    "bool": "flag",
    "float": "float",
    "float | None": "float",
    "bool | None": "flag",
    "str | None": "ref",
    "Moment": "moment",
    "Span": "span",
    "Span | None": "span",
    "Decimal | None": "money",
    "Rate | None": "rate",
    "datetime.date": "date",
    "tuple[Range, ...]": "ranges",
    "tuple[str, ...]": "list",
}


def _columns(kind: Any, *without: str) -> tuple[Column, ...]:
    """The columns of a dataclass, from its annotations."""
    return tuple(
        Column(one.name, _KINDS[str(one.type)])
        for one in fields(kind)
        if one.name not in ("fields", "baselines", *without)
    )


_WEEK = tuple(Column(f"day{day}", "ranges") for day in DAYS)
_OWNER = (Column("of", "text"), Column("uid", "text"))
COLUMNS: dict[str, tuple[Column, ...]] = {
    "plan": (Column("name", "text"), Column("value", "text")),
    "tasks": _columns(Task),
    "links": _columns(Link),
    "resources": _columns(Resource),
    "assignments": _columns(Assignment),
    "baselines": (*_OWNER, *_columns(Baseline)),
    "fields": (*_OWNER, *(Column(name, "text") for name in ("name", "label", "kind", "value"))),
    "calendars": (*_columns(Calendar, "week", "exceptions", "weeks"), *_WEEK),
    "exceptions": (Column("calendar", "text"), *_columns(DayException)),
    "weeks": (Column("calendar", "text"), *_columns(Week, "days"), *_WEEK),
    "report": (Column("what", "text"), *_columns(Remark)),
}
_OF_PLAN = _columns(Plan, "calendars", "resources", "tasks", "links", "assignments", "kept", "lost", "entries")
_FIELD_KINDS = {
    "text": "text",
    "number": "money",
    "money": "money",
    "date": "moment",
    "flag": "flag",
    "duration": "span",
}
EXPORT = "export"
"""What the report calls remarks of the export itself: they are no part of the plan."""


def tables_of(plan: Plan, remarks: Sequence[Remark] = ()) -> Iterator[Table]:
    """Every table; `remarks` are what the format could not say."""
    units = _units(plan)

    def table(key: str, rows: Iterable[Sequence[Any]]) -> Table:
        columns = COLUMNS[key]
        cells = ([to_cell(c.kind, value, units) for c, value in zip(columns, row, strict=True)] for row in rows)
        return Table(key, columns, cells)

    def attributes(key: str, rows: Iterable[Any]) -> Table:
        names = [column.name for column in COLUMNS[key]]
        return table(key, ([getattr(row, name) for name in names] for row in rows))

    yield table("plan", _plan_rows(plan, units))
    for key in ("tasks", "links", "resources", "assignments"):
        yield attributes(key, getattr(plan, key))
    yield table("baselines", _baseline_rows(plan))
    yield table("fields", _field_rows(plan, units))
    yield table("calendars", ([c.uid, c.name, c.parent, c.of_resource, *_days(c.week)] for c in plan.calendars))
    yield table(
        "exceptions", ([c.uid, e.first, e.last, e.ranges, e.name] for c in plan.calendars for e in c.exceptions)
    )
    yield table("weeks", ([c.uid, w.first, w.last, w.name, *_days(w.days)] for c in plan.calendars for w in c.weeks))
    told = [("kept", one) for one in plan.kept] + [("lost", one) for one in plan.lost]
    told += [(EXPORT, one) for one in remarks]
    yield table("report", ([what, one.area, one.code, one.count, one.examples] for what, one in told))


def _units(plan: Plan) -> Units:
    return Units(plan.minutes_per_day, plan.minutes_per_week, plan.days_per_month)


def _days(days: Mapping[int, Any]) -> list[Any]:
    return [days.get(day) for day in DAYS]


def _plan_rows(plan: Plan, units: Units) -> Iterator[list[Any]]:
    for column in _OF_PLAN:
        value = to_cell(column.kind, getattr(plan, column.name), units)
        if value is not None:
            yield [column.name, _plain(value)]


def _plain(value: Any) -> str:
    """A cell as text that `from_cell` reads again."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _baseline_rows(plan: Plan) -> Iterator[list[Any]]:
    names = [one.name for one in _columns(Baseline)]
    for of, rows in (("task", plan.tasks), ("assignment", plan.assignments)):
        for row in rows:
            for one in row.baselines:
                yield [of, row.uid, *(getattr(one, name) for name in names)]


def _field_rows(plan: Plan, units: Units) -> Iterator[list[Any]]:
    owners: list[tuple[str, str, tuple[Field, ...]]] = [("plan", "", plan.fields)]
    owners += [("task", row.uid, row.fields) for row in plan.tasks]
    owners += [("resource", row.uid, row.fields) for row in plan.resources]
    owners += [("assignment", row.uid, row.fields) for row in plan.assignments]
    for of, uid, values in owners:
        for one in values:
            yield [of, uid, one.name, one.label, one.kind, _plain(to_cell(_FIELD_KINDS[one.kind], one.value, units))]


def plan_of(read: Read) -> Plan:
    """The plan that `tables_of` wrote. Raises NotAPlan."""
    if "plan" not in read or "tasks" not in read:
        raise NotAPlan("")
    general = {row.get("name", ""): row.get("value", "") for _line, row in _rows(read, "plan", Units())}
    values: dict[str, Any] = {}
    for column in _OF_PLAN:
        if general.get(column.name, "") != "":
            values[column.name] = _value(column, general[column.name], Units(), "plan")
    units = _units(Plan(**values))
    baselines: dict[tuple[str, str], list[Baseline]] = defaultdict(list)
    for of, uid, one in _owned(read, "baselines", units, Baseline):
        baselines[of, uid].append(one)
    own = _fields(read, units)
    kept, lost = _remarks(read, units)
    return Plan(
        **values,
        calendars=tuple(_calendars(read, units)),
        resources=tuple(_made(read, "resources", units, Resource, own, "resource")),
        tasks=tuple(_made(read, "tasks", units, Task, own, "task", baselines)),
        links=tuple(_made(read, "links", units, Link, own, "")),
        assignments=tuple(_made(read, "assignments", units, Assignment, own, "assignment", baselines)),
        fields=tuple(own.get(("plan", ""), ())),
        kept=kept,
        lost=lost,
    )


def _rows(read: Read, key: str, units: Units) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a table with its place, each by the names of its columns; empty cells are left out."""
    if key not in read:
        return
    names, rows = read[key]
    known = {column.name: column for column in COLUMNS[key]}
    columns = [known.get(name) for name in names]
    for number, row in enumerate(rows, start=1):
        place = f"{key} {number}"
        found = {}
        for column, cell in zip(columns, row, strict=False):
            if column is not None and cell is not None and cell != "":
                found[column.name] = _value(column, cell, units, place)
        yield place, found


def _value(column: Column, cell: Cell, units: Units, place: str) -> Any:
    try:
        return from_cell(column.kind, cell, units)
    except CellError as error:
        raise NotAPlan(f"{place}, {column.name}: {str(cell)[:60]}") from error


def _build(kind: Any, values: dict[str, Any], place: str) -> Any:
    try:
        return kind(**values)
    except TypeError as error:
        raise NotAPlan(place) from error


def _made(
    read: Read,
    key: str,
    units: Units,
    kind: Any,
    own: Mapping[tuple[str, str], list[Field]],
    of: str,
    baselines: Mapping[tuple[str, str], list[Baseline]] | None = None,
) -> Iterator[Any]:
    for place, values in _rows(read, key, units):
        uid = (of, values.get("uid", ""))
        if uid in own:
            values["fields"] = tuple(own[uid])
        if baselines is not None and uid in baselines:
            values["baselines"] = tuple(baselines[uid])
        if kind is Assignment:
            values.setdefault("resource", None)
        elif kind in (Task, Resource):
            values.setdefault("name", "")
        yield _build(kind, values, place)


def _owned(read: Read, key: str, units: Units, kind: Any) -> Iterator[tuple[str, str, Any]]:
    for place, values in _rows(read, key, units):
        of, uid = values.pop("of", ""), values.pop("uid", "")
        yield of, uid, _build(kind, values, place)


def _fields(read: Read, units: Units) -> dict[tuple[str, str], list[Field]]:
    found: dict[tuple[str, str], list[Field]] = defaultdict(list)
    for place, row in _rows(read, "fields", units):
        kind = row.get("kind", "")
        if kind not in _FIELD_KINDS:
            raise NotAPlan(place)
        value = row.get("value", "")
        if kind != "text":
            value = _value(Column("value", _FIELD_KINDS[kind]), value, units, place)
        one = Field(row.get("name", ""), row.get("label", ""), kind, value)
        found[row.get("of", ""), row.get("uid", "")].append(one)
    return found


def _calendars(read: Read, units: Units) -> Iterator[Calendar]:
    exceptions: dict[str, list[DayException]] = defaultdict(list)
    for place, row in _rows(read, "exceptions", units):
        exceptions[row.pop("calendar", "")].append(_build(DayException, row, place))
    weeks: dict[str, list[Week]] = defaultdict(list)
    for place, row in _rows(read, "weeks", units):
        calendar, days = row.pop("calendar", ""), _week(row)
        weeks[calendar].append(_build(Week, {**row, "days": days}, place))
    for place, row in _rows(read, "calendars", units):
        uid = row.get("uid", "")
        values = {"name": "", "parent": None, "week": _week(row)} | row
        yield _build(Calendar, {**values, "exceptions": tuple(exceptions[uid]), "weeks": tuple(weeks[uid])}, place)


def _week(row: dict[str, Any]) -> dict[int, Any]:
    return {day: row.pop(f"day{day}", None) for day in DAYS}


def _remarks(read: Read, units: Units) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    found: dict[str, list[Remark]] = {"kept": [], "lost": []}
    for place, row in _rows(read, "report", units):
        what = row.pop("what", "")
        if what in found:
            found[what].append(_build(Remark, row, place))
    return tuple(found["kept"]), tuple(found["lost"])
