"""How far benefits have come by the end of a day against their plan, for many projects at once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, FloatField, Q, Sum, Window
from django.db.models.functions import Cast, RowNumber
from numpy.typing import NDArray

from pmo.core.history.queries import as_of
from projects.calc.benefit_timing import (
    DateArray,
    add_months,
    expected_finish,
    last_ended_month,
    previous_month,
    weeks_between,
)
from projects.models import Benefit, BenefitLine, Project
from projects.queries.version_rows import EVERYWHERE, BoolArray, FloatArray, IntArray, TextArray, columns


@dataclass(frozen=True)
class BenefitProgress:
    """m benefits in flat arrays, ordered by project and benefit; amounts are gains in the benefit's own unit.

    A gain of money or of another sum is the sum of its periods; the gain of a level is its distance from the baseline
    in the wanted direction. `currency` is "" where the benefit is not money: amounts are added within a currency only.
    `actual_to_date` is NaN while nothing was measured. `start_slip_weeks` is the expected start minus the planned one:
    0 for a fixed date, NaN where the project's finish is unknown.
    """

    project: IntArray
    row_id: IntArray
    monetary: BoolArray
    currency: TextArray
    planned_to_date: FloatArray
    actual_to_date: FloatArray
    planned_total: FloatArray
    planned_start: DateArray
    expected_start: DateArray
    start_slip_weeks: FloatArray


@dataclass(frozen=True)
class BenefitSummary:
    """Benefits of n projects. `attained_pct`: mean over the benefits with a plan by the day of actual / planned.

    Each counts between 0 and 100, so that one that brings more does not hide one that brings nothing; NaN where nothing
    is planned yet. `start_slip_weeks`: the largest of the project's benefits, NaN where no start is known.
    """

    ids: IntArray
    benefits: IntArray
    attained_pct: FloatArray
    start_slip_weeks: FloatArray


def benefit_progress(day: datetime.date, project_where: Q = EVERYWHERE) -> BenefitProgress:
    """Every benefit of the projects that `project_where` (on `project_id`) keeps. Five queries.

    A month counts as soon as it is measured, at the latest when the month after it is over.
    """
    rows = as_of(Benefit, day).filter(project_where).order_by("project_id", "row_id")
    names = ("project_id", "row_id", "monetary", "currency", "manner", "direction", "anchor", "starts_on")
    got = columns(
        rows.values_list(*names, "offset_months", Cast("baseline", FloatField()), Cast("planned_total", FloatField())),
        len(names) + 3,
    )
    project, row_id = (np.array(column, dtype=np.int64) for column in got[:2])
    level = np.array(got[4], dtype=object) == Benefit.Manner.LEVEL.value
    sign = np.where(np.array(got[5], dtype=object) == Benefit.Direction.DOWN.value, -1.0, 1.0)
    baseline, total = (np.array(column, dtype=np.float64) for column in got[9:11])
    planned, actual = _to_date(day, project_where, row_id, level)

    def gain(values: FloatArray) -> FloatArray:
        return np.where(level, (values - baseline) * sign, values)

    fixed = np.array(got[6], dtype=object) == Benefit.Anchor.DATE.value
    starts_on = np.array(got[7], dtype="datetime64[D]")
    offsets = np.array([months or 0 for months in got[8]], dtype=np.int64)
    plan_finish, real_finish = _finishes(day, project_where, project)
    planned_start = np.where(fixed, starts_on, add_months(plan_finish, offsets))
    expected_start = np.where(fixed, starts_on, add_months(real_finish, offsets))
    return BenefitProgress(
        project=project,
        row_id=row_id,
        monetary=np.array(got[2], dtype=np.bool_),
        currency=np.array(got[3], dtype=object),
        planned_to_date=np.where(np.isnan(planned), 0.0, gain(planned)),
        actual_to_date=gain(actual),
        planned_total=gain(total),
        planned_start=planned_start,
        expected_start=expected_start,
        start_slip_weeks=weeks_between(planned_start, expected_start),
    )


def benefit_summary(rows: BenefitProgress) -> BenefitSummary:
    """The benefits of `benefit_progress` gathered by project. No query."""
    ids, place = np.unique(rows.project, return_inverse=True)
    due = rows.planned_to_date > 0
    actual = np.where(np.isnan(rows.actual_to_date), 0.0, rows.actual_to_date)
    share = np.zeros(place.size)
    share[due] = np.clip(actual[due] / rows.planned_to_date[due], 0.0, 1.0)
    counted = np.bincount(place[due], minlength=ids.size)
    summed = np.bincount(place, weights=share, minlength=ids.size)
    attained = np.full(ids.size, np.nan)
    np.divide(summed * 100.0, counted, out=attained, where=counted > 0)
    slip = np.full(ids.size, np.nan)
    np.fmax.at(slip, place, rows.start_slip_weeks)
    return BenefitSummary(ids, np.bincount(place, minlength=ids.size).astype(np.int64), attained, slip)


def counted_periods(day: datetime.date) -> Q:
    """Periods that count by the end of the day: ended and measured, or ended a month ago."""
    ended = last_ended_month(day)
    return Q(period__lte=previous_month(ended)) | Q(period__lte=ended, actual__isnull=False)


def _to_date(day: datetime.date, project_where: Q, row_id: IntArray, level: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Planned and actual by the day: sums, or for levels the last value; NaN where there is none. Three queries."""
    lines = as_of(BenefitLine, day).filter(project_where, counted_periods(day))
    planned, actual = np.full(row_id.size, np.nan), np.full(row_id.size, np.nan)
    sums = (
        lines.order_by()
        .values("benefit_id")
        .annotate(plan=Cast(Sum("planned"), FloatField()), real=Cast(Sum("actual"), FloatField()))
    )
    got = columns(sums.values_list("benefit_id", "plan", "real"), 3)
    _put(planned, row_id, ~level, got[0], got[1])
    _put(actual, row_id, ~level, got[0], got[2])
    levels = as_of(Benefit, day).filter(project_where, manner=Benefit.Manner.LEVEL).values("row_id")
    for name, target in (("planned", planned), ("actual", actual)):
        last = lines.filter(benefit_id__in=levels, **{f"{name}__isnull": False}).annotate(
            rank=Window(RowNumber(), partition_by=[F("benefit_id")], order_by=[F("period").desc(), F("row_id").desc()])
        )
        found = columns(last.filter(rank=1).values_list("benefit_id", Cast(name, FloatField())), 2)
        _put(target, row_id, level, found[0], found[1])
    return planned, actual


