"""The search, the palette and the help on keys: open to everybody who signs in; what each finds is in tests/search."""

from __future__ import annotations

from typing import Any

from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "search": {"get": ROLES},
    "search-suggest": {"get": ROLES},
    "search-palette": {"get": ROLES},
    "keyboard": {"get": ROLES},
    "go": {"get": ROLES, "args": "letter"},
    "api-search": {"get": ROLES},
}


def rows(world: Any) -> dict[str, Any]:
    """No register of its own."""
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """No form."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The letter that leads home."""
    return {"letter": "h"} if args == "letter" else None
