"""Plans of the demo's running projects: phases that lead to the milestones that the simulation set, with the tasks in between.

Committed by the product's own service, so that the milestones are fed from the plan as in a real installation.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pmo.core.audit.actor import Actor
from projects.calc.plan.document import Assignment, Baseline, Calendar, Link, Plan, Resource, Span, Task
from projects.models import Milestone, PlanTask, Project
from projects.models.choices import ProjectStatus
from projects.services.plans.storing import commit_plan

_MORNING = (datetime.time(8), datetime.time(12))
_AFTERNOON = (datetime.time(13), datetime.time(17))
_WEEK = {day: (_MORNING, _AFTERNOON) if day < 6 else () for day in range(1, 8)}
_MINUTES = 480
_DAY = datetime.timedelta(days=1)
# The tasks of a phase with their share of its time.
_STEPS = (("方案与准备", 0.3), ("实施", 0.5), ("检查与整改", 0.2))
_TEAM, _MANAGER = "r1", "r2"
_LEAST = 3
_REASON = "演示数据：按里程碑编制的计划"

Stretch = tuple[datetime.date, datetime.date]


def add_plans(*, actor: Actor, today: datetime.date, most: int = 40) -> int:
    """Plans for the running projects that have three milestones or more and no plan yet; returns how many."""
    running = Project.objects.filter(status=ProjectStatus.IN_PROGRESS, plans__isnull=True).order_by("code", "pk")[:most]
    projects = list(running.select_related("pm"))
    by_project: dict[int, list[Milestone]] = {}
    for row in Milestone.objects.filter(project__in=projects).order_by("baseline_date", "code"):
        if row.baseline_date:
            by_project.setdefault(row.project_id, []).append(row)
    made = 0
    for project in projects:
        milestones = by_project.get(project.pk, [])
        if len(milestones) >= _LEAST:
            plan = plan_for(project, milestones, today)
            version = commit_plan(actor=actor, project=project, plan=plan, reason=_REASON)
            PlanTask.objects.filter(plan=version, summary=False).update(responsible=project.pm)
            made += 1
    return made


def plan_for(project: Project, milestones: Sequence[Milestone], today: datetime.date) -> Plan:
    """A phase for each milestone from the one before on: three tasks one after the other, then the milestone itself."""
    first = _workday((project.planned_start or milestones[0].baseline_date or today), forward=True)
    agreed = [first, *(_last(row.baseline_date, first) for row in milestones)]
    now = [_began(project, first), *(_last(_expected(row), first) for row in milestones)]
    tasks: list[Task] = []
    for number, (row, planned, present) in enumerate(
        zip(milestones, pairwise(agreed), pairwise(now), strict=True), start=1
    ):
        tasks += _phase(number, row, planned, present, today)
    leaves = [task for task in tasks if not task.summary]
    return Plan(
        title=str(project),
        start=min(task.start for task in tasks if task.start),
        finish=max(task.finish for task in tasks if task.finish),
        status_at=datetime.datetime.combine(today, datetime.time(17)),
        currency=project.currency,
        calendar="c1",
        root_name=str(project),
        calendars=(Calendar("c1", "标准", None, _WEEK),),
        resources=tuple(_resources(project)),
        tasks=tuple(tasks),
        links=tuple(Link(before.uid, after.uid) for before, after in pairwise(leaves)),
        assignments=tuple(_assignments(leaves, project)),
    )


def _expected(row: Milestone) -> datetime.date | None:
    return row.actual_date or row.forecast_date or row.baseline_date


def _began(project: Project, first: datetime.date) -> datetime.date:
    return _workday(project.actual_start, forward=True) if project.actual_start else first


def _last(day: datetime.date | None, first: datetime.date) -> datetime.date:
    return max(day or first, first)


def _workday(day: datetime.date, *, forward: bool) -> datetime.date:
    while day.isoweekday() > 5:
        day += _DAY if forward else -_DAY
    return day


def _phase(number: int, row: Milestone, planned: Stretch, present: Stretch, today: datetime.date) -> Iterator[Task]:
    """The rows of a phase; the milestone bears the very dates that its row in the register has."""
    parent = f"p{number}"
    steps = list(_steps(number, row, planned, present, today))
    starts, ends = [one.start for one in steps if one.start], [one.finish for one in steps if one.finish]
    work = sum(one.duration.minutes for one in steps if one.duration)
    done = sum(one.duration.minutes * (one.percent_complete or 0) for one in steps if one.duration)
    begun = [one.actual_start for one in steps if one.actual_start]
    yield Task(
        uid=parent,
        name=f"第{number}阶段：{row.name}",
        level=1,
        wbs=str(number),
        summary=True,
        duration=Span(float(_workdays(min(starts).date(), max(ends).date()) * _MINUTES)),
        start=min(starts),
        finish=max(ends),
        percent_complete=round(done / work, 1) if work else 0.0,
        actual_start=min(begun, default=None),
        actual_finish=max(ends) if row.actual_date else None,
    )
    yield from steps
    yield Task(
        uid=f"{parent}m",
        name=row.name,
        level=2,
        parent=parent,
        wbs=f"{number}.{len(_STEPS) + 1}",
        milestone=True,
        duration=Span(0.0),
        start=_evening(_expected(row)),
        finish=_evening(_expected(row)),
        percent_complete=100.0 if row.actual_date else 0.0,
        actual_start=_evening(row.actual_date),
        actual_finish=_evening(row.actual_date),
        baselines=(Baseline(0, _evening(row.baseline_date), _evening(row.baseline_date), Span(0.0)),),
    )


def _steps(number: int, row: Milestone, planned: Stretch, present: Stretch, today: datetime.date) -> Iterator[Task]:
    pieces = zip(_STEPS, _split(planned), _split(present), strict=True)
    for place, ((name, _share), agreed, now) in enumerate(pieces, start=1):
        first, last = now
        days = _workdays(first, last)
        done = 1.0 if row.actual_date else _share_done(first, last, today)
        yield Task(
            uid=f"p{number}s{place}",
            name=f"{row.name}：{name}",
            level=2,
            parent=f"p{number}",
            wbs=f"{number}.{place}",
            duration=Span(float(days * _MINUTES)),
            start=_at(first, 8),
            finish=_at(last, 17),
            percent_complete=round(done * 100),
            actual_start=_at(first, 8) if done else None,
            actual_finish=_at(last, 17) if done == 1 else None,
            work=float(days * _MINUTES * 2),
            baselines=(Baseline(0, _at(agreed[0], 8), _at(agreed[1], 17), Span(float(_workdays(*agreed) * _MINUTES))),),
        )


def _split(stretch: Stretch) -> list[Stretch]:
    """A stretch in the shares of the steps, each on working days and a day long at least."""
    first, last = stretch
    whole = max((last - first).days, len(_STEPS))
    edges, passed = [first], 0.0
    for _name, share in _STEPS:
        passed += share
        edges.append(first + datetime.timedelta(days=round(whole * passed)))
    found = []
    for begin, end in pairwise(edges):
        start = _workday(begin, forward=True)
        found.append((start, max(start, _workday(end - _DAY, forward=False))))
    return found


def _workdays(first: datetime.date, last: datetime.date) -> int:
    return max(sum((first + _DAY * n).isoweekday() < 6 for n in range((last - first).days + 1)), 1)


def _share_done(first: datetime.date, last: datetime.date, today: datetime.date) -> float:
    if today < first:
        return 0.0
    return min(_workdays(first, today) / _workdays(first, last), 0.9) if today < last else 0.9


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour))


def _evening(day: datetime.date | None) -> datetime.datetime | None:
    return None if day is None else _at(day, 17)


def _resources(project: Project) -> Iterator[Resource]:
    yield Resource(_TEAM, "项目组", max_units=300.0, generic=True, calendar="c1")
    if project.pm is not None:
        yield Resource(_MANAGER, str(project.pm), email=project.pm.email, max_units=100.0, calendar="c1")


def _assignments(leaves: Iterable[Task], project: Project) -> Iterator[Assignment]:
    for task in leaves:
        if task.milestone or task.duration is None:
            continue
        yield Assignment(
            f"a{task.uid}", task.uid, _TEAM, units=200.0, work=task.work, start=task.start, finish=task.finish
        )
