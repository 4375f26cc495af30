"""Names, numbers and orders of Microsoft's XML schema for project data (MSPDI, 2010 and later)."""

from __future__ import annotations

UNITS = {
    "m": 3, "em": 4, "h": 5, "eh": 6, "d": 7, "ed": 8, "w": 9, "ew": 10, "mo": 11, "emo": 12, "%": 19, "e%": 20,
}  # fmt: skip
ESTIMATED = 32
"""Added to the number of a unit where the duration is estimated."""
LINKS = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
TASK_KINDS = {"fixed_units": 0, "fixed_duration": 1, "fixed_work": 2}
CONSTRAINTS = {
    "as_soon_as_possible": 0,
    "as_late_as_possible": 1,
    "must_start_on": 2,
    "must_finish_on": 3,
    "start_no_earlier_than": 4,
    "start_no_later_than": 5,
    "finish_no_earlier_than": 6,
    "finish_no_later_than": 7,
}
NEAREST_CONSTRAINTS = {"start_on": "must_start_on", "finish_on": "must_finish_on"}
ACCRUALS = {"start": 1, "end": 2, "prorated": 3}
RATES = {"m": 1, "h": 2, "d": 3, "w": 4, "mo": 5, "y": 7, "": 8}
CONTOURS = {
    "back_loaded": 1,
    "front_loaded": 2,
    "double_peak": 3,
    "early_peak": 4,
    "late_peak": 5,
    "bell": 6,
    "turtle": 7,
    "contoured": 8,
}

TASK = (
    "UID", "GUID", "ID", "Name", "Active", "Manual", "Type", "IsNull", "CreateDate", "Contact", "WBS", "OutlineNumber",
    "OutlineLevel", "Priority", "Start", "Finish", "Duration", "DurationFormat", "Work", "Stop", "Resume", "ResumeValid",
    "EffortDriven", "Recurring", "OverAllocated", "Estimated", "Milestone", "Summary", "Critical", "IsSubproject",
    "EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "FreeSlack", "TotalSlack", "FixedCost", "FixedCostAccrual",
    "PercentComplete", "PercentWorkComplete", "Cost", "OvertimeCost", "OvertimeWork", "ActualStart", "ActualFinish",
    "ActualDuration", "ActualCost", "ActualOvertimeCost", "ActualWork", "ActualOvertimeWork", "RegularWork",
    "RemainingDuration", "RemainingCost", "RemainingWork", "RemainingOvertimeCost", "RemainingOvertimeWork",
    "ConstraintType", "CalendarUID", "ConstraintDate", "Deadline", "LevelingDelay", "LevelingDelayFormat", "Hyperlink",
    "HyperlinkAddress", "HyperlinkSubAddress", "IgnoreResourceCalendar", "Notes", "PhysicalPercentComplete",
)  # fmt: skip
"""Leaves of a task up to PredecessorLink, ExtendedAttribute and Baseline, which follow in this order."""
RESOURCE = (
    "UID", "GUID", "ID", "Name", "Type", "IsNull", "Initials", "Phonetics", "NTAccount", "MaterialLabel", "Code",
    "Group", "EmailAddress", "Hyperlink", "MaxUnits", "PeakUnits", "Start", "Finish", "AccrueAt", "Work", "OvertimeWork",
    "ActualWork", "RemainingWork", "ActualOvertimeWork", "RemainingOvertimeWork", "PercentWorkComplete", "StandardRate",
    "StandardRateFormat", "Cost", "OvertimeRate", "OvertimeRateFormat", "OvertimeCost", "CostPerUse", "ActualCost",
    "ActualOvertimeCost", "RemainingCost", "RemainingOvertimeCost", "CalendarUID", "Notes", "IsGeneric",
)  # fmt: skip
"""Leaves of a resource up to ExtendedAttribute and Baseline; then IsCostResource."""
ASSIGNMENT = (
    "UID", "TaskUID", "ResourceUID", "PercentWorkComplete", "ActualCost", "ActualFinish", "ActualOvertimeCost",
    "ActualOvertimeWork", "ActualStart", "ActualWork", "Cost", "Delay", "Finish", "HasFixedRateUnits", "Notes",
    "OvertimeCost", "OvertimeWork", "RemainingCost", "RemainingOvertimeCost", "RemainingOvertimeWork", "RemainingWork",
    "Start", "Units", "Work", "WorkContour",
)  # fmt: skip

