"""The hidden course of a project: when milestones are truly reached, and what the project manager says week by week."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.demo.days import IntArray
from portfolio.demo.sim_plan import FloatArray, Plan
from portfolio.demo.spec import ProjectSpec, Setback
from portfolio.demo.world import World

BoolArray = NDArray[np.bool_]
FAR = 10**6  # working-day number of "never"
_CAUGHT_UP = 0.5


@dataclass(frozen=True)
class Course:
    """Truth and telling of one project with k milestones over w check days.

    `true` is the working day on which each milestone is reached in the end (FAR: never), `last` the working day after
    which nothing moves any more (today, or the day it was put on hold, ended or finished). `checks` (w,) are the days on
    which the project manager keeps his plan; `told` (w, k) is the slip he admits, `forecast` (w, k) the date he gives.
    """

    plan: Plan
    start: int
    true: IntArray
    last: int
    checks: IntArray
    told: IntArray
    forecast: IntArray
    halted: bool

    def reached(self, number: int) -> BoolArray:
        """Which milestones are reached by the end of a working day."""
        return self.true <= min(number, self.last)

    def earned(self, numbers: IntArray) -> FloatArray:
        """Share of the budget (0..1) earned by milestones by the end of each working day."""
        days = np.minimum(np.asarray(numbers), self.last)
        share: FloatArray = ((self.true[None, :] <= days[:, None]) * self.plan.earns).sum(axis=1) / 100.0
        return share

    def progress(self, numbers: IntArray | FloatArray) -> FloatArray:
        """True share of the work (0..1) done by the end of each working day, also between milestones."""
        days = np.minimum(np.asarray(numbers, dtype=np.float64), self.last)
        knots = np.concatenate([[self.start], self.true]).astype(np.float64)
        planned = np.concatenate([[self.plan.start], self.plan.goals]).astype(np.float64)
        return self.plan.curve(np.interp(days, knots, planned))

    @property
    def finished(self) -> bool:
        """All milestones reached."""
        return bool((self.true <= self.last).all())


def run_course(spec: ProjectSpec, plan: Plan, world: World, rng: np.random.Generator, stride: int) -> Course:
    """Let the setbacks work and note what is said on each check day; `stride` is the weeks between check days."""
    today = world.work.number(world.today)
    start = plan.start + spec.start_slip
    true = _true_days(spec, plan, today, rng, start)
    end = _end(spec, world)
    last = min(today, end if end is not None else today, int(true[-1]))
    halted = end is not None and end < int(true[-1])
    kept_until = today if spec.held_from is not None else last + 6 * stride
    checks = _check_days(plan, world, rng, kept_until, stride)
    told = _told(plan, world, checks)
    forecast = _forecasts(plan, checks, told, np.where(true <= last, true, FAR), rng)
    return Course(plan, start, true, last, checks, told, forecast, halted)


def _end(spec: ProjectSpec, world: World) -> int | None:
    week = spec.held_from if spec.held_from is not None else spec.ended_at
    return None if week is None else world.workday(week)


def _true_days(spec: ProjectSpec, plan: Plan, today: int, rng: np.random.Generator, start: int) -> IntArray:
    """Baseline plus all setbacks, and a day or two either way for what is already past."""
    slip = np.zeros(len(plan.goals))
    for setback in plan.setbacks:
        slip += effect(setback, len(plan.goals))
    true = plan.goals + np.rint(slip).astype(np.int64)
    true = true + np.where(true < today - 5, rng.integers(-6, 1, len(true)), 0)
    true = np.maximum(true, start + 1)
    index = np.arange(len(plan.goals))
    return np.maximum.accumulate(true - index) + index


def effect(setback: Setback, goals: int) -> FloatArray:
    """Working days by which a setback moves each of the goals.

    What stays unsolved moves all of them alike. Once the cause is solved time is caught up: each further goal regains
    half of what was left.
    """
    distance = np.arange(goals) - setback.since
    keeps = 1.0 if setback.solved is None or setback.days < 0 else _CAUGHT_UP
    return np.where(distance >= 0, setback.days * keeps ** np.maximum(distance, 0), 0.0)


def _check_days(plan: Plan, world: World, rng: np.random.Generator, until: int, stride: int) -> IntArray:
    """The working days on which the plan is kept: one weekday of the project's own, every `stride` weeks."""
    weekday = int(rng.integers(0, 5))
    latest = world.today - datetime.timedelta(days=(world.today.weekday() - weekday) % 7)
    days = []
    day = latest
    while day >= plan.born:
        days.append(world.work.number(day))
        day -= datetime.timedelta(weeks=stride)
    days.append(world.work.number(plan.born))
    numbers = np.unique(np.array(days, dtype=np.int64))
    return numbers[numbers <= until]


def told_shares(setback: Setback, world: World, checks: IntArray) -> FloatArray:
    """Share (0..1) of the setback that has been admitted by each check day."""
    first = world.workday(setback.week + setback.told)
    fully = world.workday(setback.week + max(setback.told_fully, setback.told))
    return np.where(checks >= fully, 1.0, np.where(checks >= first, setback.first_share, 0.0))


def _told(plan: Plan, world: World, checks: IntArray) -> IntArray:
    told = np.zeros((len(checks), len(plan.goals)))
    for setback in plan.setbacks:
        told += np.outer(told_shares(setback, world, checks), effect(setback, len(plan.goals)))
    return np.rint(told).astype(np.int64)


def _forecasts(plan: Plan, checks: IntArray, told: IntArray, true: IntArray, rng: np.random.Generator) -> IntArray:
    """Baseline plus the admitted slip; what should have been reached by now is promised for soon."""
    promise = rng.integers(3, 8, len(plan.goals))
    forecast = plan.goals[None, :] + told
    late = (true[None, :] > checks[:, None]) & (forecast <= checks[:, None])
    forecast = np.where(late, checks[:, None] + promise[None, :], forecast)
    open_only = np.where(true[None, :] > checks[:, None], forecast, 0)
    ordered: IntArray = np.maximum(forecast, np.maximum.accumulate(open_only, axis=1))
    return ordered
