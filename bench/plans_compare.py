"""A plan as read against the values stored by the program that wrote the file, value by value."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from projects.calc.plan.document import Assignment, Calendar, Plan, Resource, Span, Task
from projects.plan_files.child.gantt import OWN_NUMBER

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MOMENTS = {
    "start": "start",
    "finish": "finish",
    "early_start": "early_start",
    "early_finish": "early_finish",
    "late_start": "late_start",
    "late_finish": "late_finish",
    "actual_start": "actual_start",
    "actual_finish": "actual_finish",
    "constraint_date": "constraint_at",
    "deadline": "deadline",
}
FIGURES = {
    "total_slack_minutes": "total_slack",
    "free_slack_minutes": "free_slack",
    "percent_complete": "percent_complete",
    "work_minutes": "work",
    "cost": "cost",
    "fixed_cost": "fixed_cost",
    "actual_cost": "actual_cost",
}
TEXTS = {
    "name": "name",
    "wbs": "wbs",
    "summary": "summary",
    "milestone": "milestone",
    "active": "active",
    "critical": "critical",
}
GANTT_LINKS = 17
"""Links of the GanttProject sample by a count of the file; the stored values know three."""


def differences(plan: Plan, expected: Path) -> list[str]:
    """Each difference in words; an empty list where all values are equal."""
    stored = json.loads(expected.read_text(encoding="utf-8"))
    return [
        *_head(plan, stored),
        *_tasks(plan, stored),
        *_links(plan, stored),
        *_calendars(plan, stored),
        *_resources(plan, stored),
        *_assignments(plan, stored),
    ]


def _head(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    calendars = {one.uid: one.name for one in plan.calendars}
    yield from _unequal("title", plan.title, stored["title"] or plan.title)
    for name, value in (("start", plan.start), ("finish", plan.finish), ("status_date", plan.status_at)):
        yield from _unequal(name, _moment(value), stored[name])
    for name in ("minutes_per_day", "minutes_per_week", "days_per_month"):
        yield from _unequal(name, float(getattr(plan, name)), float(stored[name]))
    yield from _unequal("default_calendar", calendars.get(plan.calendar or ""), stored["default_calendar"])


def _tasks(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    rows = [row for row in stored["tasks"] if row["outline_level"] != "0" and row["name"] is not None]
    yield from _unequal("tasks", [one.uid for one in plan.tasks], [str(row["uid"]) for row in _in_order(plan, rows)])
    found = {one.uid: one for one in plan.tasks}
    top = {str(row["uid"]) for row in stored["tasks"] if row["outline_level"] == "0"}
    calendars = {one.uid: one.name for one in plan.calendars}
    for row in rows:
        task = found.get(str(row["uid"]))
        if task is not None:
            for line in _task(plan, task, row, top, calendars):
                yield f"task {task.uid}: {line}"


def _in_order(plan: Plan, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stored rows are sorted otherwise; only which there are is compared."""
    position = {one.uid: number for number, one in enumerate(plan.tasks)}
    return sorted(rows, key=lambda row: position.get(str(row["uid"]), len(position)))


def _task(plan: Plan, task: Task, row: dict[str, Any], top: set[str], calendars: dict[str, str]) -> Iterator[str]:
    for name, own in TEXTS.items():
        given = _own_number(task) if name == "wbs" and plan.format == "gan" else getattr(task, own)
        yield from _unequal(name, given, row[name] if row[name] is not None else "")
    for name, own in MOMENTS.items():
        yield from _unequal(name, _moment(getattr(task, own)), row[name])
    for name, own in FIGURES.items():
        yield from _unequal(name, _number(getattr(task, own)), row[name])
    yield from _unequal("level", str(task.level), row["outline_level"])
    parent = str(row["parent_uid"]) if row["parent_uid"] is not None else None
    yield from _unequal("parent", task.parent, None if parent in top else parent)
    yield from _unequal("manual", task.manual, row["mode"] == "MANUALLY_SCHEDULED")
    yield from _unequal("type", task.kind, (row["type"] or "fixed_units").lower())
    yield from _unequal("constraint", task.constraint, (row["constraint_type"] or "as_soon_as_possible").lower())
    yield from _unequal("duration", _span(plan, task.duration), _rounded(row["duration"]))
    yield from _unequal("duration_minutes", task.duration.minutes if task.duration else None, row["duration_minutes"])
    priority = (row["priority"] or "=500]").rpartition("=")[2].rstrip("]")
    yield from _unequal("priority", str(task.priority), priority)
    yield from _unequal("calendar", calendars.get(task.calendar or ""), row["calendar"])
    baseline = next((one for one in task.baselines if one.number == 0), None)
    for name, value in (("start", "start"), ("finish", "finish")):
        yield from _unequal(f"baseline_{name}", _moment(getattr(baseline, value, None)), row[f"baseline_{name}"])
    duration = baseline.duration if baseline else None
    if baseline or (row["baseline_duration"] or "0.0")[:3] != "0.0":
        yield from _unequal("baseline_duration", _span(plan, duration), _rounded(row["baseline_duration"]))
    yield from _unequal(
        "baseline_cost", _number(baseline.cost if baseline else None) or 0.0, row["baseline_cost"] or 0.0
    )


def _own_number(task: Task) -> Any:
    """GanttProject's number of the row; its WBS code here is the outline number."""
    return next((one.value for one in task.fields if one.name == OWN_NUMBER), "")


