"""Columns of the file for which the register has a custom field of the same name: they fill it.

Fields that only some people see or write, people and formulas are left alone: such a column stays a line of the description.
Values are compared and kept as the text that `custom_fields.values.to_text` writes, under the field's name with a plus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pmo.core.audit.actor import Actor
from pmo.core.custom_fields.definitions import Definition, definitions
from pmo.core.custom_fields.models import CustomValue, Kind
from pmo.core.custom_fields.services.values import write_values
from pmo.core.custom_fields.values import COLUMNS, LONG, SHORT, from_text, shown, to_text

MARK = "+"
_BATCH = 500
_LEFT_ALONE = frozenset({Kind.PERSON.value, Kind.FORMULA.value})
_TRUTH = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}


def fields_of(register: str) -> dict[str, Definition]:
    """The fields that a column may fill, by what they are called, in small letters."""
    found: dict[str, Definition] = {}
    for one in definitions().of(register):
        if one.kind not in _LEFT_ALONE and not one.seen_by and not one.edited_by:
            for name in (*one.names, one.name):
                found.setdefault(name.strip().casefold(), one)
    return found


def text_of(one: Definition, value: str) -> str | None:
    """The value as the field keeps it, in words; None where it means nothing there."""
    if one.kind == Kind.BOOL:
        value = _TRUTH.get(value.strip().casefold(), value)
    elif one.kind == Kind.DATE:
        value = value[:10]
    try:
        kept = from_text(one, value, {})
    except ValueError:
        return None
    longest = SHORT if one.kind == Kind.TEXT else LONG
    return to_text(one, kept, {}) if not isinstance(kept, str) or len(kept) <= longest else None


def held(register: str, ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What the fields say now, by record and marked name."""
    known = {one.pk: one for one in fields_of(register).values()}
    found = {}
    if not known:
        return {}
    for start in range(0, len(ids), _BATCH):
        rows = CustomValue.objects.filter(field_id__in=known, record_id__in=ids[start : start + _BATCH])
        for row in rows.order_by("pk"):
            one = known[row.field_id]
            found[row.record_id, MARK + one.name] = to_text(one, getattr(row, COLUMNS[one.kind]), {})
    return found


def write(*, actor: Actor, register: str, row: Any, values: Mapping[str, str | None], reason: str, fresh: bool) -> None:
    """Fill the fields by their marked names. Raises ValidationError where a value may not stand twice."""
    known = {MARK + one.name: one for one in fields_of(register).values()}
    wanted = {
        known[name]: shown(known[name], from_text(known[name], text or "", {}))
        for name, text in values.items()
        if name in known
    }
    if wanted:
        write_values(actor=actor, row=row, values=wanted, reason=reason, fresh=fresh)
