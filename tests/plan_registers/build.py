"""A small export of Project Online with risks, issues and timesheets, in every shape it is saved in."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import Any

from projects.calc.plan.document import Entry
from projects.plan_files.project_online.entries import entries
from projects.plan_files.project_online.tables import Tables

PROJECT, OTHER = "7d1f-harbour", "9c2e-depot"
DIG, PAVE = "t-dig", "t-pave"


def export() -> dict[str, list[dict[str, Any]]]:
    """Rows by entity set: two tasks, two risks and three issues of the project, one of another, three lines of timesheets."""
    return copy.deepcopy(
        {
            "Projects": [
                {"ProjectId": PROJECT, "ProjectName": "Harbour", "ProjectCurrency": "EUR"},
                {"ProjectId": OTHER, "ProjectName": "Depot"},
            ],
            "Tasks": [_task(DIG, "Dig", 1, work=60, done=30), _task(PAVE, "Pave", 2, work=40, done=0)],
            "Assignments": [
                {
                    "ProjectId": PROJECT,
                    "AssignmentId": "a1",
                    "TaskId": DIG,
                    "ResourceId": "r1",
                    "ResourceName": "Li Wei",
                    "AssignmentWork": "60",
                    "AssignmentActualWork": "30",
                }
            ],
            "Resources": [
                {"ResourceId": "r1", "ResourceName": "Li Wei", "ResourceEmailAddress": "liwei@example.com"},
                {"ResourceId": "r2", "ResourceName": "Gast, Eva"},
            ],
            "Risks": [_flood(), _closed_risk(), {"ProjectId": PROJECT, "RiskId": "k-folder", "IsFolder": True}],
            "Issues": [_permit(), _late(), {"ProjectId": OTHER, "IssueId": "i-other", "Title": "Elsewhere"}],
            "TimesheetLines": [
                _line("l1", DIG, "Dig", "24.5", overtime="2"),
                _line("l2", DIG, "Dig", "4"),
                _line("l3", "00000000-0000", "", "8", TimesheetClassName="Vacation"),
            ],
        }
    )


def came_along() -> tuple[Entry, ...]:
    """The rows of the project for its registers, as the reader gives them."""
    return entries(Tables(export()), PROJECT)


def _task(uid: str, name: str, index: int, *, work: int, done: int) -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "ProjectName": "Harbour",
        "TaskId": uid,
        "TaskName": name,
        "TaskIndex": index,
        "TaskOutlineLevel": 1,
        "TaskOutlineNumber": str(index),
        "TaskStartDate": "2026-03-02T08:00:00",
        "TaskFinishDate": "2026-03-06T17:00:00",
        "TaskDuration": "40",
        "TaskWork": str(work),
        "TaskActualWork": str(done),
    }


def _flood() -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "RiskId": "k-flood",
        "Title": "Flood in spring",
        "Status": "(1) Active",
        "Category": "(2) Weather",
        "Probability": 0.7,
        "Impact": 7.0,
        "Exposure": 4.9,
        "Cost": 120000.0,
        "CostExposure": 84000.0,
        "Description": '<div class="ExternalClass1"><p>The river&#160;rises.</p><p>Every year.</p></div>',
        "MitigationPlan": "Raise the dam",
        "ContingencyPlan": "Pump",
        "TriggerDescription": "Level above 4 m",
        "AssignedToResource": "Li Wei",
        "Owner": "Gast, Eva",
        "CreatedDate": "2026-01-05T09:00:00Z",
        "ModifiedDate": "2026-02-01T09:00:00Z",
        "DueDate": "2026-04-01T00:00:00Z",
        "NumberOfAttachments": 2,
        "ItemRelativeUrlPath": "Lists/Risks/1_.000",
        "Insurer": "Allianz",
        "Insurance cost": "900",
        "IsFolder": False,
    }


def _closed_risk() -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "RiskId": "k-steel",
        "Title": "Steel late",
        "Status": "(3) Closed",
        "Probability": 0.5,
        "Impact": 3.0,
        "Cost": 0.0,
        "AssignedToResource": "Nobody Known",
        "CreatedDate": "2026-01-05T09:00:00Z",
        "ModifiedDate": "2026-02-03T09:00:00Z",
    }


def _permit() -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "IssueId": "i-permit",
        "Title": "Permit missing",
        "Status": "(2) Postponed",
        "Priority": "(1) High",
        "Category": "(1) Authorities",
        "Discussion": "Asked twice",
        "AssignedToResource": "Li Wei",
        "DueDate": "2026-05-01T00:00:00Z",
        "CreatedDate": "2026-02-10T00:00:00Z",
    }


def _late() -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "IssueId": "i-late",
        "Title": "Crane late",
        "Status": "(3) 已关闭",
        "Priority": "(3) 低",
        "Resolution": "Rented another",
        "CreatedDate": "2026-02-10T00:00:00Z",
        "ModifiedDate": "2026-02-20T00:00:00Z",
    }


def _line(uid: str, task: str, name: str, hours: str, *, overtime: str = "0", **more: str) -> dict[str, Any]:
    return {
        "ProjectId": PROJECT,
        "TimesheetLineId": uid,
        "TaskId": task,
        "TaskName": name,
        "ActualWorkBillable": hours,
        "ActualOvertimeWorkNonBillable": overtime,
        "PlannedWork": "40",
        "PeriodStartDate": "2026-03-02T00:00:00",
        "PeriodEndDate": "2026-03-08T23:59:59",
        "TimesheetPeriodName": "2026-W10",
        "TimesheetOwner": "Li Wei",
        **more,
    }


def zipped(sets: dict[str, list[dict[str, Any]]], *, verbose: bool = False) -> bytes:
    """A file a set, as the service answers in light or verbose JSON."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, rows in sets.items():
            made.writestr(f"{name}.json", json.dumps({"d": {"results": rows}} if verbose else {"value": rows}))
    return content.getvalue()


def together(sets: dict[str, list[dict[str, Any]]]) -> bytes:
    """One JSON file with all sets."""
    return json.dumps({name: {"value": rows} for name, rows in sets.items()}).encode()
