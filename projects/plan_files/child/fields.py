"""Fields beyond the common ones: custom fields with the labels that people gave them, codes, and what else is filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, Values, kind_of, text

BASELINE = re.compile(r"^BASELINE(\d*)_(START|FINISH|DURATION|WORK|COST)$")
CUSTOM = re.compile(
    r"^((ENTERPRISE_)?(TEXT|NUMBER|FLAG|DATE|START|FINISH|COST|DURATION|OUTLINE_CODE|CUSTOM_FIELD|MULTI_VALUE)\d+|user_field_\d+)$",
)
CODES = ("ACTIVITY_CODE_VALUES", "RESOURCE_CODE_VALUES", "ROLE_CODE_VALUES", "RESOURCE_ASSIGNMENT_CODE_VALUES")
# Fields that Plan has a place for or a remark counts, by their names in Java; see the readers of tasks, resources, assignments.
MAPPED = {
    "tasks": frozenset(
        [
            "ACTIVE",
            "ACTIVITY_ID",
            "ACTUAL_COST",
            "ACTUAL_DURATION",
            "ACTUAL_FINISH",
            "ACTUAL_START",
            "ACTUAL_WORK",
            "CALENDAR_UNIQUE_ID",
            "COST",
            "CONSTRAINT_DATE",
            "CONSTRAINT_TYPE",
            "CRITICAL",
            "DEADLINE",
            "DURATION",
            "EARLY_FINISH",
            "EARLY_START",
            "EFFORT_DRIVEN",
            "ESTIMATED",
            "FINISH",
            "FIXED_COST",
            "FIXED_COST_ACCRUAL",
            "FREE_SLACK",
            "HYPERLINK",
            "HYPERLINK_ADDRESS",
            "HYPERLINK_SUBADDRESS",
            "HYPERLINK_HREF",
            "IGNORE_RESOURCE_CALENDAR",
            "LATE_FINISH",
            "LATE_START",
            "MILESTONE",
            "NAME",
            "NOTES",
            "OUTLINE_LEVEL",
            "PARENT_TASK_UNIQUE_ID",
            "PARENT_TASK",
            "PERCENT_COMPLETE",
            "PERCENT_WORK_COMPLETE",
            "PHYSICAL_PERCENT_COMPLETE",
            "PRIORITY",
            "REMAINING_COST",
            "REMAINING_DURATION",
            "REMAINING_WORK",
            "SECONDARY_CONSTRAINT_DATE",
            "SECONDARY_CONSTRAINT_TYPE",
            "START",
            "SUMMARY",
            "TASK_MODE",
            "TOTAL_SLACK",
            "TYPE",
            "UNIQUE_ID",
            "WBS",
            "WORK",
            "EXTERNAL_TASK",
            "RECURRING",
            "SUBPROJECT_FILE",
            "OBJECTS",
            "STEPS",
            "EXPENSE_ITEMS",
            "PREDECESSORS",
            "SUCCESSORS",
            "RESOURCE_NAMES",
            "RESOURCE_INITIALS",
            "NULL",
            "SPLITS",
            "TASK_SPLITS",
        ]
    ),
    "resources": frozenset(
        [
            "ACCRUE_AT",
            "AVAILABILITY",
            "BASE_CALENDAR",
            "CALENDAR_UNIQUE_ID",
            "CODE",
            "COST",
            "COST_PER_USE",
            "COST_RATE_A",
            "COST_RATE_B",
            "COST_RATE_C",
            "COST_RATE_D",
            "COST_RATE_E",
            "EMAIL_ADDRESS",
            "GENERIC",
            "GROUP",
            "INITIALS",
            "MATERIAL_LABEL",
            "MAX_UNITS",
            "NAME",
            "NOTES",
            "OVERTIME_RATE",
            "RESOURCE_ID",
            "STANDARD_RATE",
            "TYPE",
            "UNIQUE_ID",
            "WORK",
            "NULL",
        ]
    ),
    "assignments": frozenset(
        [
            "ACTUAL_COST",
            "ACTUAL_FINISH",
            "ACTUAL_START",
            "ACTUAL_WORK",
            "ASSIGNMENT_DELAY",
            "ASSIGNMENT_UNITS",
            "COST",
            "FINISH",
            "REMAINING_COST",
            "REMAINING_WORK",
            "RESOURCE_UNIQUE_ID",
            "START",
            "TASK_UNIQUE_ID",
            "UNIQUE_ID",
            "WORK",
            "WORK_CONTOUR",
        ]
    ),
}
# The program's own bookkeeping, or the same as another field in other words: named in one line, not kept with each row.
BOOKKEEPING = re.compile(
    r"""_UNITS$|GUID$|^ID$|^RAW_TIMEPHASED|^CREATED$|^OUTLINE_NUMBER$|^(INDEX|EXPANDED|ROLLUP|HIDE_BAR|MARKED|INDICATORS)$
    |^SEQUENCE_NUMBER$|^RECALC_|^UNIQUE_ID_|^WBS_(PRE|SUC)|VARIANCE$|^(CV|SV|VAC|BCWP|BCWS|ACWP)$|^PEAK$|^REGULAR_WORK$
    |^PROJECT$|^SUMMARY_PROGRESS$|^LEVEL(ING)?_(ASSIGNMENTS|CAN_SPLIT)$|^CAN_LEVEL$|^AVAILABLE_|^WORKGROUP$|^(START|FINISH)_SLACK$
    |^ESTIMATED_WEIGHT$|^BOOKING_TYPE$|^RESOURCE_REQUEST_TYPE$|^LINKED_FIELDS$|^OVERALLOCATED$|^SHOW_.*_TEXT$|^PARENT_ID$
    |^VARIABLE_RATE_UNITS$|^(RESUME|STOP)$|^CALCULATE_COSTS_FROM_UNITS$|^AUTO_COMPUTE_ACTUALS$|^SCHEDULED_(START|FINISH|DURATION)$
    |^BASELINE\d*_ESTIMATED_|^BASELINE\d*_FIXED_COST_ACCRUAL$|^PRELEVELED_|^UPDATE_NEEDED$|^CONFIRMED$|^RESPONSE_PENDING$
    |^TEAMSTATUS_PENDING$|^ENTERPRISE$|^ASSIGNMENT$|^BOARD_STATUS|^SPRINT_ID$|^PARENT_RESOURCE|^ACTIVE$|UNIQUE_ID$""",
    re.VERBOSE,
)


class OwnFields:
    """The filled fields of one kind of row: which become a Field, under which label, of which kind."""

    def __init__(self, project: Any, rows: Any, area: str, values: Values, remarks: Remarks) -> None:
        self.values = values
        self.remarks = remarks
        self.area = area
        self.populated: dict[str, Any] = {_name(one): one for one in rows.getPopulatedFields()}
        self.baseline_numbers = sorted(
            {int(match.group(1) or 0) for match in map(BASELINE.match, self.populated) if match is not None}
        )
        labels = project.getCustomFields()
        self.taken = [
            one for one in map(lambda item: self._taken(labels, *item), sorted(self.populated.items())) if one
        ]
        self.codes = [self.populated[name] for name in CODES if name in self.populated]

    def _taken(self, labels: Any, name: str, field: Any) -> tuple[Any, str, str, str] | None:
        """The field with its name, label and kind, or None where Plan has a place for it or it is bookkeeping."""
        custom = CUSTOM.match(name) is not None
        if not custom and (name in MAPPED[self.area] or name in CODES or self._is_baseline(name)):
            return None
        kind = kind_of(str(field.getDataType().name())) if field.getDataType() is not None else "text"
        if not kind or (not custom and BOOKKEEPING.search(name)):
            self.remarks.lost_kind("program_fields", name)
            return None
        return field, name, self._label(labels, field, name), kind

    def _is_baseline(self, name: str) -> bool:
        """Resources have no baselines of their own here: their figures are kept as fields."""
        return BASELINE.match(name) is not None and self.area != "resources"

    def _label(self, labels: Any, field: Any, name: str) -> str:
        custom = labels.get(field)
        alias = text(custom.getAlias()) if custom is not None else ""
        if not alias and name.startswith("user_field_"):
            alias = text(field.getName())
        if not alias and CUSTOM.match(name) is None:
            alias = text(field.getName())
        return "" if alias == name else alias

    def of(self, row: Any) -> list[Json]:
        """The fields of one row that have a value."""
        result = []
        for field, name, label, kind in self.taken:
            raw = row.get(field)
            if raw is None:
                continue
            value = self.values.field_value(kind, raw)
            if value is None or (value is False and CUSTOM.match(name) is None):
                continue
            result.append({"name": name, "label": label, "kind": kind, "value": value})
            code = "custom_fields" if CUSTOM.match(name) else "program_values"
            self.remarks.kept("fields", code, label or name, distinct=True)
        for field in self.codes:
            result.extend(self._codes(row.get(field)))
        return result

    def _codes(self, chosen: Any) -> Iterator[Json]:
        """Primavera's codes: what is chosen from a list of the organisation or the project."""
        if chosen is None:
            return
        for entry in chosen.entrySet():
            label, value = text(entry.getKey().getName()), entry.getValue()
            words = " – ".join(one for one in (text(value.getName()), text(value.getDescription())) if one)
            self.remarks.kept("fields", "codes", label, distinct=True)
            yield {"name": f"CODE {entry.getKey().getUniqueID()}", "label": label, "kind": "text", "value": words}


def baselines(row: Any, numbers: list[int], read: Callable[[Any, int], Json]) -> Iterator[Json]:
    """The baselines of a row that say anything, by number. Figures of zero alone say nothing."""
    for number in numbers:
        found = read(row, number)
        if any(_says(value) for value in found.values()):
            yield {"number": number, **found}


def _says(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value["minutes"])
    return value not in (0, 0.0, "0")


def _name(field: Any) -> str:
    return str(field.name())
