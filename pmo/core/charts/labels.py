"""Where the names of bubbles go so that they cover neither each other nor the bubbles. Plain geometry, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .textfit import in_two_lines, width

SIZE = 12
LINE = 14
_GAP = 6
_RANK_COST = 4


@dataclass(frozen=True)
class Bubble:
    """A circle in pixels with the name to place; important ones choose first and are never left without a name."""

    x: float
    y: float
    radius: float
    name: str
    important: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Shared area in square pixels."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def outside(self, wide: float, high: float) -> float:
        """How many pixels it sticks out of an area."""
        return max(0.0, -self.left) + max(0.0, self.right - wide) + max(0.0, -self.top) + max(0.0, self.bottom - high)


@dataclass(frozen=True)
class Label:
    """A placed name: its lines, the offset of its anchor from the bubble's centre, and the box it fills."""

    lines: tuple[str, ...]
    dx: float
    dy: float
    anchor: str
    box: Box


def _disc(bubble: Bubble) -> Box:
    # The corners of the square around a circle are free.
    reach = bubble.radius * 0.86
    return Box(bubble.x - reach, bubble.y - reach, bubble.x + reach, bubble.y + reach)


def _label(bubble: Bubble, lines: tuple[str, ...], dx: float, dy: float, anchor: str) -> Label:
    wide = max(width(line, SIZE, bubble.important) for line in lines)
    high = LINE * len(lines)
    x, y = bubble.x + dx, bubble.y + dy
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return Label(lines, dx, dy, anchor, Box(left, y - high / 2, left + wide, y + high / 2))


def candidates(bubble: Bubble) -> list[Label]:
    """Places for a name, best first: right, left, below, above, then the four diagonals, then the same in two lines."""
    found = []
    folded = in_two_lines(bubble.name)
    for lines in [(bubble.name,), folded] if folded else [(bubble.name,)]:
        away, half = bubble.radius + _GAP, LINE * len(lines) / 2
        aside, over = bubble.radius * 0.72 + _GAP, bubble.radius * 0.72 + half
        found += [
            _label(bubble, lines, away, 0, "start"),
            _label(bubble, lines, -away, 0, "end"),
            _label(bubble, lines, 0, bubble.radius + half + 2, "middle"),
            _label(bubble, lines, 0, -bubble.radius - half - 2, "middle"),
        ]
        for side, anchor in ((1, "start"), (-1, "end")):
            found += [_label(bubble, lines, side * aside, up * over, anchor) for up in (-1, 1)]
    return found


def _cost(label: Label, rank: int, discs: list[Box], boxes: list[Box], wide: float, high: float) -> float:
    covered = sum(label.box.overlap(disc) for disc in discs)
    hits = 4 * sum(label.box.overlap(box) for box in boxes) + 2 * covered
    return hits + 40 * label.box.outside(wide, high) + _RANK_COST * rank


def _cheapest(bubble: Bubble, discs: list[Box], boxes: list[Box], wide: float, high: float) -> Label:
    ranked = enumerate(candidates(bubble))
    rank, best = next(ranked)
    lowest = _cost(best, rank, discs, boxes, wide, high)
    for rank, label in ranked:
        if lowest <= _RANK_COST * rank:
            break
        cost = _cost(label, rank, discs, boxes, wide, high)
        if cost < lowest:
            best, lowest = label, cost
    return best


def place(bubbles: Sequence[Bubble], wide: float, high: float) -> list[Label | None]:
    """A label for each bubble in an area of wide x high pixels; None where a name would only cover others.

    Two rounds: important and large bubbles choose first, then each may move once more knowing where the others went.
    """
    discs = [_disc(bubble) for bubble in bubbles]
    order = sorted(range(len(bubbles)), key=lambda i: (not bubbles[i].important, -bubbles[i].radius, i))
    placed: dict[int, Label] = {}
    for _round in range(2):
        for index in order:
            boxes = [label.box for other, label in placed.items() if other != index]
            others = discs[:index] + discs[index + 1 :]
            placed[index] = _cheapest(bubbles[index], others, boxes, wide, high)
    return _without_collisions(bubbles, placed, discs, order)


def _without_collisions(
    bubbles: Sequence[Bubble], placed: dict[int, Label], discs: list[Box], order: list[int]
) -> list[Label | None]:
    kept: dict[int, Label] = {}
    for index in order:
        label = placed[index]
        area = (label.box.right - label.box.left) * (label.box.bottom - label.box.top)
        clash = sum(label.box.overlap(other.box) for other in kept.values())
        covered = sum(label.box.overlap(disc) for other, disc in enumerate(discs) if other != index)
        if bubbles[index].important or (clash < 1 and covered < area / 6):
            kept[index] = label
    return [kept.get(index) for index in range(len(bubbles))]
