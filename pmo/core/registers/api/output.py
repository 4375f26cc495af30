"""A row as JSON: ids and plain values under the names of the columns, words beside them under `labels`."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

from pmo.core.registers.cells import CellMaker
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import Bound, bind

_BOOKKEEPING = ("uid", "version", "created_at", "updated_at")


def api_columns(register: Register) -> list[Bound]:
    """What the API shows: every column, then every form field without one."""
    names = [column.field for column in register.all_columns] + [*register.form_fields, *register.detail_fields]
    return [bind(register, name) for name in dict.fromkeys(names)]


def has_version(register: Register) -> bool:
    """Whether rows carry a version to lock by."""
    return any(field.name == "version" for field in register.model._meta.concrete_fields)


def as_json(register: Register, columns: list[Bound], maker: CellMaker, row: Any) -> dict[str, Any]:
    """One row. Masked fields are null and named under `hidden`."""
    body: dict[str, Any] = {"id": row.pk}
    own = {field.name for field in register.model._meta.concrete_fields}
    for name in _BOOKKEEPING:
        if name in own:
            body[name] = plain(getattr(row, name))
    labels: dict[str, str] = {}
    for bound in columns:
        if bound.name in body:
            continue
        value = bound.value_of(row)
        body[bound.name] = plain(value if bound.column.to_api is None else bound.column.to_api(value))
        if (bound.choices or bound.kind in {"fk", "rag"}) and body[bound.name] not in (None, ""):
            labels[bound.name] = maker.text(bound, row)
    body["labels"] = labels
    body["hidden"] = [bound.name for bound in columns if maker.is_hidden(bound, row)]
    return body


def plain(value: Any) -> Any:
    """A JSON-safe value: decimals as text, moments in UTC, durations as days."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.days
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value
