"""A plan as plain values: between files, the database and exports everybody speaks this one form.

Times are wall clock times of the plan, without a zone. Spans (durations, work, slack, lag) are working minutes as the file's
program counted them, `unit` is how people write them: "m", "h", "d", "w", "mo", "y", elapsed with an "e" before ("ed"), "%" for a lag in
percent of the predecessor's duration. Shares are percent, 0 to 100 (units of a resource may be more). Money is exact.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Moment = datetime.datetime | None
Range = tuple[datetime.time, datetime.time]
"""From and to; a range that ends at midnight ends at 00:00."""


@dataclass(frozen=True)
class Span:
    """Working minutes and the unit in which people write them."""

    minutes: float
    unit: str = "d"
    estimated: bool = False


@dataclass(frozen=True)
class Field:
    """A value beyond the common fields: custom fields, outline codes, extended attributes, user-defined fields."""

    name: str  # the program's own name, such as "TEXT1"
    label: str  # what people called it, such as "Cost centre"; the name where they did not
    kind: str  # text, number, money, date, flag, duration
    value: Any  # str, Decimal, datetime, bool, Span

    @property
    def shown(self) -> str:
        return self.label or self.name


@dataclass(frozen=True)
class DayException:
    """Days that differ from the week: no ranges are free days. Recurring ones stand once a day that they fall on."""

    first: datetime.date
    last: datetime.date
    ranges: tuple[Range, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Week:
    """A week that holds between two days only (work week); days as in `Calendar.week`."""

    first: datetime.date
    last: datetime.date
    days: Mapping[int, tuple[Range, ...] | None]
    name: str = ""


@dataclass(frozen=True)
class Calendar:
    """`week` maps 1 (Monday) to 7 (Sunday) to working ranges, () for a free day, None for "as the parent says"."""

    uid: str
    name: str
    parent: str | None
    week: Mapping[int, tuple[Range, ...] | None]
    exceptions: tuple[DayException, ...] = ()
    weeks: tuple[Week, ...] = ()
    of_resource: bool = False


@dataclass(frozen=True)
class Rate:
    """Money per unit of time: h, d, w, mo, y, or "" for material (per unit)."""

    amount: Decimal
    per: str = "h"


@dataclass(frozen=True)
class Resource:
    """Somebody or something that work is given to. `max_units` in percent."""

    uid: str
    name: str
    kind: str = "work"  # work, material, cost
    initials: str = ""
    code: str = ""
    email: str = ""
    group: str = ""
    generic: bool = False
    max_units: float | None = None
    rate: Rate | None = None
    overtime_rate: Rate | None = None
    cost_per_use: Decimal | None = None
    accrual: str = ""  # start, end, prorated
    calendar: str | None = None
    material_label: str = ""
    work: float | None = None
    cost: Decimal | None = None
    notes: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """What was agreed once; number 0 to 10. The same for tasks, assignments and resources."""

    number: int
    start: Moment = None
    finish: Moment = None
    duration: Span | None = None
    work: float | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class Task:
    """One row of the outline, in the file's order; `level` is 1 for the rows right below the plan."""

    uid: str
    name: str
    level: int
    parent: str | None = None
    wbs: str = ""
    code: str = ""  # the activity's own id where the program has one (Primavera)
    summary: bool = False
    milestone: bool = False
    active: bool = True
    manual: bool = False
    kind: str = "fixed_units"  # fixed_units, fixed_duration, fixed_work, fixed_duration_and_units
    effort_driven: bool = False
    priority: int = 500
    constraint: str = "as_soon_as_possible"
    constraint_at: Moment = None
    second_constraint: str = ""
    second_constraint_at: Moment = None
    deadline: Moment = None
    calendar: str | None = None
    ignore_resource_calendars: bool = False
    duration: Span | None = None
    start: Moment = None
    finish: Moment = None
    early_start: Moment = None
    early_finish: Moment = None
    late_start: Moment = None
    late_finish: Moment = None
    total_slack: float | None = None
    free_slack: float | None = None
    critical: bool | None = None
    percent_complete: float | None = None
    percent_work_complete: float | None = None
    physical_percent: float | None = None
    actual_start: Moment = None
    actual_finish: Moment = None
    actual_duration: Span | None = None
    remaining_duration: Span | None = None
    work: float | None = None
    actual_work: float | None = None
    remaining_work: float | None = None
    cost: Decimal | None = None
    actual_cost: Decimal | None = None
    remaining_cost: Decimal | None = None
    fixed_cost: Decimal | None = None
    fixed_cost_accrual: str = ""
    notes: str = ""
    hyperlink: str = ""
    baselines: tuple[Baseline, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Link:
    """Predecessor to successor: FS, SS, FF or SF. The lag in minutes, or percent where its unit is "%"."""

    predecessor: str
    successor: str
    kind: str = "FS"
    lag: Span = field(default_factory=lambda: Span(0.0))


@dataclass(frozen=True)
class Assignment:
    """A task's use of a resource; no resource where the program keeps work of nobody. `units` in percent."""

    uid: str
    task: str
    resource: str | None
    units: float | None = None
    work: float | None = None
    actual_work: float | None = None
    remaining_work: float | None = None
    cost: Decimal | None = None
    actual_cost: Decimal | None = None
    remaining_cost: Decimal | None = None
    start: Moment = None
    finish: Moment = None
    actual_start: Moment = None
    actual_finish: Moment = None
    delay: Span | None = None
    contour: str = ""
    baselines: tuple[Baseline, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A row that came along with the plan and belongs into a register: a risk, an issue, a line of a timesheet.

    Values are the program's own, as text by the name of their column; `emails` are those of the people whom values name.
    """

    kind: str  # risks, issues, timesheet_lines
    uid: str
    values: Mapping[str, str]
    emails: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Remark:
    """One line of the fidelity report: an area, a code that the page words, how many, some examples."""

    area: str  # tasks, links, calendars, resources, assignments, baselines, costs, fields, file
    code: str
    count: int = 1
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that a file says of one project."""

    title: str = ""
    format: str = ""  # mpp, mspdi, xer, pmxml, mpx, gan, odata, xlsx, csv
    application: str = ""
    start: Moment = None
    finish: Moment = None
    status_at: Moment = None
    schedule_from_finish: bool = False
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: float = 20
    critical_slack: float = 0.0
    currency: str = ""  # ISO code, or the sign where the file has no more
    calendar: str | None = None  # uid of the default calendar
    root_name: str = ""  # name of the row of outline level 0
    calendars: tuple[Calendar, ...] = ()
    resources: tuple[Resource, ...] = ()
    tasks: tuple[Task, ...] = ()
    links: tuple[Link, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    fields: tuple[Field, ...] = ()  # of the project itself
    kept: tuple[Remark, ...] = ()  # what is kept as a custom field, a note or in the attached file
    lost: tuple[Remark, ...] = ()  # what the product has no place for, or the reader could not read
    entries: tuple[Entry, ...] = ()  # for the registers of the project; no part of the plan's versions

    def counts(self) -> dict[str, int]:
        """How many of each kind: tasks without the row of outline level 0, baselines as the numbers in use."""
        numbers = {one.number for task in self.tasks for one in task.baselines}
        numbers |= {one.number for each in self.assignments for one in each.baselines}
        return {
            "tasks": len(self.tasks),
            "links": len(self.links),
            "calendars": len(self.calendars),
            "resources": len(self.resources),
            "assignments": len(self.assignments),
            "baselines": len(numbers),
        }


@dataclass(frozen=True)
class SourceProject:
    """A project that a file holds, to choose from where it holds several."""

    key: str  # what --source-project takes
    name: str
    tasks: int
    stub: bool = False  # only referred to: the file has no rows of it
