"""A register with its custom fields: made when a definition changed, kept by the process until the next change."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from pmo.core.custom_fields.beside import CustomFields
from pmo.core.custom_fields.columns import column_of, filter_of
from pmo.core.custom_fields.definitions import Definition, definitions
from pmo.core.custom_fields.formulas import expression_for
from pmo.core.custom_fields.models import Kind
from pmo.core.custom_fields.taking import takes_fields
from pmo.core.registers.declaration import FieldGroup, Register

_GROUPED = {Kind.TEXT, Kind.DATE, Kind.CHOICE, Kind.PERSON, Kind.BOOL, Kind.NUMBER}

_made: dict[str, tuple[int | None, Register, Register]] = {}


def extended(declared: Register) -> Register:
    """The register with its custom fields; itself where it has none."""
    known = definitions()
    every = known.of(declared.key, past=True)
    if not every or not takes_fields(declared):
        return declared
    kept = _made.get(declared.key)
    if kept is None or kept[0] != known.stamp or kept[1] is not declared:
        kept = _made[declared.key] = known.stamp, declared, with_fields(declared, every)
    return kept[2]


def with_fields(declared: Register, every: list[Definition]) -> Register:
    """A copy of the register with the fields in use."""
    living = [one for one in every if one.active]
    columns = {one: column_of(declared, one, _formula(declared, one, living)) for one in living}
    asked = [one.name for one in living if one.written and one.in_form]
    inline = [
        one.name for one in living if one.written and one.in_form and one.kind not in {Kind.LONG_TEXT, Kind.MULTI}
    ]
    filters = [made for one, column in columns.items() if (made := filter_of(declared, one, column)) is not None]
    shown = [*(declared.default_columns or [c.field for c in declared.columns])]
    return dataclasses.replace(
        declared,
        columns=[*declared.columns, *columns.values()],
        default_columns=[*shown, *(one.name for one in living if one.in_list)],
        group_by=[*declared.group_by, *(one.name for one in living if _can_group(one))],
        form_fields=[*declared.form_fields, *asked],
        inline_fields=[*declared.inline_fields, *inline],
        field_groups=[*declared.field_groups, *_sections(living)],
        added_filters=[*declared.added_filters, *filters],
        beside=CustomFields(declared, every),
    )


def _can_group(one: Definition) -> bool:
    return one.kind in _GROUPED or (one.kind == Kind.FORMULA and one.result in {"text", "bool", "date"})


def _sections(living: list[Definition]) -> list[FieldGroup]:
    """The named sections, in the order of their first field."""
    found: dict[tuple[str, str], list[Definition]] = {}
    for one in living:
        if any(one.section_key):
            found.setdefault(one.section_key, []).append(one)
    return [FieldGroup(members[0].section, tuple(one.name for one in members)) for members in found.values()]


def _formula(declared: Register, one: Definition, living: list[Definition]) -> Callable[[Any], Any] | None:
    if one.kind != Kind.FORMULA:
        return None
    return expression_for(declared, one, living)
