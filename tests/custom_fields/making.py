"""Fields and tables for the tests, made by the services."""

from __future__ import annotations

from typing import Any

from pmo.core.audit.actor import SYSTEM
from pmo.core.custom_fields.models import CustomField, LookupTable, LookupValue
from pmo.core.custom_fields.services.definitions import create_field
from pmo.core.custom_fields.services.lookups import create_lookup


def table(code: str = "theme", *codes: str) -> LookupTable:
    """A lookup table with values, in the order given."""
    made = create_lookup(actor=SYSTEM, row=LookupTable(code=code, name_en=code.title(), name_zh=f"{code}表"))
    for order, value in enumerate(codes or ("core", "growth", "legal")):
        row = LookupValue(
            table=made, code=value, name_en=value.title(), name_zh=f"{value}类", order=90 - order, tone="good"
        )
        create_lookup(actor=SYSTEM, row=row)
    return made


def field(code: str, kind: str = "text", register: str = "projects", **values: Any) -> CustomField:
    """A field of a register."""
    names = {"name_en": code.replace("_", " ").capitalize(), "name_zh": f"自定{code}"}
    return create_field(actor=SYSTEM, row=CustomField(register=register, code=code, kind=kind, **{**names, **values}))


def all_kinds() -> dict[str, CustomField]:
    """One field of every type people fill in."""
    lookup = table()
    plain = ("text", "long_text", "number", "money", "date", "person", "link", "bool")
    made = {kind: field(f"f_{kind}", kind) for kind in plain}
    return made | {kind: field(f"f_{kind}", kind, lookup=lookup) for kind in ("choice", "multi")}
