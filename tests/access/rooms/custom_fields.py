"""Custom fields in the access table: the PMO administrator defines, the PMO analyst looks, nobody deletes."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.access.rights import Rights
from tests.custom_fields.making import field, table

RIGHTS: dict[str, Rights] = {
    "custom-fields": Rights("AN", "A", "A"),
    "lookup-tables": Rights("AN", "A", "A"),
    "lookup-values": Rights("AN", "A", "A"),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {"custom-field-try": {"get": "A"}}


def rows(world: Any) -> dict[str, Any]:
    """A lookup table with its values and a field of a register that no other row needs."""
    lookup = table("sample", "one")
    made = field("sample", "text", "calendar-exceptions", in_list=False, in_filter=False)
    return {"custom-fields": made, "lookup-tables": lookup, "lookup-values": lookup.values.get()}


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number = factories.number()
    named = {"code": f"n{number}", "name_en": "New", "order": 1, "active": "on"}
    if key == "custom-fields":
        return {**named, "register": "currencies", "kind": "text"}
    return {**named, "tone": "good", "table": world.rows["lookup-tables"].pk} if key == "lookup-values" else named


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments that ROUTES names."""
    return None
