"""The rows of a plan version, written from plain values in chunks."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.calc.plan import stored
from projects.calc.plan.document import Assignment, Baseline, Calendar, Link, Moment, Plan, Resource, Span, Task
from projects.models.plan import Assignment as AssignmentRow
from projects.models.plan import PlanCalendar, PlanResource, PlanTask, PlanVersion, TaskBaseline, TaskLink
from projects.queries.plans.stored import AS_IN_PLAN, MOMENTS

Progress = Callable[[int, int], object]
"""Told how many rows of how many are written."""

CHUNK = 500
POSITION_STEP = 1024
"""Distance between two rows of the outline: room to put rows between them."""


@dataclass(frozen=True)
class Kept:
    """What a row of the new version takes over from the same row of the old one."""

    key: uuid.UUID = field(default_factory=uuid.uuid4)
    responsible_id: int | None = None
    remark: str = ""
    added_here: bool = False  # no file knows the row: it has no uid


class PlanWriter:
    """Writes the rows of one version; `tasks` and `resources` say what each uid takes over."""

    def __init__(
        self,
        version: PlanVersion,
        plan: Plan,
        tasks: Mapping[str, Kept],
        resources: Mapping[str, Kept],
        progress: Progress | None = None,
    ) -> None:
        self.version, self.plan = version, plan
        self.kept_tasks, self.kept_resources = tasks, resources
        self.progress = progress
        baselines = sum(len(task.baselines) for task in plan.tasks)
        parts = (plan.calendars, plan.resources, plan.tasks, plan.links, plan.assignments)
        self.done, self.total = 0, sum(len(rows) for rows in parts) + baselines

    def write(self) -> None:
        """All rows; the default calendar of the version is set on the object and in the table."""
        calendars = self._calendars()
        resources = self._resources(calendars)
        tasks = self._tasks(calendars)
        self._create(TaskBaseline, list(self._baselines(tasks)))
        self._create(TaskLink, [self._link(one, tasks) for one in self.plan.links])
        self._create(AssignmentRow, [self._assignment(one, tasks, resources) for one in self.plan.assignments])
        if self.plan.calendar is not None:
            self.version.calendar = calendars[self.plan.calendar]
            PlanVersion.all_objects.filter(pk=self.version.pk).update(calendar=self.version.calendar)

    def _create(self, model: Any, rows: Sequence[Any]) -> None:
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            model.objects.bulk_create(part, batch_size=CHUNK)
            self.done += len(part)
            if self.progress is not None:
                self.progress(self.done, self.total)

    def _calendars(self) -> dict[str, PlanCalendar]:
        """In the order of the file; parents are set when all have their ids."""
        rows = {one.uid: self._calendar(one) for one in self.plan.calendars}
        self._create(PlanCalendar, list(rows.values()))
        below = []
        for one in self.plan.calendars:
            if one.parent is not None:
                rows[one.uid].parent = rows[one.parent]
                below.append(rows[one.uid])
        PlanCalendar.objects.bulk_update(below, ["parent"], batch_size=CHUNK)
        return rows

    def _calendar(self, one: Calendar) -> PlanCalendar:
        return PlanCalendar(
            plan=self.version,
            uid=one.uid,
            name=one.name,
            of_resource=one.of_resource,
            week=stored.days_json(one.week),
            exceptions=stored.exceptions_json(one.exceptions),
            weeks=stored.weeks_json(one.weeks),
        )

    def _resources(self, calendars: Mapping[str, PlanCalendar]) -> dict[str, PlanResource]:
        rows = {one.uid: self._resource(one, calendars) for one in self.plan.resources}
        self._create(PlanResource, list(rows.values()))
        return rows

    def _resource(self, one: Resource, calendars: Mapping[str, PlanCalendar]) -> PlanResource:
        kept = self.kept_resources.get(one.uid) or Kept()
        rate, overtime = one.rate, one.overtime_rate
        return PlanResource(
            plan=self.version,
            key=kept.key,
            uid="" if kept.added_here else one.uid,
            name=one.name,
            kind=one.kind,
            initials=one.initials,
            code=one.code,
            email=one.email,
            group=one.group,
            generic=one.generic,
            max_units=one.max_units,
            rate=rate.amount if rate else None,
            rate_per=rate.per if rate else "",
            overtime_rate=overtime.amount if overtime else None,
            overtime_rate_per=overtime.per if overtime else "",
            cost_per_use=one.cost_per_use,
            accrual=one.accrual,
            calendar=calendars[one.calendar] if one.calendar is not None else None,
            material_label=one.material_label,
            work=one.work,
            cost=one.cost,
            notes=one.notes,
            fields=stored.fields_json(one.fields),
        )

    def _tasks(self, calendars: Mapping[str, PlanCalendar]) -> dict[str, PlanTask]:
        """Level by level: a row needs the id of the one above it."""
        rows: dict[str, PlanTask] = {}
        depths: dict[str, int] = {}
        levels: dict[int, list[PlanTask]] = defaultdict(list)
        for index, one in enumerate(self.plan.tasks, start=1):
            row = self._task(one, calendars)
            row.position = index * POSITION_STEP
            if one.parent is not None:
                row.parent = rows[one.parent]
            depths[one.uid] = depths[one.parent] + 1 if one.parent is not None else 0
            rows[one.uid] = row
            levels[depths[one.uid]].append(row)
        for depth in sorted(levels):
            for row in levels[depth]:
                row.parent_id = row.parent.pk if row.parent is not None else None
            self._create(PlanTask, levels[depth])
        return rows

    def _task(self, one: Task, calendars: Mapping[str, PlanCalendar]) -> PlanTask:
        kept = self.kept_tasks.get(one.uid) or Kept()
        values = {name: getattr(one, name) for name in AS_IN_PLAN}
        values |= {column: utc(getattr(one, name)) for name, column in MOMENTS.items()}
        return PlanTask(
            plan=self.version,
            key=kept.key,
            uid="" if kept.added_here else one.uid,
            responsible_id=kept.responsible_id,
            remark=kept.remark,
            calendar=calendars[one.calendar] if one.calendar is not None else None,
            estimated=one.duration is not None and one.duration.estimated,
            fields=stored.fields_json(one.fields) if one.fields else [],
            **span_columns("duration", one.duration),
            **span_columns("actual_duration", one.actual_duration),
            **span_columns("remaining_duration", one.remaining_duration),
            **values,
        )

    def _baselines(self, tasks: Mapping[str, PlanTask]) -> Iterator[TaskBaseline]:
        for task in self.plan.tasks:
            for one in task.baselines:
                yield baseline_row(tasks[task.uid], one)

    def _link(self, one: Link, tasks: Mapping[str, PlanTask]) -> TaskLink:
        return TaskLink(
            plan=self.version,
            predecessor=tasks[one.predecessor],
            successor=tasks[one.successor],
            kind=one.kind,
            lag=one.lag.minutes,
            lag_unit=one.lag.unit,
        )

    def _assignment(
        self, one: Assignment, tasks: Mapping[str, PlanTask], resources: Mapping[str, PlanResource]
    ) -> AssignmentRow:
        return AssignmentRow(
            plan=self.version,
            uid=one.uid,
            task=tasks[one.task],
            resource=resources[one.resource] if one.resource is not None else None,
            units=one.units,
            work=one.work,
            actual_work=one.actual_work,
            remaining_work=one.remaining_work,
            cost=one.cost,
            actual_cost=one.actual_cost,
            remaining_cost=one.remaining_cost,
            starts_at=utc(one.start),
            finishes_at=utc(one.finish),
            actual_start=utc(one.actual_start),
            actual_finish=utc(one.actual_finish),
            contour=one.contour,
            baselines=stored.baselines_json(one.baselines),
            fields=stored.fields_json(one.fields),
            **span_columns("delay", one.delay),
        )


def utc(moment: Moment) -> datetime.datetime | None:
    """A wall clock time as columns hold it: as if it were UTC."""
    return None if moment is None else moment.replace(tzinfo=datetime.UTC)


def span_columns(name: str, span: Span | None) -> dict[str, Any]:
    """The two columns of a span."""
    return {} if span is None else {name: span.minutes, f"{name}_unit": span.unit}


def baseline_row(task: PlanTask, one: Baseline) -> TaskBaseline:
    """The row of a task's baseline."""
    return TaskBaseline(
        task=task,
        number=one.number,
        starts_at=utc(one.start),
        finishes_at=utc(one.finish),
        estimated=one.duration is not None and one.duration.estimated,
        work=one.work,
        cost=one.cost,
        **span_columns("duration", one.duration),
    )
