"""A card: the first rows of a filtered register, their total, and the address of the same list."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Value, Window
from django.http import QueryDict
from django.urls import reverse

from pmo.core.access.api import has_any, permission_of
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.queries import filtered, ordered
from pmo.core.registers.state import ListState, read_state
from portfolio.queries.scope import snapshot_day

SHOWN = 6
TOTAL = "card_total"
Text = Any


@dataclass(frozen=True)
class Reader:
    """Who looks, on which day."""

    user: Any
    today: datetime.date
    lang: str

    @cached_property
    def health_day(self) -> datetime.date | None:
        """The last day with computed health."""
        return snapshot_day()


@dataclass(frozen=True)
class Line:
    """One row of a card: its name with a link, what stands under it, what stands at the right, and one thing to do."""

    title: Text
    url: str
    note: Text = ""
    end: Text = ""
    late: bool = False
    action: Text = ""
    action_url: str = ""


@dataclass(frozen=True)
class Card:
    """A card as it is declared. `query` gives the filter of the list, None where the card has nothing to say yet."""

    key: str
    title: Text
    register: str
    query: Callable[[Reader], str | None]
    line: Callable[[Any, Reader], Line]
    empty: Text
    said: Callable[[int], str]
    columns: Sequence[str] = ()
    joins: Sequence[str] = ()
    sort: str = ""
    note: Text = ""
    urgent: bool = False  # a count above zero is shown in red
    quiet: bool = False  # without rows it does not stand on a home


@dataclass(frozen=True)
class Filled:
    """A card as the template draws it."""

    card: Card
    total: int
    lines: list[Line]
    url: str

    @property
    def said(self) -> str:
        """The card as a part of the page's first sentence, "" for nothing."""
        return self.card.said(self.total) if self.total else ""


@dataclass(frozen=True)
class Gap:
    """One kind of missing data: what, and which list shows it."""

    key: str
    label: Text
    register: str
    query: Callable[[Reader], str | None]


@dataclass(frozen=True)
class FoundGap:
    """A gap with its number of rows."""

    gap: Gap
    total: int
    url: str
    share: int = 0


@dataclass(frozen=True)
class GapCard:
    """All gaps that have rows, the largest first."""

    total: int = 0
    gaps: list[FoundGap] = field(default_factory=list)


def list_address(register: str, query: str) -> str:
    """The address of a register under a filter."""
    return reverse("register-list", kwargs={"key": register}) + (f"?{query}" if query else "")


def fill(card: Card, reader: Reader) -> Filled | None:
    """The card's rows and total in one query; None where the reader may not open the list or it does not exist."""
    state = _state(card.register, card.query(reader), reader, card.columns, card.sort)
    if state is None:
        return None
    rows = ordered(state, filtered(state)).select_related(*card.joins)
    found = list(rows.annotate(**{TOTAL: Window(Count("pk"))})[:SHOWN])
    total = getattr(found[0], TOTAL) if found else 0
    url = list_address(card.register, card.query(reader) or "")
    return Filled(card, total, [card.line(row, reader) for row in found], url)


def fill_gaps(gaps: Sequence[Gap], reader: Reader) -> GapCard:
    """The gaps that have rows, counted in one query."""
    counted: list[Any] = []
    for index, gap in enumerate(gaps):
        state = _state(gap.register, gap.query(reader), reader, (), "")
        if state is not None:
            rows = filtered(state).order_by().annotate(gap=Value(index)).values("gap")
            counted.append(rows.annotate(rows=Count("pk")).values_list("gap", "rows"))
    if not counted:
        return GapCard()
    numbers = dict(counted[0].union(*counted[1:], all=True) if len(counted) > 1 else counted[0])
    most = max(numbers.values(), default=0)
    found = [
        FoundGap(gap, numbers[index], list_address(gap.register, gap.query(reader) or ""), 100 * numbers[index] // most)
        for index, gap in enumerate(gaps)
        if numbers.get(index)
    ]
    return GapCard(sum(one.total for one in found), sorted(found, key=lambda one: -one.total))


def _state(register: str, query: str | None, reader: Reader, columns: Sequence[str], sort: str) -> ListState | None:
    """The list's own reading of the filter; None without a filter, a register or the right to open it."""
    if query is None:
        return None
    try:
        declared = get_register(register)
    except UnknownRegisterError:
        return None
    if declared.visible is None and not has_any(reader.user, permission_of(declared.model, "view")):
        return None
    params = QueryDict(query, mutable=True)
    if sort:
        params["sort"] = sort
    return read_state(declared, reader.user, params, [*columns] or [declared.primary.field])
