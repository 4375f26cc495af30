"""What a tile is: one reading of the figures with every number declared, so that a test can recount each behind its link."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from portfolio.queries.scope import Kind, Scope, snapshot_day

Text = Any
SIZES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Look:
    """Who looks, at what, as of which day. `asked` is the day of the address, None for today."""

    user: Any
    scope: Scope
    today: datetime.date
    lang: str
    currency: str
    asked: datetime.date | None = None

    @cached_property
    def day(self) -> datetime.date | None:
        """The last day with computed health up to the day asked for; None before there is any."""
        return snapshot_day(self.asked)

    @property
    def computed(self) -> datetime.date:
        """That day. Raises LookupError before there is any."""
        if self.day is None:
            raise LookupError("no health has been computed")
        return self.day

    @cached_property
    def before(self) -> datetime.date | None:
        """The computed day before that one."""
        return None if self.day is None else snapshot_day(self.day - datetime.timedelta(days=1))

    @property
    def past(self) -> bool:
        """Whether the look is back."""
        return self.asked is not None and self.asked < self.today

    @property
    def on(self) -> datetime.date:
        """The day on which registers are read."""
        return self.asked if self.past and self.asked is not None else self.today

    def health_url(self, query: str = "", day: datetime.date | None = None) -> str:
        """The list of health on the day within the scope."""
        parts = (f"date={day or self.day}", query, self.scope.query)
        return reverse("register-list", kwargs={"key": "health"}) + "?" + "&".join(part for part in parts if part)

    def list_url(self, key: str, query: str = "") -> str:
        """The list of a register within the scope: as it is, or as it stood on the past day."""
        dated = f"as_of={self.on}" if self.past else ""
        name = past_key(key) if self.past else key
        asked = "&".join(part for part in (dated, query, self.scope.query) if part)
        return reverse("register-list", kwargs={"key": name}) + (f"?{asked}" if asked else "")


def periods_url(scope: Scope, on: datetime.date, query: str) -> str:
    """The reports due under a filter, of the projects that were in the scope on the day."""
    placed = "" if scope.kind == Kind.ALL else f"placed={scope.kind}-{scope.ref_id}@{on}"
    address = reverse("register-list", kwargs={"key": "report-periods"})
    return address + "?" + "&".join(part for part in (query, placed) if part)


def past_key(key: str) -> str:
    """The register of what the rows of another said on past days."""
    return f"{key}-past"


@dataclass(frozen=True)
class Number:
    """One number of a tile. `url` lists the rows behind it; `recount` says how they give the value.

    `count`: the number of rows. `sum:bac`: the sum of a column. `over:eac/bac`: what the first sum exceeds the second by,
    in per cent. `ratio:ev/ac`: one sum divided by another. `share:<address>`: rows as a percentage of the rows there.
    `rest:<address>`: what the rows leave of the rows there, as a percentage.
    `health`: the mean of health weighted by budget, never greener than the worst critical project.
    """

    key: str
    label: Text
    value: Any
    url: str
    text: str = ""
    recount: str = "count"
    band: str = ""
    bad: bool = False

    @property
    def shown(self) -> str:
        """The value as the tile writes it."""
        return self.text or str(self.value)


@dataclass(frozen=True)
class TileTable:
    """A table of a tile: heads (label, numeric), rows of cells; a cell is a Number, (text, url), or text."""

    heads: Sequence[tuple[Text, bool]]
    rows: Sequence[Sequence[Any]]
    foot: Sequence[Any] = ()


@dataclass(frozen=True)
class TileData:
    """What a tile says for one look. `note` stands beside the title, `more` is the link at the foot."""

    lead: Text = ""
    numbers: Sequence[Number] = ()
    figure: Any = None
    lines: Sequence[Any] = ()
    table: TileTable | None = None
    empty: Text = ""
    more: str = ""
    export: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> list[Number]:
        """Numbers that stand above everything else; those of a table or of bars stand there."""
        if self.extra.get("bars"):
            return []
        if self.table is None:
            return list(self.numbers)
        inside = {id(cell) for row in [*self.table.rows, self.table.foot] for cell in row}
        return [number for number in self.numbers if id(number) not in inside]


@dataclass(frozen=True)
class Tile:
    """A tile as it is declared. `data(look)` is None where it has nothing to say to this reader.

    `sizes` are widths in columns of four, the first one the usual. `statements` is what the data costs at most; `today_only`
    says that it knows no past; `permission` is needed somewhere, `roles` are those whose default board may have it.
    """

    key: str
    title: Text
    about: Text
    data: Callable[[Look], TileData | None]
    how: Text = ""
    sizes: Sequence[int] = (1, 2)
    template: str = "portfolio/boards/tile_list.html"
    permission: str = ""
    roles: frozenset[str] = frozenset()
    statements: int = 6
    chart: bool = False
    today_only: bool = False
    group: str = "portfolio"  # where it stands in the gallery: portfolio, work, executive, quality
    note: Text = ""

    @property
    def size(self) -> int:
        """The usual width."""
        return self.sizes[0]


_tiles: dict[str, Tile] = {}


def declare(tile: Tile) -> Tile:
    """Make a tile known. Raises ValueError for a key that is taken or a size that does not exist."""
    if tile.key in _tiles:
        raise ValueError(f"tile {tile.key!r} is declared twice")
    if not tile.sizes or not set(tile.sizes) <= set(SIZES):
        raise ValueError(f"tile {tile.key!r} has the sizes {tile.sizes!r}")
    _tiles[tile.key] = tile
    return tile


def find(key: str) -> Tile | None:
    """The tile of a key."""
    return _tiles.get(key)


def all_tiles() -> list[Tile]:
    """Every tile in the order of its declaration."""
    return list(_tiles.values())
