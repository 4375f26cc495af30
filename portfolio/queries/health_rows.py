"""The rows that health is measured from, as they stood at the end of a day: a handful of set-based reads per chunk.

Everything comes from version tables, so that what is edited, imported or deleted later changes nothing. Sums and counts
are made by the database, one row per project and currency; milestones come as flat arrays.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, F, FloatField, Min, Q, Sum, Window
from django.db.models.functions import Cast, RowNumber
from numpy.typing import NDArray

from pmo.core.history.models import version_of
from pmo.core.history.queries import as_of
from portfolio.models import Portfolio, PortfolioItem
from portfolio.models.structure import CYCLE_DAYS, Cycle
from portfolio.queries.health_chunk import BoolArray, Chunk, IntArray
from portfolio.queries.health_fetch import DateArray, EpochDay, FloatArray, dates, fetch_columns, floats, ints
from projects.models import Action, BudgetLine, CostLine, Decision, Issue, Milestone, Project, StatusReport
from projects.models.choices import ProjectStatus
from projects.models.ridac import WorkState

TextArray = NDArray[np.object_]


@dataclass(frozen=True)
class ProjectFacts:
    """What the registry says about n projects; dates are NaT and amounts NaN where unknown."""

    driver: TextArray
    currency: TextArray
    started: BoolArray
    planned_start: DateArray
    actual_start: DateArray
    planned_finish: DateArray
    forecast_finish: DateArray
    actual_finish: DateArray
    forecast_cost: FloatArray
    reserve: FloatArray


_DATES = ("planned_start", "actual_start", "planned_finish", "forecast_finish", "actual_finish")


def project_facts(chunk: Chunk, day: datetime.date) -> ProjectFacts:
    """The registry row of each project of the chunk. One query."""
    rows = (
        as_of(Project, day)
        .filter(chunk.where("row_id"))
        .values_list(
            "row_id",
            "delivery_driver",
            "currency",
            "status",
            Cast("forecast_cost", FloatField()),
            Cast("contingency_reserve", FloatField()),
            *(EpochDay(name) for name in _DATES),
        )
    )
    columns = fetch_columns(rows, 6 + len(_DATES))
    place, known = chunk.places(ints(columns[0]))
    order = np.flatnonzero(known)[np.argsort(place[known])]
    driver, currency, status = (np.array(column, dtype=object)[order] for column in columns[1:4])
    return ProjectFacts(
        driver=driver,
        currency=currency,
        started=status != ProjectStatus.NOT_STARTED.value,
        forecast_cost=floats(columns[4])[order],
        reserve=floats(columns[5])[order],
        **{name: dates(column)[order] for name, column in zip(_DATES, columns[6:], strict=True)},
    )


def first_days(chunk: Chunk, day: datetime.date) -> DateArray:
    """The day each project came on the registry. One query."""
    table: Any = version_of(Project)
    rows = table.objects.filter(chunk.where("row_id"), valid_from__lte=day).order_by()
    found = rows.values("row_id").annotate(first=EpochDay(Min("valid_from"))).values_list("row_id", "first")
    ids, days = fetch_columns(found, 2)
    result = np.full(chunk.ids.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    place, known = chunk.places(ints(ids))
    result[place[known]] = dates(days)[known]
    return result


@dataclass(frozen=True)
class MilestoneRows:
    """m milestones in flat arrays, ordered by project and id; `project` is the place in the chunk."""

    project: IntArray
    row_id: IntArray
    weight: FloatArray
    is_key: BoolArray
    baseline: DateArray
    forecast: DateArray
    actual: DateArray


def milestone_rows(chunk: Chunk, day: datetime.date) -> MilestoneRows:
    """All milestones of the chunk. One query."""
    rows = (
        as_of(Milestone, day)
        .filter(chunk.where())
        .values_list(
            "project_id",
            "row_id",
            Cast("weight", FloatField()),
            "is_key",
            EpochDay("baseline_date"),
            EpochDay("forecast_date"),
            EpochDay("actual_date"),
        )
    )
    ids, row_ids, weights, keys, baselines, forecasts, actuals = fetch_columns(rows, 7)
    place, known = chunk.places(ints(ids))
    numbers = ints(row_ids)
    order = np.flatnonzero(known)
    order = order[np.lexsort((numbers[order], place[order]))]
    return MilestoneRows(
        project=place[order],
        row_id=numbers[order],
        weight=floats(weights)[order],
        is_key=np.array(keys, dtype=np.bool_)[order],
        baseline=dates(baselines)[order],
        forecast=dates(forecasts)[order],
        actual=dates(actuals)[order],
    )


@dataclass(frozen=True)
class MoneySums:
    """Sums of k (project, currency) pairs, ordered by project and currency."""

    project: IntArray
    currency: TextArray
    amount: FloatArray


def budget_sums(chunk: Chunk, day: datetime.date) -> MoneySums:
    """The approved budget by project and currency. One query."""
    return _sums(chunk, as_of(BudgetLine, day))


def cost_sums(chunk: Chunk, day: datetime.date) -> MoneySums:
    """What was booked up to the day by project and currency. One query."""
    return _sums(chunk, as_of(CostLine, day).filter(booked_on__lte=day))


def _sums(chunk: Chunk, rows: Any) -> MoneySums:
    # PostgreSQL adds exactly, SQLite to far less than a cent; rounded to cents both are the same.
    total = Cast(Sum("amount"), FloatField())
    found = rows.filter(chunk.where()).order_by().values("project_id", "currency").annotate(total=total)
    ids, currencies, totals = fetch_columns(found.values_list("project_id", "currency", "total"), 3)
    place, known = chunk.places(ints(ids))
    names = np.array(currencies, dtype=object)
    order = np.flatnonzero(known)
    order = order[np.lexsort((names[order].astype(np.str_), place[order]))]
    return MoneySums(place[order], names[order], np.round(floats(totals)[order], 2))


@dataclass(frozen=True)
class WorkCounts:
    """Open and overdue entries of n projects; NaN for a project whose register has no entry at all."""

    open: FloatArray
    overdue: FloatArray


def issue_counts(chunk: Chunk, day: datetime.date) -> WorkCounts:
    """Issues of the chunk. One query."""
    still = Q(state__in=[WorkState.OPEN, WorkState.DOING])
    return _counts(chunk, as_of(Issue, day), still, still & Q(due_on__lt=day))


def action_counts(chunk: Chunk, day: datetime.date) -> WorkCounts:
    """Actions of the chunk. One query."""
    still = Q(state__in=[WorkState.OPEN, WorkState.DOING])
    return _counts(chunk, as_of(Action, day), still, still & Q(due_on__lt=day))


def decision_counts(chunk: Chunk, day: datetime.date) -> WorkCounts:
    """Decisions of the chunk: a deferred one is not overdue. One query."""
    still = Q(state=Decision.State.OPEN)
    return _counts(chunk, as_of(Decision, day), still, still & Q(needed_by__lt=day))


def _counts(chunk: Chunk, rows: Any, still_open: Q, overdue: Q) -> WorkCounts:
    grouped = rows.filter(chunk.where()).order_by().values("project_id")
    found = grouped.annotate(still=Count("pk", filter=still_open), late=Count("pk", filter=overdue))
    ids, still, late = fetch_columns(found.values_list("project_id", "still", "late"), 3)
    place, known = chunk.places(ints(ids))
    result = WorkCounts(np.full(chunk.ids.shape, np.nan), np.full(chunk.ids.shape, np.nan))
    result.open[place[known]] = floats(still)[known]
    result.overdue[place[known]] = floats(late)[known]
    return result


@dataclass(frozen=True)
class LastReports:
    """The last published report of n projects: id (0: none), day of publication (NaT), colours (grey)."""

    row_id: IntArray
    published: DateArray
    declared: TextArray
    reviewed: TextArray


def last_reports(chunk: Chunk, day: datetime.date) -> LastReports:
    """The report published last (of one day the later period), with its declared and reviewed colour. One query."""
    rank = Window(
        RowNumber(),
        partition_by=[F("project_id")],
        order_by=[F("published_on").desc(), F("period_end").desc(), F("row_id").desc()],
    )
    published = as_of(StatusReport, day).filter(
        chunk.where(), state=StatusReport.State.PUBLISHED, published_on__lte=day
    )
    rows = published.annotate(rank=rank).filter(rank=1)
    found = rows.values_list("project_id", "row_id", EpochDay("published_on"), "declared", "reviewed")
    ids, row_ids, days, declared, reviewed = fetch_columns(found, 5)
    place, known = chunk.places(ints(ids))
    size = chunk.ids.shape
    result = LastReports(
        np.zeros(size, dtype=np.int64),
        np.full(size, np.datetime64("NaT"), dtype="datetime64[D]"),
        np.full(size, "grey", dtype=object),
        np.full(size, "grey", dtype=object),
    )
    result.row_id[place[known]] = ints(row_ids)[known]
    result.published[place[known]] = dates(days)[known]
    result.declared[place[known]] = np.array(declared, dtype=object)[known]
    result.reviewed[place[known]] = np.array(reviewed, dtype=object)[known]
    return result


def cycles_by_portfolio(day: datetime.date) -> dict[int, int]:
    """Days of the reporting cycle of every portfolio. One query for a whole run."""
    rows = as_of(Portfolio, day).values_list("row_id", "cycle")
    return {row_id: CYCLE_DAYS[Cycle(cycle)] for row_id, cycle in rows}


def report_cycles(chunk: Chunk, day: datetime.date, cycles: dict[int, int]) -> FloatArray:
    """Days of the reporting cycle of each project: its portfolio's, weekly where it is in none. One query."""
    rows = as_of(PortfolioItem, day).filter(chunk.where()).values_list("project_id", "portfolio_id")
    ids, portfolios = fetch_columns(rows, 2)
    place, known = chunk.places(ints(ids))
    result = np.full(chunk.ids.shape, float(CYCLE_DAYS[Cycle.WEEKLY]))
    days = np.array([cycles.get(portfolio, CYCLE_DAYS[Cycle.WEEKLY]) for portfolio in portfolios], dtype=np.float64)
    result[place[known]] = days[known]
    return result
