"""What two states of a plan differ in, row by row and field by field: before a re-import is committed, and between versions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from projects.calc.plan.document import Assignment, Baseline, Calendar, Field, Link, Plan, Resource, Task
from projects.calc.plan.matching import same_parts

AREAS = ("plan", "tasks", "baselines", "links", "calendars", "resources", "assignments")


@dataclass(frozen=True)
class Change:
    """One field with its values before and after."""

    field: str  # attribute of the row's class; a custom field as "fields.<label>"
    old: Any
    new: Any


@dataclass(frozen=True)
class Row:
    """A row as people know it: its place (WBS code, or task of an assignment), its name, and the row itself."""

    place: str
    name: str
    row: Any


@dataclass(frozen=True)
class Changed:
    """A row of both plans whose fields differ."""

    old: Row
    new: Row
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Moved:
    """A task that stands under another summary task, or elsewhere among its siblings; the names are those of the parents."""

    old: Row
    new: Row
    old_parent: str
    new_parent: str


@dataclass(frozen=True)
class Part:
    """What differs in one area."""

    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that differs; `parts` has every area of AREAS."""

    parts: Mapping[str, Part]
    moved: tuple[Moved, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether both plans say the same."""
        return not any(self.counts().values())

    def counts(self) -> dict[str, int]:
        """How many rows: "tasks.added", "links.removed", "calendars.changed" and so on, and "tasks.moved"."""
        counts = {}
        for area, part in self.parts.items():
            for name in ("added", "removed", "changed"):
                counts[f"{area}.{name}"] = len(getattr(part, name))
        return counts | {"tasks.moved": len(self.moved)}


def difference(old: Plan, new: Plan) -> Difference:
    """What became of the old plan in the new one. Rows are found again as a re-import finds them (`matching`)."""
    tasks, resources, calendars = same_parts(old, new)
    names = _Names(old, new, tasks, resources, calendars)
    parts = {
        "plan": _plan_part(names),
        "tasks": names.part(old.tasks, new.tasks, tasks, _task_row),
        "baselines": _baselines(names),
        "links": _links(names),
        "calendars": names.part(old.calendars, new.calendars, calendars, _named_row),
        "resources": names.part(old.resources, new.resources, resources, _named_row),
        "assignments": _assignments(names),
    }
    return Difference(parts, tuple(_moved(names)))


class _Names:
    """Both plans with the rows that are the same, in terms of the old uids."""

    def __init__(
        self, old: Plan, new: Plan, tasks: dict[str, str], resources: dict[str, str], calendars: dict[str, str]
    ) -> None:
        self.old, self.new = old, new
        self.tasks, self.resources, self.calendars = tasks, resources, calendars
        self.old_tasks = {row.uid: row for row in old.tasks}
        self.new_tasks = {row.uid: row for row in new.tasks}
        self.old_calendars = {row.uid: row.name for row in old.calendars}
        self.new_calendars = {row.uid: row.name for row in new.calendars}
        self.old_resources = {row.uid: row.name for row in old.resources}
        self.new_resources = {row.uid: row.name for row in new.resources}

    def values(self, row: Any, new: bool) -> dict[str, Any]:
        """Comparable values by field: calendars by their names, custom fields one by one."""
        found: dict[str, Any] = {}
        for one in _FIELDS[type(row)]:
            value = getattr(row, one)
            if one in ("calendar", "parent") and value is not None:
                known = self.new_calendars if new else self.old_calendars
                value = _Reference(self.calendars.get(value, f"+{value}") if new else value, known.get(value, value))
            if one == "delay" and value is not None and not value.minutes:
                # No delay in hours is no delay in minutes, which is the unit that MSPDI keeps.
                value = None
            found[one] = value
        return found | _field_values(getattr(row, "fields", ()))

    def part(
        self, old: Sequence[Any], new: Sequence[Any], same: Mapping[str, str], row_of: Callable[[Any], Row]
    ) -> Part:
        """Rows added, removed and changed, in the order of the plans."""
        before = {row.uid: row for row in old}
        again = set(same.values())
        changed = []
        for row in new:
            if row.uid not in same:
                continue
            other = before[same[row.uid]]
            changes = _changes(self.values(other, False), self.values(row, True))
            if changes:
                changed.append(Changed(row_of(other), row_of(row), changes))
        return Part(
            added=tuple(row_of(row) for row in new if row.uid not in same),
            removed=tuple(row_of(row) for row in old if row.uid not in again),
            changed=tuple(changed),
        )


class _Reference:
    """A reference by the old uid of its target, shown by the target's name."""

    def __init__(self, uid: str, name: str) -> None:
        self.uid, self.name = uid, name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reference) and self.uid == other.uid

    def __hash__(self) -> int:
        return hash(self.uid)

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__


