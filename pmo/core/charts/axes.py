"""Scales, grid lines and labels shared by the drawings that have axes.

Horizontal positions are percentages of the plot, vertical ones pixels: a drawing fills any width, and its text keeps
its size. Axis labels stand outside the plot, in margins that the class of the outer element reserves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from .dates import date_ticks
from .markup import percent, rule, text
from .textfit import width
from .ticks import Ticks

# What a caller may hand over: amounts of money come as Decimal; None is a gap.
Value = float | Decimal | None
TICK_SIZE = 11
NARROW_PLOT, USUAL_PLOT = 200, 380
_LABEL_GAP = 8
_LEFT = (0, 24, 40, 56, 72, 104)
_RIGHT = (8, 48, 88, 128, 168)


@dataclass(frozen=True)
class Span:
    """A linear scale from data units to 0..1."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies, 0 at low and 1 at high; values outside the scale stay at its edge."""
        if self.high == self.low:
            return 0.5
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def down(self, value: float, height: float) -> float:
        """Pixels from the top of a plot of that height."""
        return (1 - self.at(value)) * height


def drawable(value: Value) -> float | None:
    """The value as a plain number, or None, a gap, when it is missing, nan or infinite."""
    return float(value) if value is not None and math.isfinite(value) else None


def numbers(values: Iterable[Value]) -> list[float]:
    """The values that can be drawn, in order."""
    return [found for value in values if (found := drawable(value)) is not None]


def margins(left_texts: Iterable[str] = (), right_texts: Iterable[str] = (), right_bold: bool = True) -> str:
    """Classes that reserve room for labels at the left and right of the plot, in a few fixed sizes."""
    left = max((width(item, TICK_SIZE) for item in left_texts), default=0.0)
    right = max((width(item, TICK_SIZE, right_bold) for item in right_texts), default=0.0)
    return f"chart-l{_room(left and left + 10, _LEFT)} chart-r{_room(right and right + 10, _RIGHT)}"


def _room(pixels: float, sizes: tuple[int, ...]) -> int:
    return next((size for size in sizes if size >= pixels), sizes[-1])


def right_room(pixels: int = 10) -> float:
    """The widest label, in pixels, that fits at the right of a plot."""
    return _RIGHT[-1] - pixels


def y_axis(ticks: Ticks, span: Span, height: float) -> list[SafeString]:
    """Horizontal hairlines with their labels at the left."""
    parts = []
    for value, label in zip(ticks.values, ticks.texts, strict=True):
        y = span.down(value, height)
        css = "chart-zero" if value == 0 and span.low < 0 else "chart-grid"
        parts.append(rule(css, y))
        parts.append(text(label, -8, y + 4, "chart-tick", "end"))
    return parts


def anchor_at(fraction: float) -> str:
    """How a label at that position is anchored so that it stays inside the plot."""
    if fraction < 0.04:
        return "start"
    return "end" if fraction > 0.96 else "middle"


def x_dates(start: date, end: date, height: float, lang: str | None = None) -> list[SafeString]:
    """Labels below the plot, as many as fit: one set for usual and one for narrow places, chosen by the style sheet."""
    span = Span(start.toordinal(), end.toordinal())
    usual, narrow = (_fitting(start, end, span, pixels, lang) for pixels in (USUAL_PLOT, NARROW_PLOT))
    parts = []
    for place in sorted({*usual, *narrow}):
        fraction, label = place
        extra = (
            "" if place in usual and place in narrow else "chart-tick-alt" if place in usual else "chart-tick-narrow"
        )
        css = f"chart-tick {extra}".strip()
        parts.append(text(label, percent(fraction), height + 17, css, _date_anchor(fraction)))
    return parts


def _date_anchor(fraction: float) -> str:
    # At the left a label may reach below the labels of the vertical axis.
    return "end" if fraction > 0.96 else "middle"


def _fitting(start: date, end: date, span: Span, pixels: float, lang: str | None) -> list[tuple[float, str]]:
    """Positions and texts of the most ticks that stand apart on a plot of that width."""
    places: list[tuple[float, str]] = []
    for count in (6, 5, 4, 3, 2):
        ticks = date_ticks(start, end, lang=lang, count=count)
        places = [(span.at(day.toordinal()), label) for day, label in zip(ticks.values, ticks.texts, strict=True)]
        if _apart(places, pixels):
            return places
    return places[:1]


def _apart(places: list[tuple[float, str]], pixels: float) -> bool:
    edge = -math.inf
    for fraction, label in places:
        wide = width(label, TICK_SIZE)
        start = fraction * pixels - (wide if _date_anchor(fraction) == "end" else wide / 2)
        if start < edge:
            return False
        edge = start + wide + _LABEL_GAP
    return True


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Vertical positions moved as little as needed so that any two are at least `gap` apart, kept within low..high.

    When there is not room for all, they are spread evenly.
    """
    if not positions:
        return []
    if (len(positions) - 1) * gap > high - low:
        gap = (high - low) / (len(positions) - 1)
    order = sorted(range(len(positions)), key=positions.__getitem__)
    placed = [0.0] * len(positions)
    floor = low
    for rank, index in enumerate(order):
        ceiling = high - (len(order) - 1 - rank) * gap
        placed[index] = min(max(positions[index], floor), ceiling)
        floor = placed[index] + gap
    return placed


def runs(points: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The points between the gaps, which are None."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]
