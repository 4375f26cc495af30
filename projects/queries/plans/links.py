"""The links of a plan."""

from __future__ import annotations

from django.db.models import QuerySet

from projects.models.plan import PlanVersion, TaskLink


def links_of(plan: PlanVersion) -> QuerySet[TaskLink]:
    """Links of which both tasks stand in the plan: those of a row that was taken out of a draft wait with it, unchanged."""
    return TaskLink.objects.filter(plan=plan, predecessor__plan=plan, successor__plan=plan)
