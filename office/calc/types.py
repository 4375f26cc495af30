"""What the type of a PMO changes, as plain codes. Source: requirement rows R2 and R3 (supportive, controlling, directive, strategic)."""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("supportive", "controlling", "directive", "strategic")


@dataclass(frozen=True)
class Effects:
    """gates: advisory, blocking. reports: optional, due. people: line, pmo. managers: line, pmo. landing: home, scorecard."""

    gates: str
    reports: str
    people: str
    managers: str
    landing: str


EFFECTS: dict[str, Effects] = {
    "supportive": Effects("advisory", "optional", "line", "line", "home"),
    "controlling": Effects("blocking", "due", "pmo", "line", "home"),
    "directive": Effects("blocking", "due", "pmo", "pmo", "home"),
    "strategic": Effects("blocking", "due", "line", "line", "scorecard"),
}


def effects_of(type_code: str) -> Effects:
    """The effects of a type. An unknown one raises KeyError."""
    return EFFECTS[type_code]
