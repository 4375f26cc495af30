"""What an XML plan holds by its own count, and what of it Plan has no place for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from projects.plan_files.child.census import Census, parsed
from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits

MSPDI_WANTED = {
    "Task": frozenset({"UID", "OutlineLevel", "IsNull"}),
    "Resource": frozenset({"UID", "IsNull", "Name"}),
    "Assignment": frozenset({"TaskUID", "ResourceUID"}),
    "Baseline": frozenset({"Number"}),
    "PredecessorLink": frozenset({"PredecessorUID", "CrossProject"}),
}
NOBODY = "-65535"


def mspdi_inventory(path: Path, limits: Limits) -> Inventory:
    """Rows, links and the rest of Microsoft's XML. Blank rows and placeholders for nobody are counted apart."""
    found = Census(MSPDI_WANTED, limits)
    parsed(path, found)
    held, records, pairs = Inventory(), found.records, found.pairs
    tasks = [one for one in records["Task"] if one.get("OutlineLevel") != "0" and one.get("IsNull") != "1"]
    links = [one for one in records["PredecessorLink"] if one.get("CrossProject") not in ("1", "true")]
    people = [one for one in records["Resource"] if one.get("IsNull") != "1" and one.get("UID") != "0"]
    given = [one for one in records["Assignment"] if one.get("ResourceUID") != NOBODY]
    held.counts = {
        "tasks": len(tasks),
        "links": len(links),
        "calendars": pairs["Calendars", "Calendar"],
        "resources": len(people),
        "assignments": len(given),
        "baselines": len({one.get("Number", "0") for one in records["Baseline"]}),
    }
    held.extras.update(
        external_links=len(records["PredecessorLink"]) - len(links),
        task_timephased=pairs["Task", "TimephasedData"],
        lookup_tables=pairs["OutlineCodes", "OutlineCode"] + pairs["ExtendedAttribute", "ValueList"],
        formulas=pairs["ExtendedAttribute", "Formula"],
        wbs_masks=pairs["WBSMasks", "WBSMask"],
    )
    return held


PMXML_SCOPES = frozenset({"Project", "BaselineProject"})
PMXML_WANTED = {
    **{name: frozenset({"ObjectId", "Id", "Name"}) for name in PMXML_SCOPES},
    "Relationship": frozenset({"PredecessorProjectObjectId", "SuccessorProjectObjectId"}),
}
PMXML_EXTRAS = {
    "ActivityStep": "steps",
    "ActivityExpense": "expenses",
    "ProjectDocument": "documents",
    "ProjectNote": "project_notes",
    "WBSNote": "wbs_notes",
    "Risk": "risks",
    "ActivityRisk": "risks",
    "ProjectThreshold": "thresholds",
    "ProjectIssue": "issues",
    "WBSMilestone": "wbs_milestones",
    "ActivitySpread": "timephased",
    "ResourceAssignmentSpread": "timephased",
    "ProjectBudgetChangeLog": "budget",
    "ProjectSpendingPlan": "budget",
    "ProjectFunding": "budget",
}
PMXML_GLOBAL_EXTRAS = {
    "RoleRate": "role_rates",
    "RoleLimit": "role_limits",
    "ResourceCurve": "curves",
    "OBS": "responsible_structure",
    "CostAccount": "cost_accounts",
}


def pmxml_inventory(path: Path, limits: Limits) -> Inventory:
    """The projects of Primavera's XML, each with its rows by kind."""
    found = Census(PMXML_WANTED, limits, PMXML_SCOPES)
    parsed(path, found)
    held = Inventory()
    for element, record, pairs in found.scoped:
        if element != "Project":
            # Baselines are projects of their own element; they are read with the project that they belong to.
            held.extras["baseline_projects"] += 1
            continue
        rows: Counter[str] = Counter()
        for (parent, name), count in pairs.items():
            if parent in PMXML_SCOPES:
                rows[name] += count
        rows["groups"] = rows["WBS"]
        rows["tasks"] = rows["Activity"] + rows["WBS"]
        key = record.get("ObjectId", "")
        held.projects.append(HeldProject(key, record.get("Id", ""), record.get("Name", ""), rows))
    if not held.projects:
        raise PlanFileError("no_project")
    _mark_external_links(held, found.records["Relationship"])
    for area in ("calendars", "resources"):
        held.counts[area] = found.pairs["APIBusinessObjects", area.title().removesuffix("s")]
    for name, code in PMXML_GLOBAL_EXTRAS.items():
        held.extras[code] += found.pairs["APIBusinessObjects", name]
    held.counts["tasks"] = max(one.rows["tasks"] for one in held.projects)
    return held


def _mark_external_links(held: Inventory, links: list[dict[str, str]]) -> None:
    """A link whose ends lie in two projects belongs to the successor's."""
    projects = {one.key: one for one in held.projects}
    for link in links:
        before, after = link.get("PredecessorProjectObjectId"), link.get("SuccessorProjectObjectId", "")
        if before is not None and before != after and after in projects:
            projects[after].rows["external_links"] += 1


GAN_KINDS = {"1": "SS", "2": "FS", "3": "FF", "4": "SF"}


class GanttCensus(Census):
    """Remembers which task each link stands in: GanttProject writes the successors below their predecessor."""

    def __init__(self, limits: Limits) -> None:
        super().__init__({"project": frozenset({"description"}), "task": frozenset({"notes"})}, limits)
        self.links: list[dict[str, Any]] = []
        self.previous: list[dict[str, Any]] = []
        self._tasks: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        super().startElement(name, attrs)
        if name == "task" and self.path[-2] in ("task", "tasks"):
            self._tasks.append(attrs.get("id", ""))
        elif name == "depend" and self._tasks:
            self.links.append({"predecessor": self._tasks[-1], **dict(attrs)})
        elif name == "previous-tasks":
            self.previous.append({"name": attrs.get("name", ""), "tasks": []})
        elif name == "previous-task" and self.previous:
            self.previous[-1]["tasks"].append(dict(attrs))

    def endElement(self, name: str) -> None:  # noqa: N802
        if name == "task" and self.path[-2] in ("task", "tasks"):
            self._tasks.pop()
        super().endElement(name)


def gan_inventory(path: Path, limits: Limits) -> Inventory:
    """GanttProject's rows; its links and baselines are taken from here, because Java's reader misses most of them."""
    found = GanttCensus(limits)
    parsed(path, found)
    held, pairs = Inventory(links=found.links, previous=found.previous), found.pairs
    held.rows = found.records["task"]
    held.description = found.records["project"][-1].get("description", "") if found.records["project"] else ""
    held.counts = {
        "tasks": pairs["tasks", "task"] + pairs["task", "task"],
        "links": len(found.links),
        "calendars": 1,
        "resources": pairs["resources", "resource"],
        "assignments": pairs["allocations", "allocation"],
        "baselines": len(found.previous),
    }
    held.extras.update(vacations=pairs["vacations", "vacation"], roles=pairs["roles", "role"])
    return held
