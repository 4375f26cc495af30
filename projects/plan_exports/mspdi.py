"""A plan in Microsoft's XML (MSPDI), written row by row in the order of the schema.

Our own writer: it needs no Java, holds one row in memory, and says in a comment at the top what the format has no word for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from projects.calc.plan.document import Assignment, Baseline, Plan, Rate, Remark, Resource, Span, Task
from projects.calc.plan.holdable import UNHOLDABLE
from projects.plan_exports import mspdi_values as values
from projects.plan_exports.mspdi_calendars import write_calendars
from projects.plan_exports.mspdi_custom import CustomFields
from projects.plan_exports.mspdi_limits import limits_of
from projects.plan_exports.mspdi_names import (
    ACCRUALS,
    ASSIGNMENT,
    CONSTRAINTS,
    CONTOURS,
    LINKS,
    NEAREST_CONSTRAINTS,
    PROJECT_FIELDS,
    RATES,
    RESOURCE,
    TASK,
    TASK_KINDS,
)
from projects.plan_exports.mspdi_uids import Uids

NAMESPACE = "http://schemas.microsoft.com/project"
_NOBODY = "-65535"
_KINDS = {"material": "0", "work": "1", "cost": "2"}


def write_mspdi(plan: Plan, stream: BinaryIO) -> tuple[Remark, ...]:
    """Write the file; returns what it cannot say."""
    writer = _Writer(plan, stream)
    writer.write()
    return writer.remarks


class Xml:
    """Elements onto a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def raw(self, text: str) -> None:
        """Markup as it is."""
        self.stream.write(text.encode())

    def leaf(self, tag: str, text: str) -> None:
        """An element with text."""
        self.raw(leaf(tag, text))

    def row(self, tag: str, order: Sequence[str], found: Mapping[str, Any], inner: Iterable[str] = ()) -> None:
        """An element with leaves in the order of the schema and what follows them."""
        self.raw(f"<{tag}>{leaves(order, found)}{''.join(inner)}</{tag}>\n")


def leaf(tag: str, text: str) -> str:
    """An element with text."""
    return f"<{tag}>{escape(UNHOLDABLE.sub('', text), _RETURN)}</{tag}>"


_RETURN = {"\r": "&#13;"}


def leaves(order: Iterable[str], found: Mapping[str, Any]) -> str:
    """Those of the elements that have a value."""
    return "".join(leaf(tag, found[tag]) for tag in order if found.get(tag) is not None)


def nested(tag: str, found: Mapping[str, Any]) -> str:
    """An element with leaves in the order given."""
    return f"<{tag}>{leaves(found, found)}</{tag}>"


