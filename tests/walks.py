"""Tests that ask the same of every register.

`make test` asks it of one or two registers of each kind, `make test-long` of the others; CI runs both, and all of it again on
PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable
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
