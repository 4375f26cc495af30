"""Computed health for the room below: what a report's author sees beside the colours they declare."""

from __future__ import annotations

import datetime

from pmo.core.calendars.queries import organisation_as_of
from portfolio.calc.health.bands import band_of
from portfolio.calc.health.codes import BAND_CODES
from portfolio.models import HealthSnapshot
from projects.models.choices import Dimension
from projects.queries.computed import Computed, Figures, Mark


def computed_health(project_id: int, until: datetime.date) -> Computed | None:
    """The newest snapshot of the project up to the day, with its figures in base currency. Two queries."""
    row = HealthSnapshot.objects.filter(project_id=project_id, date__lte=until).order_by("-date").first()
    if row is None:
        return None
    scores = {name: getattr(row, name) for name in Dimension.values}
    marks = {name: Mark(score_band(score), score) for name, score in scores.items() if score is not None}
    currency = organisation_as_of(row.date).base_currency
    figures = Figures(currency, row.bac, row.ev, row.ac, row.eac)
    return Computed(row.date, Mark(row.band, row.overall), marks, figures)


def score_band(score: float) -> str:
    """The colour of one dimension's score, by the usual limits of 75 and 55."""
    return BAND_CODES[int(band_of(score, green_from=75.0, amber_from=55.0))]
