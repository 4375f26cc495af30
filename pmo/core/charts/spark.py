"""Small drawings that stand in a line of text or a table cell: sparkline, band bar, strip of past reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .axes import Span, Value, drawable, numbers, runs
from .markup import BOX, dot, number, percent, post, rect, rule, steps, stretched, svg, tag, text
from .shapes import BANDS, Band, as_band, band_words, colon, comma, shape

_PAD = 3.0
_ROW = 24
_NAMES = 88


def shared_scale(series: Iterable[Sequence[Value]], height: int = 28) -> float:
    """Data units per pixel that let every one of these series fit, so that the slopes of a column can be compared."""
    ranges = [max(found) - min(found) for values in series if (found := numbers(values))]
    return max(ranges, default=0.0) / (height - 2 * _PAD)


def _spark_span(found: list[float], height: float, per_pixel: float | None) -> Span:
    low, high = min(found), max(found)
    if per_pixel is not None and per_pixel > 0:
        middle, half = (low + high) / 2, per_pixel * (height - 2 * _PAD) / 2
        return Span(middle - half, middle + half)
    return Span(low, high)


def sparkline(
    values: Sequence[Value],
    target: Value = None,
    width: int | None = 120,
    height: int = 28,
    last_band: str | None = None,
    *,
    label: str = "",
    per_pixel: float | None = None,
) -> SafeString:
    """A line without axes; None is a gap. The last value gets a dot in the colour of its band.

    target: dashed line. width None fills the container. per_pixel: data units per pixel from `shared_scale`, where
    slopes are to be compared. label: what it says, for assistive technology; leave it out where the number stands
    beside it.
    """
    known = numbers(values)
    goal = drawable(target)
    parts: list[SafeString] = []
    if known:
        reach = known if goal is None or per_pixel else [*known, goal]
        span = _spark_span(reach, height, per_pixel)
        inner, last = height - 2 * _PAD, max(len(values) - 1, 1)
        points = [
            (index / last, _PAD + span.down(found, inner)) if (found := drawable(value)) is not None else None
            for index, value in enumerate(values)
        ]
        parts = _spark_parts(points, height, last_band)
        if goal is not None:
            parts.append(rule("chart-spark-target", _PAD + span.down(goal, inner)))
    return svg(parts, width=width, height=height, css="chart-spark", title=label)


def _spark_parts(points: list[tuple[float, float] | None], height: int, last_band: str | None) -> list[SafeString]:
    paths: list[SafeString] = []
    dots: list[SafeString] = []
    for run in runs(points):
        if len(run) == 1:
            dots.append(dot("chart-spark-dot", percent(run[0][0]), run[0][1], 1.25))
            continue
        base = f"L{number(run[-1][0] * BOX)} {height}L{number(run[0][0] * BOX)} {height}Z"
        paths.append(tag("path", {"class": "chart-spark-area", "d": steps(run) + base}))
        paths.append(tag("path", {"class": "chart-spark-line", "d": steps(run)}))
    last = points[-1]
    if last is not None:
        css = f"chart-shape chart-{as_band(last_band)}" if last_band else "chart-spark-end"
        dots.append(dot(css, percent(last[0]), last[1], 2.25))
    return [stretched(paths, height), *dots] if paths else dots


def band_bar(counts: Mapping[str, int], *, lang: str | None = None, label: str = "", height: int = 6) -> SafeString:
    """A bar stacked red, amber, green, grey. Bands without rows take no room; an empty bar is a grey track."""
    amounts = {as_band(band): amount for band, amount in counts.items()}
    if any(amount < 0 for amount in amounts.values()):
        raise ValueError("a band cannot hold fewer than no rows")
    total = sum(amounts.values())
    words = band_words(lang)
    said = comma(lang).join(f"{words[band]} {amounts[band]}" for band in BANDS if amounts.get(band))
    title = colon(lang).join(part for part in (label, said) if part)
    parts: list[SafeString] = []
    cuts: list[SafeString] = []
    start = 0.0
    for band in BANDS:
        share = amounts.get(band, 0) / total if total else 0.0
        if not share:
            continue
        parts.append(rect(f"chart-bar chart-{band}", percent(start), 0, percent(share), height))
        if start:
            cuts.append(post("chart-cut", percent(start), 0, height))
        start += share
    return svg([*parts, *cuts], height=height, css="chart-bandbar", title=title or words["grey"])


@dataclass(frozen=True)
class StripRow:
    """One line of a strip: who rated, and the band per report (None: no rating)."""

    label: str
    bands: Sequence[str | None]


def strip(rows: Sequence[StripRow], columns: Sequence[str], *, lang: str | None = None, label: str = "") -> SafeString:
    """Past reports as rows of status shapes, one column per report; the last column is shaded.

    Usually three rows: declared, computed, reviewed. Raises ValueError when a row has another length than columns.
    """
    if any(len(row.bands) != len(columns) for row in rows):
        raise ValueError("a row of a strip has one band per column")
    words = band_words(lang)
    height = _ROW * (len(rows) + 1)
    cell = 1 / max(len(columns), 1)
    parts: list[SafeString] = []
    if columns:
        parts.append(rect("chart-shade", percent(1 - cell), 0, percent(cell), height))
    for index, column in enumerate(columns):
        parts.append(text(column, percent((index + 0.5) * cell), 16, "chart-tick", "middle"))
    said = []
    for line, row in enumerate(rows, start=1):
        top, middle = line * _ROW, line * _ROW + _ROW / 2
        parts.append(rule("chart-grid", top, x1=-_NAMES))
        parts.append(text(row.label, -_NAMES, middle + 4, "chart-label"))
        for index, value in enumerate(row.bands):
            x = percent((index + 0.5) * cell)
            band: Band | None = as_band(value) if value else None
            parts.append(shape(band, x, middle) if band else text("–", x, middle + 4, "chart-tick", "middle"))
        bands = [words[as_band(value)] if value else "–" for value in row.bands]
        said.append(row.label + colon(lang) + comma(lang).join(bands))
    title = label or comma(lang).join(row.label for row in rows)
    return svg(parts, height=height, css="chart-strip", title=title, description="\n".join(said))