def _links(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    found = sorted(
        (one.predecessor, one.successor, one.kind, round(one.lag.minutes, 3), one.lag.unit) for one in plan.links
    )
    wanted = sorted(
        (str(link["uid"]), str(row["uid"]), link["type"], *_lag(link))
        for row in stored["tasks"]
        for link in row["predecessors"]
    )
    if stored["file_type"] == "GAN":
        yield from _unequal("links of the file", len(found), GANTT_LINKS)
        yield from (f"link {one} missing" for one in wanted if one not in found)
    else:
        yield from _unequal("links", found, wanted)


def _lag(link: dict[str, Any]) -> tuple[float, str]:
    """Minutes and unit; a lag in percent of the duration has no minutes."""
    amount = link["lag"].rstrip("abcdefghijklmnopqrstuvwxyz%")
    unit = link["lag"][len(amount) :]
    return (float(amount) if link["lag_minutes"] is None else round(link["lag_minutes"], 3)), unit


def _calendars(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    found = {one.uid: one for one in plan.calendars}
    yield from _unequal("calendars", sorted(found), sorted(row["uid"] for row in stored["calendars"]))
    for row in stored["calendars"]:
        calendar = found.get(row["uid"])
        if calendar is not None:
            for line in _calendar(calendar, row, found):
                yield f"calendar {calendar.uid}: {line}"


def _calendar(calendar: Calendar, row: dict[str, Any], found: dict[str, Calendar]) -> Iterator[str]:
    yield from _unequal("name", calendar.name, row["name"])
    yield from _unequal("parent", found[calendar.parent].name if calendar.parent else None, row["parent"])
    for number, day in enumerate(DAYS, start=1):
        ranges = calendar.week[number]
        wanted = None if row["week"][day]["type"] == "DEFAULT" else row["week"][day]["hours"] or []
        own = None if ranges is None else [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in ranges]
        yield from _unequal(day, own, wanted)
    exceptions = [(one.first.isoformat(), one.last.isoformat(), bool(one.ranges)) for one in calendar.exceptions]
    wanted_exceptions = [(one["from_"], one["to"], one["working"]) for one in row["exceptions"]]
    yield from _unequal("exceptions", sorted(exceptions), sorted(wanted_exceptions))


def _resources(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    found = {one.uid: one for one in plan.resources}
    calendars = {one.uid: one.name for one in plan.calendars}
    yield from _unequal("resources", sorted(found), sorted(str(row["uid"]) for row in stored["resources"]))
    for row in stored["resources"]:
        resource = found.get(str(row["uid"]))
        if resource is not None:
            for line in _resource(resource, row, calendars):
                yield f"resource {resource.uid}: {line}"


def _resource(resource: Resource, row: dict[str, Any], calendars: dict[str, str]) -> Iterator[str]:
    yield from _unequal("name", resource.name, row["name"])
    yield from _unequal("type", resource.kind, row["type"].lower())
    yield from _unequal("max_units", resource.max_units, row["max_units"])
    yield from _unequal("cost", _number(resource.cost), row["cost"])
    yield from _unequal("calendar", calendars.get(resource.calendar or ""), row["calendar"])
    for name, rate in (("std_rate", resource.rate), ("overtime_rate", resource.overtime_rate)):
        amount, _, per = (row[name] or "").partition("/")
        yield from _unequal(name, _number(rate.amount) if rate else None, float(amount) if amount else None)
        if rate is not None and resource.kind != "material":
            yield from _unequal(f"unit of {name}", rate.per, per)


def _assignments(plan: Plan, stored: dict[str, Any]) -> Iterator[str]:
    found = sorted(map(_assignment, plan.assignments), key=str)
    wanted = sorted(
        (
            (
                str(row["task_uid"]),
                str(row["resource_uid"]),
                row["units"],
                row["work_minutes"],
                row["actual_work_minutes"],
            )
            + (_close(row["cost"]), row["start"], row["finish"])
            for row in stored["assignments"]
        ),
        key=str,
    )
    yield from _unequal("assignments", len(found), len(wanted))
    for own, row in zip(found, wanted, strict=False):
        yield from _unequal(f"assignment {own[:2]}", own, row)


def _assignment(one: Assignment) -> tuple[Any, ...]:
    figures = (one.task, one.resource, one.units, one.work, one.actual_work)
    return (*figures, _close(_number(one.cost)), _moment(one.start), _moment(one.finish))


def _close(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _unequal(name: str, found: Any, wanted: Any) -> Iterator[str]:
    if isinstance(found, float) and isinstance(wanted, int | float) and abs(found - wanted) < 0.001:
        return
    if found != wanted:
        yield f"{name}: {str(found)[:200]} instead of {str(wanted)[:200]}"


def _moment(value: datetime.datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="minutes")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _rounded(stored: str | None) -> str | None:
    if stored is None:
        return None
    amount = stored.rstrip("abcdefghijklmnopqrstuvwxyz%")
    return f"{round(float(amount), 4)}{stored[len(amount) :]}"


def _span(plan: Plan, value: Span | None) -> str | None:
    """As the stored values write it: the amount in its own unit."""
    if value is None:
        return None
    day, week = plan.minutes_per_day, plan.minutes_per_week
    minutes = {
        "m": 1,
        "h": 60,
        "d": day,
        "w": week,
        "mo": day * plan.days_per_month,
        "em": 1,
        "eh": 60,
        "ed": 1440,
        "ew": 10080,
    }
    return f"{round(value.minutes / minutes[value.unit], 4)}{value.unit}"
