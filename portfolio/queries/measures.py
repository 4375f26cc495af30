"""The measures of health of a chunk of projects as they stood at the end of a day, as arrays for the engine.

Schedule, cost and governance are read here, resources, quality, risk, benefits and the charter in `health_rooms`. Scope
has no register yet; the engine names it as missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import organisation_as_of, working_calendar
from pmo.core.money.queries import rates_on
from portfolio.queries import health_rows as read
from portfolio.queries.health_chunk import Chunk, IntArray
from portfolio.queries.health_fetch import DateArray, FloatArray
from portfolio.queries.health_rooms import RoomInputs, room_measures
from portfolio.queries.health_rows import LastReports, MilestoneRows, ProjectFacts, TextArray
from portfolio.queries.health_value import Converter, ProgressInputs, ProjectValue, project_value
from projects.calc.slip import expected_dates, is_late, late_per_project, worst_per_project

STORED_DECIMALS = 6
"""Measures are rounded before they are scored, so that the stored inputs give exactly the stored score."""


@dataclass(frozen=True)
class DayFacts:
    """What holds for every project of a day: working calendar, closing rates, reporting cycles, as known on the day."""

    day: datetime.date
    calendar: WorkingCalendar
    rates: Mapping[str, Decimal]
    cycles: dict[int, int]


def day_facts(day: datetime.date) -> DayFacts:
    """Read them once for a whole run."""
    settings = organisation_as_of(day)
    calendar = working_calendar(day=day, settings=settings)
    return DayFacts(day, calendar, rates_on(day, settings=settings), read.cycles_by_portfolio(day))


@dataclass(frozen=True)
class Measures:
    """Measures of the n projects of a chunk. All arrays are (n,), NaN (0 for ids and counts) where there is no data.

    `measures` is by measure code. `cycle_days` is the reporting cycle, `never_reported` says that the age of the last
    report counts from the project's start, `key_milestone` is the id of the key milestone that slips most,
    `milestones` are the flat rows they were read from.
    """

    ids: IntArray
    driver: TextArray
    measures: dict[str, FloatArray]
    reports: LastReports
    value: ProjectValue
    cycle_days: FloatArray
    never_reported: np.typing.NDArray[np.bool_]
    key_milestone: IntArray
    milestones_due: IntArray
    milestones_met: IntArray
    open_issues: FloatArray
    overdue_issues: FloatArray
    milestones: MilestoneRows


def read_measures(chunk: Chunk, facts: DayFacts) -> Measures:
    """Read and compute the measures of a chunk: two dozen queries, whatever its size."""
    day = facts.day
    projects = read.project_facts(chunk, day)
    milestones = read.milestone_rows(chunk, day)
    value = project_value(
        ProgressInputs(chunk, day, milestones),
        projects,
        read.budget_sums(chunk, day),
        read.cost_sums(chunk, day),
        rates=facts.rates,
        calendar=facts.calendar,
    )
    reports = read.last_reports(chunk, day)
    cycle = read.report_cycles(chunk, day, facts.cycles)
    never = np.isnat(reports.published)
    since = np.where(never, _expected_from(projects, read.first_days(chunk, day), day), reports.published)
    issues = read.issue_counts(chunk, day)
    slip = _slips(milestones, facts)
    due = milestones.baseline <= np.datetime64(day, "D")
    size = chunk.ids.size
    convert = Converter(facts.rates, size)
    measures = {
        **_schedule(projects, milestones, slip, facts, size),
        "spi": value.spi,
        "spi_t": value.spi_t,
        "cpi": value.cpi,
        "eac_over_budget_pct": _over_budget(value),
        "report_age_cycles": _days_since(since, day) / cycle,
        "overdue_actions": read.action_counts(chunk, day).overdue,
        "overdue_decisions": read.decision_counts(chunk, day).overdue,
        **room_measures(RoomInputs(chunk, day, projects, facts.calendar, convert)),
    }
    return Measures(
        ids=chunk.ids,
        driver=projects.driver,
        measures={code: np.round(values, STORED_DECIMALS) + 0.0 for code, values in measures.items()},
        reports=reports,
        value=replace(value, missing_rate=convert.missing(value.missing_rate)),
        cycle_days=cycle,
        never_reported=never & ~np.isnat(since),
        key_milestone=_worst_key_milestone(milestones, slip, size),
        milestones_due=_count(milestones, due, size),
        milestones_met=_count(milestones, due & (milestones.actual <= milestones.baseline), size),
        open_issues=issues.open,
        overdue_issues=issues.overdue,
        milestones=milestones,
    )


def _slips(rows: MilestoneRows, facts: DayFacts) -> FloatArray:
    expected = expected_dates(rows.baseline, rows.forecast, rows.actual, facts.day)
    return facts.calendar.working_days_between_many(rows.baseline, expected)


def _schedule(
    projects: ProjectFacts, rows: MilestoneRows, slip: FloatArray, facts: DayFacts, size: int
) -> dict[str, FloatArray]:
    late = is_late(rows.baseline, rows.actual, facts.day)
    return {
        "key_milestone_slip_wd": worst_per_project(rows.project, slip, rows.is_key, projects=size),
        "finish_slip_wd": facts.calendar.working_days_between_many(
            projects.planned_finish, _expected_finish(projects, facts.day)
        ),
        "late_milestones": late_per_project(rows.project, late, rows.baseline, projects=size),
    }


def _expected_finish(projects: ProjectFacts, day: datetime.date) -> DateArray:
    """Actual or forecast finish.

    Without a forecast, a planned finish that has passed is today at best, and one still to come says nothing (NaT).
    """
    today = np.datetime64(day, "D")
    overdue = np.isnat(projects.forecast_finish) & (projects.planned_finish >= today)
    expected = expected_dates(projects.planned_finish, projects.forecast_finish, projects.actual_finish, day)
    finished = projects.actual_finish <= today
    return np.where(overdue & ~finished, np.datetime64("NaT"), expected)


def _over_budget(value: ProjectValue) -> FloatArray:
    nothing = np.full(value.bac.shape, np.nan)
    share: FloatArray = np.divide(value.eac - value.bac, value.bac, out=nothing, where=value.bac > 0)
    return share * 100.0


def _expected_from(projects: ProjectFacts, first: DateArray, day: datetime.date) -> DateArray:
    """Since when a project that never reported owes a report; NaT before its start.

    That is its start, at the earliest the day it came on the registry.
    """
    start = np.where(np.isnat(projects.actual_start), projects.planned_start, projects.actual_start)
    since = np.where(np.isnat(start), first, np.fmax(start, first))
    return np.where(projects.started & (since <= np.datetime64(day, "D")), since, np.datetime64("NaT"))


def _days_since(since: DateArray, day: datetime.date) -> FloatArray:
    days = (np.datetime64(day, "D") - since).astype("timedelta64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.float64))


def _worst_key_milestone(rows: MilestoneRows, slip: FloatArray, size: int) -> IntArray:
    """The id of the key milestone with the largest slip, the first where several have it; 0 where there is none."""
    result = np.zeros(size, dtype=np.int64)
    chosen = np.flatnonzero(rows.is_key & ~np.isnan(slip))
    # the last one written wins, so the largest slip comes last
    order = chosen[np.lexsort((-rows.row_id[chosen], slip[chosen], rows.project[chosen]))]
    result[rows.project[order]] = rows.row_id[order]
    return result


def _count(rows: MilestoneRows, chosen: np.typing.NDArray[np.bool_], size: int) -> IntArray:
    return np.bincount(rows.project[chosen], minlength=size).astype(np.int64)
