"""What the page of a portfolio or programme says: its projects with plan, key milestones and snapshots."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pmo.core.access.api import permission_of, scoped_q
from pmo.core.history.queries import as_of
from portfolio.models import HealthSnapshot
from projects.models import Milestone, Project

DRAWN = 24


@dataclass(frozen=True)
class ProjectPlan:
    """A project of the roadmap with its key milestones."""

    project: Project
    milestones: list[Any]

    @property
    def slip(self) -> int | None:
        """Calendar days from the planned to the actual or forecast finish."""
        row = self.project
        expected: datetime.date | None = row.actual_finish or row.forecast_finish
        if expected is None or row.planned_finish is None:
            return None
        return (expected - row.planned_finish).days


def plans_of(
    rows: Sequence[HealthSnapshot], user: Any, limit: int = DRAWN, *, on: datetime.date | None = None
) -> tuple[list[ProjectPlan], int]:
    """The plans of the snapshots' projects, the worst health first, and how many are left out.

    As they are, or with `on` as they stood at the end of that day; who may see them is decided by today's access. One
    query, or two.
    """
    shown = [row.project for row in rows[:limit]]
    ids = [row.pk for row in shown]
    if on is not None:
        shown = _as_planned(shown, on)
    stones: dict[int, list[Any]] = {}
    for stone in _key_milestones(ids, user, on):
        stones.setdefault(stone.project_id, []).append(stone)
    return [ProjectPlan(row, stones.get(row.pk, [])) for row in shown], max(len(rows) - limit, 0)


_PLANNED = (
    "planned_start",
    "planned_finish",
    "forecast_finish",
    "actual_start",
    "actual_finish",
    "percent_complete",
)


def _as_planned(projects: Sequence[Project], on: datetime.date) -> list[Project]:
    """The projects with the dates and the part done of the day, in their order."""
    versions = {row.row_id: row for row in as_of(Project, on).filter(row_id__in=[row.pk for row in projects])}
    found = []
    for project in projects:
        then = copy.copy(project)
        for name in _PLANNED:
            setattr(then, name, getattr(versions.get(project.pk), name, None))
        found.append(then)
    return found


def _key_milestones(ids: Sequence[int], user: Any, on: datetime.date | None) -> Any:
    """Key milestones of the projects, by baseline; versions of a past day read like the records."""
    if on is None:
        rows = Milestone.objects.visible_to(user).filter(project_id__in=ids, is_key=True)
        return rows.order_by("baseline_date", "pk")
    alive = Project.objects.filter(scoped_q(user, "project", permission_of(Milestone, "view"), "pk"), pk__in=ids)
    rows = as_of(Milestone, on).filter(project_id__in=alive.order_by().values("pk"), is_key=True)
    return rows.order_by("baseline_date", "row_id")
