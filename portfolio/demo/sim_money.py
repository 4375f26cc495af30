"""Money of a project: how the budget is split, and what is truly spent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from portfolio.demo.days import IntArray
from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_course import Course
from portfolio.demo.sim_plan import FloatArray
from portfolio.demo.spec import ProjectSpec, Stream
from portfolio.demo.world import World

WAN = 10_000.0
_BILLED = 0.6  # share of the cost that is invoiced when a milestone is reached
_STANDING = 0.2  # share of the running cost that flows with the calendar, not with progress
_RAMP = 0.5  # share of the work after which the drift has its full size
_SPREAD = 40  # working days over which a setback's extra cost is spent
_DEFAULT = (Stream("opex", "labour", 0.6), Stream("opex", "services", 0.4))


@dataclass(frozen=True)
class Money:
    """The budget in the base currency at budget rates, and how it is split."""

    base: float
    streams: tuple[Stream, ...]
    currencies: tuple[str, ...]

    @property
    def shares(self) -> FloatArray:
        """Share of each stream."""
        return np.array([stream.share for stream in self.streams])


def money_of(spec: ProjectSpec) -> Money:
    """The budget of the specification; streams without a currency are in the project's own."""
    streams = spec.streams or _DEFAULT
    currencies = tuple(stream.currency or spec.currency for stream in streams)
    return Money(spec.budget * WAN * BUDGET_RATES[spec.currency], streams, currencies)


def spent(spec: ProjectSpec, course: Course, money: Money, world: World, numbers: IntArray) -> FloatArray:
    """Actual cost in the base currency, cumulative by the end of each working day."""
    days = np.minimum(numbers, course.last)
    progress = course.progress(days)
    standing = course.plan.curve(days)
    work = (1 - _STANDING) * progress + _STANDING * standing
    drift = spec.drift * np.clip(progress / _RAMP, 0.0, 1.0)
    flow = (1 + drift) * (_BILLED * course.earned(days) + (1 - _BILLED) * work)
    for setback in course.plan.setbacks:
        if setback.cost:
            flow += setback.cost * np.clip((days - world.workday(setback.week)) / _SPREAD, 0.0, 1.0)
    for change in spec.changes:
        before = course.progress(np.array([world.workday(change.week)]))[0]
        flow += change.share * np.clip((progress - before) / max(1 - before, 0.01), 0.0, 1.0)
    return np.where(numbers < course.start, 0.0, flow) * money.base


def budget_at(spec: ProjectSpec, money: Money, world: World, day: datetime.date) -> float:
    """The approved budget on a day, changes included, in the base currency."""
    approved = sum(change.share for change in spec.changes if world.day(change.week) <= day)
    return money.base * (1 + approved)
