"""Grouped bars: budget against actual per month, or any few series over the same periods."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .axes import Span, Value, drawable, margins, numbers, y_axis
from .markup import percent, rect, svg, text
from .model import LegendItem, Svg, Swatch
from .ticks import number_ticks
from .trend import no_data

_DENSE = 6
_ALTERNATE = 8


@dataclass(frozen=True)
class BarSeries:
    """One bar per group; None leaves its place empty."""

    name: str
    values: Sequence[Value]
    style: Swatch = "actual"


def bars(
    labels: Sequence[str],
    series: Sequence[BarSeries],
    *,
    title: str,
    description: str = "",
    notes: Sequence[str] = (),
    partial: Collection[int] = (),
    compact: bool = True,
    height: int = 160,
    lang: str | None = None,
) -> Svg:
    """Bars in groups, from a common zero line; negative values hang below it.

    notes: a short text above each group ("+6.4%"). partial: indexes of groups whose period has not ended; their last
    series is drawn pale. Raises ValueError when a series has another length than the labels.
    """
    if any(len(one.values) != len(labels) for one in series) or len(notes) not in {0, len(labels)}:
        raise ValueError("every series of a bar chart has one value per label")
    drawn = numbers(value for one in series for value in one.values)
    if not drawn:
        return Svg(no_data(title, height, lang))
    ticks = number_ticks(min(0.0, *drawn), max(0.0, *drawn), lang=lang, count=4, compact=compact)
    span = Span(ticks.low, ticks.high)
    parts = y_axis(ticks, span, height)
    note = "chart-note chart-dense" if len(labels) > _DENSE else "chart-note"
    for index, label in enumerate(labels):
        parts += _group(index, len(labels), series, span, height, pale=index in partial)
        middle = percent((index + 0.5) / len(labels))
        css = "chart-tick chart-tick-alt" if len(labels) > _ALTERNATE and index % 2 else "chart-tick"
        parts.append(text(label, middle, height + 17, css, "middle"))
        top = min((span.down(value, height) for value in numbers(one.values[index] for one in series)), default=height)
        if notes and notes[index]:
            parts.append(text(notes[index], middle, top - 5, note, "middle"))
    css = "chart-b24 " + margins(ticks.texts)
    legend = [LegendItem(one.style, one.name) for one in series] if len(series) > 1 else []
    return Svg(svg(parts, height=height, css=css, title=title, description=description), legend=legend)


def _group(
    index: int, groups: int, series: Sequence[BarSeries], span: Span, height: float, *, pale: bool
) -> list[SafeString]:
    group = 1 / groups
    bar = min(0.24, 0.72 / len(series)) * group
    gap = min(0.04 * group, bar / 4)
    start = (index + 0.5) * group - (len(series) * (bar + gap) - gap) / 2
    zero = span.down(0, height)
    parts = []
    for place, one in enumerate(series):
        value = drawable(one.values[index])
        if value is None:
            continue
        y = span.down(value, height)
        css = f"chart-{one.style}" + (" chart-partial" if pale and place == len(series) - 1 else "")
        x = percent(start + place * (bar + gap))
        parts.append(rect(css, x, min(y, zero), percent(bar), max(abs(y - zero), 0.5), rounded=1.5))
    return parts