def _compared(kind: type, *without: str) -> tuple[str, ...]:
    left_out = {"uid", "fields", "baselines", *without}
    return tuple(one.name for one in fields(kind) if one.name not in left_out)


_FIELDS: dict[type, tuple[str, ...]] = {
    Task: _compared(Task, "parent", "level"),
    Resource: _compared(Resource),
    Calendar: _compared(Calendar),
    Baseline: _compared(Baseline, "number"),
    Link: _compared(Link, "predecessor", "successor"),
    Assignment: _compared(Assignment, "task", "resource"),
}
_PLAN_FIELDS = (
    "title",
    "start",
    "finish",
    "status_at",
    "schedule_from_finish",
    "minutes_per_day",
    "minutes_per_week",
    "days_per_month",
    "critical_slack",
    "currency",
    "root_name",
)


def _field_values(values: Iterable[Field]) -> dict[str, Any]:
    """Custom fields by what people call them; two may be called the same."""
    found: dict[str, Any] = {}
    for field in values:
        name, number = f"fields.{field.shown}", 2
        while name in found:
            name, number = f"fields.{field.shown} ({number})", number + 1
        found[name] = field.value
    return found


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    found = []
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = old.get(name), new.get(name)
        if before != after:
            found.append(Change(name, _shown(before), _shown(after)))
    return tuple(found)


def _shown(value: Any) -> Any:
    return value.name if isinstance(value, _Reference) else value


def _task_row(task: Task) -> Row:
    return Row(task.wbs or task.code, task.name, task)


def _named_row(row: Any) -> Row:
    return Row("", row.name, row)


def _plan_part(names: _Names) -> Part:
    def values(plan: Plan, new: bool) -> dict[str, Any]:
        found = {name: getattr(plan, name) for name in _PLAN_FIELDS}
        if plan.calendar is not None:
            uid = names.calendars.get(plan.calendar, f"+{plan.calendar}") if new else plan.calendar
            known = names.new_calendars if new else names.old_calendars
            found["calendar"] = _Reference(uid, known.get(plan.calendar, plan.calendar))
        return found | _field_values(plan.fields)

    changes = _changes(values(names.old, False), values(names.new, True))
    if not changes:
        return Part()
    old, new = (Row("", plan.title or plan.root_name, plan) for plan in (names.old, names.new))
    return Part(changed=(Changed(old, new, changes),))


