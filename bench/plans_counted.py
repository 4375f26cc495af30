"""Rows of a plan file by a direct count of its text, without the reader of the product."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import parse

TASKS, LINKS = "tasks", "links"


def direct_counts(path: Path, *, project: int = 0) -> dict[str, int]:
    """Counts by area of an XML, GanttProject or XER file, of one of its projects by place; nothing for binary files."""
    if path.suffix == ".gan":
        return _gantt(parse(path).getroot())
    if path.suffix == ".xer":
        return _xer(path.read_bytes().decode("cp1252"))
    if path.suffix != ".xml":
        return {}
    root = parse(path).getroot()
    for one in root.iter():
        one.tag = one.tag.rpartition("}")[2]
    return _mspdi(root) if root.tag == "Project" else _pmxml(root, project)


def _gantt(root: Any) -> dict[str, int]:
    return {
        TASKS: len(root.findall("tasks//task")),
        LINKS: len(root.findall("tasks//depend")),
        "resources": len(root.findall("resources/resource")),
        "assignments": len(root.findall("allocations/allocation")),
    }


def _mspdi(root: Any) -> dict[str, int]:
    tasks = [one for one in root.findall("Tasks/Task") if one.findtext("OutlineLevel") != "0"]
    baselines = root.findall("Tasks/Task/Baseline") + root.findall("Assignments/Assignment/Baseline")
    return {
        TASKS: len(tasks),
        LINKS: len(root.findall("Tasks/Task/PredecessorLink")),
        "calendars": len(root.findall("Calendars/Calendar")),
        "resources": len(root.findall("Resources/Resource")),
        "assignments": len(root.findall("Assignments/Assignment")),
        "baselines": len({one.findtext("Number") for one in baselines}),
    }


def _pmxml(root: Any, place: int) -> dict[str, int]:
    """Of one of the projects that have rows of their own and a name."""
    project = [one for one in root.findall("Project") if one.findtext("Name")][place]
    return {
        TASKS: len(project.findall("Activity")) + len(project.findall("WBS")),
        LINKS: len(project.findall("Relationship")),
        "calendars": len(root.findall("Calendar")),
        "assignments": len(project.findall("ResourceAssignment")),
    }


def _xer(text: str) -> dict[str, int]:
    rows: Counter[str] = Counter()
    table = ""
    for line in text.splitlines():
        mark, _, rest = line.partition("\t")
        if mark == "%T":
            table = rest.strip()
        elif mark == "%R":
            rows[table] += 1
    counts = {TASKS: rows["TASK"] + rows["PROJWBS"], "calendars": rows["CALENDAR"], "resources": rows["RSRC"]}
    return {**counts, LINKS: rows["TASKPRED"], "assignments": rows["TASKRSRC"]}
