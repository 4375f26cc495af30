"""Columns without a field: kept as custom fields of the register, or named as lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from pmo.core.custom_fields.keeping import key_of
from pmo.core.custom_fields.models import CustomField, CustomValue
from pmo.core.custom_fields.models import Kind as FieldKind
from pmo.core.custom_fields.taking import takes_fields
from pmo.core.custom_fields.values import COLUMNS
from pmo.core.imports.looks import look_of
from pmo.core.imports.messages import CellProblem
from pmo.core.registers.declaration import register_for
from portfolio.linked.declaration import Kept, Kind, Made, TableOf
from portfolio.linked.graph import TableRead
from portfolio.linked.values import cell_value
from portfolio.services.linked.wants import Want, Wanted

_BATCH = 500
KINDS: dict[Kind, FieldKind] = {
    "text": FieldKind.TEXT,
    "long_text": FieldKind.LONG_TEXT,
    "number": FieldKind.NUMBER,
    "whole": FieldKind.NUMBER,
    "days": FieldKind.NUMBER,
    "money": FieldKind.MONEY,
    "date": FieldKind.DATE,
}
_LOOKS: dict[str, Kind] = {"number": "number", "date": "date", "long_text": "long_text"}
_LONGEST: dict[Kind, int] = {"text": 500, "long_text": 20_000}
_LONGEST_NAME = 80


@dataclass(eq=False, slots=True)
class KeptField:
    """A custom field that holds a column: `row` is its definition, None while it is still to be made."""

    declared: Kept
    register: str
    row: CustomField | None = None
    filled: int = 0

    @property
    def column(self) -> str:
        """The column of the value that holds the cells."""
        return COLUMNS[KINDS[self.declared.kind]]


def plan_kept(wanted: Wanted, *, may_add_fields: bool) -> None:
    """The custom fields and values of every table; two statements per table and 500 rows."""
    for table in wanted.graph.declared.tables:
        read = wanted.graph.tables.get(table.label)
        if read is None:
            continue
        if table.made:
            _keep(wanted, table, read, may_add_fields=may_add_fields)


def columns_left(table: TableOf, read: TableRead, node: str) -> list[str]:
    """Columns that feed no field, of those that the declaration does not keep by name."""
    return [name for name in read.columns if name not in table.columns and name.casefold() != node.casefold()]


def _keep(wanted: Wanted, table: TableOf, read: TableRead, *, may_add_fields: bool) -> None:
    made = table.made[0]
    declared = register_for(apps.get_model(made.model))
    wants = [one for one in wanted.of(made.key) if not one.refused]
    kept = [one for one in made.kept if one.column in read.columns]
    taken = {one.code for one in made.kept}
    for name in columns_left(table, read, wanted.graph.declared.node):
        found = _by_look(read, name, taken)
        taken.add(found.code)
        kept.append(found)
    if not kept:
        return
    if declared is None or not takes_fields(declared):
        wanted.lost.setdefault(table.label, []).extend((one.column, "no_fields") for one in kept)
        return
    rows = {
        row.code: row for row in CustomField.objects.filter(register=declared.key, code__in=[one.code for one in kept])
    }
    for one in kept:
        row = rows.get(one.code)
        why = _why_not(one, row, may_add_fields=may_add_fields)
        if why:
            wanted.lost.setdefault(table.label, []).append((one.column, why))
            continue
        field = KeptField(one, declared.key, row)
        wanted.fields.setdefault(table.label, []).append(field)
        _read(wanted, wants, field)
    _compare(made, wants, wanted.fields.get(table.label, []))


def _why_not(one: Kept, row: CustomField | None, *, may_add_fields: bool) -> str:
    if row is None:
        return "" if may_add_fields else "may_not_add"
    if not row.active:
        return "archived"
    return "" if COLUMNS.get(row.kind) == COLUMNS[KINDS[one.kind]] else "other_type"


def _by_look(read: TableRead, name: str, taken: set[str]) -> Kept:
    """A column that nobody declared: its header is the name of the field, its cells say the type."""
    column = next(one for one in read.table.columns if one.name.strip() == name)
    kind = _LOOKS.get(look_of(read.table, column).kind, "text")
    return Kept(name, key_of(name, taken), kind, name[:_LONGEST_NAME], "")


def _read(wanted: Wanted, wants: Sequence[Want], field: KeptField) -> None:
    one = field.declared
    for want in wants:
        if want.node is None:
            continue
        cell = want.node.cells.get(one.column)
        value = cell_value(cell, one.kind, scale=one.scale, longest=_LONGEST.get(one.kind))
        if isinstance(value, CellProblem):
            wanted.refuse(want.node, one.column, value, whole_row=False)
        elif value is not None:
            want.kept[one.code] = value
            field.filled += 1


def _compare(made: Made, wants: Sequence[Want], fields: Sequence[KeptField]) -> None:
    """Which of the values on file differ."""
    by_id = {one.row.pk: one.declared.code for one in fields if one.row is not None}
    columns = {one.declared.code: one.column for one in fields}
    held: dict[tuple[int, str], Any] = {}
    ids = [want.row.pk for want in wants if want.row is not None]
    for start in range(0, len(ids) if by_id else 0, _BATCH):
        rows = CustomValue.objects.filter(field_id__in=by_id, record_id__in=ids[start : start + _BATCH])
        for row in rows:
            code = by_id[row.field_id]
            held[row.record_id, code] = getattr(row, columns[code])
    for want in wants:
        if want.row is not None:
            want.kept = {code: value for code, value in want.kept.items() if held.get((want.row.pk, code)) != value}
            want.kept_changed = bool(want.kept)
