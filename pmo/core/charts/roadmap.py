"""The roadmap: plan, forecast and milestones of many projects on one time axis, one lane per row of a table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from .axes import Span
from .dates import date_ticks, full_date
from .markup import percent, post, rect, svg, text
from .model import LegendItem, RowBars
from .shapes import colon, comma, diamond, django_language

_HEIGHT = 24
_MIDDLE = 10.0
_BASE = 18.5
_REACH = 8
_TICKS = 7


@dataclass(frozen=True)
class Mark:
    """A milestone: where it was planned, where it is expected or was reached (None: only one of both is known)."""

    name: str
    baseline: datetime.date | None = None
    expected: datetime.date | None = None
    reached: bool = False


@dataclass(frozen=True)
class Lane:
    """One row: the plan, what is expected now, how far the work is (0 to 1), and its milestones."""

    label: str
    plan: tuple[datetime.date, datetime.date] | None = None
    expected: tuple[datetime.date, datetime.date] | None = None
    done: float | None = None
    marks: Sequence[Mark] = ()

    def __post_init__(self) -> None:
        for name, period in (("plan", self.plan), ("expected", self.expected)):
            if period is not None and period[1] < period[0]:
                raise ValueError(f"{self.label}: {name} ends before it begins")

    def days(self) -> list[datetime.date]:
        """Every date that is drawn."""
        found = [day for period in (self.plan, self.expected) if period for day in period]
        return found + [day for mark in self.marks for day in (mark.baseline, mark.expected) if day]


def roadmap(lanes: Sequence[Lane], today: datetime.date, *, lang: str | None = None) -> RowBars:
    """One drawing per lane on a common time axis with a line for today; the axis stands in the column's header."""
    days = [day for lane in lanes for day in lane.days()]
    if not days:
        with override(django_language(lang)):
            return RowBars(bars=[svg([], height=_HEIGHT, css="chart-rowbar") for _lane in lanes], label=_("No dates"))
    first, last = min([*days, today]), max([*days, today])
    span = Span(first.toordinal(), max(last.toordinal(), first.toordinal() + 1))
    bars = [_lane(lane, span, today, lang) for lane in lanes]
    with override(django_language(lang)):
        label = _("Time axis from %(first)s to %(last)s") % {
            "first": full_date(first, lang),
            "last": full_date(last, lang),
        }
        legend = [
            LegendItem("actual", _("Done")),
            LegendItem("remaining", _("Remaining")),
            LegendItem("baseline", _("Baseline")),
            LegendItem("forecast-line", _("Today")),
        ]
        stones = [
            LegendItem("stone", _("Key milestone")),
            LegendItem("stone-late", _("Late")),
            LegendItem("stone-plan", _("Its baseline")),
        ]
    return RowBars(
        bars=bars,
        label=label,
        head=_axis(first, last, span, today, lang),
        legend=legend + stones if any(lane.marks for lane in lanes) else legend,
    )


def _at(span: Span, day: datetime.date) -> float:
    return span.at(day.toordinal())


def _axis(first: datetime.date, last: datetime.date, span: Span, today: datetime.date, lang: str | None) -> SafeString:
    ticks = date_ticks(first, max(last, first + datetime.timedelta(days=1)), lang=lang, count=_TICKS)
    parts = []
    for index, (day, label) in enumerate(zip(ticks.values, ticks.texts, strict=True)):
        fraction = _at(span, day)
        anchor = "start" if fraction < 0.06 else "end" if fraction > 0.94 else "middle"
        parts.append(
            text(label, percent(fraction), 13, "chart-tick chart-tick-alt" if index % 3 else "chart-tick", anchor)
        )
    parts.append(post("chart-marker", percent(_at(span, today)), 16, 18 + _REACH))
    return svg(parts, height=18, css="chart-rowbar")


def _lane(lane: Lane, span: Span, today: datetime.date, lang: str | None) -> SafeString:
    parts = [post("chart-marker", percent(_at(span, today)), -_REACH, _HEIGHT + _REACH)]
    if lane.plan is not None:
        parts.append(_bar("chart-baseline", lane.plan, span, _BASE, 3))
    if lane.expected is not None:
        parts.append(_bar("chart-remaining", lane.expected, span, 5, 10))
        if lane.done:
            start, end = (_at(span, day) for day in lane.expected)
            width = (end - start) * min(lane.done, 1.0)
            parts.append(rect("chart-actual", percent(start), 5, percent(width), 10, 2))
    for mark in lane.marks:
        parts += _mark(mark, span)
    return svg(parts, height=_HEIGHT, css="chart-rowbar", title=lane.label, description=_said(lane, lang))


def _bar(css: str, period: tuple[datetime.date, datetime.date], span: Span, top: float, height: float) -> SafeString:
    start, end = (_at(span, day) for day in period)
    return rect(css, percent(start), top, percent(max(end - start, 0.004)), height, min(2.0, height / 2))


def _mark(mark: Mark, span: Span) -> list[SafeString]:
    parts = []
    late = mark.baseline is not None and mark.expected is not None and mark.expected > mark.baseline
    if mark.baseline is not None and (late or mark.expected is None):
        parts.append(diamond("chart-stone-plan", percent(_at(span, mark.baseline)), _MIDDLE, mark.name))
    if mark.expected is not None:
        css = "chart-stone-late" if late and not mark.reached else "chart-stone"
        parts.append(diamond(css, percent(_at(span, mark.expected)), _MIDDLE, mark.name))
    return parts


def _said(lane: Lane, lang: str | None) -> str:
    """The lane in words, for those who do not see it."""
    parts = []
    for mark in lane.marks:
        day = mark.expected or mark.baseline
        if day is not None:
            parts.append(f"{mark.name}{colon(lang)}{full_date(day, lang)}")
    return comma(lang).join(parts)
