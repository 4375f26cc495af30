"""The rows that health is measured from, as they stood at the end of a day: a handful of set-based reads per chunk.

Everything comes from version tables, so that what is edited, imported or deleted later changes nothing. Sums and counts
are made by the database, one row per project and currency; milestones come as flat arrays.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
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
from projects.models import Action, BudgetLine, CostLine, Decision, Issue, Milestone, Project, StatusReport
from projects.models.ridac import WorkState

FloatArray = NDArray[np.float64]
DateArray = NDArray[np.datetime64]
TextArray = NDArray[np.object_]

_BATCH = 5000


def _columns(rows: Any, width: int) -> list[list[Any]]:
    """The rows of a values_list turned into `width` lists, batch by batch."""
    lists: list[list[Any]] = [[] for _ in range(width)]
    for batch in _batches(rows.iterator(chunk_size=_BATCH)):
        for column, values in zip(lists, zip(*batch, strict=True), strict=True):
            column.extend(values)
    return lists


def _batches(rows: Iterable[Any]) -> Iterable[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _ints(values: list[Any]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _dates(values: list[Any]) -> DateArray:
    return np.array(values, dtype="datetime64[D]")


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


_FACTS = (
    "row_id", "delivery_driver", "currency", "status", "planned_start", "actual_start", "planned_finish",
    "forecast_finish", "actual_finish", "forecast_cost",
)


def project_facts(chunk: Chunk, day: datetime.date) -> ProjectFacts:
    """The registry row of each project of the chunk. One query."""
    rows = as_of(Project, day).filter(chunk.where("row_id")).values_list(*_FACTS)
    columns = dict(zip(_FACTS, _columns(rows, len(_FACTS)), strict=True))
    place, known = chunk.places(_ints(columns["row_id"]))
    order = np.flatnonzero(known)[np.argsort(place[known])]

    def picked(values: Any) -> Any:
        return values[order]

    return ProjectFacts(
        driver=picked(np.array(columns["delivery_driver"], dtype=object)),
        currency=picked(np.array(columns["currency"], dtype=object)),
        started=picked(np.array(columns["status"], dtype=object)) != "not_started",
        planned_start=picked(_dates(columns["planned_start"])),
        actual_start=picked(_dates(columns["actual_start"])),
        planned_finish=picked(_dates(columns["planned_finish"])),
        forecast_finish=picked(_dates(columns["forecast_finish"])),
        actual_finish=picked(_dates(columns["actual_finish"])),
        forecast_cost=picked(np.array(columns["forecast_cost"], dtype=np.float64)),
    )


def first_days(chunk: Chunk, day: datetime.date) -> DateArray:
    """The day each project came on the registry. One query."""
    table: Any = version_of(Project)
    rows = table.objects.filter(chunk.where("row_id"), valid_from__lte=day).order_by()
    found = rows.values("row_id").annotate(first=Min("valid_from")).values_list("row_id", "first")
    ids, days = _columns(found, 2)
    result = np.full(chunk.ids.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    place, known = chunk.places(_ints(ids))
    result[place[known]] = _dates(days)[known]
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
    weight = Cast("weight", FloatField())
    rows = as_of(Milestone, day).filter(chunk.where()).annotate(share=weight).values_list(
        "project_id", "row_id", "share", "is_key", "baseline_date", "forecast_date", "actual_date"
    )
    ids, row_ids, shares, keys, baselines, forecasts, actuals = _columns(rows, 7)
    place, known = chunk.places(_ints(ids))
    numbers = _ints(row_ids)
    order = np.flatnonzero(known)
    order = order[np.lexsort((numbers[order], place[order]))]
    return MilestoneRows(
        project=place[order],
        row_id=numbers[order],
        weight=np.array(shares, dtype=np.float64)[order],
        is_key=np.array(keys, dtype=np.bool_)[order],
        baseline=_dates(baselines)[order],
        forecast=_dates(forecasts)[order],
        actual=_dates(actuals)[order],
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
    ids, currencies, totals = _columns(found.values_list("project_id", "currency", "total"), 3)
    place, known = chunk.places(_ints(ids))
    names = np.array(currencies, dtype=object)
    order = np.flatnonzero(known)
    order = order[np.lexsort((names[order].astype(np.str_), place[order]))]
    return MoneySums(place[order], names[order], np.round(np.array(totals, dtype=np.float64)[order], 2))


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
    ids, still, late = _columns(found.values_list("project_id", "still", "late"), 3)
    place, known = chunk.places(_ints(ids))
    result = WorkCounts(np.full(chunk.ids.shape, np.nan), np.full(chunk.ids.shape, np.nan))
    result.open[place[known]] = np.array(still, dtype=np.float64)[known]
    result.overdue[place[known]] = np.array(late, dtype=np.float64)[known]
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
        RowNumber(), partition_by=[F("project_id")],
        order_by=[F("published_on").desc(), F("period_end").desc(), F("row_id").desc()],
    )
    published = as_of(StatusReport, day).filter(
        chunk.where(), state=StatusReport.State.PUBLISHED, published_on__lte=day
    )
    rows = published.annotate(rank=rank).filter(rank=1)
    found = rows.values_list("project_id", "row_id", "published_on", "declared", "reviewed")
    ids, row_ids, days, declared, reviewed = _columns(found, 5)
    place, known = chunk.places(_ints(ids))
    size = chunk.ids.shape
    result = LastReports(
        np.zeros(size, dtype=np.int64), np.full(size, np.datetime64("NaT"), dtype="datetime64[D]"),
        np.full(size, "grey", dtype=object), np.full(size, "grey", dtype=object),
    )
    result.row_id[place[known]] = _ints(row_ids)[known]
    result.published[place[known]] = _dates(days)[known]
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
    ids, portfolios = _columns(rows, 2)
    place, known = chunk.places(_ints(ids))
    result = np.full(chunk.ids.shape, float(CYCLE_DAYS[Cycle.WEEKLY]))
    days = np.array([cycles.get(portfolio, CYCLE_DAYS[Cycle.WEEKLY]) for portfolio in portfolios], dtype=np.float64)
    result[place[known]] = days[known]
    return result
