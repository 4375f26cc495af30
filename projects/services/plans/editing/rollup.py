"""Summary rows follow their tasks: start and finish are the first and the last, the duration lies between them on the plan's calendar.

The percentage is weighed by duration, as Microsoft Project does: done working time of the tasks at the bottom over all of it; where none
has a duration, the plain mean.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, F, FloatField, Max, Min, Sum
from django.db.models.functions import Coalesce

from projects.calc.plan.typed import Rules
from projects.calc.plan.worktime import STANDARD, Worktime
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans.calendars import calendars_of
from projects.services.plans.editing.record import Operation
from projects.services.plans.editing.sheet import Sheet

_COLUMNS = ("starts_at", "finishes_at", "duration", "duration_unit", "percent_complete", "milestone")


def rules_of(plan: PlanVersion) -> Rules:
    """How the plan counts its units."""
    return Rules(plan.minutes_per_day or 480, plan.minutes_per_week or 2400, plan.days_per_month or 20)


def worktime_of(plan: PlanVersion, calendar: int | None = None) -> Worktime:
    """The working time of the plan's default calendar, or of a task's own."""
    known = calendars_of(plan)
    chosen = known.get(calendar or plan.calendar_id or 0)
    return Worktime(chosen or STANDARD, {one.uid: one for one in known.values()})


def roll_up(work: Operation, sheet: Sheet, touched: Iterable[int]) -> None:
    """Reckon the summaries above the rows, and the rows themselves where they are summaries; the deepest first."""
    outline = sheet.outline
    indexes: set[int] = set()
    for key in touched:
        if key in outline.places:
            index = outline.places[key]
            indexes |= {index, *outline.ancestors(index)}
    chosen = sorted((index for index in indexes if outline.summaries[index]), key=lambda one: -outline.levels[one])
    if not chosen:
        return
    work.flush()
    stored = {row["pk"]: row for row in _rows([outline.ids[index] for index in chosen])}
    worktime: Worktime | None = None
    for index in chosen:
        key = outline.ids[index]
        last = outline.ids[outline.end(index) - 1]
        found = _sums(work.plan, sheet.positions[key], sheet.positions[last])
        old = stored[key]
        starts, finishes = found["starts"], found["finishes"]
        moved = (starts, finishes) != (old["starts_at"], old["finishes_at"]) or old["duration"] is None
        if moved and starts is not None and finishes is not None:
            worktime = worktime or worktime_of(work.plan)
            work.set(key, "duration", old["duration"], worktime.between(_wall(starts), _wall(finishes)))
        work.set(key, "starts_at", old["starts_at"], starts)
        work.set(key, "finishes_at", old["finishes_at"], finishes)
        work.set(key, "percent_complete", old["percent_complete"], _percent(found))
        work.set(key, "milestone", old["milestone"], False)
    work.flush()


def _rows(keys: list[int]) -> Any:
    return PlanTask.objects.filter(pk__in=keys).values("pk", *_COLUMNS)


def _sums(plan: PlanVersion, first: int, last: int) -> dict[str, Any]:
    leaves = PlanTask.objects.filter(plan=plan, position__gt=first, position__lte=last, summary=False, active=True)
    done = F("duration") * Coalesce(F("percent_complete"), 0.0)
    return leaves.aggregate(
        starts=Min("starts_at"),
        finishes=Max("finishes_at"),
        whole=Sum("duration"),
        done=Sum(done, output_field=FloatField()),
        mean=Avg(Coalesce(F("percent_complete"), 0.0)),
    )


def _percent(found: dict[str, Any]) -> float | None:
    if found["whole"]:
        return round(float(found["done"] or 0) / float(found["whole"]), 4)
    return None if found["mean"] is None else round(float(found["mean"]), 4)


def _wall(at: datetime.datetime) -> datetime.datetime:
    return at.replace(tzinfo=None)