NATIVE: dict[str, dict[str, tuple[str, str]]] = {
    "tasks": {
        "CONTACT": ("Contact", "text"),
        "OVERTIME_COST": ("OvertimeCost", "money"),
        "OVERTIME_WORK": ("OvertimeWork", "duration"),
        "ACTUAL_OVERTIME_COST": ("ActualOvertimeCost", "money"),
        "ACTUAL_OVERTIME_WORK": ("ActualOvertimeWork", "duration"),
        "REMAINING_OVERTIME_COST": ("RemainingOvertimeCost", "money"),
        "REMAINING_OVERTIME_WORK": ("RemainingOvertimeWork", "duration"),
    },
    "resources": {
        "ACTUAL_COST": ("ActualCost", "money"),
        "ACTUAL_WORK": ("ActualWork", "duration"),
        "REMAINING_COST": ("RemainingCost", "money"),
        "REMAINING_WORK": ("RemainingWork", "duration"),
        "OVERTIME_COST": ("OvertimeCost", "money"),
        "OVERTIME_WORK": ("OvertimeWork", "duration"),
        "ACTUAL_OVERTIME_COST": ("ActualOvertimeCost", "money"),
        "ACTUAL_OVERTIME_WORK": ("ActualOvertimeWork", "duration"),
        "REMAINING_OVERTIME_COST": ("RemainingOvertimeCost", "money"),
        "REMAINING_OVERTIME_WORK": ("RemainingOvertimeWork", "duration"),
        "NT_ACCOUNT": ("NTAccount", "text"),
        "PHONETICS": ("Phonetics", "text"),
    },
    "assignments": {
        "NOTES": ("Notes", "text"),
        "OVERTIME_COST": ("OvertimeCost", "money"),
        "OVERTIME_WORK": ("OvertimeWork", "duration"),
        "ACTUAL_OVERTIME_COST": ("ActualOvertimeCost", "money"),
        "ACTUAL_OVERTIME_WORK": ("ActualOvertimeWork", "duration"),
        "REMAINING_OVERTIME_COST": ("RemainingOvertimeCost", "money"),
        "REMAINING_OVERTIME_WORK": ("RemainingOvertimeWork", "duration"),
    },
}
"""Fields of the program that have an element of their own: its name and the kind of its value."""
PROJECT_FIELDS = {
    "NAME": "Name",
    "SUBJECT": "Subject",
    "CATEGORY": "Category",
    "COMPANY": "Company",
    "MANAGER": "Manager",
    "AUTHOR": "Author",
    "CREATION_DATE": "CreationDate",
    "REVISION": "Revision",
    "LAST_SAVED": "LastSaved",
}

_BASES = {"tasks": 0x0B400000, "resources": 0x0C400000, "assignments": 0x0F400000}
_LOCAL = {
    "tasks": {
        "TEXT": "51 54 57 60 63 66-70 317-336",
        "START": "52 55 58 61 64 282 284 286 288 290",
        "FINISH": "53 56 59 62 65 283 285 287 289 291",
        "FLAG": "72-81 292-301",
        "NUMBER": "87-91 302-316",
        "DURATION": "103-105 275-281",
        "COST": "106-108 258-264",
        "DATE": "265-274",
        "ENTERPRISE_COST": "599-608",
        "ENTERPRISE_DATE": "609-638",
        "ENTERPRISE_DURATION": "639-648",
        "ENTERPRISE_FLAG": "659-678",
        "ENTERPRISE_NUMBER": "699-738",
        "ENTERPRISE_TEXT": "799-838",
    },
    "resources": {
        "TEXT": "8-9 30-32 97-101 225-244",
        "START": "102-106 220-224",
        "FINISH": "107-111 190-194",
        "FLAG": "127-135 126 195-204",
        "NUMBER": "112-116 205-219",
        "DURATION": "117-119 183-189",
        "COST": "123-125 166-172",
        "DATE": "173-182",
        "ENTERPRISE_COST": "446-455",
        "ENTERPRISE_DATE": "456-485",
        "ENTERPRISE_DURATION": "486-495",
        "ENTERPRISE_FLAG": "506-525",
        "ENTERPRISE_NUMBER": "546-585",
        "ENTERPRISE_TEXT": "646-685",
    },
    "assignments": {
        "TEXT": "88-97 218-237",
        "START": "98-102 213-217",
        "FINISH": "103-107 183-187",
        "FLAG": "123-131 122 188-197",
        "NUMBER": "108-112 198-212",
        "DURATION": "113-115 176-182",
        "COST": "119-121 159-165",
        "DATE": "166-175",
        "ENTERPRISE_COST": "381-390",
        "ENTERPRISE_DATE": "391-420",
        "ENTERPRISE_DURATION": "421-430",
        "ENTERPRISE_FLAG": "441-460",
        "ENTERPRISE_NUMBER": "461-500",
        "ENTERPRISE_TEXT": "501-540",
    },
}
SLOTS = {"text": "TEXT", "number": "NUMBER", "money": "COST", "date": "DATE", "flag": "FLAG", "duration": "DURATION"}
"""Which custom field of the program holds a value of the kind."""


def field_ids(area: str) -> dict[str, int]:
    """The number of each custom field of tasks, resources or assignments by its name, such as TEXT1."""
    found = {}
    for name, spans in _LOCAL[area].items():
        for place, number in enumerate(_numbers(spans), start=1):
            found[f"{name}{place}"] = _BASES[area] + number
    return found


def _numbers(spans: str) -> list[int]:
    numbers: list[int] = []
    for span in spans.split():
        first, _dash, last = span.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
