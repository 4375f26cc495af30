"""What changed between two reports, found in the facts that each of them stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

COLOUR, FINISH, COST, STONE_NEW, STONE_REACHED, STONE_MOVED, STONE_GONE, OPENED, CLOSED = (
    "colour",
    "finish",
    "cost",
    "stone_new",
    "stone_reached",
    "stone_moved",
    "stone_gone",
    "opened",
    "closed",
)
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference: its kind, what it is about (a dimension and side, a name, a register), before and after."""

    kind: str
    what: str
    before: Any = None
    after: Any = None
    where: str = ""


def changes(before: Facts, after: Facts) -> list[Change]:
    """Colours, forecast finish and cost, milestones, then what was opened and closed in each list.

    Facts: `colours` {"declared|computed|reviewed:dimension or empty": colour}, `finish` ISO date or None, `cost` and `eac`
    decimal text or None, `milestones` {id: [name, expected date, actual date]}, `lists` {register: {"pending": {id: title},
    "completed": {id: title}}}.
    """
    found = list(_colours(before["colours"], after["colours"]))
    if before["finish"] != after["finish"]:
        found.append(Change(FINISH, "", before["finish"], after["finish"]))
    found += [
        Change(COST, name, before.get(name), after.get(name))
        for name in ("cost", "eac")
        if before.get(name) != after.get(name)
    ]
    found += _milestones(before["milestones"], after["milestones"])
    for register in after["lists"]:
        known = before["lists"].get(register, {"pending": {}, "completed": {}})
        found += _lists(register, known, after["lists"][register])
    return found


def _colours(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for place, colour in after.items():
        if place in before and before[place] != colour:
            yield Change(COLOUR, place, before[place], colour)


def _milestones(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> Iterator[Change]:
    for key, (name, expected, actual) in after.items():
        if key not in before:
            yield Change(STONE_NEW, name, None, expected)
        elif actual and not before[key][2]:
            yield Change(STONE_REACHED, name, before[key][1], actual)
        elif expected != before[key][1]:
            yield Change(STONE_MOVED, name, before[key][1], expected)
    for key, (name, expected, _actual) in before.items():
        if key not in after:
            yield Change(STONE_GONE, name, expected, None)


def _lists(register: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    known = {**before["pending"], **before["completed"]}
    for key, title in after["pending"].items():
        if key not in known:
            yield Change(OPENED, title, where=register)
    for key, title in after["completed"].items():
        if key not in before["completed"]:
            yield Change(CLOSED, title, where=register)
