"""Looking ahead: the health a project would have in the coming weeks if everything went as known today.

Nothing new happens in this picture: money is spent at the pace of the last weeks, milestones are reached on the dates
forecast today (a date gone by is put off by a few days), and no further report, risk or finding comes. What remains is
arithmetic that people rarely do in their heads: between two milestones earned value stands still while cost goes on, so
that the cost index falls; a milestone whose baseline comes before its forecast will be late. The estimate at completion
follows the index unless the project manager gave one (PMI, Practice Standard for Earned Value Management: EAC = BAC / CPI).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from portfolio.calc.health.bands import BandArray, BoolArray, FloatArray
from portfolio.calc.health.engine import compute
from portfolio.calc.health.model import HealthModelSpec

IntArray = NDArray[np.int64]
DateArray = NDArray[np.datetime64]

WEEKS = 12
"""How far ahead is looked."""

HISTORY = 8
"""How many weeks back, the present one included."""

_SOON = 5  # days until a milestone is expected whose forecast lies in the past
_OWN_ESTIMATE = 0.01  # share of the budget by which an estimate may differ from BAC / CPI and still count as computed


@dataclass(frozen=True)
class State:
    """What is known of n projects on a day. Arrays are (n,) unless said otherwise, NaN where unknown.

    `measures` are those of health by code, `dimensions` is (n, 8), `band` and `declared` are band codes. Money is in
    one currency. `history` is (n, 8): the overall score now, one week ago, and so on. `burn` is the money spent a week.
    """

    measures: Mapping[str, FloatArray]
    drivers: NDArray[np.object_]
    overall: FloatArray
    band: BandArray
    declared: BandArray
    dimensions: FloatArray
    bac: FloatArray
    ev: FloatArray
    ac: FloatArray
    eac: FloatArray
    burn: FloatArray
    cycle_weeks: FloatArray
    open_issues: FloatArray
    history: FloatArray
    work: "Work"


@dataclass(frozen=True)
class Work:
    """What the milestones say of the coming weeks: (n, 13) by the end of week 0 (today) to 12.

    `earned` is the further share of the work earned by milestones expected by then, `planned` the share planned by then,
    `late` the number of milestones past their baseline and not reached by then. `next_weeks` (n,) are the weeks until the
    next milestone is expected, NaN where none is left.
    """

    earned: FloatArray
    planned: FloatArray
    late: FloatArray
    next_weeks: FloatArray


def coming_work(
    project: IntArray,
    weight: FloatArray,
    baseline: DateArray,
    forecast: DateArray,
    actual: DateArray,
    *,
    day: date,
    projects: int,
) -> Work:
    """Read the coming weeks off (m,) milestones; `project` is the place of each among the `projects`.

    Without any weight in a project all its milestones weigh the same; those without a baseline count in nothing.
    """
    today = np.datetime64(day, "D")
    live = ~np.isnat(baseline)
    share = _shares(project, np.where(live, np.nan_to_num(weight), 0.0), live, projects)
    ends = today + np.arange(WEEKS + 1) * np.timedelta64(7, "D")
    open_now = live & ~(actual <= today)
    known = np.where(np.isnat(forecast), baseline, forecast)
    expected = np.where(known <= today, today + np.timedelta64(_SOON, "D"), known)
    coming = open_now[:, np.newaxis] & (expected[:, np.newaxis] <= ends)
    behind = open_now[:, np.newaxis] & (baseline[:, np.newaxis] < ends) & ~coming
    away = np.full(projects, np.inf)
    days = (expected - today).astype(np.float64)
    np.minimum.at(away, project[open_now], days[open_now] / 7.0)
    return Work(
        earned=_sums(project, share[:, np.newaxis] * coming, projects),
        planned=_sums(
            project, share[:, np.newaxis] * (live[:, np.newaxis] & (baseline[:, np.newaxis] <= ends)), projects
        ),
        late=_sums(project, behind.astype(np.float64), projects),
        next_weeks=np.where(np.isinf(away), np.nan, away),
    )


def _shares(project: IntArray, weight: FloatArray, live: BoolArray, projects: int) -> FloatArray:
    total = np.bincount(project, weights=weight, minlength=projects)[project]
    number = np.bincount(project, weights=live.astype(np.float64), minlength=projects)[project]
    equal = np.divide(live, number, out=np.zeros(len(project)), where=number > 0)
    return np.divide(weight, total, out=equal, where=total > 0)


def _sums(project: IntArray, values: FloatArray, projects: int) -> FloatArray:
    """(projects, weeks) the sums of (m, weeks) values by project."""
    weeks = [np.bincount(project, weights=column, minlength=projects) for column in values.T]
    return np.stack(weeks, axis=1)


@dataclass(frozen=True)
class Ahead:
    """Health by week 0 to 12 if everything goes as known: `overall` and `cpi` (13, n), `dimensions` (13, n, 8)."""

    overall: FloatArray
    dimensions: FloatArray
    cpi: FloatArray


def look_ahead(model: HealthModelSpec, state: State) -> Ahead:
    """Let the clock run for twelve weeks. The model must be valid."""
    overall, dimensions, indices = [state.overall], [state.dimensions], [state.measures["cpi"]]
    own = _own_estimate(state)
    for week in range(1, WEEKS + 1):
        cpi = _cpi(state, week)
        over = np.where(own | np.isnan(cpi), state.measures["eac_over_budget_pct"], (_inverse(cpi) - 1.0) * 100.0)
        late = state.work.late[:, week]
        measures = {**state.measures, "cpi": cpi, "eac_over_budget_pct": over, "late_milestones": late}
        result = compute(model, measures, drivers=state.drivers, size=state.overall.size)
        overall.append(result.overall)
        dimensions.append(result.dimension_scores)
        indices.append(cpi)
    return Ahead(np.stack(overall), np.stack(dimensions), np.stack(indices))


def _cpi(state: State, week: int) -> FloatArray:
    """The cost index in `week` weeks; the present one where nothing can be said."""
    earned = state.ev + state.bac * state.work.earned[:, week]
    cost = state.ac + week * np.nan_to_num(state.burn)
    known = (earned > 0) & (cost > 0)
    return np.divide(earned, cost, out=state.measures["cpi"].copy(), where=known)


def _own_estimate(state: State) -> BoolArray:
    """Where the estimate at completion is the project manager's own and so does not follow the index."""
    computed = state.bac * _inverse(state.measures["cpi"])
    result: BoolArray = np.abs(state.eac - computed) > _OWN_ESTIMATE * state.bac
    return result | np.isnan(computed)


def _inverse(values: FloatArray) -> FloatArray:
    result: FloatArray = np.divide(1.0, values, out=np.full(values.shape, np.nan), where=values > 0)
    return result
