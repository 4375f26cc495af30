"""A cloud of points and a distribution, for readers who zoom and hover; each function returns a `Plot`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .axes import Span
from .model import LegendItem, Plot, Swatch
from .plotly_spec import (
    COLOURS,
    SYMBOLS,
    Format,
    config,
    formatter,
    layout,
    link_meta,
    plotly_text,
    set_number_axis,
    vertical_line,
)
from .shapes import as_band, band_words
from .ticks import tick_levels


@dataclass(frozen=True)
class ScatterPoint:
    """One point; group decides its colour: a band or a category c1 to c6. detail is shown on hover, line by line."""

    label: str
    x: float
    y: float
    group: Swatch = "c1"
    detail: Sequence[str] = ()
    href: str = ""


def scatter(
    key: str,
    points: Sequence[ScatterPoint],
    *,
    x_label: str,
    y_label: str,
    groups: dict[Swatch, str] | None = None,
    frontier: Sequence[tuple[float, float]] = (),
    compact: bool = True,
    height: int = 320,
    lang: str | None = None,
) -> Plot:
    """A cloud of points, such as an efficient frontier. groups: the word for each group, in the order of the legend.

    frontier: corners of a line drawn through the cloud. Points with a band keep its shape. Raises ValueError without
    points.
    """
    if not points:
        raise ValueError("there is nothing to draw")
    figure = layout(key, height)
    for name, title, place in (("xaxis", x_label, 0), ("yaxis", y_label, 1)):
        values = [point.y if place else point.x for point in points] + [corner[place] for corner in frontier]
        levels = tick_levels(*_with_room(values), lang=lang, compact=compact)
        set_number_axis(figure, name, levels, title=title)
    figure["xaxis"]["showline"] = True
    words: dict[Swatch, str] = groups or dict(band_words(lang).items())
    used = {point.group for point in points}
    order = [*(group for group in words if group in used), *sorted(used - set(words))]
    data = [_frontier(frontier)] if frontier else []
    data += [_cloud(group, [point for point in points if point.group == group]) for group in order]
    legend = [LegendItem(group, words[group]) for group in order if group in words] if len(order) > 1 else []
    return Plot(data, figure, config(key, lang), legend)


def _with_room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.04
    # Room must not carry the axis across nought: there is no negative budget.
    return (max(0.0, low - room) if low >= 0 else low - room), (min(0.0, high + room) if high <= 0 else high + room)


def _frontier(corners: Sequence[tuple[float, float]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [corner[0] for corner in corners],
        "y": [corner[1] for corner in corners],
        "hoverinfo": "skip",
        "line": {"color": "var(--baseline)", "width": 1.5},
    }


def _cloud(group: Swatch, points: Sequence[ScatterPoint]) -> dict[str, Any]:
    symbol = SYMBOLS[as_band(group)] if group in SYMBOLS else "circle"
    details = ["<br>".join([f"<b>{plotly_text(point.label)}</b>", *map(plotly_text, point.detail)]) for point in points]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(point.x) for point in points],
        "y": [float(point.y) for point in points],
        "customdata": details,
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": COLOURS[group], "symbol": symbol, "size": 9, "opacity": 0.85},
        "meta": link_meta([point.href for point in points]),
    }


@dataclass(frozen=True)
class Quantile:
    """A line in a distribution: P80 at its value."""

    value: float
    text: str
    tone: Literal["strong", "quiet"] = "quiet"


def distribution(
    key: str,
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    quantiles: Sequence[Quantile] = (),
    x_label: str = "",
    compact: bool = True,
    height: int = 280,
    lang: str | None = None,
    value_format: Format | None = None,
) -> Plot:
    """A histogram whose bins were counted on the server: len(edges) == len(counts) + 1, edges ascending.

    Raises ValueError when lengths disagree, edges do not ascend, or all counts are nought.
    """
    if len(edges) != len(counts) + 1 or any(b <= a for a, b in zip(edges, edges[1:], strict=False)):
        raise ValueError("a histogram has ascending edges, one more than counts")
    total = sum(counts)
    if total <= 0 or not math.isfinite(edges[0]) or not math.isfinite(edges[-1]):
        raise ValueError("there is nothing to draw")
    figure = layout(key, height) | {"bargap": 0.03}
    levels = tick_levels(edges[0], edges[-1], lang=lang, compact=compact)
    set_number_axis(figure, "xaxis", levels, title=x_label)
    figure["xaxis"] |= {"range": [edges[0], edges[-1]], "showline": True}
    set_number_axis(figure, "yaxis", tick_levels(0, max(counts) / total * 100, compact=False), zoom=False)
    figure["yaxis"]["ticksuffix"] = "%"
    figure["yaxis"]["ticktext"] = [f"{text}%" for text in figure["yaxis"]["ticktext"]]
    for quantile in quantiles:
        colour = "var(--accent)" if quantile.tone == "strong" else "var(--t2)"
        fraction = Span(edges[0], edges[-1]).at(quantile.value)
        vertical_line(figure, quantile.value, quantile.text, fraction=fraction, colour=colour)
    shown = formatter(compact, lang, value_format)
    return Plot([_bins(edges, counts, total, shown)], figure, config(key, lang))


def _bins(edges: Sequence[float], counts: Sequence[int], total: int, shown: Format) -> dict[str, Any]:
    pairs = list(zip(edges, edges[1:], strict=False))
    texts = [
        f"{plotly_text(shown(low))} – {plotly_text(shown(high))}<br><b>{count / total:.1%}</b>"
        for (low, high), count in zip(pairs, counts, strict=True)
    ]
    return {
        "type": "bar",
        "x": [(low + high) / 2 for low, high in pairs],
        "width": [high - low for low, high in pairs],
        "y": [count / total * 100 for count in counts],
        "customdata": texts,
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": "var(--c1)", "opacity": 0.5, "line": {"color": "var(--surface)", "width": 1}},
    }
