"""What a chat group may be limited to: rooms above say which portfolios (units) a row belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class MessageScope:
    """`choices()` gives (id, name) of all that can be chosen; `holders(model, id)` the ids that hold a row such as ("projects.risk", 7)."""

    kind: str
    label: str | Promise
    choices: Callable[[], list[tuple[int, Any]]]
    holders: Callable[[str, int], set[int]]


_scopes: dict[str, MessageScope] = {}


def register_scope(scope: MessageScope) -> None:
    """Let chat groups be limited to something of this kind; call it from the room's wiring."""
    _scopes[scope.kind] = scope


def all_scopes() -> list[MessageScope]:
    """In the order they were registered."""
    return list(_scopes.values())


def holds(kind: str, scope_id: int | None, model: str, pk: int | None) -> bool:
    """Whether the row belongs to what a group is limited to; a group without a limit holds everything."""
    if not kind:
        return True
    scope = _scopes.get(kind)
    return scope is not None and pk is not None and scope_id in scope.holders(model, pk)
