"""A board as a page draws it: the first tiles at once, the others when the browser asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from pmo.core.access.api import has_any
from portfolio.access import DASHBOARD, SCORECARD
from portfolio.boards.declaration import Look, Tile, TileData, find
from portfolio.models import RollupSnapshot
from portfolio.queries.scope import Kind, Scope, scopes

# Statements that the tiles drawn with the page may take together; the frame has the rest of the twenty.
AT_ONCE = 5


@dataclass(frozen=True)
class Placed:
    """A tile on a board. Without `drawn` the browser fetches it."""

    tile: Tile
    size: int
    drawn: bool = False
    data: TileData | None = None

    @property
    def size_text(self) -> str:
        """The width for an address."""
        return str(self.size)


@dataclass(frozen=True)
class Time:
    """The day looked at, and the month-ends one step away; `first` is the first day with figures."""

    on: datetime.date
    today: datetime.date
    past: bool
    earlier: datetime.date | None
    later: datetime.date | None
    first: datetime.date | None


def may_have(tile: Tile, user: Any) -> bool:
    """Whether the tile has anything for the user."""
    return not tile.permission or has_any(user, tile.permission)


def placed(layout: Sequence[dict[str, Any]], look: Look) -> list[Placed]:
    """The tiles of a layout that exist and are for the reader; the first few with their data."""
    left, found = AT_ONCE, []
    for item in layout:
        tile = find(item["tile"])
        if tile is None or not may_have(tile, look.user):
            continue
        size = item["size"] if item["size"] in tile.sizes else tile.size
        now = tile.statements <= left and not (tile.today_only and look.past)
        left = left - tile.statements if now else 0
        found.append(Placed(tile, size, now, tile.data(look) if now else None))
    return found


def scope_options(user: Any, everything: str) -> list[Scope]:
    """Everything the reader may see, and the portfolios and programmes he may look at as a whole. Three queries at most."""
    found = [Scope(Kind.ALL, 0, "", everything)]
    permission = next((name for name in (SCORECARD, DASHBOARD) if has_any(user, name)), "")
    return (
        found + [scope for scope in scopes(user, permission, everything) if scope.kind != Kind.ALL]
        if permission
        else found
    )


def month_end(day: datetime.date) -> datetime.date:
    """The last day of the month."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


def time_of(look: Look) -> Time:
    """The steps of the time machine. One query."""
    first = first_day()
    on, today = look.on, look.today
    before = on.replace(day=1) - datetime.timedelta(days=1)
    after = month_end(on) if on != month_end(on) else month_end(on + datetime.timedelta(days=1))
    return Time(
        on=on,
        today=today,
        past=look.past,
        earlier=before if first is not None and before >= first else None,
        later=after if look.past and after < today else None,
        first=first,
    )


def first_day() -> datetime.date | None:
    """The first day with computed figures, None before any. One query."""
    day: datetime.date | None = RollupSnapshot.objects.filter(kind=Kind.ALL).aggregate(first=Min("date"))["first"]
    return day
