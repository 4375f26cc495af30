"""Charts where the reader zooms or hovers: long time series, many columns, a cloud of points, a distribution.

Each function returns a `Plot` for a `Figure`. Hover texts are made here, in the reader's language, never by Plotly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from .axes import numbers
from .columns import BarSeries
from .model import LegendItem, Plot, Swatch, check_href
from .plotly_spec import (
    COLOURS,
    SYMBOLS,
    config,
    drawable,
    horizontal_band,
    iso,
    layout,
    plotly_text,
    set_category_axis,
    set_date_axis,
    set_number_axis,
    vertical_line,
)
from .shapes import Band, as_band, band_words
from .ticks import tick_levels, value_text
from .trend import Line, Marker, Thresholds

Format = Callable[[float], str]


def _hover(values: Sequence[float | None], shown: Format) -> list[str]:
    return ["" if drawable(value) is None else plotly_text(shown(cast(float, value))) for value in values]


def _shown(compact: bool, lang: str | None, value_format: Format | None) -> Format:
    return value_format or (lambda value: value_text(value, compact, lang))


def time_lines(
    key: str,
    lines: Sequence[Line],
    *,
    thresholds: Thresholds | None = None,
    markers: Sequence[Marker] = (),
    compact: bool = True,
    height: int = 280,
    lang: str | None = None,
    value_format: Format | None = None,
) -> Plot:
    """Lines over time (S-curve, daily load) with one hover box per date. Raises ValueError when no line has a value."""
    drawn = numbers(value for line in lines for _day, value in line.points)
    days = [day for line in lines for day, _value in line.points]
    if not drawn:
        raise ValueError("there is nothing to draw")
    figure = layout(key, height, hovermode="x unified")
    limits = [thresholds.red, thresholds.green] if thresholds else []
    levels = tick_levels(min([*drawn, *limits]), max([*drawn, *limits]), lang=lang, compact=compact)
    set_number_axis(figure, "yaxis", levels, zoom=False)
    set_date_axis(figure, min(days), max(days), lang)
    if thresholds:
        for band, low, high in thresholds.zones(levels[0].low, levels[0].high):
            horizontal_band(figure, low, high, band)
    for marker in markers:
        vertical_line(figure, iso(marker.day), marker.text)
    shown = _shown(compact, lang, value_format)
    legend = [LegendItem(line.style, line.name, line=True) for line in lines] if len(lines) > 1 else []
    return Plot([_line(line, shown) for line in lines], figure, config(key, lang), legend)


def _line(line: Line, shown: Format) -> dict[str, Any]:
    values = [drawable(value) for _day, value in line.points]
    dash = "dash" if line.style == "forecast-line" else "solid"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plotly_text(line.name),
        "x": [iso(day) for day, _value in line.points],
        "y": values,
        "customdata": _hover(values, shown),
        "hovertemplate": "%{fullData.name} <b>%{customdata}</b><extra></extra>",
        "line": {"color": COLOURS[line.style], "width": 2, "dash": dash},
        "marker": {"size": _dots(values), "color": COLOURS[line.style], "opacity": 1},
        "connectgaps": False,
    }


def _dots(values: Sequence[float | None]) -> list[int]:
    """A dot's size for each value: only one that stands alone between gaps needs it, a line shows the others."""
    around = [None, *values, None]
    return [
        5 if value is not None and before is None and after is None else 0
        for before, value, after in zip(around, values, around[2:], strict=False)
    ]


def column_chart(
    key: str,
    labels: Sequence[str],
    series: Sequence[BarSeries],
    *,
    stacked: bool = False,
    hrefs: Sequence[str] = (),
    compact: bool = True,
    height: int = 280,
    lang: str | None = None,
    value_format: Format | None = None,
) -> Plot:
    """Columns over many periods or names, side by side or stacked. hrefs: where a click on a label's column leads.

    Raises ValueError when there is nothing to draw or a series has another length than the labels.
    """
    if any(len(one.values) != len(labels) for one in series) or len(hrefs) not in {0, len(labels)}:
        raise ValueError("every series of a column chart has one value per label")
    drawn = numbers(value for one in series for value in one.values)
    if not drawn:
        raise ValueError("there is nothing to draw")
    reach = _stack_reach(series, len(labels)) if stacked else drawn
    figure = layout(key, height, hovermode="x unified") | {
        "barmode": "relative" if stacked else "group",
        "bargap": 0.4,
        "bargroupgap": 0.08,
    }
    levels = tick_levels(min(0.0, *reach), max(0.0, *reach), lang=lang, compact=compact)
    set_number_axis(figure, "yaxis", levels, zoom=False)
    set_category_axis(figure, labels)
    figure["xaxis"]["unifiedhovertitle"] = {"text": "%{fullData.text}"}
    shown = _shown(compact, lang, value_format)
    data = [_columns(one, labels, shown, hrefs) for one in series]
    legend = [LegendItem(one.style, one.name) for one in series] if len(series) > 1 else []
    return Plot(data, figure, config(key, lang), legend)


def _stack_reach(series: Sequence[BarSeries], count: int) -> list[float]:
    reach = [0.0]
    for index in range(count):
        values = numbers(one.values[index] for one in series)
        reach += [sum(value for value in values if value > 0), sum(value for value in values if value < 0)]
    return reach


def _columns(one: BarSeries, labels: Sequence[str], shown: Format, hrefs: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": plotly_text(one.name),
        "x": list(range(len(labels))),
        "y": [drawable(value) for value in one.values],
        "customdata": _hover(one.values, shown),
        "hovertext": [plotly_text(label) for label in labels],
        "textposition": "none",
        "hovertemplate": "%{hovertext} %{fullData.name} <b>%{customdata}</b><extra></extra>",
        "marker": {"color": COLOURS[one.style], "line": {"width": 0}},
        "meta": _links(hrefs),
    }


def _links(hrefs: Sequence[str]) -> dict[str, Any]:
    for href in hrefs:
        check_href(href)
    return {"hrefs": list(hrefs)} if any(hrefs) else {}


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
    symbol = SYMBOLS[cast(Band, as_band(group))] if group in SYMBOLS else "circle"
    details = ["<br>".join([f"<b>{plotly_text(point.label)}</b>", *map(plotly_text, point.detail)]) for point in points]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [drawable(point.x) for point in points],
        "y": [drawable(point.y) for point in points],
        "customdata": details,
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": COLOURS[group], "symbol": symbol, "size": 9, "opacity": 0.85},
        "meta": _links([point.href for point in points]),
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
        vertical_line(figure, quantile.value, quantile.text, colour=colour)
    shown = _shown(compact, lang, value_format)
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
