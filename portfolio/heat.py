"""The health heat map of snapshots: every project against the dimensions somebody has a score in."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.core.charts.heat import HeatCell, HeatLine, HeatMap, heat_figure
from pmo.core.charts.model import Cell, Figure
from pmo.core.charts.spark import shared_scale, sparkline
from portfolio.queries.computed import score_band
from portfolio.queries.dashboard import HeatRow
from projects.models.choices import Band, Dimension


def cell_band(score: float | None) -> str:
    """The colour of one dimension's score, grey without one."""
    return Band.GREY.value if score is None else score_band(score)


def measured(rows: Sequence[HeatRow]) -> list[str]:
    """The dimensions in which any of the projects has a score, in their order."""
    scored = {name for row in rows for name, score in row.scores if score is not None}
    return [name for name in Dimension.values if name in scored]


def health_heat(rows: Sequence[HeatRow], *, key: str = "heat", title: str = "", more: Cell | None = None) -> Figure:
    """The figure, in the order of the rows. Cells and scores open the explanation of the snapshot's date."""
    shown = measured(rows)
    scale = shared_scale([row.history for row in rows], height=24)
    drawing = HeatMap(
        dimensions=[str(Dimension(name).label) for name in shown],
        lines=[_line(row, shown, scale) for row in rows],
        row_label=_("Project"),
        owner_label=_("Project manager"),
        change_label=_("Since last run"),
        spark_label=_("12 weeks"),
    )
    return heat_figure(
        key, title or _("Health heat map"), _takeaway(rows, shown), drawing, note=_unmeasured(shown, rows), more=more
    )


def _line(row: HeatRow, shown: Sequence[str], scale: float) -> HeatLine:
    snapshot = row.snapshot
    page = {"key": "projects", "pk": snapshot.project_id}
    why = reverse("register-tab", kwargs={**page, "tab": "health"}) + f"?date={snapshot.date}"
    scores = dict(row.scores)
    return HeatLine(
        name=str(snapshot.project),
        href=reverse("register-detail", kwargs=page),
        band=snapshot.band,
        score=snapshot.overall,
        why=why,
        declared="" if snapshot.declared == Band.GREY else snapshot.declared,
        stale=snapshot.stale,
        cells=[HeatCell(cell_band(scores[name]), scores[name], "" if scores[name] is None else why) for name in shown],
        spark=sparkline(row.history, width=80, height=24, last_band=snapshot.band, per_pixel=scale),
        change=None if row.change is None else round(row.change),
        owner=str(snapshot.project.pm or ""),
    )


def _takeaway(rows: Sequence[HeatRow], shown: Sequence[str]) -> str:
    """Which dimension is red most often, among the projects drawn."""
    if not rows:
        return _("No project in this choice has health on this date.")
    reds = {name: sum(_is_red(row, name) for row in rows) for name in shown}
    worst = max(reds, key=lambda name: reds[name], default="")
    if not worst or not reds[worst]:
        return _("No dimension is off track.")
    number = reds[worst]
    return ngettext(
        "%(dimension)s is the dimension most often off track, in %(n)s project.",
        "%(dimension)s is the dimension most often off track, in %(n)s projects.",
        number,
    ) % {"dimension": Dimension(worst).label, "n": number}


def _is_red(row: HeatRow, name: str) -> bool:
    return any(one == name and cell_band(score) == Band.RED for one, score in row.scores)


def _unmeasured(shown: Sequence[str], rows: Sequence[HeatRow]) -> str:
    missing = [str(label) for value, label in Dimension.choices if value not in shown] if rows and shown else []
    return _("No data yet: %(names)s.") % {"names": _(", ").join(missing)} if missing else ""
