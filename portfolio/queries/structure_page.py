"""What the page of a portfolio or programme says: its projects with plan, key milestones and snapshots."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.models import HealthSnapshot
from projects.models import Milestone, Project

DRAWN = 24


@dataclass(frozen=True)
class ProjectPlan:
    """A project of the roadmap with its key milestones."""

    project: Project
    milestones: list[Milestone]

    @property
    def slip(self) -> int | None:
        """Calendar days from the planned to the actual or forecast finish."""
        row = self.project
        expected: datetime.date | None = row.actual_finish or row.forecast_finish
        if expected is None or row.planned_finish is None:
            return None
        return (expected - row.planned_finish).days


def plans_of(rows: Sequence[HealthSnapshot], user: Any, limit: int = DRAWN) -> tuple[list[ProjectPlan], int]:
    """The plans of the snapshots' projects, the worst health first, and how many are left out. One query."""
    shown = [row.project for row in rows[:limit]]
    stones: dict[int, list[Milestone]] = {}
    found = Milestone.objects.visible_to(user).filter(project_id__in=[row.pk for row in shown], is_key=True)
    for stone in found.order_by("baseline_date", "pk"):
        stones.setdefault(stone.project_id, []).append(stone)
    return [ProjectPlan(row, stones.get(row.pk, [])) for row in shown], max(len(rows) - limit, 0)
