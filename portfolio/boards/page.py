"""A board as a page draws it: the first tiles at once, the others when the browser asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pmo.core.access.api import has_any
from portfolio.access import DASHBOARD, SCORECARD
from portfolio.boards.declaration import Look, Tile, TileData, find
from portfolio.queries.scope import Kind, Scope, scopes
from portfolio.queries.time_machine import Time, time_at

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


def asked(look: Look) -> str:
    """What a tile that is fetched later must be told: scope and day."""
    parts = (f"scope={look.scope.code}" if look.scope.code else "", f"date={look.asked}" if look.asked else "")
    return "&".join(part for part in parts if part)


def scope_options(user: Any, everything: str) -> list[Scope]:
    """Everything the reader may see, and the portfolios and programmes he may look at as a whole. Three queries at most."""
    found = [Scope(Kind.ALL, 0, "", everything)]
    permission = next((name for name in (SCORECARD, DASHBOARD) if has_any(user, name)), "")
    return (
        found + [scope for scope in scopes(user, permission, everything) if scope.kind != Kind.ALL]
        if permission
        else found
    )


def time_of(look: Look) -> Time:
    """The steps of the time machine. One query."""
    return time_at(look.asked if look.past else None, look.today)
