"""What rows of every register of a Project Online file share: days, people, and columns without a field of their own."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from projects.calc.plan.document import Entry
from projects.calc.plan.entries import person_name
from projects.plan_files.project_online.values import exact, moment
from projects.services.plans.taking.contract import Source

# What ties the row to its project and list; nobody misses it.
_TIES = frozenset({"ProjectId", "ProjectName", "IssueId", "RiskId", "IsFolder", "ModifiedDate"})
# What the program keeps for itself, or works out from other columns.
_OWN = frozenset({"ItemRelativeUrlPath", "ModifiedByResource", "Exposure", "CostExposure"})
_ATTACHMENTS = "NumberOfAttachments"


def day(entry: Entry, name: str) -> datetime.date | None:
    """The day of a moment, None for none."""
    found = moment(dict(entry.values), name)
    return None if found is None else found.date()


def columns_beside(source: Source, entry: Entry, taken: Collection[str]) -> list[str]:
    """Columns with a value and without a field: they become lines of a text. The report names them, and what stays in the file."""
    lines = []
    for name in entry.values:
        if name in taken or name in _TIES:
            continue
        if name == _ATTACHMENTS:
            number = int(exact(dict(entry.values), name) or 0)
            if number > 0:
                source.notes.add("attachments_not_in_export", entry.values.get("Title", entry.uid), number)
        elif name in _OWN:
            source.notes.add("columns_in_file", name)
        elif name == "Owner" and entry.values[name] == entry.values.get("AssignedToResource"):
            continue
        else:
            lines.append(name)
            if name != "Owner" or entry.values.get("AssignedToResource"):
                source.notes.add("columns_as_text", name)
    return lines


def owner_of(source: Source, entry: Entry, lines: set[str]) -> int | None:
    """Who is responsible: whom the row is assigned to, else its owner. A name of nobody here becomes a line of the text."""
    name = "AssignedToResource" if entry.values.get("AssignedToResource") else "Owner"
    called = entry.values.get(name, "")
    if not called:
        return None
    found = source.people.find(called, entry.emails.get(called, ""))
    if found is None:
        lines.add(name)
        source.notes.add("people_unknown", person_name(called))
    elif name == "Owner":
        lines.discard(name)
    return found
