"""What values of register rows mean whose program numbers its choices: "(2) Postponed"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from projects.calc.plan.document import Entry

_NUMBERED = re.compile(r"\((\d{1,3})\)\s*(.*)", re.DOTALL)
_LOOKED_UP = re.compile(r"^-?\d+;#")


def choice(value: str, words: Mapping[str, int] | None = None) -> int | None:
    """The number before a choice, else that of a known word; None for another value. The number holds in every language."""
    match = _NUMBERED.fullmatch(value.strip())
    if match:
        return int(match.group(1))
    return (words or {}).get(value.strip().casefold())


def unnumbered(value: str) -> str:
    """The choice without its number."""
    match = _NUMBERED.fullmatch(value.strip())
    return (match.group(2) if match else value).strip()


def person_name(value: str) -> str:
    """A name without the number that lists of a site put before it ("12;#Li Lan")."""
    return _LOOKED_UP.sub("", value).strip()


def with_lines(text: str, entry: Entry, names: Collection[str]) -> str:
    """The text with one line for each of the columns that the row has a value for, below a blank line."""
    lines = [f"{name}: {entry.values[name]}" for name in entry.values if name in names]
    return "\n\n".join(part for part in (text, "\n".join(lines)) if part)
