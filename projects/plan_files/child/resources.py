"""Resources, and what tasks are given of them."""

from __future__ import annotations

from typing import Any

from projects.plan_files.child.fields import OwnFields, baselines
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, Values, moment, money, number, number_of, put, text, word

KINDS = {"work": "work", "material": "material", "cost": "cost", "non_labor": "work"}
RATE_TABLES = range(5)
NOBODY = 0
"""Microsoft Project keeps work of nobody under this id; the task says the same."""


class ResourceReader:
    """Reads the resources of a project."""

    def __init__(self, project: Any, values: Values, remarks: Remarks) -> None:
        self.project = project
        self.values = values
        self.remarks = remarks
        self.fields = OwnFields(project, project.getResources(), "resources", values, remarks)
        self.kept: set[int] = set()

    def read(self) -> list[Json]:
        rows = [self._row(one) for one in self.project.getResources()]
        return [one for one in rows if one is not None]

    def _row(self, resource: Any) -> Json | None:
        uid = number_of(resource)
        if uid == NOBODY and not text(resource.getName()):
            self.remarks.kept("resources", "placeholder_resources")
            return None
        if bool(resource.getNull()):
            self.remarks.kept("resources", "blank_rows")
            return None
        if uid is None or uid in self.kept:
            self.remarks.lost("resources", "duplicates", text(resource.getName()))
            return None
        self.kept.add(uid)
        kind = word(resource.getType())
        row: Json = {"uid": str(uid), "name": text(resource.getName()), "kind": KINDS.get(kind, "work")}
        put(row, "initials", text(resource.getInitials()))
        put(row, "code", text(resource.getCode()) or text(resource.getResourceID()))
        put(row, "email", text(resource.getEmailAddress()))
        put(row, "group", text(resource.getGroup()))
        row["generic"] = bool(resource.getGeneric())
        self._figures(row, resource)
        notes = text(resource.getNotes())
        put(row, "notes", notes)
        if notes and self.remarks.is_formatted(resource.getNotesObject()):
            self.remarks.lost("resources", "note_formatting", row["name"])
        put(row, "fields", self.fields.of(resource))
        if kind == "non_labor":
            row.setdefault("fields", []).append({"name": "TYPE", "label": "", "kind": "text", "value": "NON_LABOR"})
            self.remarks.kept("resources", "equipment", row["name"])
        self._odd(resource, row["name"])
        return row

    def _figures(self, row: Json, resource: Any) -> None:
        material = row["kind"] == "material"
        put(row, "max_units", number(resource.getMaxUnits()))
        for name, getter in (("rate", resource.getStandardRate), ("overtime_rate", resource.getOvertimeRate)):
            rate = self.values.rate(getter())
            if rate is not None and material:
                rate["per"] = ""
            put(row, name, rate)
        put(row, "cost_per_use", money(resource.getCostPerUse()))
        put(row, "accrual", word(resource.getAccrueAt()))
        calendar = resource.getCalendarUniqueID()
        put(row, "calendar", None if calendar is None else str(calendar))
        put(row, "material_label", text(resource.getMaterialLabel()))
        put(row, "work", self.values.minutes(resource.getWork()))
        put(row, "cost", money(resource.getCost()))

    def _odd(self, resource: Any, name: str) -> None:
        """Rates and availability that change over time have no place."""
        if int(resource.getAvailability().size()) > 1:
            self.remarks.lost("resources", "availability", name)
        for index in RATE_TABLES:
            table = resource.getCostRateTable(index)
            if table is None:
                continue
            entries = int(table.size())
            if entries > 1:
                self.remarks.lost("costs", "rates_over_time", name, count=entries - 1)
            if index and entries and bool(table.tableIsPopulated()):
                self.remarks.lost("costs", "other_rate_tables", name)
        if resource.getRoleAssignments() is not None and int(resource.getRoleAssignments().size()):
            self.remarks.lost("resources", "resource_roles", name)


class AssignmentReader:
    """Reads what the kept tasks are given of the kept resources."""

    def __init__(self, project: Any, values: Values, remarks: Remarks) -> None:
        self.project = project
        self.values = values
        self.remarks = remarks
        self.fields = OwnFields(project, project.getResourceAssignments(), "assignments", values, remarks)
        self.used: set[str] = set()
        self.timephased = [field for name, field in self.fields.populated.items() if name.startswith("RAW_TIMEPHASED")]

    def read(self, tasks: set[int], resources: set[int]) -> list[Json]:
        result: list[Json] = []
        for assignment in self.project.getResourceAssignments():
            row = self._row(assignment, tasks, resources, len(result) + 1)
            if row is not None:
                result.append(row)
        return result

    def _row(self, assignment: Any, tasks: set[int], resources: set[int], position: int) -> Json | None:
        task, resource = assignment.getTaskUniqueID(), assignment.getResourceUniqueID()
        if task is None or int(task) not in tasks:
            self.remarks.lost("assignments", "without_task")
            return None
        if resource is None or int(resource) not in resources:
            self.remarks.kept("assignments", "placeholder_assignments")
            return None
        uid = self._free_uid(assignment.getUniqueID(), position)
        row: Json = {
            "uid": uid,
            "task": str(task),
            "resource": str(resource),
        }
        self._figures(row, assignment)
        contour = assignment.getWorkContour()
        if contour is not None and not bool(contour.isContourFlat()):
            put(row, "contour", text(contour.getName()).lower()[:30])
        put(row, "baselines", list(baselines(assignment, self.fields.baseline_numbers, self._baseline)))
        put(row, "fields", self.fields.of(assignment))
        self._odd(assignment)
        return row

    def _free_uid(self, uid: Any, position: int) -> str:
        """The program's own id, or one of our own where it has none or gave it twice."""
        found = str(uid) if uid is not None and str(uid) not in self.used else f"n{position}"
        self.used.add(found)
        return found

    def _figures(self, row: Json, assignment: Any) -> None:
        minutes = self.values.minutes
        put(row, "units", number(assignment.getUnits()))
        put(row, "work", minutes(assignment.getWork()))
        put(row, "actual_work", minutes(assignment.getActualWork()))
        put(row, "remaining_work", minutes(assignment.getRemainingWork()))
        put(row, "cost", money(assignment.getCost()))
        put(row, "actual_cost", money(assignment.getActualCost()))
        put(row, "remaining_cost", money(assignment.getRemainingCost()))
        put(row, "start", moment(assignment.getStart()))
        put(row, "finish", moment(assignment.getFinish()))
        put(row, "actual_start", moment(assignment.getActualStart()))
        put(row, "actual_finish", moment(assignment.getActualFinish()))
        put(row, "delay", self.values.span(assignment.getDelay()))

    def _baseline(self, assignment: Any, number: int) -> Json:
        which = (number,) if number else ()
        result: Json = {}
        put(result, "start", moment(assignment.getBaselineStart(*which)))
        put(result, "finish", moment(assignment.getBaselineFinish(*which)))
        put(result, "work", self.values.minutes(assignment.getBaselineWork(*which)))
        put(result, "cost", money(assignment.getBaselineCost(*which)))
        return result

    def _odd(self, assignment: Any) -> None:
        notes = text(assignment.getNotes())
        if notes and self.remarks.is_formatted(assignment.getNotesObject()):
            self.remarks.lost("assignments", "note_formatting", notes)
        if any(one is not None and int(one.size()) for one in map(assignment.get, self.timephased)):
            self.remarks.lost("assignments", "timephased")
