"""Long time series and many columns, for readers who zoom and hover.

Each function returns a `Plot` for a `Figure`. Hover texts are made here, in the reader's language, never by Plotly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .axes import Span, drawable, numbers
from .columns import BarSeries
from .model import LegendItem, Plot
from .plotly_spec import (
    COLOURS,
    Format,
    config,
    formatter,
    horizontal_band,
    hover_texts,
    iso,
    layout,
    link_meta,
    plotly_text,
    set_category_axis,
    set_date_axis,
    set_number_axis,
    vertical_line,
)
from .ticks import tick_levels
from .trend import Line, Marker, Thresholds


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
        fraction = Span(min(days).toordinal(), max(days).toordinal()).at(marker.day.toordinal())
        vertical_line(figure, iso(marker.day), marker.text, fraction=fraction)
    shown = formatter(compact, lang, value_format)
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
        "customdata": hover_texts(values, shown),
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
    figure = layout(key, height) | {
        "barmode": "relative" if stacked else "group",
        "bargap": 0.4,
        "bargroupgap": 0.08,
    }
    levels = tick_levels(min(0.0, *reach), max(0.0, *reach), lang=lang, compact=compact)
    set_number_axis(figure, "yaxis", levels, zoom=False)
    set_category_axis(figure, labels)
    texts = _group_texts(labels, series, formatter(compact, lang, value_format))
    data = [_columns(one, texts, hrefs) for one in series]
    legend = [LegendItem(one.style, one.name) for one in series] if len(series) > 1 else []
    return Plot(data, figure, config(key, lang), legend)


def _stack_reach(series: Sequence[BarSeries], count: int) -> list[float]:
    reach = [0.0]
    for index in range(count):
        values = numbers(one.values[index] for one in series)
        reach += [sum(value for value in values if value > 0), sum(value for value in values if value < 0)]
    return reach


def _group_texts(labels: Sequence[str], series: Sequence[BarSeries], shown: Format) -> list[str]:
    """The hover text of each group: its label, then all its values."""
    texts = []
    for index, label in enumerate(labels):
        found = [(one.name, drawable(one.values[index])) for one in series]
        lines = [f"{plotly_text(name)} {plotly_text(shown(value))}" for name, value in found if value is not None]
        texts.append("<br>".join([f"<b>{plotly_text(label)}</b>", *lines]))
    return texts


def _columns(one: BarSeries, texts: Sequence[str], hrefs: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": plotly_text(one.name),
        "x": list(range(len(texts))),
        "y": [drawable(value) for value in one.values],
        "customdata": list(texts),
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": COLOURS[one.style], "line": {"width": 0}},
        "meta": link_meta(hrefs),
    }
