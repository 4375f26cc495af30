"""Linked tables: the PMO administrator alone; others of the PMO see the batch in the list of imports and are refused its pages."""

from __future__ import annotations

from typing import Any

from pmo.core.imports.models import ImportBatch
from portfolio.imports.linked import TARGET
from tests.access.rights import Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_HIDDEN = "CEORPTSUX"
_REPORT = {
    "set": "us_federal",
    "counts": {"created": 1, "updated": 0, "unchanged": 0, "refused": 0},
    "tables": [
        {
            "label": "Bureau", "file": "bureau.csv", "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "refused": 0,
            "merged": 0, "named": 0, "spared": 0, "model": "core.orgunit", "beside": [], "fields": [], "kept": [], "lost": [],
        }
    ],
    "relations": [], "links": 0, "notes": [], "surplus": [], "relation_file": "relationships.csv", "missing": [], "unread": [], "refused": 0,
}  # fmt: skip
ROUTES: dict[str, dict[str, Any]] = {
    "linked-new": {"get": "A"},
    "linked-import": {"get": "A", "args": "linked_previewed", "hidden": _HIDDEN},
    "linked-refused": {"get": "A", "args": "linked_previewed", "hidden": _HIDDEN},
    "linked-check": {"post": "A", "args": "linked_previewed", "hidden": _HIDDEN},
    "linked-commit": {"post": "A", "args": "linked_previewed", "hidden": _HIDDEN},
    "linked-undo": {"post": "A", "args": "linked_committed", "hidden": _HIDDEN},
    "linked-discard": {"post": "A", "args": "linked_previewed", "hidden": _HIDDEN},
}


def rows(world: Any) -> dict[str, Any]:
    """None of its own."""
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """None of its own."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """An archive of the administrator in the state that the route asks for."""
    if not args.startswith("linked_"):
        return None
    state = args.removeprefix("linked_")
    batch, _made = ImportBatch.objects.get_or_create(
        target=TARGET,
        defaults={"filename": "tables.zip", "stored": "imports/none", "content_hash": "0" * 64, "size": 1},
    )
    report = {"result": _REPORT if state == "committed" else {}, "preview": _REPORT}
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, owner=world.users["A"], **report)
    return {"pk": batch.pk}
