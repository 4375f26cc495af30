"""The computed health of a project, which the rooms above know: they say here how to read it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mark:
    """A colour and its score of 0 to 100; the score is None where there is no data."""

    band: str
    score: float | None


@dataclass(frozen=True)
class Computed:
    """What the figures say of a project on a date: overall, and per dimension that has a score."""

    date: datetime.date
    overall: Mark
    dimensions: Mapping[str, Mark] = field(default_factory=dict)


Source = Callable[[int, datetime.date], Computed | None]
_sources: list[Source] = []


def set_computed_source(source: Source) -> None:
    """Say how computed health is read: `source(project id, last day)` gives the newest one up to that day."""
    _sources[:] = [source]


def computed_of(project_id: int, until: datetime.date) -> Computed | None:
    """The newest computed health of the project up to the day; None before the first one. One query."""
    return _sources[0](project_id, until) if _sources else None
