"""Two texts compared line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Line:
    """One line: `kind` is same, added or removed; `old` and `new` are its numbers in the texts, None where it is not."""

    kind: str
    text: str
    old: int | None
    new: int | None


def compare(old: str, new: str) -> list[Line]:
    """The lines of both texts in reading order; what was replaced is removed first, then added."""
    before, after = old.splitlines(), new.splitlines()
    found = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(range(start, end), range(new_start, new_end), strict=True)
            found += [Line(SAME, before[i], i + 1, j + 1) for i, j in pairs]
            continue
        found += [Line(REMOVED, before[i], i + 1, None) for i in range(start, end)]
        found += [Line(ADDED, after[j], None, j + 1) for j in range(new_start, new_end)]
    return found


def shortened(lines: list[Line], around: int = 3) -> list[Line | None]:
    """Only the changed lines with some around them; None stands where lines are left out."""
    near = {
        index
        for place, line in enumerate(lines)
        if line.kind != SAME
        for index in range(place - around, place + around + 1)
    }
    found: list[Line | None] = []
    for place, line in enumerate(lines):
        if place in near:
            found.append(line)
        elif not found or found[-1] is not None:
            found.append(None)
    return found
