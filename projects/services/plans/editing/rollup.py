"""Summary rows follow their tasks: start and finish are the first and the last, the duration lies between them on the plan's calendar.

The percentage is weighed by duration, as Microsoft Project does: done working time of the tasks at the bottom over all of it; where none
has a duration, the plain mean.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

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
    ranges = {
        outline.ids[index]: (
            sheet.positions[outline.ids[index]],
            sheet.positions[outline.ids[outline.end(index) - 1]],
        )
        for index in chosen
    }
    worktime: Worktime | None = None
    sums = _sums(work.plan, ranges)
    for key in ranges:
        found, old = sums[key], stored[key]
        moved = (found.starts, found.finishes) != (old["starts_at"], old["finishes_at"]) or old["duration"] is None
        if moved and found.starts is not None and found.finishes is not None:
            worktime = worktime or worktime_of(work.plan)
            work.set(key, "duration", old["duration"], worktime.between(_wall(found.starts), _wall(found.finishes)))
        work.set(key, "starts_at", old["starts_at"], found.starts)
        work.set(key, "finishes_at", old["finishes_at"], found.finishes)
        work.set(key, "percent_complete", old["percent_complete"], found.percent)
        work.set(key, "milestone", old["milestone"], False)
    work.flush()


def _rows(keys: list[int]) -> Any:
    return PlanTask.objects.filter(pk__in=keys).order_by("pk").values("pk", *_COLUMNS)


@dataclass(frozen=True)
class _Sums:
    """What the tasks below a summary come to."""

    starts: datetime.datetime | None
    finishes: datetime.datetime | None
    percent: float | None


def _sums(plan: PlanVersion, ranges: Mapping[int, tuple[int, int]]) -> dict[int, _Sums]:
    """By summary, of the tasks behind the first position up to the second; one statement for all of them."""
    table = PlanTask._meta.db_table
    marks = ", ".join(["(%s, %s, %s)"] * len(ranges))
    sql = (
        "SELECT CAST(above.column1 AS bigint), MIN(starts_at), MAX(finishes_at), SUM(duration),"  # noqa: S608  names of the model only
        " SUM(duration * COALESCE(percent_complete, 0)), AVG(COALESCE(percent_complete, 0))"
        f" FROM (VALUES {marks}) AS above LEFT JOIN {table} ON plan_id = %s AND active AND NOT summary"
        " AND position > above.column2 AND position <= above.column3 GROUP BY above.column1"
    )
    given = [value for key, (first, last) in ranges.items() for value in (key, first, last)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, plan.pk])
        rows = cursor.fetchall()
    return {
        key: _Sums(_moment(starts), _moment(finishes), _percent(whole, done, mean))
        for key, starts, finishes, whole, done, mean in rows
    }


def _moment(value: Any) -> datetime.datetime | None:
    """A column of time as PostgreSQL gives it, or SQLite, as text in UTC."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC) if isinstance(value, str) else value


def _percent(whole: float | None, done: float | None, mean: float | None) -> float | None:
    if whole:
        return round((done or 0) / whole, 4)
    return None if mean is None else round(mean, 4)


def _wall(at: datetime.datetime) -> datetime.datetime:
    return at.replace(tzinfo=None)
