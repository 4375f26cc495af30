"""Plans out of the database, as the plain values that files and exports speak."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from projects.calc.plan import stored
from projects.calc.plan.document import (
    Assignment,
    Baseline,
    Calendar,
    Link,
    Moment,
    Plan,
    Rate,
    Resource,
    Span,
    Task,
)
from projects.calc.plan.outline import outline_numbers
from projects.models.plan import Assignment as AssignmentRow
from projects.models.plan import PlanCalendar, PlanResource, PlanTask, PlanVersion, TaskBaseline
from projects.models.project import Project
from projects.queries.plans.links import links_of

AS_IN_PLAN = (
    "level", "wbs", "code", "name", "summary", "milestone", "active", "manual", "kind", "effort_driven", "priority",
    "constraint", "second_constraint", "ignore_resource_calendars", "total_slack", "free_slack", "critical",
    "percent_complete", "percent_work_complete", "physical_percent", "work", "actual_work", "remaining_work", "cost",
    "actual_cost", "remaining_cost", "fixed_cost", "fixed_cost_accrual", "notes", "hyperlink",
)  # fmt: skip
"""Columns of a task that carry the same value under the same name in `document.Task`."""

MOMENTS = {
    "constraint_at": "constraint_at",
    "second_constraint_at": "second_constraint_at",
    "deadline": "deadline",
    "start": "starts_at",
    "finish": "finishes_at",
    "early_start": "early_start",
    "early_finish": "early_finish",
    "late_start": "late_start",
    "late_finish": "late_finish",
    "actual_start": "actual_start",
    "actual_finish": "actual_finish",
}
"""Attribute of `document.Task`: column."""


def published(project: Project | int) -> PlanVersion | None:
    """The published version of the project's plan."""
    return _version(project, PlanVersion.State.PUBLISHED)


def draft(project: Project | int) -> PlanVersion | None:
    """The draft of the project's plan."""
    return _version(project, PlanVersion.State.DRAFT)


def _version(project: Project | int, state: str) -> PlanVersion | None:
    row: PlanVersion | None = PlanVersion.objects.filter(project=project, state=state).first()
    return row


def plan_of(version: PlanVersion) -> Plan:
    """The whole plan of a version: six statements whatever its size. Rows added here have their key for a uid."""
    calendars = {row.pk: row for row in PlanCalendar.objects.filter(plan=version).order_by("pk")}
    calendar_uids = {pk: row.uid for pk, row in calendars.items()}
    resource_rows = list(PlanResource.objects.filter(plan=version).order_by("pk"))
    resource_uids = {row.pk: uid_of(row) for row in resource_rows}
    task_uids, tasks = _tasks(version, calendar_uids)
    links = links_of(version).order_by("pk")
    return Plan(
        title=version.title,
        format=version.source_format,
        application=version.source_application,
        start=wall(version.starts_at),
        finish=wall(version.finishes_at),
        status_at=wall(version.status_at),
        schedule_from_finish=version.schedule_from_finish,
        minutes_per_day=version.minutes_per_day,
        minutes_per_week=version.minutes_per_week,
        days_per_month=version.days_per_month,
        critical_slack=version.critical_slack,
        currency=version.currency,
        calendar=calendar_uids.get(version.calendar_id or 0),
        root_name=version.root_name,
        calendars=tuple(_calendar(row, calendar_uids) for row in calendars.values()),
        resources=tuple(_resource(row, calendar_uids) for row in resource_rows),
        tasks=tasks,
        links=tuple(
            Link(task_uids[before], task_uids[after], kind, Span(lag, unit))
            for before, after, kind, lag, unit in links.values_list(
                "predecessor_id", "successor_id", "kind", "lag", "lag_unit"
            )
        ),
        assignments=tuple(_assignments(version, task_uids, resource_uids)),
        fields=stored.fields_of(version.fields),
        kept=stored.remarks_of(version.kept),
        lost=stored.remarks_of(version.lost),
    )


def plan_as_shown(version: PlanVersion) -> Plan:
    """The plan with the codes that people see: a draft leaves those empty that follow the outline."""
    plan = plan_of(version)
    numbers = outline_numbers(task.level for task in plan.tasks)
    coded = (task if task.wbs else replace(task, wbs=number) for task, number in zip(plan.tasks, numbers, strict=True))
    return replace(plan, tasks=tuple(coded)) if version.state == PlanVersion.State.DRAFT else plan


def uid_of(row: PlanTask | PlanResource) -> str:
    """The id in the source file, else the key of a row that was added here."""
    return row.uid or str(row.key)


def wall(moment: datetime.datetime | None) -> Moment:
    """The wall clock time that a column holds as if it were UTC."""
    return None if moment is None else moment.replace(tzinfo=None)


