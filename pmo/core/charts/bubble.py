"""Bubbles on two axes with the zones of the horizontal one behind them: value against health, and the like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .axes import Span, margins, y_axis
from .labels import LINE, SIZE, Bubble, Label, place
from .markup import dot, join, percent, post, rect, svg, tag, text
from .model import Svg, check_href
from .shapes import as_band, band_words, shape
from .textfit import width
from .ticks import Ticks, fixed_ticks, number_ticks
from .trend import Thresholds, no_data

MAX_LABELS = 40
_SMALLEST = 5.5
# The plot's width for which labels are placed, what its height gains, the largest radius, and the class that shows it.
_VARIANTS = ((250, 70, 16.0, "narrow"), (340, 30, 20.0, "middle"), (430, 0, 24.0, "broad"), (560, 0, 27.0, "wide"))


@dataclass(frozen=True)
class BubblePoint:
    """One bubble. size becomes its area; detail is its tooltip; href (on this site) makes it a link."""

    label: str
    x: float
    y: float
    size: float
    band: str
    detail: str = ""
    href: str = ""

    def __post_init__(self) -> None:
        check_href(self.href)
        if not all(math.isfinite(value) for value in (self.x, self.y, self.size)) or self.size < 0:
            raise ValueError("a bubble has finite coordinates and a size that is not negative")


@dataclass(frozen=True)
class _Frame:
    x: Span
    y: Span
    width: float
    height: float
    largest: float
    biggest: float

    def radius(self, size: float) -> float:
        share = math.sqrt(size / self.biggest) if self.biggest else 0.0
        return max(_SMALLEST, self.largest * share)

    def bubble(self, point: BubblePoint) -> Bubble:
        x, y = self.x.at(point.x) * self.width, self.y.down(point.y, self.height)
        return Bubble(x, y, self.radius(point.size), point.label, important=point.band == "red")


def bubble(
    points: Sequence[BubblePoint],
    *,
    title: str,
    x_label: str,
    y_label: str,
    description: str = "",
    thresholds: Thresholds | None = None,
    compact: bool = False,
    height: int = 190,
    lang: str | None = None,
) -> Svg:
    """Bubbles with names that avoid each other; red ones are named in bold and always.

    Four drawings are made, for narrow to wide places; the style sheet shows the one that fits. More than 40
    bubbles: only red and the largest ones are named. thresholds: zones along the horizontal axis.
    """
    if not points:
        return Svg(no_data(title, height, lang))
    largest_first = sorted(points, key=lambda point: -point.size)
    linked = any(point.href for point in points)
    drawings = []
    for wide, extra, largest, css in _VARIANTS:
        frame = _frame(points, thresholds, wide, height + extra, largest)
        ticks = _inside(frame.y, compact, lang)
        parts = _zones(thresholds, frame, lang) if thresholds else _x_ticks(frame, compact, lang)
        parts += y_axis(ticks, frame.y, frame.height)
        parts += _axis_names(x_label, y_label, frame.height)
        parts += _bubbles(largest_first, frame)
        classes = f"chart-t24 chart-b40 {margins([*ticks.texts, '00'])} chart-at-{css}"
        drawings.append(
            svg(parts, height=frame.height, css=classes, title=title, description=description, linked=linked)
        )
    return Svg(join(drawings))


def _frame(
    points: Sequence[BubblePoint], thresholds: Thresholds | None, wide: float, height: float, largest: float
) -> _Frame:
    limits = [thresholds.red, thresholds.green] if thresholds else []
    return _Frame(
        x=_padded([*(point.x for point in points), *limits], wide, largest),
        y=_padded([point.y for point in points], height, largest),
        width=wide,
        height=height,
        largest=largest,
        biggest=max(point.size for point in points),
    )


def _padded(values: list[float], pixels: float, radius: float) -> Span:
    """A scale on which a bubble of that radius stays inside, whatever its value."""
    low, high = min(values), max(values)
    if high == low:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    pad = (high - low) * (radius + 1) / (pixels - 2 * radius - 2)
    return Span(low - pad, high + pad)


def _inside(span: Span, compact: bool, lang: str | None) -> Ticks:
    ticks = number_ticks(span.low, span.high, lang=lang, count=6, compact=compact)
    kept = [
        (value, label) for value, label in zip(ticks.values, ticks.texts, strict=True) if span.low <= value <= span.high
    ]
    return Ticks(tuple(value for value, _label in kept), tuple(label for _value, label in kept))


def _x_ticks(frame: _Frame, compact: bool, lang: str | None) -> list[SafeString]:
    ticks = _inside(frame.x, compact, lang)
    return [
        text(label, percent(frame.x.at(value)), frame.height + 17, "chart-tick", "middle")
        for value, label in zip(ticks.values, ticks.texts, strict=True)
    ]


def _zones(thresholds: Thresholds, frame: _Frame, lang: str | None) -> list[SafeString]:
    words = band_words(lang)
    parts: list[SafeString] = []
    for band, start, end in thresholds.zones(frame.x.low, frame.x.high):
        left, right = frame.x.at(start), frame.x.at(end)
        parts.append(rect(f"chart-zone-{band}", percent(left), 0, percent(right - left), frame.height))
        room, word = (right - left) * frame.width, words[band]
        wide = width(word, SIZE)
        y, middle = frame.height + 17, percent((left + right) / 2)
        if room > wide + 26:
            nudge = percent((left + right) / 2 - (wide / 2 + 2) / frame.width)
            parts.append(shape(band, nudge, y - 4, 8))
            parts.append(text(word, middle, y, f"chart-tick chart-says-{band}", "middle", dx=7))
        elif room > 24:
            parts.append(shape(band, middle, y - 4, 8))
    edges = fixed_ticks([thresholds.red, thresholds.green], lang=lang, compact=False)
    for value, label in zip(edges.values, edges.texts, strict=True):
        x = percent(frame.x.at(value))
        parts.append(post("chart-edge", x, 0, frame.height + 4))
        parts.append(text(label, x, frame.height + 17, "chart-tick", "middle"))
    return parts


def _axis_names(x_label: str, y_label: str, height: float) -> list[SafeString]:
    return [
        text(f"↑ {y_label}", 0, -10, "chart-tick"),
        text(f"{x_label} →", "100%", height + 35, "chart-tick", "end"),
    ]


def _bubbles(points: Sequence[BubblePoint], frame: _Frame) -> list[SafeString]:
    """Large bubbles first, so that small ones lie on top; names come after all bubbles."""
    named = [index for index, point in enumerate(points) if point.band == "red" or index < MAX_LABELS]
    bubbles = [frame.bubble(point) for point in points]
    labels = dict(zip(named, place([bubbles[index] for index in named], frame.width, frame.height), strict=True))
    discs, names = [], []
    for index, point in enumerate(points):
        x = percent(frame.x.at(point.x))
        discs.append(_disc(point, bubbles[index], x))
        label = labels.get(index)
        if label:
            names.append(_name(point, bubbles[index], x, label))
    return [*discs, *names]


def _disc(point: BubblePoint, drawn: Bubble, x: str) -> SafeString:
    band = as_band(point.band)
    parts = [tag("title", {}, point.detail or point.label)]
    parts.append(dot(f"chart-bubble chart-{band}", x, drawn.y, drawn.radius))
    parts.append(shape(band, x, drawn.y, 8 if drawn.radius > 7.5 else 5))
    if point.href:
        return tag("a", {"href": point.href, "aria-label": point.detail or point.label}, *parts)
    return tag("g", {}, *parts)


def _name(point: BubblePoint, drawn: Bubble, x: str, label: Label) -> SafeString:
    first = drawn.y + label.dy - (len(label.lines) - 1) * LINE / 2 + 4
    css = "chart-name chart-strong" if drawn.important else "chart-name"
    lines = [text(line, x, first + row * LINE, css, label.anchor, dx=label.dx) for row, line in enumerate(label.lines)]
    return tag("g", {"aria-hidden": "true"}, *lines)
