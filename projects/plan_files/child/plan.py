"""One project of a file as the JSON of a Plan, with the remarks of what was kept elsewhere and lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects.plan_files.child import gantt, java
from projects.plan_files.child.calendars import CalendarReader
from projects.plan_files.child.compare import compare
from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.child.properties import properties
from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.resources import AssignmentReader, ResourceReader
from projects.plan_files.child.sources import errors_of_java, opened
from projects.plan_files.child.tasks import TaskReader
from projects.plan_files.child.values import Json, Values, text
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits

Tell = Callable[[str, int, int], None]


def read(path: Path, format: str, chosen: HeldProject | None, held: Inventory, limits: Limits, tell: Tell) -> Json:
    """Read one project of a checked file. Raises PlanFileError."""
    tell("starting", 0, 0)
    java.start(limits)
    tell("parsing", 0, 0)
    with errors_of_java():
        return _taken(opened(path, format, chosen, held), format, chosen, held, limits, tell)


def _taken(project: Any, format: str, chosen: HeldProject | None, held: Inventory, limits: Limits, tell: Tell) -> Json:
    if int(project.getTasks().size()) > limits.tasks:
        raise PlanFileError("too_many_tasks", limit=limits.tasks)
    remarks = Remarks()
    plan = _plan(project, format, remarks, tell)
    if format == "gan":
        gantt.complete(plan, held, remarks)
    compare(plan, held, chosen, format, remarks)
    _beyond(project, remarks)
    plan["kept"], plan["lost"] = remarks.json("kept"), remarks.json("lost")
    return plan


def _plan(project: Any, format: str, remarks: Remarks, tell: Tell) -> Json:
    values = Values(project)
    tasks = TaskReader(project, format, values, remarks)
    resources = ResourceReader(project, values, remarks)
    result = properties(project, format, values, remarks)
    result["calendars"] = CalendarReader(project, remarks).read()
    result["resources"] = resources.read()
    result["tasks"] = tasks.read(tell)
    result["links"] = tasks.links()
    result["assignments"] = AssignmentReader(project, values, remarks).read(tasks.kept, resources.kept)
    result["root_name"] = tasks.root_name
    _drop_unknown_calendars(result)
    return result


def _drop_unknown_calendars(plan: Json) -> None:
    """Damaged files refer to calendars that they do not hold."""
    known = {one["uid"] for one in plan["calendars"]}
    for row in (*plan["tasks"], *plan["resources"]):
        if row.get("calendar") not in known:
            row.pop("calendar", None)
    for one in plan["calendars"]:
        if one["parent"] not in known:
            one["parent"] = None
    if plan.get("calendar") not in known:
        plan["calendar"] = None


def _beyond(project: Any, remarks: Remarks) -> None:
    """Parts of the file that are no part of a plan here: how it is shown, and what Java could not understand."""
    filters = project.getFilters()
    for code, shown in (
        ("views", project.getViews()),
        ("tables", project.getTables()),
        ("filters", [*filters.getTaskFilters(), *filters.getResourceFilters()]),
        ("groups", project.getGroups()),
    ):
        for one in shown:
            remarks.lost("file", code, text(one.getName()))
    links = [one for one in project.getDataLinks() if one.getID() is not None and one.getTargetUniqueID() is not None]
    remarks.lost("file", "data_links", count=len(links))
    for error in project.getIgnoredErrors():
        remarks.lost("file", "unreadable_parts", text(error.toString()))
