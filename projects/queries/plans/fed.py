"""Which fields of milestones the published plan gives, and which row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from projects.models import Milestone
from projects.models.plan import PlanTask, PlanVersion, TaskBaseline

ALWAYS = ("project", "name", "forecast_date", "actual_date")
BASELINE = "baseline_date"


@dataclass(frozen=True)
class Feed:
    """The row of the published plan that a milestone follows, by its number, and the fields that it gives."""

    row: int
    fields: tuple[str, ...]


def feeds(milestones: Sequence[Milestone]) -> Mapping[int, Feed]:
    """{milestone id: its feed} of those that the published plan of their project feeds. One statement."""
    keys = {one.task_key for one in milestones if one.task_key is not None}
    if not keys:
        return {}
    above = (
        PlanTask.objects.filter(plan=OuterRef("plan"))
        .filter(Q(position__lt=OuterRef("position")) | Q(position=OuterRef("position"), pk__lt=OuterRef("pk")))
        .order_by()
        .values("plan")
        .annotate(n=Count("pk"))
        .values("n")
    )
    agreed = TaskBaseline.objects.filter(task=OuterRef("pk"), number=0, finishes_at__isnull=False)
    tasks = PlanTask.objects.filter(
        key__in=keys,
        plan__state=PlanVersion.State.PUBLISHED,
        plan__deleted_at__isnull=True,
        plan__project__in={one.project_id for one in milestones},
        milestone=True,
        summary=False,
        active=True,
    )
    rows = tasks.annotate(above=Coalesce(Subquery(above), 0), agreed=Exists(agreed))
    found = {
        (project, key): Feed(above + 1, (*ALWAYS, BASELINE) if baseline else ALWAYS)
        for project, key, above, baseline in rows.values_list("plan__project_id", "key", "above", "agreed")
    }
    wanted = {one.pk: (one.project_id, one.task_key) for one in milestones}
    return {pk: found[pair] for pk, pair in wanted.items() if pair in found}
