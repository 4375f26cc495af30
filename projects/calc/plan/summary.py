"""What a plan holds, line by line: the part of a fidelity report that says what was read, and the rows behind each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from projects.calc.plan import timesheets
from projects.calc.plan.document import Baseline, Field, Plan, Task

EXAMPLES = 4
LINK_KINDS = ("FS", "SS", "FF", "SF")


@dataclass(frozen=True)
class Item:
    """One row behind a line: where it stands (WBS code or name), what it is, the value that counts; `money` for few eyes."""

    place: str
    name: str
    value: Any = None
    money: bool = False


@dataclass(frozen=True)
class Held:
    """A line: an area, a code that the page words, how many, some examples."""

    area: str
    code: str
    count: int
    examples: tuple[str, ...] = ()


Look = Callable[[Plan], Iterable[Item]]


def held(plan: Plan) -> list[Held]:
    """Every line that the plan has something for, in the order of the report."""
    lines = []
    for area, code, look in _looks(plan):
        items = list(look(plan))
        if items:
            lines.append(Held(area, code, len(items), _examples(items)))
    return lines


def items(plan: Plan, code: str) -> list[Item]:
    """The rows behind the line of a code; none where the plan has no such line."""
    return next((list(look(plan)) for _area, known, look in _looks(plan) if known == code), [])


def _examples(found: list[Item]) -> tuple[str, ...]:
    named = dict.fromkeys(f"{one.place} {one.name}".strip() for one in found)
    return tuple(name for name in named if name)[:EXAMPLES]


def _looks(plan: Plan) -> Iterator[tuple[str, str, Look]]:
    for code, value in _TASKS.items():
        yield "tasks", code, _of_tasks(value)
    for kind in LINK_KINDS:
        yield "links", kind, _of_links(kind)
    yield "links", "lags", _lags
    yield "calendars", "calendars", _calendars
    yield "calendars", "exceptions", _exceptions
    yield "calendars", "work_weeks", _weeks
    for kind in ("work", "material", "cost"):
        yield "resources", f"resources_{kind}", _of_resources(kind)
    yield "assignments", "assignments", _assignments
    for number in _baseline_numbers(plan):
        yield "baselines", f"baseline:{number}", _of_baseline(number)
    yield "costs", "task_costs", _of_tasks(lambda task: task.cost or None, money=True)
    yield "costs", "rates", _rates
    for owner, name in _field_names(plan):
        yield "fields", f"field:{owner}:{name}", _of_field(owner, name)
    for kind in ("risks", "issues"):
        yield kind, kind, _of_entries(kind)
    yield "timesheets", "timesheet_lines", _timesheet_lines
    yield "timesheets", "timesheet_tasks", _timesheet_tasks


def _of_entries(kind: str) -> Look:
    def look(plan: Plan) -> Iterator[Item]:
        for one in plan.entries:
            if one.kind == kind:
                yield Item("", one.values.get("Title", one.uid), one.values.get("Status", ""))

    return look


def _timesheet_lines(plan: Plan) -> Iterator[Item]:
    for one in timesheets.lines_of(plan):
        period = one.values.get("TimesheetPeriodName") or one.values.get("PeriodStartDate", "")[:10]
        what = one.values.get("TaskName") or one.values.get("TimesheetClassName", "")
        who = one.values.get("TimesheetOwner", "")
        yield Item(period, " · ".join(part for part in (what, who) if part), timesheets.hours_of(one))


def _timesheet_tasks(plan: Plan) -> Iterator[Item]:
    for one in timesheets.by_task(plan):
        yield Item(one.place, one.name, one)


def _progress(task: Task) -> Any:
    return task.percent_complete if task.percent_complete else None


_TASKS: dict[str, Callable[[Task], Any]] = {
    "tasks": lambda task: task.start or "",
    "summaries": lambda task: (task.start or "") if task.summary else None,
    "milestones": lambda task: (task.start or "") if task.milestone else None,
    "progress": _progress,
    "constraints": lambda task: (task.constraint_at or "") if task.constraint != "as_soon_as_possible" else None,
    "deadlines": lambda task: task.deadline,
    "task_calendars": lambda task: task.calendar,
    "by_hand": lambda task: (task.start or "") if task.manual else None,
    "inactive": lambda task: None if task.active else "",
    "notes": lambda task: task.notes or None,
    "hyperlinks": lambda task: task.hyperlink or None,
}


def _of_tasks(value: Callable[[Task], Any], *, money: bool = False) -> Look:
    def look(plan: Plan) -> Iterator[Item]:
        for task in plan.tasks:
            found = value(task)
            if found is not None:
                yield Item(task.wbs or task.code, task.name, found, money)

    return look


def _names(plan: Plan) -> dict[str, str]:
    return {task.uid: f"{task.wbs or task.code} {task.name}".strip() for task in plan.tasks}


def _of_links(kind: str) -> Look:
    def look(plan: Plan) -> Iterator[Item]:
        names = _names(plan)
        for link in plan.links:
            if link.kind == kind:
                yield Item(names.get(link.predecessor, ""), f"→ {names.get(link.successor, '')}", link.lag)

    return look


def _lags(plan: Plan) -> Iterator[Item]:
    names = _names(plan)
    for link in plan.links:
        if link.lag.minutes:
            yield Item(names.get(link.predecessor, ""), f"→ {names.get(link.successor, '')}", link.lag)


def _calendars(plan: Plan) -> Iterator[Item]:
    names = {one.uid: one.name for one in plan.calendars}
    for one in plan.calendars:
        yield Item("", one.name, names.get(one.parent or "", ""))


def _exceptions(plan: Plan) -> Iterator[Item]:
    for one in plan.calendars:
        for day in one.exceptions:
            yield Item(one.name, day.name, (day.first, day.last))


def _weeks(plan: Plan) -> Iterator[Item]:
    for one in plan.calendars:
        for week in one.weeks:
            yield Item(one.name, week.name, (week.first, week.last))


def _of_resources(kind: str) -> Look:
    def look(plan: Plan) -> Iterator[Item]:
        for one in plan.resources:
            if one.kind == kind:
                yield Item(one.code or one.initials, one.name, one.group)

    return look


def _rates(plan: Plan) -> Iterator[Item]:
    for one in plan.resources:
        rate = one.rate.amount if one.rate is not None else None
        if rate or one.cost_per_use:
            yield Item(one.code or one.initials, one.name, rate or one.cost_per_use, money=True)


def _assignments(plan: Plan) -> Iterator[Item]:
    names, people = _names(plan), {one.uid: one.name for one in plan.resources}
    for one in plan.assignments:
        yield Item(names.get(one.task, ""), people.get(one.resource or "", ""), one.units)


def _baseline_numbers(plan: Plan) -> list[int]:
    numbers = {one.number for task in plan.tasks for one in task.baselines}
    return sorted(numbers | {one.number for each in plan.assignments for one in each.baselines})


def _of_baseline(number: int) -> Look:
    def numbered(baselines: Iterable[Baseline]) -> Baseline | None:
        return next((one for one in baselines if one.number == number), None)

    def look(plan: Plan) -> Iterator[Item]:
        for task in plan.tasks:
            found = numbered(task.baselines)
            if found is not None:
                yield Item(task.wbs or task.code, task.name, found.finish or found.start)

    return look


def _owners(plan: Plan) -> Iterator[tuple[str, str, str, tuple[Field, ...]]]:
    """Everything that carries fields: its kind, place and name."""
    yield "project", "", plan.title, plan.fields
    for task in plan.tasks:
        yield "task", task.wbs or task.code, task.name, task.fields
    for one in plan.resources:
        yield "resource", one.code or one.initials, one.name, one.fields
    names = _names(plan)
    for each in plan.assignments:
        yield "assignment", names.get(each.task, ""), "", each.fields


def _field_names(plan: Plan) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for owner, _place, _name, fields in _owners(plan):
        for one in fields:
            found[(owner, one.shown)] = None
    return list(found)


def _of_field(owner: str, label: str) -> Look:
    def look(plan: Plan) -> Iterator[Item]:
        for kind, place, name, fields in _owners(plan):
            if kind == owner:
                for one in fields:
                    if one.shown == label:
                        yield Item(place, name, one.value, one.kind == "money")

    return look
