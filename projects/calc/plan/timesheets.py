"""Lines of timesheets added up: by task, beside the work that the plan itself calls done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from projects.calc.plan.document import Entry, Plan

KIND = "timesheet_lines"
# Hours, as the service's entity TimesheetLine names them; the planned and the last saved work are no actual hours.
HOURS = (
    "ActualWorkBillable",
    "ActualWorkNonBillable",
    "ActualOvertimeWorkBillable",
    "ActualOvertimeWorkNonBillable",
)


@dataclass(frozen=True)
class TaskHours:
    """Hours of the lines of one task, and those that the plan says; `place` is its WBS code, "" for a task that the plan has not."""

    place: str
    name: str
    lines: int
    hours: Decimal
    planned: Decimal | None


@dataclass(frozen=True)
class Totals:
    """All lines of a plan file. `plan_hours` is the actual work of the plan's tasks without summaries, None where it says none."""

    lines: int
    hours: Decimal
    task_hours: Decimal  # of these, on tasks of the plan
    tasks: int
    strangers: int  # lines of work that is no task of the plan: leave, administration, deleted tasks
    first: str
    last: str
    plan_hours: Decimal | None


def lines_of(plan: Plan) -> list[Entry]:
    """The lines in the order of their periods."""
    found = [one for one in plan.entries if one.kind == KIND]
    return sorted(
        found, key=lambda one: (one.values.get("PeriodStartDate", ""), one.values.get("TaskName", ""), one.uid)
    )


def hours_of(line: Entry) -> Decimal:
    """Regular work and overtime, billable or not."""
    return sum((_number(line.values.get(name, "")) for name in HOURS), Decimal(0))


def by_task(plan: Plan) -> list[TaskHours]:
    """Hours by task in the order of the plan; work that is no task of it comes last, by name."""
    grouped: dict[str, list[Entry]] = {}
    known = {one.uid: one for one in plan.tasks}
    for line in lines_of(plan):
        task = line.values.get("TaskId", "")
        name = line.values.get("TaskName", "") or line.values.get("TimesheetClassName", "")
        grouped.setdefault(task if task in known else f"?{name}", []).append(line)
    rows = []
    for one in plan.tasks:
        if one.uid in grouped:
            planned = None if one.actual_work is None else _hours(one.actual_work)
            rows.append(_row(one.wbs or one.code, one.name, grouped[one.uid], planned))
    rows += [_row("", key[1:], lines, None) for key, lines in sorted(grouped.items()) if key.startswith("?")]
    return rows


def totals(plan: Plan) -> Totals | None:
    """The sums over all lines; None where the file has none."""
    lines = lines_of(plan)
    if not lines:
        return None
    known = {one.uid for one in plan.tasks}
    met = {one.values.get("TaskId", "") for one in lines} & known
    done = [one.actual_work for one in plan.tasks if not one.summary and one.actual_work is not None]
    days = sorted(one.values[name][:10] for one in lines for name in _PERIOD if one.values.get(name))
    return Totals(
        lines=len(lines),
        hours=_sum(lines),
        task_hours=_sum(one for one in lines if one.values.get("TaskId", "") in known),
        tasks=len(met),
        strangers=sum(one.values.get("TaskId", "") not in known for one in lines),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        plan_hours=_hours(sum(done)) if done else None,
    )


def totals_json(plan: Plan) -> dict[str, Any] | None:
    """The sums as a report keeps them, hours as text."""
    found = totals(plan)
    if found is None:
        return None
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(found).items()}


_PERIOD = ("PeriodStartDate", "PeriodEndDate")


def _row(place: str, name: str, lines: list[Entry], planned: Decimal | None) -> TaskHours:
    return TaskHours(place, name, len(lines), _sum(lines), planned)


def _sum(lines: Iterable[Entry]) -> Decimal:
    return sum((hours_of(one) for one in lines), Decimal(0))


def _hours(minutes: float) -> Decimal:
    return Decimal(str(round(minutes / 60, 4))).normalize() + 0


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < 1_000_000 else Decimal(0)
