"""Which period a project reports and by when, and for whom a delegate writes: the rooms above know, and say here how."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ReportingPeriod:
    """A reporting period, both days included, and the working day its report is due on. `cycle` is weekly, fortnightly or monthly."""

    cycle: str
    start: datetime.date
    end: datetime.date
    due: datetime.date


PeriodSource = Callable[[int, datetime.date], ReportingPeriod | None]
BehalfSource = Callable[[Any, int, datetime.date], str]
_periods: list[PeriodSource] = []
_behalf: list[BehalfSource] = []


def set_period_source(source: PeriodSource) -> None:
    """Say how the period to report is found: `source(project id, day)`."""
    _periods[:] = [source]


def period_to_report(project_id: int, day: datetime.date) -> ReportingPeriod | None:
    """The period whose report the project owes on the day: the last one that ended unless it was handed in, else the one under way.

    None where no cycle applies: the project is in no portfolio.
    """
    return _periods[0](project_id, day) if _periods else None


def set_behalf_source(source: BehalfSource) -> None:
    """Say who a delegate stands in for: `source(user, project id, day)` gives the person's name, "" for nobody."""
    _behalf[:] = [source]


def on_behalf_of(user: Any, project_id: int, day: datetime.date) -> str:
    """The name of the person for whom the user writes the project's report on the day; "" where they write for themselves."""
    return _behalf[0](user, project_id, day) if _behalf else ""
