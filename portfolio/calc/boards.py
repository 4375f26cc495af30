"""Where tiles stand: four columns, filled in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 4
DIRECTIONS = ("left", "right", "up", "down")


@dataclass(frozen=True)
class Place:
    """Row and first column of a tile, both from 0."""

    row: int
    column: int


def places(sizes: Sequence[int]) -> list[Place]:
    """Where each tile stands; one that does not fit the rest of a row begins the next."""
    found: list[Place] = []
    row = column = 0
    for size in sizes:
        if column and column + size > COLUMNS:
            row, column = row + 1, 0
        found.append(Place(row, column))
        column += size
    return found


def target(sizes: Sequence[int], index: int, direction: str) -> int:
    """The index the tile takes when it moves one step; its own where there is no way. Raises ValueError for an unknown direction."""
    if direction not in DIRECTIONS:
        raise ValueError(direction)
    if direction == "left":
        return max(index - 1, 0)
    if direction == "right":
        return min(index + 1, len(sizes) - 1)
    stand = places(sizes)
    row = stand[index].row + (1 if direction == "down" else -1)
    inside = [n for n, place in enumerate(stand) if place.row == row]
    if not inside:
        return index
    over = [n for n in inside if stand[n].column <= stand[index].column]
    return over[-1] if over else inside[0]


def moved(items: Sequence[dict[str, object]], index: int, to: int) -> list[dict[str, object]]:
    """The items with the one at `index` standing at `to`."""
    rest = [item for n, item in enumerate(items) if n != index]
    return [*rest[:to], items[index], *rest[to:]]
