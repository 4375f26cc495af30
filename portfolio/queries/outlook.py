"""From the measures of a chunk to what an early warning is made of: only what was stored by the end of the day is read."""

from __future__ import annotations

import datetime

import numpy as np
from django.db.models import FloatField
from django.db.models.functions import Cast

from portfolio.calc.health import BAND_CODES, HealthResult
from portfolio.calc.health.codes import MEASURES
from portfolio.calc.warning.ahead import HISTORY, State, coming_work
from portfolio.models import HealthSnapshot, RollupSnapshot
from portfolio.queries.health_chunk import Chunk
from portfolio.queries.health_fetch import EpochDay, FloatArray, dates, fetch_columns, floats, ints
from portfolio.queries.measures import Measures

_CODE = {band: code for code, band in enumerate(BAND_CODES)}
_WEEK = datetime.timedelta(weeks=1)


def state_of(chunk: Chunk, measures: Measures, result: HealthResult, day: datetime.date) -> State:
    """The state of the chunk's projects at the end of the day. Two queries beside those of the measures."""
    rows, value = measures.milestones, measures.value
    past = weekly_past(chunk, day)
    size = chunk.ids.size
    unknown = np.full(size, np.nan)
    return State(
        measures={code: measures.measures.get(code, unknown) for code in MEASURES},
        drivers=measures.driver,
        overall=result.overall,
        band=result.band,
        declared=np.array([_CODE[name] for name in measures.reports.declared.tolist()], dtype=np.int8),
        dimensions=result.dimension_scores,
        bac=value.bac,
        ev=value.ev,
        ac=value.ac,
        eac=value.eac,
        burn=_burn(value.ac, past),
        cycle_weeks=measures.cycle_days / 7.0,
        open_issues=measures.open_issues,
        history=np.concatenate([result.overall[:, np.newaxis], past.overall[:, : HISTORY - 1]], axis=1),
        work=coming_work(rows.project, rows.weight, rows.baseline, rows.forecast, rows.actual, day=day, projects=size),
    )


class Past:
    """Overall score and actual cost of n projects one to eight weeks before, (n, 8), NaN where there is no snapshot."""

    def __init__(self, size: int) -> None:
        self.overall: FloatArray = np.full((size, HISTORY), np.nan)
        self.cost: FloatArray = np.full((size, HISTORY), np.nan)


def weekly_past(chunk: Chunk, day: datetime.date) -> Past:
    """The snapshots of the weeks before: of each week the last date not later than that many weeks ago. Two queries."""
    past = Past(chunk.ids.size)
    weeks = week_dates(day, HISTORY)
    if not weeks:
        return past
    found = HealthSnapshot.objects.filter(chunk.where(), date__in=list(weeks)).order_by()
    rows = found.values_list("project_id", EpochDay("date"), "overall", Cast("ac", FloatField()))
    ids, days, overall, cost = fetch_columns(rows, 4)
    place, known = chunk.places(ints(ids))
    lag = np.array([weeks[date] - 1 for date in dates(days).tolist()], dtype=np.int64)
    past.overall[place[known], lag[known]] = floats(overall)[known]
    past.cost[place[known], lag[known]] = floats(cost)[known]
    return past


def week_dates(day: datetime.date, weeks: int) -> dict[datetime.date, int]:
    """{date: weeks before the day} of the dates with computed health, at most one a week. One query.

    Dates are those of the organisation's roll-up; snapshots of past quarters are kept for Sundays only.
    """
    kept = RollupSnapshot.objects.filter(
        kind=RollupSnapshot.Kind.ALL, ref_id=0, date__lte=day - _WEEK, date__gt=day - _WEEK * (weeks + 1)
    )
    found: dict[int, datetime.date] = {}
    for date in kept.order_by("date").values_list("date", flat=True):
        found[(day - date).days // 7] = date
    return {date: lag for lag, date in found.items()}


def _burn(cost: FloatArray, past: Past) -> FloatArray:
    """Money a week since the oldest of the last eight weeks whose cost is known; NaN without one."""
    known = ~np.isnan(past.cost)
    oldest = HISTORY - 1 - known[:, ::-1].argmax(axis=1)
    before = past.cost[np.arange(len(cost)), oldest]
    burn: FloatArray = np.maximum(cost - before, 0.0) / (oldest + 1.0)
    return burn