def _keyed(rows: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Rows by key and, where a key comes again, by how often it came before."""
    counts: dict[Any, int] = defaultdict(int)
    found = {}
    for key, row in rows:
        found[(key, counts[key])] = row
        counts[key] += 1
    return found


def _keyed_part(names: _Names, old: dict[Any, Row], new: dict[Any, Row]) -> Part:
    changed = []
    for key, row in new.items():
        if key in old:
            changes = _changes(names.values(old[key].row, False), names.values(row.row, True))
            if changes:
                changed.append(Changed(old[key], row, changes))
    return Part(
        added=tuple(row for key, row in new.items() if key not in old),
        removed=tuple(row for key, row in old.items() if key not in new),
        changed=tuple(changed),
    )


def _baselines(names: _Names) -> Part:
    """Of tasks, by the task and the number."""

    def rows(plan: Plan, same: Mapping[str, str] | None) -> dict[Any, Row]:
        return _keyed(
            ((_old_uid(task.uid, same), one.number), Row(task.wbs or task.code, task.name, one))
            for task in plan.tasks
            for one in task.baselines
        )

    return _keyed_part(names, rows(names.old, None), rows(names.new, names.tasks))


def _links(names: _Names) -> Part:
    """By predecessor and successor."""

    def rows(plan: Plan, tasks: Mapping[str, Task], same: Mapping[str, str] | None) -> dict[Any, Row]:
        found = []
        for link in plan.links:
            key = (_old_uid(link.predecessor, same), _old_uid(link.successor, same))
            ends = [tasks[uid].name if uid in tasks else uid for uid in (link.predecessor, link.successor)]
            after = tasks.get(link.successor)
            found.append((key, Row(after.wbs or after.code if after else "", " → ".join(ends), link)))
        return _keyed(found)

    return _keyed_part(names, rows(names.old, names.old_tasks, None), rows(names.new, names.new_tasks, names.tasks))


def _assignments(names: _Names) -> Part:
    """By task and resource."""

    def rows(
        plan: Plan,
        tasks: Mapping[str, Task],
        resources: Mapping[str, str],
        same_tasks: Mapping[str, str] | None,
        same_resources: Mapping[str, str] | None,
    ) -> dict[Any, Row]:
        found = []
        for one in plan.assignments:
            who = None if one.resource is None else _old_uid(one.resource, same_resources)
            task = tasks.get(one.task)
            place = f"{task.wbs or task.code} {task.name}".strip() if task else one.task
            name = resources.get(one.resource or "", "")
            found.append(((_old_uid(one.task, same_tasks), who), Row(place, name, one)))
        return _keyed(found)

    return _keyed_part(
        names,
        rows(names.old, names.old_tasks, names.old_resources, None, None),
        rows(names.new, names.new_tasks, names.new_resources, names.tasks, names.resources),
    )


def _old_uid(uid: str, same: Mapping[str, str] | None) -> str:
    """The uid in terms of the old plan; a new row is told apart by a plus sign."""
    return uid if same is None else same.get(uid, f"+{uid}")


def _moved(names: _Names) -> Iterable[Moved]:
    """Tasks under another parent, and those that stand elsewhere among the siblings that stayed: as few as explain the order."""
    places = {task.uid: index for index, task in enumerate(names.old.tasks)}
    siblings: dict[str | None, list[Task]] = defaultdict(list)
    found: dict[str, Moved] = {}
    for task in names.new.tasks:
        if task.uid not in names.tasks:
            continue
        old = names.old_tasks[names.tasks[task.uid]]
        above = None if task.parent is None else _old_uid(task.parent, names.tasks)
        if above != old.parent:
            found[task.uid] = _move(names, old, task)
        else:
            siblings[above].append(task)
    for rows in siblings.values():
        order = [places[names.tasks[task.uid]] for task in rows]
        stay = _longest_rising(order)
        for task, place in zip(rows, order, strict=True):
            if place not in stay:
                found[task.uid] = _move(names, names.old_tasks[names.tasks[task.uid]], task)
    return [found[task.uid] for task in names.new.tasks if task.uid in found]


def _move(names: _Names, old: Task, new: Task) -> Moved:
    before = names.old_tasks.get(old.parent or "")
    after = names.new_tasks.get(new.parent or "")
    return Moved(_task_row(old), _task_row(new), before.name if before else "", after.name if after else "")


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising run (patience sorting, n log n)."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        place = bisect_left(tops, number)
        before.append(at[place - 1] if place else None)
        if place == len(tops):
            tops.append(number)
            at.append(index)
        else:
            tops[place], at[place] = number, index
    kept: set[int] = set()
    step: int | None = at[-1] if at else None
    while step is not None:
        kept.add(numbers[step])
        step = before[step]
    return kept
