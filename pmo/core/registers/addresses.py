"""Addresses of a list with something changed: a sort, a page, a filter taken away."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from pmo.core.registers.state import ListState, SortKey


def changed(params: QueryDict, **changes: Any) -> str:
    """The query with keys set (None takes one out); the page starts again unless it is what changes."""
    query = params.copy()
    query.pop("undo", None)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def without(params: QueryDict, parameter: str, text: str) -> str:
    """The query without one value of a filter."""
    query = params.copy()
    query.pop("page", None)
    query.pop("undo", None)
    query.setlist(parameter, [value for value in query.getlist(parameter) if value != text])
    if not query.getlist(parameter):
        query.pop(parameter, None)
    return f"?{query.urlencode()}" if query else "?"


def reset(params: QueryDict) -> str:
    """The query without filters and search: sorting, grouping and columns stay."""
    query = QueryDict(mutable=True)
    for key in ("sort", "group", "columns", "page_size", "density", "numbered", "from_view", "view"):
        if key in params:
            query[key] = str(params[key])
    return f"?{query.urlencode()}" if query else "?"


def sort_address(state: ListState, name: str, add: bool) -> str:
    """Sort by the column, turning it round where it is the (or an) active one; `add` keeps the other levels."""
    active = {key.bound.name: key for key in state.sorts}
    known = active.get(name)
    flipped = f"-{name}" if known is not None and not known.descending else name
    if not add:
        return changed(state.params, sort=flipped if known is not None else name)
    return changed(state.params, sort=",".join(_with(state.sorts, name, flipped)))


def _with(sorts: list[SortKey], name: str, flipped: str) -> list[str]:
    parts = [flipped if key.bound.name == name else key.text for key in sorts]
    return parts if name in {key.bound.name for key in sorts} else [*parts, name]


def carried(params: QueryDict, *leave: str) -> list[tuple[str, str]]:
    """The query as hidden inputs of a form that sets the parameters in `leave`."""
    skipped = {*leave, "page", "undo"}
    return [(key, str(value)) for key in params for value in params.getlist(key) if key not in skipped]
