"""What was read against the file's own count: every difference is named."""

from __future__ import annotations

from typing import Any

from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json
from projects.plan_files.child.xml_inventory import PMXML_EXTRAS

AREAS = ("tasks", "links", "calendars", "resources", "assignments", "baselines")
# What a text file holds beyond a plan, by the area of the report.
EXTRAS = {
    "external_links": "links",
    "timephased": "assignments",
    "task_timephased": "tasks",
    "lookup_tables": "fields",
    "formulas": "fields",
    "wbs_masks": "fields",
    "documents": "file",
    "project_notes": "file",
    "wbs_notes": "tasks",
    "risks": "file",
    "issues": "file",
    "thresholds": "file",
    "wbs_milestones": "tasks",
    "budget": "costs",
    "role_rates": "costs",
    "role_limits": "resources",
    "roles": "resources",
    "curves": "assignments",
    "responsible_structure": "file",
    "cost_accounts": "costs",
    "vacations": "calendars",
    "feedback": "tasks",
    "workgroup": "assignments",
}


def compare(plan: Json, held: Inventory, chosen: HeldProject | None, format: str, remarks: Remarks) -> None:
    """Name what the file's own count has more than the plan, and what Plan has no place for."""
    if format == "mpp":
        return
    expected = expected_counts(held, chosen)
    found = counted(plan)
    for area in AREAS:
        missing = expected.get(area, 0) - found[area]
        if missing > 0:
            remarks.lost(area, "not_read", count=missing)
    for code, area in EXTRAS.items():
        remarks.lost(area, code, count=held.extras[code] + (_own(chosen, code, format) if chosen else 0))
    others = [one.shown for one in held.projects if one is not chosen and not one.stub]
    for name in others:
        remarks.kept("file", "other_projects", name)


def _own(chosen: HeldProject, code: str, format: str) -> int:
    same = sum(chosen.rows[name] for name, one in PMXML_EXTRAS.items() if one == code) if format == "pmxml" else 0
    return chosen.rows[code] + same


def expected_counts(held: Inventory, chosen: HeldProject | None) -> dict[str, int]:
    """The counts by area that the file itself has for the chosen project."""
    if chosen is None:
        return held.counts
    names: dict[str, Any] = {"links": ("Relationship", "links"), "assignments": ("ResourceAssignment", "assignments")}
    result = {"tasks": chosen.rows["tasks"], **{area: held.counts.get(area, 0) for area in ("calendars", "resources")}}
    for area, keys in names.items():
        result[area] = sum(chosen.rows[key] for key in keys) - (chosen.rows["external_links"] if area == "links" else 0)
    return result


def counted(plan: Json) -> dict[str, int]:
    """As `Plan.counts`, of the plan as JSON."""
    numbers = {
        one["number"] for rows in ("tasks", "assignments") for row in plan[rows] for one in row.get("baselines", ())
    }
    return {**{area: len(plan[area]) for area in AREAS if area != "baselines"}, "baselines": len(numbers)}
