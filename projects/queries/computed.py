"""The computed health of a project, which the rooms above know: they say here how to read it, and why it is so."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Mark:
    """A colour and its score of 0 to 100; the score is None where there is no data."""

    band: str
    score: float | None


@dataclass(frozen=True)
class Figures:
    """Earned value on the date, in `currency`: budget, earned, spent, estimate at completion; None where unknown."""

    currency: str
    budget: Decimal | None = None
    earned: Decimal | None = None
    spent: Decimal | None = None
    estimate: Decimal | None = None


class Evidence(Protocol):
    """Why the colours are what they are, in words."""

    def sentence(self, dimension: str, lang: str, *, money: bool) -> str:
        """What weighs most in a dimension ("": in all), in one sentence; without amounts unless `money`. "" for nothing."""


@dataclass(frozen=True)
class Computed:
    """What the figures say of a project on a date: overall, and per dimension that has a score."""

    date: datetime.date
    overall: Mark
    dimensions: Mapping[str, Mark] = field(default_factory=dict)
    figures: Figures | None = None


Source = Callable[[int, datetime.date], Computed | None]
EvidenceSource = Callable[[int, datetime.date], Evidence | None]
_sources: list[Source] = []
_evidence: list[EvidenceSource] = []


def set_computed_source(source: Source, evidence: EvidenceSource | None = None) -> None:
    """Say how computed health is read: `source(project id, last day)` gives the newest one up to that day.

    `evidence(project id, last day)` gives its reasons.
    """
    _sources[:] = [source]
    _evidence[:] = [evidence] if evidence else []


def computed_of(project_id: int, until: datetime.date) -> Computed | None:
    """The newest computed health of the project up to the day; None before the first one. One query."""
    return _sources[0](project_id, until) if _sources else None


def evidence_of(project_id: int, until: datetime.date) -> Evidence | None:
    """The reasons of the newest computed health up to the day; None where nobody knows. Six queries at most."""
    return _evidence[0](project_id, until) if _evidence else None
