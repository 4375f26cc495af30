"""A plan as the database can hold it: limits of columns, characters that no database takes, references that lead nowhere.

Whatever has to be changed for that is named among what is lost: nothing is dropped in silence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, TypeVar

from projects.calc.plan.document import Assignment, Baseline, Calendar, Field, Plan, Remark, Resource, Span, Task
from projects.calc.plan.holdable import EXAMPLES, UNHOLDABLE

Part = TypeVar("Part")

_LONGEST_TEXT = 1_000_000
_LONGEST_UID = 60
_PLACES = Decimal("0.0001")
_MOST_MONEY = Decimal(10) ** 15
_MOST_PRIORITY = 1000

_TEXTS: dict[type, dict[str, int]] = {
    Plan: {"title": 300, "root_name": 300, "currency": 10, "application": 60, "format": 10},
    Calendar: {"name": 300},
    Resource: {
        "name": 300,
        "initials": 40,
        "code": 100,
        "email": 254,
        "group": 200,
        "accrual": 10,
        "material_label": 100,
        "notes": _LONGEST_TEXT,
    },
    Task: {
        "name": 1000,
        "wbs": 200,
        "code": 100,
        "fixed_cost_accrual": 10,
        "notes": _LONGEST_TEXT,
        "hyperlink": 1000,
    },
    Assignment: {"uid": 60, "contour": 30},
    Field: {"name": 200, "label": 300},
}
_MONEY: dict[type, tuple[str, ...]] = {
    Resource: ("cost_per_use", "cost"),
    Task: ("cost", "actual_cost", "remaining_cost", "fixed_cost"),
    Assignment: ("cost", "actual_cost", "remaining_cost"),
    Baseline: ("cost",),
}
_FLOATS: dict[type, tuple[str, ...]] = {
    Resource: ("max_units", "work"),
    Task: (
        "total_slack",
        "free_slack",
        "percent_complete",
        "percent_work_complete",
        "physical_percent",
        "work",
        "actual_work",
        "remaining_work",
    ),
    Assignment: ("units", "work", "actual_work", "remaining_work"),
    Baseline: ("work",),
}
_SPANS: dict[type, tuple[str, ...]] = {
    Task: ("duration", "actual_duration", "remaining_duration"),
    Assignment: ("delay",),
    Baseline: ("duration",),
}


def fitted(plan: Plan) -> Plan:
    """The plan as it can be stored; the same object where nothing had to change.

    Raises ValueError with the uids that two tasks, resources or calendars share, or that are none: then no reference is clear.
    """
    for rows in (plan.tasks, plan.resources, plan.calendars):
        _refuse_uids([row.uid for row in rows])
    fit = _Fit()
    known = _Known(plan)
    parts: dict[str, tuple[Any, ...]] = {
        "calendars": tuple(fit.calendar(row, known) for row in plan.calendars),
        "resources": tuple(fit.resource(row, known) for row in plan.resources),
        "tasks": fit.tasks(plan.tasks, known),
        "links": tuple(row for row in plan.links if fit.link_holds(row.predecessor, row.successor, known)),
        "assignments": tuple(fit.assignment(row, known) for row in plan.assignments if row.task in known.tasks),
        "fields": fit.fields(plan.fields, "fields"),
    }
    dangling = [row.uid for row in plan.assignments if row.task not in known.tasks]
    for uid in dangling:
        fit.tell("assignments", "reference_dropped", uid)
    values: dict[str, Any] = {name: rows for name, rows in parts.items() if not _same(rows, getattr(plan, name))}
    values |= fit.texts(plan, "file")
    if plan.calendar is not None and plan.calendar not in known.calendars:
        fit.tell("calendars", "reference_dropped", plan.calendar)
        values["calendar"] = None
    if not values:
        return plan
    return replace(plan, **values, lost=(*plan.lost, *fit.remarks()))


def _refuse_uids(uids: Sequence[str]) -> None:
    wrong = [uid for uid, count in Counter(uids).items() if count > 1 or not 0 < len(uid) <= _LONGEST_UID]
    wrong += [uid for uid in uids if UNHOLDABLE.search(uid)]
    if wrong:
        raise ValueError(", ".join(f"“{uid[:_LONGEST_UID]}”" for uid in wrong[:EXAMPLES]))


def _same(rows: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(rows) == len(others) and all(a is b for a, b in zip(rows, others, strict=True))


class _Known:
    """The uids that references may name."""

    def __init__(self, plan: Plan) -> None:
        self.tasks = {row.uid for row in plan.tasks}
        self.resources = {row.uid for row in plan.resources}
        self.calendars = {row.uid for row in plan.calendars}


class _Fit:
    """Collects what had to change."""

    def __init__(self) -> None:
        self.told: dict[tuple[str, str], list[str]] = {}

    def tell(self, area: str, code: str, example: str) -> None:
        self.told.setdefault((area, code), []).append(example)

    def remarks(self) -> tuple[Remark, ...]:
        return tuple(
            Remark(area, code, len(examples), tuple(dict.fromkeys(examples[:EXAMPLES])))
            for (area, code), examples in self.told.items()
        )

    def tasks(self, tasks: Sequence[Task], known: _Known) -> tuple[Task, ...]:
        """Parents stand before their children."""
        seen: set[str] = set()
        result = []
        for task in tasks:
            values = self._common(task, "tasks", task.name)
            if task.parent is not None and task.parent not in seen:
                self.tell("tasks", "reference_dropped", task.name)
                values["parent"] = None
            if not 0 <= task.priority <= _MOST_PRIORITY:
                values["priority"] = min(max(task.priority, 0), _MOST_PRIORITY)
            values |= self._calendar(task.calendar, known, task.name)
            baselines = tuple(self._plain(one, "baselines", task.name) for one in task.baselines)
            if not _same(baselines, task.baselines):
                values["baselines"] = baselines
            seen.add(task.uid)
            result.append(replace(task, **values) if values else task)
        return tuple(result)

    def resource(self, row: Resource, known: _Known) -> Resource:
        values = self._common(row, "resources", row.name) | self._calendar(row.calendar, known, row.name)
        for name in ("rate", "overtime_rate"):
            rate = getattr(row, name)
            if rate is not None:
                amount = self._amount(rate.amount, "costs", row.name)
                if amount is None:
                    values[name] = None
                elif amount != rate.amount:
                    values[name] = replace(rate, amount=amount)
        return replace(row, **values) if values else row

    def assignment(self, row: Assignment, known: _Known) -> Assignment:
        values = self._common(row, "assignments", row.uid)
        if row.resource is not None and row.resource not in known.resources:
            self.tell("assignments", "reference_dropped", row.uid)
            values["resource"] = None
        baselines = tuple(self._plain(one, "baselines", row.uid) for one in row.baselines)
        if not _same(baselines, row.baselines):
            values["baselines"] = baselines
        return replace(row, **values) if values else row

    def calendar(self, row: Calendar, known: _Known) -> Calendar:
        values = self.texts(row, "calendars")
        if row.parent is not None and (row.parent not in known.calendars or row.parent == row.uid):
            self.tell("calendars", "reference_dropped", row.name)
            values["parent"] = None
        return replace(row, **values) if values else row

    def link_holds(self, predecessor: str, successor: str, known: _Known) -> bool:
        held = predecessor in known.tasks and successor in known.tasks
        if not held:
            self.tell("links", "reference_dropped", f"{predecessor} → {successor}")
        return held

    def fields(self, fields: Sequence[Field], owner: str) -> tuple[Field, ...]:
        result = []
        for one in fields:
            values = self.texts(one, "fields")
            if isinstance(one.value, str) and UNHOLDABLE.search(one.value):
                self.tell("fields", "characters_removed", one.shown)
                values["value"] = UNHOLDABLE.sub("", one.value)
            result.append(replace(one, **values) if values else one)
        return tuple(result)

    def texts(self, row: Any, area: str) -> dict[str, Any]:
        """The texts that have to change to fit their columns."""
        changed = {}
        for name, longest in _TEXTS[type(row)].items():
            text = getattr(row, name)
            fit = text
            if UNHOLDABLE.search(fit):
                self.tell(area, "characters_removed", text[:60])
                fit = UNHOLDABLE.sub("", fit)
            if len(fit) > longest:
                self.tell(area, "text_cut", fit[:60])
                fit = fit[:longest]
            if fit is not text:
                changed[name] = fit
        return changed

    def _common(self, row: Any, area: str, label: str) -> dict[str, Any]:
        values = self.texts(row, area) | self._numbers(row, label)
        if row.fields:
            fields = self.fields(row.fields, label)
            if not _same(fields, row.fields):
                values["fields"] = fields
        return values

    def _plain(self, row: Baseline, area: str, label: str) -> Baseline:
        values = self._numbers(row, label)
        return replace(row, **values) if values else row

    def _numbers(self, row: Any, label: str) -> dict[str, Any]:
        kind = type(row)
        values: dict[str, Any] = {}
        for name in _MONEY.get(kind, ()):
            amount = getattr(row, name)
            if amount is not None and (fit := self._amount(amount, "costs", label)) != amount:
                values[name] = fit
        for name in _FLOATS.get(kind, ()):
            number = getattr(row, name)
            if number is not None and not math.isfinite(number):
                self.tell("tasks", "number_dropped", label)
                values[name] = None
        for name in _SPANS.get(kind, ()):
            span: Span | None = getattr(row, name)
            if span is not None and not math.isfinite(span.minutes):
                self.tell("tasks", "number_dropped", label)
                values[name] = None
        return values

    def _amount(self, amount: Decimal, area: str, label: str) -> Decimal | None:
        """Four places, at most fifteen digits before them."""
        if not amount.is_finite() or abs(amount) >= _MOST_MONEY:
            self.tell(area, "number_dropped", label)
            return None
        try:
            fit = amount.quantize(_PLACES, ROUND_HALF_EVEN)
        except InvalidOperation:
            self.tell(area, "number_dropped", label)
            return None
        if fit != amount:
            self.tell(area, "money_rounded", label)
            return fit
        return amount

    def _calendar(self, uid: str | None, known: _Known, label: str) -> dict[str, Any]:
        if uid is None or uid in known.calendars:
            return {}
        self.tell("calendars", "reference_dropped", label)
        return {"calendar": None}