def span(minutes: float | None, unit: str, estimated: bool = False) -> Span | None:
    """A span from its columns."""
    return None if minutes is None else Span(minutes, unit, estimated)


def _tasks(version: PlanVersion, calendars: dict[int, str]) -> tuple[dict[int, str], tuple[Task, ...]]:
    names = [f.attname for f in PlanTask._meta.concrete_fields if f.attname not in ("remark", "responsible_id")]
    place = {name: index for index, name in enumerate(names)}
    rows = list(PlanTask.objects.filter(plan=version).order_by("position", "pk").values_list(*names))
    pk_at, uid_at, key_at = place["id"], place["uid"], place["key"]
    uids = {row[pk_at]: row[uid_at] or str(row[key_at]) for row in rows}
    baselines = _baselines(version)
    same = [(name, place[name]) for name in AS_IN_PLAN]
    moments = [(name, place[column]) for name, column in MOMENTS.items()]
    tasks = []
    for row in rows:
        values = {name: row[at] for name, at in same}
        values |= {name: wall(row[at]) for name, at in moments}
        fields = row[place["fields"]]
        tasks.append(
            Task(
                uid=uids[row[pk_at]],
                parent=uids.get(row[place["parent_id"]]),
                calendar=calendars.get(row[place["calendar_id"]]),
                duration=span(row[place["duration"]], row[place["duration_unit"]], row[place["estimated"]]),
                actual_duration=span(row[place["actual_duration"]], row[place["actual_duration_unit"]]),
                remaining_duration=span(row[place["remaining_duration"]], row[place["remaining_duration_unit"]]),
                baselines=tuple(baselines.get(row[pk_at], ())),
                fields=stored.fields_of(fields) if fields else (),
                **values,
            )
        )
    return uids, tuple(tasks)


def _baselines(version: PlanVersion) -> dict[int, list[Baseline]]:
    found: dict[int, list[Baseline]] = defaultdict(list)
    rows = TaskBaseline.objects.filter(task__plan=version).order_by("task_id", "number")
    for row in rows.values_list(
        "task_id", "number", "starts_at", "finishes_at", "duration", "duration_unit", "estimated", "work", "cost"
    ):
        task, number, starts, finishes, minutes, unit, estimated, work, cost = row
        found[task].append(Baseline(number, wall(starts), wall(finishes), span(minutes, unit, estimated), work, cost))
    return found


def _calendar(row: PlanCalendar, uids: dict[int, str]) -> Calendar:
    return Calendar(
        uid=row.uid,
        name=row.name,
        parent=uids.get(row.parent_id or 0),
        week=stored.days_of(row.week),
        exceptions=stored.exceptions_of(row.exceptions),
        weeks=stored.weeks_of(row.weeks),
        of_resource=row.of_resource,
    )


def _resource(row: PlanResource, calendars: dict[int, str]) -> Resource:
    return Resource(
        uid=uid_of(row),
        name=row.name,
        kind=row.kind,
        initials=row.initials,
        code=row.code,
        email=row.email,
        group=row.group,
        generic=row.generic,
        max_units=row.max_units,
        rate=None if row.rate is None else Rate(row.rate, row.rate_per),
        overtime_rate=None if row.overtime_rate is None else Rate(row.overtime_rate, row.overtime_rate_per),
        cost_per_use=row.cost_per_use,
        accrual=row.accrual,
        calendar=calendars.get(row.calendar_id or 0),
        material_label=row.material_label,
        work=row.work,
        cost=row.cost,
        notes=row.notes,
        fields=stored.fields_of(row.fields),
    )


def _assignments(version: PlanVersion, tasks: dict[int, str], resources: dict[int, str]) -> Iterator[Assignment]:
    rows: Iterable[Any] = AssignmentRow.objects.filter(plan=version).order_by("pk")
    for row in rows:
        yield Assignment(
            uid=row.uid or f"n{row.pk}",
            task=tasks[row.task_id],
            resource=resources.get(row.resource_id),
            units=row.units,
            work=row.work,
            actual_work=row.actual_work,
            remaining_work=row.remaining_work,
            cost=row.cost,
            actual_cost=row.actual_cost,
            remaining_cost=row.remaining_cost,
            start=wall(row.starts_at),
            finish=wall(row.finishes_at),
            actual_start=wall(row.actual_start),
            actual_finish=wall(row.actual_finish),
            delay=span(row.delay, row.delay_unit),
            contour=row.contour,
            baselines=stored.baselines_of(row.baselines),
            fields=stored.fields_of(row.fields),
        )


def has_milestone(project: Project | int, key: Any) -> bool:
    """Whether the published plan of the project has the milestone task."""
    rows = PlanTask.objects.filter(key=key, milestone=True, summary=False, active=True, plan__project=project)
    return rows.filter(plan__state=PlanVersion.State.PUBLISHED, plan__deleted_at__isnull=True).exists()
