"""One project in the simulator: everything its parts are made from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_course import Course, told_shares
from portfolio.demo.sim_money import Money
from portfolio.demo.sim_view import View
from portfolio.demo.spec import ProjectSpec, Setback
from portfolio.demo.texts import date_text
from portfolio.demo.track import Book
from portfolio.demo.world import World


@dataclass(frozen=True)
class Run:
    """A project being simulated: its specification, hidden course, money, view by week, id, and where its records go."""

    spec: ProjectSpec
    course: Course
    money: Money
    view: View
    world: World
    book: Book
    project: int
    rng: np.random.Generator

    @property
    def born(self) -> datetime.date:
        """The day the project came on the registry; nothing of it is older."""
        return self.course.plan.born

    @property
    def rate(self) -> float:
        """Base currency units for one unit of the project's currency at the budget rate."""
        return BUDGET_RATES[self.spec.currency]

    def drawn(self, low: int, high: int) -> int:
        """A random whole number from low to high - 1."""
        return int(self.rng.integers(low, high))

    def chance(self, share: float) -> bool:
        """True with the given probability."""
        return bool(self.rng.random() < share)

    def date(self, number: int) -> datetime.date:
        """The date of a working day."""
        return self.world.work.date(number)

    def written(self, day: datetime.date) -> str:
        """The date as reports write it."""
        return date_text(day, self.world.today)

    def worker(self) -> int:
        """The project manager or one of the team (id)."""
        codes = (self.spec.pm, *self.spec.team)
        return self.world.people[codes[self.drawn(0, len(codes))]]

    def active(self, index: int) -> list[Setback]:
        """Setbacks admitted and not yet solved on a check day, the one that costs most time last."""
        number = int(self.course.checks[index])
        found = []
        for setback in self.course.plan.setbacks:
            told = told_shares(setback, self.world, self.course.checks[index : index + 1])[0] > 0
            over = setback.solved is not None and self.world.workday(setback.week + setback.solved) <= number
            if told and not over and setback.cause and setback.days > 0:
                found.append(setback)
        return sorted(found, key=lambda setback: setback.days)
