"""Money of a project: the budget by month and stream, and what is truly spent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from portfolio.demo.days import IntArray
from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_course import Course
from portfolio.demo.sim_plan import FloatArray
from portfolio.demo.spec import ProjectSpec, Stream
from portfolio.demo.track import Book, Track
from portfolio.demo.world import World
from projects.models import BudgetLine, CostLine

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


def add_budget(book: Book, spec: ProjectSpec, course: Course, money: Money, world: World, project: int) -> None:
    """Budget lines by month and stream; an approved change raises the months still to come."""
    plan = course.plan
    starts, parts = _months(course, world)
    lines: list[tuple[datetime.date, Track]] = []
    left = money.shares * 0.0
    for month, part in zip(starts, parts, strict=True):
        left += part * money.shares
        for index in _budgeted_streams(spec, left):
            amount = _rounded(left[index] * money.base / BUDGET_RATES[money.currencies[index]])
            left[index] = 0.0
            if amount:
                stream = money.streams[index]
                track = book.add(
                    BudgetLine, plan.born, project_id=project, period=month, kind=stream.kind, category=stream.category, amount=amount,
                    currency=money.currencies[index],
                )
                lines.append((month, track))
    for change in spec.changes:
        _approve(change.share, change.note, world.kept(world.work.floor(world.day(change.week))), lines)


def _budgeted_streams(spec: ProjectSpec, left: FloatArray) -> list[int]:
    """Every stream each month for a story; a variant budgets the largest one, so that its list stays short."""
    return list(range(len(left))) if spec.weekly_costs else [int(left.argmax())]


def _months(course: Course, world: World) -> tuple[list[datetime.date], FloatArray]:
    """First days of the months from baseline start to finish, and the share of the budget planned in each."""
    first, last = world.work.date(course.plan.start), world.work.date(course.plan.finish)
    starts = []
    day = first.replace(day=1)
    while day <= last:
        starts.append(day)
        day = (day + datetime.timedelta(days=32)).replace(day=1)
    edges = np.array([course.plan.start, *(world.work.number(day) for day in starts[1:]), course.plan.finish])
    return starts, np.diff(course.plan.curve(edges))


def _rounded(amount: float) -> Decimal:
    return Decimal(round(amount / 100) * 100)


def _approve(share: float, note: str, day: datetime.date, lines: list[tuple[datetime.date, Track]]) -> None:
    ahead = [track for month, track in lines if month > day] or [track for _month, track in lines[-2:]]
    whole = sum(track.now["amount"] for _month, track in lines)
    rest = sum(track.now["amount"] for track in ahead)
    factor = Decimal(str(round(1 + share * float(whole) / float(rest), 6)))
    for track in ahead:
        track.change(max(day, track.changed), amount=Decimal(round(track.now["amount"] * factor, -2)), note=note)


def add_costs(book: Book, spec: ProjectSpec, course: Course, money: Money, world: World, project: int, rng: np.random.Generator) -> None:
    """Cost lines: milestone invoices and running cost, booked each week (stories) or month (variants)."""
    booked = _booking_days(spec, course, world)
    if not booked:
        return
    numbers = np.array([world.work.number(day) for day in booked])
    total = spent(spec, course, money, world, numbers) * (1 + rng.normal(0.0, 0.004, len(numbers)))
    steps = np.diff(np.maximum.accumulate(total), prepend=0.0)
    given = money.shares * 0.0
    whole = 0.0
    for index, (day, step) in enumerate(zip(booked, steps, strict=True)):
        if step < 100:
            continue
        entered = _entered(spec, world, day)
        if entered > world.today:
            break
        whole += step
        stream = int((money.shares * whole - given).argmax())
        given[stream] += step
        since = numbers[index - 1] if index else -1
        _book(book, course, money, stream, step, (day, world.kept(max(entered, course.plan.born))), project, (since, numbers[index]), spec)


def _booking_days(spec: ProjectSpec, course: Course, world: World) -> list[datetime.date]:
    begin, end = world.work.date(course.start), world.work.date(course.last)
    days = []
    if spec.weekly_costs:
        day = begin + datetime.timedelta(days=(4 - begin.weekday()) % 7)
        while day < end + datetime.timedelta(weeks=1):
            days.append(world.work.floor(day))
            day += datetime.timedelta(weeks=1)
        return sorted({day for day in days if day <= world.today})
    month = begin.replace(day=1)
    while month <= end:
        month = (month + datetime.timedelta(days=32)).replace(day=1)
        days.append(world.work.floor(month - datetime.timedelta(days=1)))
    return [day for day in days if begin <= day <= world.today]


def _entered(spec: ProjectSpec, world: World, booked: datetime.date) -> datetime.date:
    """The day somebody enters the line: the next week, or the fifth working day of the next month."""
    delay = 1 + booked.day % 3 if spec.weekly_costs else 5
    return world.work.shift(booked, delay + spec.manner.books_late)


def _book(
    book: Book, course: Course, money: Money, stream: int, step: float, days: tuple[datetime.date, datetime.date], project: int,
    span: tuple[int, int], spec: ProjectSpec,
) -> None:
    booked, entered = days
    reached = [
        spec.goals[index].name for index, number in enumerate(course.true) if span[0] < number <= min(span[1], course.last)
    ]
    currency = money.currencies[stream]
    book.add(
        CostLine, entered, project_id=project, booked_on=booked, kind=money.streams[stream].kind, category=money.streams[stream].category,
        amount=Decimal(f"{step / BUDGET_RATES[currency]:.2f}"), currency=currency, note=f"里程碑付款：{reached[0]}"[:300] if reached else "",
    )
