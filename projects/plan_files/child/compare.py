"""What was read against the file's own count: every difference is named."""

from __future__ import annotations

from typing import Any

from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json
from projects.plan_files.child.xml_inventory import PMXML_EXTRAS

AREAS = ("tasks", "links", "calendars", "resources", "assignments", "baselines")
# Of what the file holds beyond Plan: the area of the report, and whether the words or the values survive as fields or in the file.
EXTRAS = {
    "blank_rows": ("tasks", "kept"),
    "external_links": ("links", "lost"),
    "timephased": ("assignments", "lost"),
    "lookup_tables": ("fields", "lost"),
    "formulas": ("fields", "lost"),
    "wbs_masks": ("fields", "lost"),
    "documents": ("file", "lost"),
    "project_notes": ("file", "lost"),
    "wbs_notes": ("tasks", "lost"),
    "risks": ("file", "lost"),
    "issues": ("file", "lost"),
    "thresholds": ("file", "lost"),
    "wbs_milestones": ("tasks", "lost"),
    "budget": ("costs", "lost"),
    "role_rates": ("costs", "lost"),
    "role_limits": ("resources", "lost"),
    "resource_roles": ("resources", "lost"),
    "roles": ("resources", "lost"),
    "curves": ("assignments", "lost"),
    "responsible_structure": ("file", "lost"),
    "cost_accounts": ("costs", "lost"),
    "vacations": ("calendars", "lost"),
    "feedback": ("tasks", "lost"),
    "workgroup": ("assignments", "lost"),
}
# Counted by the readers of rows themselves; counting them twice would double the figure.
BY_ROW = {
    "mspdi": ("blank_rows", "timephased"),
    "pmxml": (),
    "xer": ("resource_roles",),
    "gan": (),
    "mpx": (),
    "mpp": (),
}
SEVERAL = ("xer", "pmxml")


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
    for code, (area, where) in EXTRAS.items():
        count = held.extras[code] + (_own(chosen, code, format) if chosen else 0)
        if code not in BY_ROW[format] and count:
            (remarks.kept if where == "kept" else remarks.lost)(area, code, count=count)
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