class _Writer:
    def __init__(self, plan: Plan, stream: BinaryIO) -> None:
        self.plan, self.xml = plan, Xml(stream)
        self.uids = Uids(plan)
        self.custom = CustomFields(plan)
        self.remarks = limits_of(plan, self.custom)
        self.hours = values.hours_of(plan)
        self.links: dict[str, list[str]] = {}
        for link in plan.links:
            self.links.setdefault(link.successor, []).append(self._link(link))

    def write(self) -> None:
        xml = self.xml
        xml.raw('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        self._comment()
        xml.raw(f'<Project xmlns="{NAMESPACE}">\n')
        self._properties()
        xml.raw("<ExtendedAttributes>\n")
        for number, name, alias in self.custom.definitions():
            found = {"FieldID": str(number), "FieldName": name, "Alias": alias or None}
            xml.row("ExtendedAttribute", tuple(found), found)
        xml.raw("</ExtendedAttributes>\n")
        write_calendars(xml, self.plan.calendars, self.uids)
        xml.raw("<Tasks>\n")
        self._root()
        for place, task in enumerate(self.plan.tasks, start=1):
            self._task(place, task)
        xml.raw("</Tasks>\n<Resources>\n")
        for place, resource in enumerate(self.plan.resources, start=1):
            self._resource(place, resource)
        xml.raw("</Resources>\n<Assignments>\n")
        for assignment in self.plan.assignments:
            self._assignment(assignment)
        xml.raw("</Assignments>\n</Project>\n")

    def _comment(self) -> None:
        """The report of the export: what this format has no word for."""
        for one in self.remarks:
            text = f" {one.area}: {one.code} ({one.count}): {'; '.join(one.examples)} "
            self.xml.raw(f"<!--{UNHOLDABLE.sub('', text).replace('--', '- -')}-->\n")

    def _properties(self) -> None:
        plan = self.plan
        own = {one.name: values.FIELD_VALUES[one.kind](one.value) for one in plan.fields}
        found: dict[str, Any] = {"SaveVersion": "14", "Name": own.get("NAME"), "Title": plan.title or None}
        for name in ("SUBJECT", "CATEGORY", "COMPANY", "MANAGER", "AUTHOR", "CREATION_DATE", "REVISION", "LAST_SAVED"):
            found[PROJECT_FIELDS[name]] = own.get(name)
        symbol = len(plan.currency) != 3 or not plan.currency.isalpha()
        found |= {
            "ScheduleFromStart": values.flag(not plan.schedule_from_finish),
            "StartDate": values.moment(plan.start) if plan.start else None,
            "FinishDate": values.moment(plan.finish) if plan.finish else None,
            "CriticalSlackLimit": values.number(plan.critical_slack / max(plan.minutes_per_day, 1)),
            "CurrencyDigits": "2",
            "CurrencySymbol": plan.currency if symbol else None,
            "CurrencyCode": None if symbol else plan.currency,
            "CalendarUID": self.uids.calendars.get(plan.calendar or "", None),
            "MinutesPerDay": str(plan.minutes_per_day),
            "MinutesPerWeek": str(plan.minutes_per_week),
            "DaysPerMonth": values.number(plan.days_per_month),
            "DurationFormat": self.custom.duration_format(),
            "StatusDate": values.moment(plan.status_at) if plan.status_at else None,
        }
        self.xml.raw(leaves(found, found) + "\n")

    def _root(self) -> None:
        if self.plan.root_name:
            found = {
                "UID": self.uids.root,
                "ID": "0",
                "Name": self.plan.root_name,
                "Active": "1",
                "Manual": "0",
                "Type": "1",
                "IsNull": "0",
                "OutlineNumber": "0",
                "OutlineLevel": "0",
                "Priority": "500",
                "Summary": "1",
            }
            self.xml.row("Task", TASK, found)

    def _task(self, place: int, task: Task) -> None:
        found = {
            "UID": self.uids.tasks[task.uid],
            "GUID": self.uids.guid(task.uid),
            "ID": str(place),
            "Name": task.name,
            "Active": values.flag(task.active),
            "Manual": values.flag(task.manual),
            "Type": str(TASK_KINDS.get(task.kind, TASK_KINDS["fixed_duration"])),
            "IsNull": "0",
            "WBS": task.wbs,
            "OutlineNumber": self.uids.numbers[task.uid],
            "OutlineLevel": str(self.uids.numbers[task.uid].count(".") + 1),
            "Priority": str(task.priority),
            "EffortDriven": values.flag(task.effort_driven),
            "Milestone": values.flag(task.milestone),
            "Summary": values.flag(task.summary),
            "Critical": None if task.critical is None else values.flag(task.critical),
            "ConstraintType": str(CONSTRAINTS.get(NEAREST_CONSTRAINTS.get(task.constraint, task.constraint), 0)),
            "CalendarUID": self.uids.calendars.get(task.calendar or "", "-1"),
            "IgnoreResourceCalendar": values.flag(task.ignore_resource_calendars),
            "Notes": task.notes or None,
            **_durations(task),
            **_moments(task, _TASK_MOMENTS),
            **_numbers(task),
            **_money(task, _TASK_MONEY),
            **_work(task),
            **_hyperlink(task.hyperlink),
            **self.custom.native("tasks", task.fields),
        }
        if task.fixed_cost_accrual in ACCRUALS:
            found["FixedCostAccrual"] = str(ACCRUALS[task.fixed_cost_accrual])
        inner = [*self.links.get(task.uid, ()), *self._attributes("tasks", task.fields)]
        inner += [_task_baseline(one) for one in task.baselines]
        self.xml.row("Task", TASK, found, inner)

    def _link(self, link: Any) -> str:
        percent = link.lag.unit in ("%", "e%")
        found = {
            "PredecessorUID": self.uids.tasks[link.predecessor],
            "Type": str(LINKS[link.kind]),
            "CrossProject": "0",
            "LinkLag": str(round(link.lag.minutes)) if percent else values.tenths(link.lag.minutes),
            "LagFormat": values.unit(link.lag),
        }
        return nested("PredecessorLink", found)

    def _attributes(self, area: str, fields: Any) -> list[str]:
        return [nested("ExtendedAttribute", one) for one in self.custom.attributes(area, fields)]

    def _resource(self, place: int, one: Resource) -> None:
        found: dict[str, Any] = {
            "UID": self.uids.resources[one.uid],
            "GUID": self.uids.guid(one.uid),
            "ID": str(place),
            "Name": one.name or None,
            "Type": _KINDS[one.kind],
            "IsNull": "0",
            "Initials": one.initials or None,
            "MaterialLabel": one.material_label or None,
            "Code": one.code or None,
            "Group": one.group or None,
            "EmailAddress": one.email or None,
            "MaxUnits": None if one.max_units is None else values.share(one.max_units),
            "AccrueAt": str(ACCRUALS[one.accrual]) if one.accrual in ACCRUALS else None,
            "CalendarUID": self.uids.calendars.get(one.calendar or "", "-1"),
            "Notes": one.notes or None,
            "IsGeneric": values.flag(one.generic),
            "Work": None if one.work is None else values.minutes(one.work),
            **_money(one, {"cost": "Cost", "cost_per_use": "CostPerUse"}),
            **self._rate("StandardRate", one.rate),
            **self._rate("OvertimeRate", one.overtime_rate),
            **self.custom.native("resources", one.fields),
        }
        inner = [*self._attributes("resources", one.fields), *_resource_baselines(one)]
        inner.append(leaf("IsCostResource", values.flag(one.kind == "cost")))
        self.xml.row("Resource", RESOURCE, found, inner)

    def _rate(self, tag: str, rate: Rate | None) -> dict[str, str]:
        """Rates stand per hour, whatever unit they are shown in; those of material per unit."""
        if rate is None:
            return {}
        per = rate.per if rate.per in RATES else "h"
        return {tag: values.number(values.hourly(rate, self.hours)), f"{tag}Format": str(RATES[per])}

    def _assignment(self, one: Assignment) -> None:
        found = {
            "UID": self.uids.assignments[one.uid],
            "TaskUID": self.uids.tasks[one.task],
            "ResourceUID": _NOBODY if one.resource is None else self.uids.resources[one.resource],
            "Units": None if one.units is None else values.share(one.units),
            "Delay": None if one.delay is None else values.tenths(one.delay.minutes),
            "WorkContour": str(CONTOURS[one.contour]) if one.contour in CONTOURS else None,
            **_moments(one, _ASSIGNMENT_MOMENTS),
            **_money(one, _ASSIGNMENT_MONEY),
            **_work(one),
            **self.custom.native("assignments", one.fields),
        }
        inner = [*self._attributes("assignments", one.fields), *(_baseline(each) for each in one.baselines)]
        self.xml.row("Assignment", ASSIGNMENT, found, inner)


_TASK_MOMENTS = {
    "start": "Start",
    "finish": "Finish",
    "early_start": "EarlyStart",
    "early_finish": "EarlyFinish",
    "late_start": "LateStart",
    "late_finish": "LateFinish",
    "actual_start": "ActualStart",
    "actual_finish": "ActualFinish",
    "constraint_at": "ConstraintDate",
    "deadline": "Deadline",
}
_ASSIGNMENT_MOMENTS = {
    "start": "Start",
    "finish": "Finish",
    "actual_start": "ActualStart",
    "actual_finish": "ActualFinish",
}
_ASSIGNMENT_MONEY = {"cost": "Cost", "actual_cost": "ActualCost", "remaining_cost": "RemainingCost"}
_TASK_MONEY = {**_ASSIGNMENT_MONEY, "fixed_cost": "FixedCost"}


def _moments(row: Any, names: Mapping[str, str]) -> dict[str, str]:
    return {tag: values.moment(at) for name, tag in names.items() if (at := getattr(row, name)) is not None}


def _money(row: Any, names: Mapping[str, str]) -> dict[str, str]:
    return {tag: values.money(one) for name, tag in names.items() if (one := getattr(row, name)) is not None}


def _work(row: Any) -> dict[str, str]:
    names = {"work": "Work", "actual_work": "ActualWork", "remaining_work": "RemainingWork"}
    return {tag: values.minutes(one) for name, tag in names.items() if (one := getattr(row, name)) is not None}


def _durations(task: Task) -> dict[str, str]:
    """One unit stands for all three durations."""
    names = {"duration": "Duration", "actual_duration": "ActualDuration", "remaining_duration": "RemainingDuration"}
    found = {
        tag: values.minutes(one.minutes) for name, tag in names.items() if (one := getattr(task, name)) is not None
    }
    shown: Span | None = task.duration or task.remaining_duration or task.actual_duration
    if shown is not None:
        found["DurationFormat"] = values.unit(shown)
        found["Estimated"] = values.flag(shown.estimated)
    return found


def _numbers(task: Task) -> dict[str, str]:
    found = {}
    for name, tag in (
        ("percent_complete", "PercentComplete"),
        ("percent_work_complete", "PercentWorkComplete"),
        ("physical_percent", "PhysicalPercentComplete"),
    ):
        if getattr(task, name) is not None:
            found[tag] = str(round(getattr(task, name)))
    for name, tag in (("total_slack", "TotalSlack"), ("free_slack", "FreeSlack")):
        if getattr(task, name) is not None:
            found[tag] = values.tenths(getattr(task, name))
    return found


def _hyperlink(text: str) -> dict[str, str]:
    if not text:
        return {}
    address, _mark, place = text.partition("#")
    return {"HyperlinkAddress": address} | ({"HyperlinkSubAddress": place} if place else {})


def _task_baseline(one: Baseline) -> str:
    found: dict[str, Any] = {"Number": str(one.number), **_span_of_baseline(one)}
    if one.duration is not None:
        found |= {
            "Duration": values.minutes(one.duration.minutes),
            "DurationFormat": values.unit(one.duration),
            "EstimatedDuration": values.flag(one.duration.estimated),
        }
    return nested("Baseline", found | _figures_of_baseline(one))


def _baseline(one: Baseline) -> str:
    return nested("Baseline", {"Number": str(one.number), **_span_of_baseline(one), **_figures_of_baseline(one)})


def _span_of_baseline(one: Baseline) -> dict[str, str]:
    return _moments(one, {"start": "Start", "finish": "Finish"})


def _figures_of_baseline(one: Baseline) -> dict[str, str]:
    found = {} if one.work is None else {"Work": values.minutes(one.work)}
    return found | _money(one, {"cost": "Cost"})


def _resource_baselines(one: Resource) -> list[str]:
    """Work and cost of a resource's baselines are kept as its fields."""
    found: dict[int, dict[str, str]] = {}
    for field in one.fields:
        match = re.fullmatch(r"BASELINE(\d*)_(WORK|COST)", field.name)
        if match:
            tag = match.group(2).capitalize()
            found.setdefault(int(match.group(1) or 0), {})[tag] = values.FIELD_VALUES[field.kind](field.value)
    return [
        nested("Baseline", {"Number": str(number)} | {tag: figures[tag] for tag in ("Work", "Cost") if tag in figures})
        for number, figures in sorted(found.items())
    ]
