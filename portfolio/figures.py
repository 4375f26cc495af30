"""The figures of health pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.charts.dates import full_date
from pmo.core.charts.model import Cell, Column, DataTable, Figure
from pmo.core.charts.trend import Line, Thresholds, line_trend
from portfolio.calc.health.bands import round_shown
from portfolio.calc.health.model import HealthModelSpec
from portfolio.measure_words import plain_number, score_text
from portfolio.queries.health_story import HealthPoint
from projects.models.choices import Band


def trend_figure(points: Sequence[HealthPoint], spec: HealthModelSpec, project_id: int, lang: str) -> Figure:
    """A project's health over time, its colours behind it; every date opens the explanation of that day."""
    return Figure(
        key="health-trend",
        metric="HM-OVERALL",
        title=_("Health over time"),
        takeaway=_takeaway(points),
        table=DataTable(
            columns=[Column(_("Date")), Column(_("Health"), numeric=True), Column(_("Computed"))],
            rows=[_row(point, project_id, lang) for point in reversed(points)],
        ),
        drawing=line_trend(
            [Line(_("Health"), [(point.date, point.overall) for point in points])],
            Thresholds(red=spec.amber_from, green=spec.green_from),
            title=_("Health over time"),
            low=0,
            high=100,
            compact=False,
            lang=lang,
        ),
        how=_(
            "One figure per date with a snapshot: daily for 90 days, then the last of each week. The colours behind the line are those of the rules in force on the last date."
        ),
    )


def _row(point: HealthPoint, project_id: int, lang: str) -> list[Cell | str]:
    url = reverse("register-tab", kwargs={"key": "projects", "pk": project_id, "tab": "health"})
    word = str(Band(point.band).label)
    return [Cell(full_date(point.date, lang), f"{url}?date={point.date.isoformat()}"), score_text(point.overall), word]


def _takeaway(points: Sequence[HealthPoint]) -> str:
    """How health moved from the first to the last date that has a figure."""
    scored = [(point.date, float(round_shown(point.overall))) for point in points if point.overall is not None]
    if len(scored) < 2:
        return _("There is no earlier figure to compare with.")
    (since, first), (_until, last) = scored[0], scored[-1]
    words = {"first": plain_number(first), "last": plain_number(last), "since": full_date(since)}
    if last > first:
        return _("Health rose from %(first)s to %(last)s since %(since)s.") % words
    if last < first:
        return _("Health fell from %(first)s to %(last)s since %(since)s.") % words
    return _("Health is %(last)s, as on %(since)s.") % words
