"""Metrics that the product computes itself: declared in code beside the computation, by code and in both languages.

An app declares in `<app>/metrics.py` and calls `declare_metrics([...])` from its wiring; `services.sync_metrics` brings the
table up to date. A figure, tile or page names its metric by code.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class MetricValue:
    """The current value for the whole organisation: the number, the day it is of, and the address of the rows behind it."""

    value: float | None
    day: datetime.date | None = None
    url: str = ""
    places: int = 1


@dataclass(frozen=True)
class MetricSpec:
    """One computed metric. Enumerated values are those of `MetricDefinition`.

    `calculated_in` names the function or column that computes it. `value` gives today's value for the whole organisation
    to holders of `permission` there. `limits` gives (green, red) where another page sets the thresholds and
    `limits_page` is the name of its route; else `green` and `red` are first values that the PMO may change.
    """

    code: str
    name: Text
    formula: Text
    unit: str
    direction: str
    frequency: str
    source: str
    calculated_in: str
    meaning: Text = ""
    rules: Text = ""
    derived: bool = True
    green: float | None = None
    red: float | None = None
    permission: str = ""
    value: Callable[[], MetricValue | None] | None = None
    limits: Callable[[], tuple[float | None, float | None]] | None = None
    limits_page: str = ""
    source_query: str = ""


_specs: dict[str, MetricSpec] = {}


def declare_metrics(specs: Iterable[MetricSpec]) -> None:
    """Make the metrics known. The same code twice with another meaning raises ValueError at start-up."""
    for spec in specs:
        known = _specs.setdefault(spec.code, spec)
        if known is not spec:
            raise ValueError(f"metric {spec.code!r} is declared twice")


def declared(code: str) -> MetricSpec | None:
    """The declaration of a code, None where the product computes no such metric."""
    return _specs.get(code)


def all_declared() -> list[MetricSpec]:
    """Every declaration, by code."""
    return [_specs[code] for code in sorted(_specs)]


def forget(code: str) -> Any:
    """Take a declaration out again (tests)."""
    return _specs.pop(code, None)