def _put(
    target: FloatArray, row_id: IntArray, chosen: BoolArray, ids: tuple[Any, ...], values: tuple[Any, ...]
) -> None:
    """Write the values of benefits into their places; benefits that are not chosen or not there are left out."""
    order = np.argsort(row_id)
    numbers = np.array(ids, dtype=np.int64)
    if not numbers.size or not row_id.size:
        return
    place = order[np.minimum(np.searchsorted(row_id, numbers, sorter=order), row_id.size - 1)]
    known = (row_id[place] == numbers) & chosen[place]
    target[place[known]] = np.array(values, dtype=np.float64)[known]


def _finishes(day: datetime.date, project_where: Q, project: IntArray) -> tuple[DateArray, DateArray]:
    """Planned and expected finish of the project of each benefit, NaT where unknown. One query."""
    rows = as_of(Project, day).alias(project_id=F("row_id")).filter(project_where).order_by("row_id")
    got = columns(rows.values_list("row_id", "planned_finish", "forecast_finish", "actual_finish"), 4)
    ids = np.array(got[0], dtype=np.int64)
    plan, forecast, actual = (_days(column) for column in got[1:])
    expected = expected_finish(plan, forecast, actual, day)
    if not ids.size:
        empty: NDArray[np.datetime64] = np.full(project.size, np.datetime64("NaT"), dtype="datetime64[D]")
        return empty, empty
    place = np.minimum(np.searchsorted(ids, project), ids.size - 1)
    nothing = np.datetime64("NaT", "D")
    known = ids[place] == project
    return np.where(known, plan[place], nothing), np.where(known, expected[place], nothing)


def _days(values: tuple[Any, ...]) -> DateArray:
    return np.array(values, dtype="datetime64[D]")
