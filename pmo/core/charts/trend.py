"""Lines over time, with the bands of a measure behind them and its thresholds as ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from .axes import (
    TICK_SIZE,
    Span,
    Value,
    anchor_at,
    drawable,
    margins,
    numbers,
    right_room,
    runs,
    spread,
    x_dates,
    y_axis,
)
from .markup import dot, percent, post, rect, rule, steps, stretched, svg, tag, text
from .model import LegendItem, Svg, Swatch
from .shapes import Band, django_language
from .textfit import clip
from .ticks import Ticks, fixed_ticks, number_ticks, value_text

LineStyle = Literal["actual-line", "planned", "earned", "forecast-line", "c1", "c2", "c3", "c4", "c5", "c6"]
_TICK_ROOM = 15


@dataclass(frozen=True)
class Line:
    """One line: dates ascending, None is a gap. end_text is written at its end; by default its last value."""

    name: str
    points: Sequence[tuple[date, Value]]
    style: LineStyle = "actual-line"
    end_text: str = ""


@dataclass(frozen=True)
class Thresholds:
    """Where a measure turns red and where it turns green; green below red means that less is better."""

    red: float
    green: float

    def zones(self, low: float, high: float) -> list[tuple[Band, float, float]]:
        """The bands between low and high, from the bottom up; a band outside of them is left out."""
        first, second = sorted((self.red, self.green))
        bands: tuple[Band, Band, Band] = ("red", "amber", "green")
        if self.green < self.red:
            bands = ("green", "amber", "red")
        edges = [low, min(max(first, low), high), min(max(second, low), high), high]
        return [
            (band, edges[index], edges[index + 1])
            for index, band in enumerate(bands)
            if edges[index + 1] > edges[index]
        ]


@dataclass(frozen=True)
class Marker:
    """A vertical line at a date: today, the data date, a decision."""

    day: date
    text: str


def no_data(title: str, height: int, lang: str | None) -> SafeString:
    """The drawing of an empty series: its frame and a word."""
    with override(django_language(lang)):
        word = _("No data")
    parts = [rule("chart-grid", height), text(word, "50%", height / 2, "chart-label", "middle")]
    return svg(parts, height=height, css="chart-l0 chart-r8", title=title, description=word)


def line_trend(
    lines: Sequence[Line],
    thresholds: Thresholds | None = None,
    *,
    title: str,
    description: str = "",
    marker: Marker | None = None,
    low: float | None = None,
    high: float | None = None,
    compact: bool = True,
    height: int = 160,
    lang: str | None = None,
) -> Svg:
    """Lines on a time axis. Their ends are labelled directly; several lines also get a legend.

    thresholds: bands behind the lines and ticks at their edges. low, high: where the axis must reach (0 and 100 for a
    score). compact: ticks in 万, 亿 or k, m.
    """
    drawn = numbers(value for line in lines for _day, value in line.points)
    days = [day for line in lines for day, value in line.points if drawable(value) is not None]
    if not drawn:
        return Svg(no_data(title, height, lang))
    if marker:
        days.append(marker.day)
    time = Span(min(days).toordinal(), max(days).toordinal())
    ticks, span = _value_axis(drawn, thresholds, low, high, height, compact, lang)
    ends = _ends(lines, compact, lang)
    parts = _zones(thresholds, span, height)
    parts += y_axis(ticks, span, height)
    parts += x_dates(min(days), max(days), height, lang)
    parts += _marker(marker, time, height)
    parts += _paths(lines, time, span, height)
    parts += _end_labels(lines, ends, time, span, height)
    css = ("chart-t24 " if marker else "") + "chart-b24 " + margins(ticks.texts, [label for label in ends if label])
    legend = [LegendItem(cast(Swatch, line.style), line.name, line=True) for line in lines] if len(lines) > 1 else []
    return Svg(svg(parts, height=height, css=css, title=title, description=description), legend=legend)


def _value_axis(
    drawn: list[float],
    thresholds: Thresholds | None,
    low: float | None,
    high: float | None,
    height: float,
    compact: bool,
    lang: str | None,
) -> tuple[Ticks, Span]:
    limits = [thresholds.red, thresholds.green] if thresholds else []
    reach = [*drawn, *limits, *numbers([low, high])]
    ticks = number_ticks(min(reach), max(reach), lang=lang, compact=compact, count=4)
    bottom = low if low is not None and low <= min(reach) else ticks.low
    top = high if high is not None and high >= max(reach) else ticks.high
    span = Span(bottom, top)
    if not limits and bottom == ticks.low and top == ticks.high:
        return ticks, span
    kept = [*limits]
    candidates = [bottom, top] if limits else [bottom, top, *ticks.values]
    for value in candidates:
        place = span.down(value, height)
        if bottom <= value <= top and all(abs(place - span.down(other, height)) >= _TICK_ROOM for other in kept):
            kept.append(value)
    return fixed_ticks(kept, lang=lang, compact=compact), span


def _zones(thresholds: Thresholds | None, span: Span, height: float) -> list[SafeString]:
    if thresholds is None:
        return []
    parts = []
    for band, start, end in thresholds.zones(span.low, span.high):
        top, bottom = span.down(end, height), span.down(start, height)
        parts.append(rect(f"chart-zone-{band}", 0, top, "100%", bottom - top))
    return parts


def _marker(marker: Marker | None, time: Span, height: float) -> list[SafeString]:
    if marker is None:
        return []
    fraction = time.at(marker.day.toordinal())
    x = percent(fraction)
    return [
        post("chart-marker", x, 0, height),
        text(marker.text, x, -6, "chart-tick chart-marker-text", anchor_at(fraction)),
    ]


def _paths(lines: Sequence[Line], time: Span, span: Span, height: float) -> list[SafeString]:
    paths, dots = [], []
    for line in lines:
        points = [
            (time.at(day.toordinal()), span.down(found, height)) if (found := drawable(value)) is not None else None
            for day, value in line.points
        ]
        for run in runs(points):
            if len(run) == 1:
                dots.append(dot(f"chart-dot chart-ink-{line.style}", percent(run[0][0]), run[0][1], 2.5))
            else:
                paths.append(tag("path", {"class": f"chart-line chart-ink-{line.style}", "d": steps(run)}))
    return [stretched(paths, height), *dots]


def _last(line: Line) -> tuple[date, float] | None:
    known = ((day, drawable(value)) for day, value in reversed(line.points))
    return next(((day, value) for day, value in known if value is not None), None)


def _ends(lines: Sequence[Line], compact: bool, lang: str | None) -> list[str]:
    """The text at the end of each line; "" for a line without values."""
    texts = []
    for line in lines:
        last = _last(line)
        label = (line.end_text or value_text(last[1], compact, lang)) if last else ""
        texts.append(clip(label, right_room(), TICK_SIZE, bold=True))
    return texts


def _end_labels(lines: Sequence[Line], ends: list[str], time: Span, span: Span, height: float) -> list[SafeString]:
    found = [(line, last, label) for line, label in zip(lines, ends, strict=True) if (last := _last(line))]
    places = spread([span.down(last[1], height) for _line, last, _label in found], 13, 4, height)
    parts = []
    for (line, last, label), y in zip(found, places, strict=True):
        at_end = time.at(last[0].toordinal())
        parts.append(dot(f"chart-dot chart-ink-{line.style}", percent(at_end), span.down(last[1], height), 2.5))
        if at_end > 0.9:
            parts.append(text(label, "100%", y + 4, f"chart-end chart-says-{line.style}", "start", dx=8))
    return parts
