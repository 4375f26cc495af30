"""What the explanation of one snapshot is made of: the snapshot, why its score is what it is, and the rows it names."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from pmo.core.calendars.queries import organisation_as_of
from pmo.core.history.queries import as_of
from portfolio.calc.health.explain import Explanation
from portfolio.models import HealthSnapshot
from portfolio.queries.scorecard import explanation_of
from projects.models import Milestone, Project, StatusReport


@dataclass(frozen=True)
class Story:
    """A snapshot with its explanation and the rows its sentences name, as they stood on its date.

    `milestone` and `report` are version rows (None where there is none), `project` the project's version row,
    `previous` the snapshot before, `currency` the base currency of the day.
    """

    snapshot: HealthSnapshot
    explanation: Explanation
    previous: HealthSnapshot | None
    project: Any
    milestone: Any
    report: Any
    currency: str

    @property
    def inputs(self) -> dict[str, Any]:
        """The stored inputs."""
        found: dict[str, Any] = self.snapshot.inputs
        return found

    @property
    def day(self) -> datetime.date:
        """The date of the snapshot."""
        found: datetime.date = self.snapshot.date
        return found


def story_of(project_id: int, day: datetime.date | None = None) -> Story | None:
    """The story of the last snapshot (not after `day`, where given); None before the first. Six queries at most."""
    rows = HealthSnapshot.objects.filter(project_id=project_id).select_related("model").order_by("-date")
    if day is not None:
        rows = rows.filter(date__lte=day)
    found = list(rows[:2])
    if not found:
        return None
    snapshot, previous = found[0], found[1] if len(found) > 1 else None
    inputs, date = snapshot.inputs, snapshot.date
    return Story(
        snapshot=snapshot,
        explanation=explanation_of(snapshot),
        previous=previous,
        project=as_of(Project, date).filter(row_id=project_id).first(),
        milestone=_version(Milestone, inputs.get("key_milestone"), date),
        report=_version(StatusReport, inputs.get("report"), date),
        currency=organisation_as_of(date).base_currency,
    )


def _version(model: Any, row_id: int | None, day: datetime.date) -> Any:
    return None if row_id is None else as_of(model, day).filter(row_id=row_id).first()


@dataclass(frozen=True)
class HealthPoint:
    """One point of a project's series."""

    date: datetime.date
    overall: float | None
    band: str


def series_of(project_id: int, until: datetime.date | None = None, weeks: int = 52) -> list[HealthPoint]:
    """The project's health over the weeks up to a date (its last snapshot), oldest first. One query."""
    rows = HealthSnapshot.objects.filter(project_id=project_id).order_by("-date")
    if until is not None:
        rows = rows.filter(date__lte=until, date__gt=until - datetime.timedelta(weeks=weeks))
    newest_first = [HealthPoint(*row) for row in rows.values_list("date", "overall", "band")[: weeks * 7]]
    return newest_first[::-1]
