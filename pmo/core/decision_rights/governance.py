"""What the organisation's type of PMO sets as the rule; the office answers, every room below may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Governance:
    """gates: advisory, blocking. reports: optional, due. people: line, pmo (who allocates). managers: line, pmo (who
    appoints project managers). landing: home, scorecard (first page of the PMO)."""

    gates: str = "advisory"
    reports: str = "due"
    people: str = "line"
    managers: str = "line"
    landing: str = "home"


_sources: list[Callable[[], Governance | None]] = []


def set_governance_source(source: Callable[[], Governance | None]) -> None:
    """Say who knows the rules of the organisation's PMO."""
    if source not in _sources:
        _sources.append(source)


def governance() -> Governance:
    """The rules in force; the product's defaults where no PMO is on file."""
    for source in _sources:
        found = source()
        if found is not None:
            return found
    return Governance()
