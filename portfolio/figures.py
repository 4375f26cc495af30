"""The figures of health pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.charts.dates import full_date
from pmo.core.charts.model import Cell, Column, DataTable, Figure
from pmo.core.charts.tables import LostPoints, waterfall
from pmo.core.charts.trend import Line, Thresholds, line_trend
from pmo.core.web.formats import format_number, format_score
from portfolio.calc.health import BAND_CODES
from portfolio.calc.health.bands import round_shown
from portfolio.calc.health.explain import Explanation
from portfolio.calc.health.model import HealthModelSpec
from portfolio.explanations import rule_label
from portfolio.measure_words import dimension_label, plain_number, score_text
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


def points_figure(why: Explanation, project_id: int, lang: str) -> Figure:
    """What each dimension and rule costs, from 100 down to the score; empty for a project without a colour."""
    lost: dict[str, float] = {}
    for measure in why.measures:
        lost[measure.dimension] = lost.get(measure.dimension, 0.0) + measure.shown_points
    url = reverse("register-tab", kwargs={"key": "projects", "pk": project_id, "tab": "health"})
    known = [item for item in why.dimensions if item.score is not None] if why.shown is not None else []
    known.sort(key=lambda item: -lost.get(item.dimension, 0.0))
    rows: list[list[Cell | str]] = []
    steps = []
    for item in known:
        points = round(lost.get(item.dimension, 0.0), 1)
        label = dimension_label(item.dimension)
        weight = f"{100 * item.weight_share:.0f}%"
        rows.append([Cell(label, url), format_score(item.score, lang), weight, _lost(points, lang)])
        steps.append(LostPoints(label, points, BAND_CODES[item.band]))
    for rule in why.rules if known else ():
        if rule.shown_points:
            label = rule_label(rule.rule)
            rows.append([Cell(label, url), "", "", _lost(rule.shown_points, lang)])
            steps.append(LostPoints(label, rule.shown_points, Band.RED))
    return Figure(
        key="points",
        title=_("Where the points went"),
        takeaway=_points_takeaway(steps, why.shown, lang),
        table=DataTable(
            columns=[
                Column(_("Dimension")),
                *(Column(name, numeric=True) for name in (_("Score"), _("Weight"), _("Points"))),
            ],
            rows=rows,
        ),
        drawing=replace(waterfall(steps, lang=lang), after=4),
        how=_("Each dimension takes its weight times what it lacks to 100. Caps and penalties come last."),
    )


def _lost(points: float, lang: str) -> str:
    return format_number(-points, 1, lang) if points else "0"


def _points_takeaway(steps: Sequence[LostPoints], shown: float | None, lang: str) -> str:
    if shown is None or not steps:
        return _("There is not enough data for a colour.")
    worst = max(steps, key=lambda step: step.lost)
    if not worst.lost:
        return _("No dimension takes a point.")
    words = {"name": worst.label, "points": format_number(worst.lost, 1, lang), "shown": format_number(shown, 1, lang)}
    return _("%(name)s takes the most, %(points)s points; %(shown)s are left.") % words


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
