"""The bridge: from one total over its changes to another, one floating bar per row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo.core.web.formats import format_number

from .axes import Span
from .markup import percent, post, rect, svg
from .model import LegendItem, RowBars
from .shapes import django_language

_HEIGHT = 20
_SMALLEST = 0.006
# A bridge whose changes are small against its totals begins its scale above zero, and says so by a cut in the totals.
_CUT_FROM = 0.6


@dataclass(frozen=True)
class BridgeStep:
    """A total (drawn from the foot of the scale) or a change (drawn from where the step before ended)."""

    label: str
    value: float
    total: bool = False


def bridge(steps: Sequence[BridgeStep], *, good: str = "down", lang: str | None = None) -> RowBars:
    """One bar per step on a common scale. `good` says whether a rise ("up") or a fall ("down") is welcome.

    The changes must lead from each total to the next; a sum that does not (by more than a millionth) raises ValueError.
    """
    edges = _edges(steps)
    span, cut = _scale(edges)
    bars = []
    for index, (step, (start, end)) in enumerate(zip(steps, edges, strict=True)):
        parts = _block(step, start, end, span, good, cut)
        if index + 1 < len(steps):
            parts.append(post("chart-result", percent(span.at(end)), _HEIGHT / 2, _HEIGHT + 12))
        bars.append(svg(parts, height=_HEIGHT, css="chart-rowbar", title=step.label))
    with override(django_language(lang)):
        legend = [LegendItem("budget", _("Total")), LegendItem("red", _("worse")), LegendItem("green", _("better"))]
        label = _("Changes as bars between the totals")
        if cut:
            label = _("Changes as bars between the totals; the scale begins at %(low)s") % {
                "low": format_number(span.low)
            }
    return RowBars(bars=bars, label=label, legend=legend if len(steps) > 1 else [])


def _edges(steps: Sequence[BridgeStep]) -> list[tuple[float, float]]:
    """Where each bar begins and ends in data units."""
    found: list[tuple[float, float]] = []
    level: float | None = None
    for step in steps:
        if step.total:
            if level is not None and abs(level - step.value) > 1e-6 * max(1.0, abs(step.value)):
                raise ValueError(f"the changes lead to {level}, not to {step.value}")
            found.append((0.0, step.value))
            level = step.value
        else:
            start = level or 0.0
            level = start + step.value
            found.append((start, level))
    return found


def _scale(edges: Sequence[tuple[float, float]]) -> tuple[Span, bool]:
    levels = [end for _start, end in edges]
    high, low = max([*levels, 0.0]), min([*levels, 0.0])
    lowest = min(levels, default=0.0)
    if levels and low >= 0 and lowest > _CUT_FROM * high and high > lowest:
        return Span(lowest - (high - lowest) * 0.6, high), True
    return Span(low, high or 1.0), False


def _block(step: BridgeStep, start: float, end: float, span: Span, good: str, cut: bool) -> list[SafeString]:
    left, right = sorted((span.at(start), span.at(end)))
    if step.total:
        parts = [rect("chart-budget", percent(left), 4, percent(max(right - left, _SMALLEST)), 12, 2)]
        if cut:
            parts += [post("chart-cut", percent(left + 0.03), 3, 17), post("chart-cut", percent(left + 0.045), 3, 17)]
        return parts
    welcome = step.value == 0 or (step.value > 0) == (good == "up")
    css = f"chart-bar chart-{'green' if welcome else 'red'}"
    return [rect(css, percent(left), 5, percent(max(right - left, _SMALLEST)), 10, 1)]
