"""What rows of every register of a Project Online file share: days, people, and columns without a field of their own."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from projects.calc.plan.document import Entry, Field
from projects.calc.plan.entries import person_name
from projects.calc.plan.money import holds_money
from projects.plan_files.project_online.values import exact, moment
from projects.services.plans.taking.contract import Source
from projects.services.plans.taking.fields import MARK, text_of

# What ties the row to its project and list; nobody misses it.
_TIES = frozenset({"ProjectId", "ProjectName", "IssueId", "RiskId", "IsFolder", "ModifiedDate"})
# What the program keeps for itself, or works out from other columns.
_OWN = frozenset({"ItemRelativeUrlPath", "ModifiedByResource", "Exposure", "CostExposure"})
_ATTACHMENTS = "NumberOfAttachments"


def day(entry: Entry, name: str) -> datetime.date | None:
    """The day of a moment, None for none."""
    found = moment(dict(entry.values), name)
    return None if found is None else found.date()


def own_fields(source: Source, entry: Entry, taken: Collection[str]) -> dict[str, str]:
    """Columns that fill a custom field of the same name, by its marked name."""
    found = {}
    for name, value in entry.values.items():
        one = source.fields.get(name.strip().casefold()) if name not in taken and name not in _TIES else None
        text = text_of(one, value) if one is not None else None
        if one is not None and text is not None:
            found[MARK + one.name] = text
    return found


def columns_beside(source: Source, entry: Entry, taken: Collection[str]) -> list[str]:
    """Columns with a value and without a field: they become lines of a text. The report names them, and what stays in the file."""
    lines = []
    filled = own_fields(source, entry, taken)
    for name in entry.values:
        one = source.fields.get(name.strip().casefold())
        if name in taken or name in _TIES or (one is not None and MARK + one.name in filled):
            continue
        if name == _ATTACHMENTS:
            number = int(exact(dict(entry.values), name) or 0)
            if number > 0:
                source.notes.add("attachments_not_in_export", entry.values.get("Title", entry.uid), number)
        elif name in _OWN or holds_money(Field(name, name, "text", "")):
            # A description is read by people who may not see money.
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
