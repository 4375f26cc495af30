"""Budget lines and cost lines: the money of a project as it is entered."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np

from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_money import spent
from portfolio.demo.sim_plan import FloatArray
from portfolio.demo.sim_run import Run
from portfolio.demo.track import Track
from projects.models import BudgetLine, CostLine

_WEEK = datetime.timedelta(weeks=1)
_MONTH = datetime.timedelta(days=32)
_NOISE = 0.004
_SMALLEST = 100.0


def add_budget(run: Run) -> None:
    """Budget lines by month and stream; an approved change raises the months still to come.

    A story budgets every stream each month; a variant the one that is furthest behind, so that its list stays short.
    """
    money = run.money
    lines: list[tuple[datetime.date, Track]] = []
    left = np.zeros(len(money.streams))
    for month, part in _months(run):
        left += part * money.shares
        chosen = range(len(left)) if run.spec.weekly_costs else [int(left.argmax())]
        for index in chosen:
            amount = _hundreds(left[index] * money.base / BUDGET_RATES[money.currencies[index]])
            left[index] = 0.0
            if amount:
                lines.append((month, _budget_line(run, month, index, amount)))
    for change in run.spec.changes:
        approved = run.world.kept(run.world.work.floor(run.world.day(change.week)))
        _approve(change.share, change.note, approved, lines)


def _budget_line(run: Run, month: datetime.date, index: int, amount: Decimal) -> Track:
    stream = run.money.streams[index]
    return run.book.add(
        BudgetLine,
        run.born,
        project_id=run.project,
        period=month,
        kind=stream.kind,
        category=stream.category,
        amount=amount,
        currency=run.money.currencies[index],
    )


def _months(run: Run) -> list[tuple[datetime.date, float]]:
    """First days of the months from baseline start to finish, and the share of the budget planned in each."""
    plan = run.course.plan
    starts = []
    day = run.date(plan.start).replace(day=1)
    while day <= run.date(plan.finish):
        starts.append(day)
        day = (day + _MONTH).replace(day=1)
    edges = np.array([plan.start, *(run.world.work.number(day) for day in starts[1:]), plan.finish])
    return list(zip(starts, np.diff(plan.curve(edges)).tolist(), strict=True))


def _hundreds(amount: float) -> Decimal:
    return Decimal(round(amount / 100) * 100)


def _approve(share: float, note: str, day: datetime.date, lines: list[tuple[datetime.date, Track]]) -> None:
    """Raise the months after the day by a share of the whole budget; the last two lines where none are left."""
    ahead = [track for month, track in lines if month > day] or [track for _month, track in lines[-2:]]
    whole = sum(track.now["amount"] for _month, track in lines)
    rest = sum(track.now["amount"] for track in ahead)
    factor = Decimal(str(round(1 + share * float(whole) / float(rest), 6)))
    for track in ahead:
        track.change(max(day, track.changed), amount=(track.now["amount"] * factor).quantize(Decimal(1)), note=note)


def add_costs(run: Run) -> None:
    """Cost lines: milestone invoices and running cost, booked each week (stories) or month (variants)."""
    booked = _booking_days(run)
    numbers = np.array([run.world.work.number(day) for day in booked], dtype=np.int64)
    if not booked:
        return
    total = spent(run.spec, run.course, run.money, run.world, numbers) * (1 + run.rng.normal(0.0, _NOISE, len(numbers)))
    steps = np.diff(np.maximum.accumulate(total), prepend=0.0)
    given, whole, since = np.zeros(len(run.money.streams)), 0.0, -1
    for day, number, step in zip(booked, numbers.tolist(), steps.tolist(), strict=True):
        entered = _entered(run, day)
        if entered > run.world.today:
            return
        if step < _SMALLEST:
            continue
        whole += step
        index = _furthest_behind(run.money.shares, whole, given)
        given[index] += step
        _cost_line(run, index, step, day, max(entered, run.born), _invoice(run, since, number))
        since = number


def _furthest_behind(shares: FloatArray, whole: float, given: FloatArray) -> int:
    return int((shares * whole - given).argmax())


def _booking_days(run: Run) -> list[datetime.date]:
    """Fridays or month ends from the start until nothing more is spent, none after today."""
    work, today = run.world.work, run.world.today
    begin, end = run.date(run.course.start), run.date(run.course.last)
    days = []
    if run.spec.weekly_costs:
        day = begin + datetime.timedelta(days=(4 - begin.weekday()) % 7)
        while day < end + _WEEK:
            days.append(work.floor(day))
            day += _WEEK
    else:
        month = begin.replace(day=1)
        while month <= end:
            month = (month + _MONTH).replace(day=1)
            days.append(work.floor(month - datetime.timedelta(days=1)))
    return sorted({day for day in days if begin <= day <= today})


def _entered(run: Run, booked: datetime.date) -> datetime.date:
    """The day somebody enters the line: the next week, or the fifth working day of the next month."""
    delay = 1 + booked.day % 3 if run.spec.weekly_costs else 5
    return run.world.work.shift(booked, delay + run.spec.manner.books_late)


def _invoice(run: Run, since: int, until: int) -> str:
    """The milestone that was paid for between two bookings."""
    for goal, number in zip(run.spec.goals, run.course.true.tolist(), strict=True):
        if since < number <= min(until, run.course.last):
            return f"里程碑付款：{goal.name}"
    return ""


def _cost_line(run: Run, index: int, step: float, booked: datetime.date, entered: datetime.date, note: str) -> None:
    stream, currency = run.money.streams[index], run.money.currencies[index]
    run.book.add(
        CostLine,
        entered,
        project_id=run.project,
        booked_on=booked,
        kind=stream.kind,
        category=stream.category,
        amount=Decimal(f"{step / BUDGET_RATES[currency]:.2f}"),
        currency=currency,
        note=note,
    )
