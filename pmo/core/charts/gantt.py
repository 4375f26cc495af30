"""A Gantt chart beside a table: one drawing per row of fixed height on a common time axis, with links from row to row."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from .axes import Span
from .dates import date_ticks, full_date
from .markup import Attribute, percent, post, rect, svg, tag, text
from .model import LegendItem, RowBars, Swatch
from .shapes import comma, diamond, django_language

HEIGHT, PITCH = 32, 33
"""Pixels of a drawing, and from one row of the table to the next: a hairline lies between."""
_BAR, _TOP = 10.0, 8.0
_LEAST = 0.01
"""Share of the width that the shortest task takes: a day of a year is still seen."""
_MIDDLE = _TOP + _BAR / 2
_BASE = _TOP + _BAR + 3
_TICKS = 8
_LEAST_WIDE, _BETWEEN = 280.0, 8.0
"""Pixels of the narrowest axis of a screen, and between two labels."""
_LETTER, _WIDE_FROM = 5.6, 0x2E80
Moment = datetime.datetime | None


@dataclass(frozen=True)
class GanttLink:
    """A line from another row that is drawn too: how many rows above (negative: below), and which ends it joins."""

    rows_up: int
    start: datetime.datetime
    end: datetime.datetime
    critical: bool = False


@dataclass(frozen=True)
class GanttRow:
    """One row: when it runs, what was agreed, how far it is (0 to 1)."""

    label: str
    start: Moment = None
    finish: Moment = None
    baseline_start: Moment = None
    baseline_finish: Moment = None
    done: float | None = None
    summary: bool = False
    milestone: bool = False
    critical: bool = False
    links: Sequence[GanttLink] = ()


def gantt(
    rows: Sequence[GanttRow],
    first: datetime.date,
    last: datetime.date,
    today: datetime.date,
    status: datetime.date | None = None,
    further: Collection[str] = (),
    *,
    lang: str | None = None,
) -> RowBars:
    """Drawings for the rows on the axis from `first` to `last`, with a line for today and one for the status date.

    The legend says what is drawn; `further` are the keys of what further rows draw.
    """
    span = Span(first.toordinal(), max(last.toordinal() + 1, first.toordinal() + 2))
    lines = [("chart-today", today), ("chart-status", status)]
    posts = [(css, _of_day(span, day)) for css, day in lines if day is not None and first <= day <= last]
    bars = [_row(row, span, posts, lang) for row in rows]
    with override(django_language(lang)):
        words = {"first": full_date(first, lang), "last": full_date(last, lang)}
        items: dict[Swatch, str] = {
            "actual": _("Done"),
            "remaining": _("Remaining"),
            "critical": _("Critical"),
            "baseline": _("Baseline"),
            "stone": _("Milestone"),
            "forecast-line": _("Today"),
        }
        label = _("Time axis from %(first)s to %(last)s") % words
    drawn = kinds_of(rows) | set(further) | ({"forecast-line"} if first <= today <= last else set())
    legend = [LegendItem(key, word) for key, word in items.items() if key in drawn]
    return RowBars(bars=bars, label=label, head=_axis(first, last, span, posts, lang), legend=legend)


def kinds_of(rows: Sequence[GanttRow]) -> set[str]:
    """What the drawings of the rows consist of, by the keys of the legend."""
    found: set[str] = set()
    for row in rows:
        runs = row.start is not None and row.finish is not None
        if row.baseline_start is not None and row.baseline_finish is not None:
            found.add("baseline")
        if runs and row.critical:
            found.add("critical")
        if runs and row.milestone:
            found.add("stone")
        elif runs and not row.summary:
            found |= ({"actual"} if row.done else set()) | ({"remaining"} if (row.done or 0) < 1 else set())
    return found


def _of_day(span: Span, day: datetime.date) -> float:
    return span.at(day.toordinal())


def _at(span: Span, at: datetime.datetime) -> float:
    return span.at(at.date().toordinal() + (at.hour * 60 + at.minute) / 1440)


def _axis(
    first: datetime.date, last: datetime.date, span: Span, posts: list[tuple[str, float]], lang: str | None
) -> SafeString:
    ticks = date_ticks(first, max(last, first + datetime.timedelta(days=1)), lang=lang, count=_TICKS)
    parts = [post(css, percent(place), 16, 26) for css, place in posts]
    years = [day.year for day in ticks.values]
    taken: dict[int, tuple[float, float, SafeString]] = {}
    # Those that name their year come first: a month without its year is only read beside them.
    for index in sorted(range(len(years)), key=lambda one: one > 0 and years[one] == years[one - 1]):
        label, place = ticks.texts[index], _of_day(span, ticks.values[index])
        wide = _width(label) / _LEAST_WIDE
        anchor = "start" if place < wide / 2 else "end" if place > 1 - wide / 2 else "middle"
        left = place - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        right = left + wide + _BETWEEN / _LEAST_WIDE
        if any(left < stop and begin < right for begin, stop, _drawn in taken.values()):
            continue
        css = "chart-tick chart-tick-alt" if index % 3 else "chart-tick"
        taken[index] = (left, right, text(label, percent(place), 13, css, anchor))
    parts += [taken[index][2] for index in sorted(taken)]
    return svg(parts, height=18, css="chart-rowbar")


def _width(label: str) -> float:
    """About the pixels that a label takes."""
    return sum(_LETTER * (1 if ord(one) < _WIDE_FROM else 2) for one in label)


def _row(row: GanttRow, span: Span, posts: list[tuple[str, float]], lang: str | None) -> SafeString:
    parts = [post(css, percent(place), 0, HEIGHT) for css, place in posts]
    for link in row.links:
        parts += _link(link, span)
    parts += _baseline(row, span)
    if row.start is not None and row.finish is not None:
        parts += _stone(row, span) if row.milestone else _bars(row, span)
    drawn = row.start is not None or row.baseline_start is not None
    title = row.label if drawn else ""
    return svg(parts, height=HEIGHT, css="chart-rowbar chart-gantt", title=title, description=_said(row, lang))


def _bars(row: GanttRow, span: Span) -> list[SafeString]:
    assert row.start is not None and row.finish is not None  # noqa: S101  asked before
    start, end = _at(span, row.start), _at(span, row.finish)
    width = max(end - start, _LEAST)
    kind = " chart-is-critical" if row.critical else ""
    if row.summary:
        return [
            rect("chart-summary" + kind, percent(start), _TOP + 1, percent(width), 4),
            rect("chart-summary" + kind, percent(start), _TOP + 1, 2, 9),
            tag("svg", {"x": percent(start + width), "y": _TOP + 1, "overflow": "visible", "width": 1, "height": 1},
                rect("chart-summary" + kind, -2, 0, 2, 9)),
        ]  # fmt: skip
    parts = [rect("chart-remaining chart-edge-bar" + kind, percent(start), _TOP, percent(width), _BAR, 2)]
    if row.done:
        parts.append(rect("chart-actual" + kind, percent(start), _TOP, percent(width * min(row.done, 1.0)), _BAR, 2))
    return parts


def _stone(row: GanttRow, span: Span) -> list[SafeString]:
    assert row.finish is not None  # noqa: S101  asked before
    css = "chart-stone chart-is-critical" if row.critical else "chart-stone"
    return [diamond(css, percent(_at(span, row.finish)), _MIDDLE, row.label)]


def _baseline(row: GanttRow, span: Span) -> list[SafeString]:
    if row.baseline_start is None or row.baseline_finish is None:
        return []
    start, end = _at(span, row.baseline_start), _at(span, row.baseline_finish)
    if row.milestone:
        return [diamond("chart-stone-plan", percent(end), _MIDDLE)]
    return [rect("chart-baseline", percent(start), _BASE, percent(max(end - start, 0.003)), 3, 1)]


def _link(link: GanttLink, span: Span) -> list[SafeString]:
    """Along the row it comes from, then down or up to this row."""
    one, two = _at(span, link.start), _at(span, link.end)
    away = _MIDDLE - link.rows_up * PITCH
    edge = _TOP - 1 if link.rows_up > 0 else _TOP + _BAR + 1
    css = "chart-link chart-is-critical" if link.critical else "chart-link"
    along = tag("line", {"class": css, "x1": percent(one), "x2": percent(two), "y1": away, "y2": away})
    head = "M-3 -4L3 -4L0 0Z" if link.rows_up > 0 else "M-3 4L3 4L0 0Z"
    frame: dict[str, Attribute] = {"x": percent(two), "y": edge, "width": 1, "height": 1, "overflow": "visible"}
    return [
        along,
        post(css, percent(two), away, edge),
        tag("svg", frame, tag("path", {"class": f"{css} chart-tip", "d": head})),
    ]


def _said(row: GanttRow, lang: str | None) -> str:
    days = [full_date(one.date(), lang) for one in (row.start, row.finish) if one is not None]
    with override(django_language(lang)):
        return comma(lang).join([*dict.fromkeys(days), *([_("Critical")] if row.critical else [])])
