"""Bars that stand in the rows of a table: budget against actual and forecast, and the waterfall of lost points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo.core.web.formats import format_number

from .axes import Span, Value, drawable, numbers
from .markup import percent, post, rect, svg, text
from .model import LegendItem, RowBars
from .shapes import as_band, django_language
from .ticks import number_ticks

_BAR_HEIGHT = 20
_TICK_GAP = 0.22


@dataclass(frozen=True)
class BudgetRow:
    """One row of `budget_bars`; amounts in one unit, not negative; None where nothing is known."""

    label: str
    budget: Value
    actual: Value
    forecast: Value = None


def budget_bars(rows: Sequence[BudgetRow], *, lang: str | None = None) -> RowBars:
    """Per row a grey budget block, the actual inside it, the part over budget in red and a tick at the forecast.

    All rows share one scale that begins at 0.
    """
    amounts = numbers(amount for row in rows for amount in (row.budget, row.actual, row.forecast))
    span = Span(0, max([*amounts, 0.0]) or 1.0)
    with override(django_language(lang)):
        bars = [_budget_bar(row, span) for row in rows]
        legend = [
            LegendItem("budget", _("Budget")),
            LegendItem("actual", _("Actual")),
            LegendItem("forecast", _("Forecast")),
        ]
        return RowBars(bars=bars, label=_("Budget, actual and forecast as bars"), legend=legend)


def _budget_bar(row: BudgetRow, span: Span) -> SafeString:
    parts: list[SafeString] = []
    budget, actual, forecast = drawable(row.budget), drawable(row.actual), drawable(row.forecast)
    if budget is not None:
        parts.append(_block("chart-budget", 0, span.at(budget), 4, 12, rounded=2))
        end = max(numbers([actual, forecast]), default=0.0)
        if end > budget:
            parts.append(_block("chart-overrun", span.at(budget), span.at(end), 4, 12))
    if actual is not None:
        parts.append(_block("chart-actual", 0, span.at(actual), 7, 6, rounded=2))
    if forecast is not None:
        x = percent(span.at(forecast))
        parts.append(post("chart-forecast-tick", x, 2, 18))
    return svg(parts, height=_BAR_HEIGHT, css="chart-rowbar", title=_budget_sentence(row))


def _block(css: str, start: float, end: float, top: float, height: float, rounded: float | None = None) -> SafeString:
    return rect(css, percent(start), top, percent(max(0.0, end - start)), height, rounded)


def _budget_sentence(row: BudgetRow) -> str:
    budget, actual, forecast = drawable(row.budget), drawable(row.actual), drawable(row.forecast)
    if not budget or actual is None:
        return row.label
    share = {"label": row.label, "actual": format_number(actual / budget * 100)}
    if forecast is None:
        return _("%(label)s: %(actual)s%% of the budget spent") % share
    share["forecast"] = format_number(forecast / budget * 100)
    return _("%(label)s: %(actual)s%% of the budget spent, %(forecast)s%% forecast") % share


def row_bars(labels: Sequence[str], values: Sequence[Value], *, label: str, lang: str | None = None) -> RowBars:
    """One bar per row of a table from a common zero line; negative values hang to its left, None leaves the row empty.

    `label` names the column for those who do not see the bars. Raises ValueError where there is not one value per label.
    """
    if len(labels) != len(values):
        raise ValueError("there is one value for every row")
    drawn = numbers(values)
    span = Span(min(0.0, *drawn), max(0.0, *drawn) or 1.0) if drawn else Span(0, 1)
    bars = []
    for name, value in zip(labels, values, strict=True):
        amount = drawable(value)
        start, end = sorted((span.at(0), span.at(amount or 0.0)))
        parts = [] if amount is None else [_block("chart-c1", start, end, 4, 12, rounded=2)]
        shown = "—" if amount is None else format_number(amount, 2 if amount % 1 else 0, lang or "en")
        bars.append(svg(parts, height=_BAR_HEIGHT, css="chart-rowbar", title=f"{name} {shown}"))
    return RowBars(bars=bars, label=label)


@dataclass(frozen=True)
class LostPoints:
    """One step of a waterfall: what it is, the points it takes away (5.5 means −5.5), and its band."""

    label: str
    lost: float
    band: str


def waterfall(items: Sequence[LostPoints], *, start: float = 100, lang: str | None = None) -> RowBars:
    """100 minus lost points: one floating bar per row, a dotted line at the result, the scale in the header."""
    result = start - sum(item.lost for item in items)
    edges = [start, result]
    at = start
    for item in items:
        at -= item.lost
        edges.append(at)
    low, high = min(edges), max(edges)
    pad = (high - low) * 0.08 or 1.0
    span = Span(low - pad, high)
    bars: list[SafeString] = []
    at = start
    for item in items:
        bars.append(_step(item, at, span, result))
        at -= item.lost
    with override(django_language(lang)):
        label = _("Lost points as bars, from %(start)s down to %(result)s") % {
            "start": format_number(start),
            "result": format_number(result, 0 if result == int(result) else 1),
        }
    head = svg(_waterfall_axis(span, start, result), height=18, css="chart-rowbar")
    return RowBars(bars=bars, label=label, head=head)


def _step(item: LostPoints, at: float, span: Span, result: float) -> SafeString:
    start, end = sorted((span.at(at), span.at(at - item.lost)))
    # A loss too small to see still leaves a mark.
    css = f"chart-bar chart-{as_band(item.band)}"
    x = percent(span.at(result))
    parts = [
        post("chart-result", x, -8, _BAR_HEIGHT + 8),
        _block(css, start, max(end, start + 0.006), 5, 10, rounded=1),
    ]
    title = f"{item.label} {format_number(-item.lost, 1)}"
    return svg(parts, height=_BAR_HEIGHT, css="chart-rowbar", title=title)


def _waterfall_axis(span: Span, start: float, result: float) -> list[SafeString]:
    shown = format_number(result, 0 if result == int(result) else 1)
    parts = [text(shown, percent(span.at(result)), 13, "chart-tick chart-strong", "middle")]
    taken = [span.at(result)]
    for value in [start, *reversed(number_ticks(result, start, count=4, compact=False).values)]:
        place = span.at(value)
        if not result < value <= start or any(abs(place - other) < _TICK_GAP for other in taken):
            continue
        taken.append(place)
        parts.append(text(format_number(value), percent(place), 13, "chart-tick", "end" if place > 0.95 else "middle"))
    return parts
