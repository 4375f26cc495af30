"""What is removed after a time: each room declares its rows, the organisation says how long they are kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

# Removes what is older than the moment and returns how many rows went. It is called again the next night.
Purge = Callable[[datetime.datetime], int]
# The rows that the purge would remove, for the page that says how many the next run takes.
Rows = Callable[[datetime.datetime], Sequence[Any]]


@dataclass(frozen=True)
class RetentionRule:
    """One kind of rows. `default_days` None keeps them for ever until the organisation says otherwise."""

    key: str
    label: Any
    default_days: int | None
    minimum: int
    purge: Purge
    about: Any = ""
    # Whether the organisation may keep these rows for ever.
    for_ever: bool = True
    rows: Rows | None = None


_rules: dict[str, RetentionRule] = {}


def declare_retention(
    key: str,
    label: Any,
    default_days: int | None,
    minimum: int,
    purge: Purge,
    *,
    about: Any = "",
    for_ever: bool = True,
    rows: Rows | None = None,
) -> RetentionRule:
    """Make a rule known; call it from the wiring. Days are whole days; `rows` gives the querysets of what the purge removes.

    Raises ValueError where the default is below the minimum, nothing says an end, or the key belongs to another purge.
    """
    if minimum < 1 or (default_days is not None and default_days < minimum):
        raise ValueError(f"The rule {key!r} needs a default of at least its minimum, and a minimum of a day.")
    if default_days is None and not for_ever:
        raise ValueError(f"The rule {key!r} has no default and may not keep rows for ever.")
    known = _rules.get(key)
    if known is not None and known.purge is not purge:
        raise ValueError(f"The rule {key!r} is declared twice.")
    _rules[key] = RetentionRule(key, label, default_days, minimum, purge, about, for_ever, rows)
    return _rules[key]


def retention_rules() -> list[RetentionRule]:
    """Every rule, by key."""
    return [_rules[key] for key in sorted(_rules)]


def retention_rule(key: str) -> RetentionRule:
    """The rule of a key. Raises KeyError."""
    return _rules[key]
