"""The lists that stand in a status report (RIDAC): the rooms above say here how theirs are read.

A provider gets the scope of the report and answers with a `Section`: what is pending at the end of the day, and what was
completed in the period. It reads history (`as_of`), so that a report of a past day says what was true then.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 20
"""Rows of a list that a report shows; the number of all of them stands beside."""


@dataclass(frozen=True)
class ReportScope:
    """The project, the period and the day on which the report looks at them."""

    project_id: int
    start: datetime.date
    end: datetime.date
    day: datetime.date


@dataclass(frozen=True)
class SectionRow:
    """One line: id and code of the row, its title, who has it (a person's id), when it is due, a word on it (a lazy text).

    `amount` with `currency` is money that everybody who sees the row may see; `late` and `grave` colour the line.
    """

    id: int
    code: str
    title: str
    who: int | None = None
    due: datetime.date | None = None
    word: Any = ""
    amount: Any = None
    currency: str = ""
    late: bool = False
    grave: bool = False


@dataclass(frozen=True)
class Section:
    """A list of a report: the key of its register, its name, and the rows on both sides. Counts are of all rows."""

    key: str
    label: Any
    pending: list[SectionRow] = field(default_factory=list)
    completed: list[SectionRow] = field(default_factory=list)

    def shown(self, side: str) -> list[SectionRow]:
        """The first rows of a side."""
        rows: list[SectionRow] = getattr(self, side)
        return rows[:MOST_ROWS]


Provider = Callable[[ReportScope], Section]
_providers: dict[str, tuple[int, Provider]] = {}


def register_section(key: str, order: int, provider: Provider) -> None:
    """Add a list to every status report; `order` places it (risks 10, issues 20, decisions 30, actions 40, changes 50)."""
    _providers[key] = (order, provider)


def sections_of(scope: ReportScope) -> list[Section]:
    """All lists of a report, in order. As many queries as the providers take."""
    return [provider(scope) for _order, provider in sorted(_providers.values(), key=lambda pair: pair[0])]
