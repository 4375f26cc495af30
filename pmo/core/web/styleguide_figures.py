"""Figures of the style guide: each with data, with one value and without any. Samples, not figures of any project."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pmo.core.charts.bridge import BridgeStep, bridge
from pmo.core.charts.heat import HeatCell, HeatLine, HeatMap, heat_figure
from pmo.core.charts.model import Column, DataTable, Figure
from pmo.core.charts.roadmap import Lane, Mark, roadmap
from pmo.core.web.formats import format_number

Row = dict[str, Any]


def figures(rows: list[Row], dimensions: list[str], today: dt.date) -> list[Figure]:
    """Heat map, bridge and roadmap in three states. `rows` are the sample rows of the guide's heat map."""
    changes = [(_("Scope"), 17.1), (_("Suppliers"), 10.0), (_("Savings"), -6.4)]
    lanes = [_lane(row["name"], today, index) for index, row in enumerate(rows[:4])]
    found = []
    for number, (state, part) in enumerate((("", 4), ("-one", 1), ("-none", 0)), start=1):
        made = [
            _heat(f"heat{state}", rows[:part], dimensions),
            _bridge(f"bridge{state}", 955.6, changes[:part]) if part else _bridge(f"bridge{state}", None, []),
            _roadmap(f"roadmap{state}", lanes[:part], today),
        ]
        # Numbered, so that no two regions of the page have one name.
        found += [replace(one, title=f"{one.title} {number}") for one in made]
    return found


def _heat(key: str, rows: list[Row], dimensions: list[str]) -> Figure:
    lines = [
        HeatLine(
            name=row["name"],
            band=row["band"],
            score=row["health"],
            declared=row["declared"] or "",
            cells=[HeatCell(cell["band"], cell["score"]) for cell in row["cells"]],
            spark=row["spark"] or SafeString(),
            change=row["delta"],
            owner=row["manager"],
            stale=row["stale"],
        )
        for row in rows
    ]
    drawing = HeatMap(dimensions, lines, _("Project"), _("Project manager"), _("Since last run"), _("12 weeks"))
    return heat_figure(key, _("Heat map"), _("The worst come first; each cell opens its explanation."), drawing)


def _bridge(key: str, start: float | None, changes: list[tuple[str, float]]) -> Figure:
    steps = []
    if start is not None:
        end = start + sum(value for _label, value in changes)
        steps = [BridgeStep(_("Budget"), start, total=True), *(BridgeStep(*change) for change in changes)]
        steps.append(BridgeStep(_("Forecast"), end, total=True))
    rows = [[step.label, format_number(step.value, 1, sign=not step.total)] for step in steps]
    return Figure(
        key=key,
        title=_("Bridge"),
        takeaway=_("From one total over its changes to another."),
        table=DataTable([Column(_("Item")), Column(_("Amount"), numeric=True)], rows),
        drawing=bridge(steps),
    )


def _lane(name: str, today: dt.date, index: int) -> Lane:
    start, finish = today - dt.timedelta(days=200 - 30 * index), today + dt.timedelta(days=90 + 40 * index)
    later = finish + dt.timedelta(days=12 * index)
    return Lane(name, (start, finish), (start, later), 0.6 - index / 10, [Mark(_("Milestone"), finish, later)])


def _roadmap(key: str, lanes: list[Lane], today: dt.date) -> Figure:
    rows = [[lane.label, lane.plan[1].isoformat() if lane.plan else ""] for lane in lanes]
    return Figure(
        key=key,
        title=_("Roadmap"),
        takeaway=_("Plan, forecast and key milestones on one time axis."),
        table=DataTable([Column(_("Project")), Column(_("Planned finish"), numeric=True)], rows),
        drawing=roadmap(lanes, today),
    )
