"""Rows of the outline, their links and baselines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from projects.plan_files.child.fields import OwnFields, baselines
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, Values, moment, money, number, number_of, put, text, word

Tell = Callable[[str, int, int], None]

MOMENTS = (
    ("constraint_at", "getConstraintDate"),
    ("second_constraint_at", "getSecondaryConstraintDate"),
    ("deadline", "getDeadline"),
    ("start", "getStart"),
    ("finish", "getFinish"),
    ("early_start", "getEarlyStart"),
    ("early_finish", "getEarlyFinish"),
    ("late_start", "getLateStart"),
    ("late_finish", "getLateFinish"),
    ("actual_start", "getActualStart"),
    ("actual_finish", "getActualFinish"),
)
NUMBERS = (
    ("percent_complete", "getPercentageComplete"),
    ("percent_work_complete", "getPercentageWorkComplete"),
    ("physical_percent", "getPhysicalPercentComplete"),
)
MINUTES = (
    ("total_slack", "getTotalSlack"),
    ("free_slack", "getFreeSlack"),
    ("work", "getWork"),
    ("actual_work", "getActualWork"),
    ("remaining_work", "getRemainingWork"),
)
SPANS = (("actual_duration", "getActualDuration"), ("remaining_duration", "getRemainingDuration"))
MONEY = (
    ("cost", "getCost"),
    ("actual_cost", "getActualCost"),
    ("remaining_cost", "getRemainingCost"),
    ("fixed_cost", "getFixedCost"),
)
EVERY = 250


class TaskReader:
    """Reads all tasks of a project once, in the file's order."""

    def __init__(self, project: Any, format: str, values: Values, remarks: Remarks) -> None:
        self.project = project
        self.format = format
        self.values = values
        self.remarks = remarks
        self.fields = OwnFields(project, project.getTasks(), "tasks", values, remarks)
        self.root_name = ""
        self.kept: set[int] = set()

    def read(self, tell: Tell) -> list[Json]:
        """The rows below outline level 0; blank rows are counted and left out."""
        result = []
        tasks = self.project.getTasks()
        total = int(tasks.size())
        for done, task in enumerate(tasks):
            if done % EVERY == 0:
                tell("taking", done, total)
            row = self._row(task)
            if row is not None:
                result.append(row)
        return result

    def links(self) -> list[Json]:
        """Links whose two ends are rows of the plan."""
        result = []
        for task in self.project.getTasks():
            if number_of(task) not in self.kept:
                continue
            for relation in task.getPredecessors():
                link = self._link(relation)
                if link is not None:
                    result.append(link)
        return result

    def _link(self, relation: Any) -> Json | None:
        before, after = relation.getPredecessorTask(), relation.getSuccessorTask()
        if before is None or number_of(before) not in self.kept:
            if self.format == "mpp":  # of text files the difference to their own count is named
                self.remarks.lost("links", "not_read", text(after.getName()))
            return None
        if relation.getNotes():
            self.remarks.lost("links", "link_notes", text(relation.getNotes()))
        return {
            "predecessor": str(before.getUniqueID()),
            "successor": str(after.getUniqueID()),
            "kind": str(relation.getType().toString()),
            "lag": self.values.span(relation.getLag()) or {"minutes": 0.0, "unit": "d"},
        }

    def _row(self, task: Any) -> Json | None:
        level = task.getOutlineLevel()
        if bool(task.getNull()):
            self.remarks.kept("tasks", "blank_rows", text(task.getName()))
            return None
        if level is not None and int(level) == 0:
            self.root_name = self.root_name or text(task.getName())
            return None
        uid = number_of(task)
        if uid is None or uid in self.kept:
            self.remarks.lost("tasks", "duplicates", text(task.getName()))
            return None
        self.kept.add(uid)
        row: Json = {"uid": str(uid), "name": text(task.getName()), "level": _level(level)}
        parent = task.getParentTask()
        if parent is not None and number_of(parent) in self.kept:
            row["parent"] = str(parent.getUniqueID())
        self._character(row, task)
        self._figures(row, task)
        self._texts(row, task)
        put(row, "baselines", self._baselines(task))
        put(row, "fields", self.fields.of(task))
        self._odd(task)
        return row

    def _character(self, row: Json, task: Any) -> None:
        for name, getter in (
            ("summary", task.getSummary),
            ("milestone", task.getMilestone),
            ("active", task.getActive),
            ("effort_driven", task.getEffortDriven),
            ("ignore_resource_calendars", task.getIgnoreResourceCalendar),
        ):
            row[name] = bool(getter())
        row["manual"] = word(task.getTaskMode()) == "manually_scheduled"
        put(row, "kind", word(task.getType()))
        put(row, "constraint", word(task.getConstraintType()))
        put(row, "second_constraint", word(task.getSecondaryConstraintType()))
        put(row, "fixed_cost_accrual", word(task.getFixedCostAccrual()))
        priority = task.getPriority()
        if priority is not None:
            row["priority"] = max(0, min(1000, int(priority.getValue())))
        calendar = task.getCalendarUniqueID()
        if calendar is not None:
            row["calendar"] = str(calendar)
        critical = task.getCritical()
        row["critical"] = None if critical is None else bool(critical)

    def _figures(self, row: Json, task: Any) -> None:
        values = self.values
        for name, getter in MOMENTS:
            put(row, name, moment(getattr(task, getter)()))
        for name, getter in NUMBERS:
            put(row, name, number(getattr(task, getter)()))
        for name, getter in MINUTES:
            put(row, name, values.minutes(getattr(task, getter)()))
        for name, getter in SPANS:
            put(row, name, values.span(getattr(task, getter)()))
        for name, getter in MONEY:
            put(row, name, money(getattr(task, getter)()))
        put(row, "duration", values.span(task.getDuration(), estimated=bool(task.getEstimated())))

    def _texts(self, row: Json, task: Any) -> None:
        put(row, "wbs", text(task.getWBS()))
        put(row, "code", text(task.getActivityID()))
        notes = text(task.getNotes())
        put(row, "notes", notes)
        if notes and self.remarks.is_formatted(task.getNotesObject()):
            self.remarks.lost("tasks", "note_formatting", row["name"])
        put(row, "hyperlink", _hyperlink(task))

    def _baselines(self, task: Any) -> list[Json]:
        return list(baselines(task, self.fields.baseline_numbers, self._baseline))

    def _baseline(self, task: Any, number: int) -> Json:
        which = (number,) if number else ()
        result: Json = {}
        put(result, "start", moment(task.getBaselineStart(*which)))
        put(result, "finish", moment(task.getBaselineFinish(*which)))
        put(result, "duration", self.values.span(task.getBaselineDuration(*which)))
        put(result, "work", self.values.minutes(task.getBaselineWork(*which)))
        put(result, "cost", money(task.getBaselineCost(*which)))
        return result

    def _odd(self, task: Any) -> None:
        """Count what no plan here has a place for."""
        populated, remarks = self.fields.populated, self.remarks
        name = text(task.getName())
        for code, field in ODD:
            if field in populated and _size(task.get(populated[field])):
                remarks.lost("tasks", code, name)
        if bool(task.getExternalTask()):
            remarks.kept("tasks", "external_tasks", name)
        if self._recurs(task):
            remarks.lost("tasks", "recurring_tasks", name)
        if int(task.getWorkSplits().size()) > 1:
            remarks.lost("tasks", "splits", name)

    def _recurs(self, task: Any) -> bool:
        """Whether a rule stands behind the row; the flag of binary files is set on rows that never recur."""
        if task.getRecurringTask() is not None:
            return True
        return self.format != "mpp" and bool(task.getRecurring()) and bool(task.getSummary())


ODD = (
    ("subprojects", "SUBPROJECT_FILE"),
    ("embedded_objects", "OBJECTS"),
    ("steps", "STEPS"),
    ("expenses", "EXPENSE_ITEMS"),
)


def _size(value: Any) -> bool:
    """Whether a list, a text or a number says that there is something."""
    if value is None:
        return False
    if hasattr(value, "isEmpty"):
        return not bool(value.isEmpty())
    return bool(value)


def _level(level: Any) -> int:
    return 1 if level is None else max(1, int(level))


def _hyperlink(task: Any) -> str:
    address, place = text(task.getHyperlinkAddress()), text(task.getHyperlinkSubAddress())
    joined = f"{address}#{place}" if place else address
    return (joined or text(task.getHyperlink()))[:1000]
