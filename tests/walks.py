"""Tests that ask the same of every register.

`make test` asks it of one or two registers of each kind, `make test-long` of the others; CI runs both, and all of it again on
PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

# Every kind of scope; with money that is masked, services of their own, a tree, rows that nobody writes, rows of a past day.
IN_EVERY_RUN = frozenset(
    {
        "articles",
        "budget-lines",
        "custom-fields",
        "health",
        "lessons",
        "milestones",
        "org-units",
        "people",
        "pmo-units",
        "pool",
        "portfolios",
        "projects",
        "projects-past",
        "report-delegations",
        "risks",
        "rollup-reports",
        "status-reports",
    }
)


def each(keys: Iterable[str]) -> list[Any]:
    """The keys as parameters, in order; those that only repeat a kind carry the mark `long`."""
    return [key if key in IN_EVERY_RUN else pytest.param(key, marks=pytest.mark.long) for key in sorted(keys)]


def one_of_each(routes: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """Routes as parameters, in order. Of those of a room (the first word of the name) that take the same row and have the
    same rights, the first is in every run; the others carry the mark `long`."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for name in sorted(routes):
        row = routes[name]
        kind = (name.partition("-")[0], *(row.get(part) for part in ("get", "post", "args", "hidden", "json")))
        found.append(pytest.param(name, marks=pytest.mark.long) if kind in seen else name)
        seen.add(kind)
    return found
