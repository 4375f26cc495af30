"""What a plan says and Microsoft's XML has no word for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from projects.calc.plan.document import Plan, Remark, Span, Task
from projects.plan_exports.mspdi_custom import CustomFields
from projects.plan_exports.mspdi_names import CONSTRAINTS, CONTOURS, PROJECT_FIELDS, TASK_KINDS, UNITS
from projects.plan_exports.mspdi_values import hourly, hours_of

_EXAMPLES = 5
_EVEN = Decimal("0.0001")


def limits_of(plan: Plan, custom: CustomFields | None = None) -> tuple[Remark, ...]:
    """One remark for each kind of thing, with how many rows and some examples; `custom` is the plan's, where it is known."""
    remarks = [_remark(area, code, plan, says) for area, code, says in _TASK_LIMITS]
    remarks.append(_told("fields", "project_fields", [f.shown for f in plan.fields if f.name not in PROJECT_FIELDS]))
    contours = [one.contour for one in plan.assignments if one.contour and one.contour not in CONTOURS]
    remarks.append(_told("assignments", "contour", contours))
    lags = [one.successor for one in plan.links if one.lag.minutes * _scale(one.lag) % 1]
    remarks.append(_told("links", "rounded", lags))
    delays = [one.uid for one in plan.assignments if one.delay and one.delay.minutes and one.delay.unit != "m"]
    remarks.append(_told("assignments", "delay_unit", delays))
    remarks.append(_told("costs", "rates_per_hour", _uneven_rates(plan)))
    used = {one.calendar for one in plan.resources}
    orphans = [one.name or one.uid for one in plan.calendars if one.of_resource and one.uid not in used]
    remarks.append(_told("calendars", "calendar_of_nobody", orphans))
    return (*(one for one in remarks if one is not None), *(custom or CustomFields(plan)).remarks())


def _uneven_rates(plan: Plan) -> list[str]:
    """Resources whose rate is no even amount per hour, in which the schema keeps it."""
    hours = hours_of(plan)
    found = []
    for one in plan.resources:
        rates = [hourly(rate, hours) for rate in (one.rate, one.overtime_rate) if rate is not None]
        if any(rate != rate.quantize(_EVEN) for rate in rates):
            found.append(one.name)
    return found


def _scale(lag: Span) -> int:
    return 1 if lag.unit in ("%", "e%") else 10


def _remark(area: str, code: str, plan: Plan, says: Callable[[Task], Any]) -> Remark | None:
    return _told(area, code, [task.name for task in plan.tasks if says(task)])


def _told(area: str, code: str, examples: Iterable[str]) -> Remark | None:
    found = list(examples)
    return Remark(area, code, len(found), tuple(dict.fromkeys(found))[:_EXAMPLES]) if found else None


def _spans(task: Task) -> list[Span]:
    return [one for one in (task.duration, task.actual_duration, task.remaining_duration) if one is not None]


def _rounded(task: Task) -> bool:
    percents = (task.percent_complete, task.percent_work_complete, task.physical_percent)
    slack = (task.total_slack, task.free_slack)
    return any(one is not None and one % 1 for one in percents) or any(
        one is not None and one * 10 % 1 for one in slack
    )


_TASK_LIMITS: tuple[tuple[str, str, Callable[[Task], Any]], ...] = (
    ("tasks", "activity_id", lambda task: task.code),
    ("tasks", "task_type", lambda task: task.kind not in TASK_KINDS),
    ("tasks", "constraint_nearest", lambda task: task.constraint not in CONSTRAINTS),
    ("tasks", "second_constraint", lambda task: task.second_constraint or task.second_constraint_at),
    ("tasks", "unit_years", lambda task: any(one.unit not in UNITS for one in _spans(task))),
    ("tasks", "one_unit", lambda task: len({one.unit for one in _spans(task)}) > 1),
    ("tasks", "rounded", _rounded),
)
