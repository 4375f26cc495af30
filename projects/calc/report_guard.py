"""The watermelon guard: which colours of a report need a comment before it may be handed in.

A comment is compulsory where the declared colour differs from the computed one, or is not green (methods.md, section 2). A computed
colour of grey says nothing, so nothing can differ from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GREEN, GREY = "green", "grey"
_SEVERITY = {"grey": 0, "green": 1, "amber": 2, "red": 3}

UNDECLARED, BETTER, WORSE, NOT_GREEN = "undeclared", "better", "worse", "not_green"


@dataclass(frozen=True)
class Rated:
    """One colour of a report: `place` is "" for the overall one, else the dimension; `computed` is "" where unknown."""

    place: str
    declared: str
    comment: str
    computed: str = ""


@dataclass(frozen=True)
class Gap:
    """What is missing at a place, and why: undeclared, better, worse or not_green."""

    place: str
    why: str


def needs_comment(declared: str, computed: str) -> str:
    """Why the colour needs a comment: better, worse, not_green; "" where it needs none."""
    if computed not in {"", GREY} and declared != computed:
        return BETTER if _SEVERITY[declared] < _SEVERITY[computed] else WORSE
    return NOT_GREEN if declared not in {GREEN, GREY} else ""


def gaps(rated: Iterable[Rated]) -> list[Gap]:
    """Everything that stands between the draft and its submission, in the order given."""
    found = []
    for one in rated:
        if not one.place and one.declared == GREY:
            found.append(Gap(one.place, UNDECLARED))
            continue
        why = needs_comment(one.declared, one.computed)
        if why and not one.comment.strip():
            found.append(Gap(one.place, why))
    return found
