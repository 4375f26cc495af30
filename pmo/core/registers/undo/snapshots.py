"""A row's fields as JSON values, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from pmo.core.audit.services import plain
from pmo.core.registers.beside import is_beside
from pmo.core.registers.declaration import Register

_BOOKKEEPING = {"id", "uid", "version", "created_at", "updated_at", "deleted_at"}


def snapshots(register: Register, rows: Sequence[models.Model]) -> dict[int, dict[str, Any]]:
    """{id: fields} of the rows: every stored field by column name and those kept outside the model by their name, as JSON values.

    At most one query.
    """
    names = [name for name in register.form_fields if is_beside(register, name)]
    held = register.beside.values([row.pk for row in rows], names) if register.beside is not None and names else {}
    return {row.pk: _stored(row) | {name: plain(value) for name, value in held.get(row.pk, {}).items()} for row in rows}


def _stored(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in _BOOKKEEPING
    }


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts of both that differ."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def records_named(model: type[models.Model], snapshots: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, Any]]:
    """{column: {id: record}} of the records that foreign keys of the snapshots point to: one query for each column."""
    found: dict[str, dict[int, Any]] = {}
    for field in model._meta.concrete_fields:
        ids = {part[field.attname] for part in snapshots if part.get(field.attname) is not None}
        if field.is_relation and ids:
            target: Any = field.related_model
            found[field.attname] = target._base_manager.in_bulk(ids)
    return found


def restored_values(
    register: Register,
    before: Mapping[str, Any],
    names: Iterable[str],
    records: Mapping[str, Mapping[int, Any]],
) -> dict[str, Any]:
    """{field name: value} of those of the named fields that the snapshot holds, as services take them.

    A record that is gone becomes empty.
    """
    values: dict[str, Any] = {}
    for name in names:
        if is_beside(register, name):
            if name in before:
                values[name] = _cleaned(register, name, before[name])
            continue
        field: Any = register.model._meta.get_field(name)
        if field.attname not in before:
            continue
        value = before[field.attname]
        if field.is_relation:
            values[name] = records.get(field.attname, {}).get(value) if value is not None else None
        else:
            values[name] = field.to_python(value)
    return values


def _cleaned(register: Register, name: str, value: Any) -> Any:
    """A value kept outside the model as its form field gives it; empty was allowed when it was empty."""
    field = register.beside.form_field(name)  # type: ignore[union-attr]
    field.required = False
    return field.clean(value)
