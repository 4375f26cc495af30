"""What a project looks like week by week with what has been said so far: the figures behind declared colours and texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portfolio.calc.health import compute, default_model
from portfolio.calc.health.codes import DIMENSION_INDEX
from portfolio.demo.days import IntArray
from portfolio.demo.sim_course import FAR, Course, told_shares
from portfolio.demo.sim_money import Money, budget_at, spent
from portfolio.demo.sim_plan import FloatArray
from portfolio.demo.spec import ProjectSpec
from portfolio.demo.world import World

_MODEL = default_model()
_OWN_VIEW = 0.9  # share of the true overrun that a project manager who estimates himself admits


@dataclass(frozen=True)
class View:
    """Per check day (w,): health and scores by what is known, budget, cost, estimate, slips and percent complete.

    `health` is NaN-free, `schedule` and `cost` are the dimension scores. `finish_slip` and `key_slip` are in working
    days, `worst` the index of the milestone that slips most, `own` the project manager's estimate (NaN without one).
    """

    health: FloatArray
    schedule: FloatArray
    cost: FloatArray
    budget: FloatArray
    spent: FloatArray
    estimate: FloatArray
    own: FloatArray
    slips: IntArray
    percent: IntArray


def band(health: float) -> str:
    """The colour of a score."""
    return "green" if health >= _MODEL.green_from else "amber" if health >= _MODEL.amber_from else "red"


def look(spec: ProjectSpec, course: Course, money: Money, world: World, *, truth: bool = False) -> View:
    """The view on each check day; `truth` takes the true dates and progress in place of what was said."""
    checks = course.checks
    cost = spent(spec, course, money, world, checks)
    budget = np.array([budget_at(spec, money, world, world.work.date(number)) for number in checks.tolist()])
    reached = course.true[None, :] <= np.minimum(checks, course.last)[:, None]
    expected = np.where(reached | truth, course.true[None, :], course.forecast)
    slips = np.where(expected >= FAR, 0, expected - course.plan.goals[None, :])
    earned = (reached * course.plan.earns).sum(axis=1) / 100.0
    own = _own_estimate(spec, course, budget, world)
    cpi = _ratio(earned * budget, cost)
    estimate = np.where(np.isnan(own), _ratio(budget, cpi), own)
    result = compute(
        _MODEL,
        _measures(spec, course, slips, reached, earned, cpi, estimate / budget),
        drivers=[spec.driver] * len(checks),
    )
    return View(
        health=np.nan_to_num(result.overall, nan=100.0),
        schedule=np.nan_to_num(result.dimension_scores[:, DIMENSION_INDEX["schedule"]], nan=100.0),
        cost=np.nan_to_num(result.dimension_scores[:, DIMENSION_INDEX["cost"]], nan=100.0),
        budget=budget,
        spent=cost,
        estimate=estimate,
        own=own,
        slips=slips,
        percent=_percent(spec, course, truth),
    )


def _measures(
    spec: ProjectSpec,
    course: Course,
    slips: IntArray,
    reached: np.ndarray,
    earned: FloatArray,
    cpi: FloatArray,
    over: FloatArray,
) -> dict[str, FloatArray]:
    keys = np.array([goal.key for goal in spec.goals])
    late = (course.plan.goals[None, :] < course.checks[:, None]) & ~reached
    return {
        "key_milestone_slip_wd": np.maximum(slips[:, keys].max(axis=1), 0).astype(np.float64),
        "finish_slip_wd": slips[:, -1].astype(np.float64),
        "late_milestones": late.sum(axis=1).astype(np.float64),
        "spi_t": _spi_t(course, earned),
        "cpi": cpi,
        "eac_over_budget_pct": (over - 1.0) * 100.0,
    }


def _spi_t(course: Course, earned: FloatArray) -> FloatArray:
    """Earned over actual time since the baseline start, NaN in the first four weeks."""
    at = (np.minimum(course.checks, course.last) - course.plan.start).astype(np.float64)
    cumulative = np.cumsum(course.plan.earns) / 100.0
    times = np.concatenate([course.plan.goals - course.plan.start, [course.plan.finish - course.plan.start]]).astype(
        np.float64
    )
    passed = times[np.searchsorted(cumulative, earned + 1e-9, side="right")]
    done = np.where(earned > 0, times[np.searchsorted(cumulative, earned - 1e-9)], 0.0)
    schedule = np.minimum(np.maximum(at, done), passed)
    return np.where(at > 20, _ratio(schedule, at), np.nan)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    known = (denominator > 0) & ~np.isnan(denominator) & (numerator > 0)
    ratio: FloatArray = np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=known)
    return ratio


def _own_estimate(spec: ProjectSpec, course: Course, budget: FloatArray, world: World) -> FloatArray:
    """The project manager's estimate at completion: the part of drift and extra cost he admits, in half per cents."""
    nothing = np.full(len(course.checks), np.nan)
    if not spec.manner.own_estimate:
        return nothing
    progress = course.progress(course.checks)
    over = spec.drift * np.clip(progress / 0.5, 0.0, 1.0)
    for setback in course.plan.setbacks:
        over += setback.cost * told_shares(setback, world, course.checks)
    steps = np.round(over * _OWN_VIEW * 200) / 200
    return np.where(course.checks >= course.start, budget * (1 + steps), nothing)


def _percent(spec: ProjectSpec, course: Course, truth: bool) -> IntArray:
    """Percent complete as said: flattered in the middle, never falling, 100 only when everything is reached."""
    done = course.progress(course.checks)
    if not truth:
        done = done + spec.manner.flattery * done * (1 - done)
    percent = np.floor(np.clip(done, 0.0, 1.0) * 100 + 1e-9).astype(np.int64)
    complete = course.finished & (course.checks >= course.true[-1])
    return np.maximum.accumulate(np.where(complete, 100, np.minimum(percent, 99)))
