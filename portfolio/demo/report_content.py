"""What a status report says: texts, forecasts and colours by dimension, made of what happened in the period."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from portfolio.demo import texts
from portfolio.demo.sim_run import Run
from portfolio.demo.sim_view import band
from portfolio.demo.spec import Setback

_ONE_DAY = datetime.timedelta(days=1)
_RECOVERY = datetime.timedelta(days=21)
_FRANK = 10.0  # points of optimism below which a project manager writes down what the figures say
_GRAVE = 10  # working days
_LONGEST = 500


@dataclass(frozen=True)
class Period:
    """A reporting period, the index of the last check day in it, and that of the period before (-1: none)."""

    start: datetime.date
    end: datetime.date
    index: int
    before: int


def content(run: Run, period: Period, declared: str) -> dict[str, Any]:
    """The fields of the report other than project, author, state and colours."""
    active = run.active(period.index)
    worst = active[-1] if active else None
    own = run.view.own[period.index]
    return {
        "period_start": period.start,
        "period_end": period.end,
        "comment": _comment(run, period, declared, worst),
        "summary": _summary(run, period, worst)[:_LONGEST],
        "achievements": _achievements(run, period),
        "next_period": _next(run, period, active),
        "help_needed": _help(run, period),
        "forecast_finish": _finish(run, period) if run.spec.manner.forecasts else None,
        "forecast_cost": None if np.isnan(own) else Decimal(round(own / run.rate / 1000) * 1000),
    }


def dimension_ratings(run: Run, period: Period) -> Iterator[tuple[str, str, str]]:
    """(dimension, declared colour, comment) of the dimensions this project rates."""
    active = run.active(period.index)
    for dimension in run.spec.rated:
        hit = [setback for setback in active if setback.dimension == dimension]
        colour = _dimension(run, period, dimension, hit)
        if colour != "green" or run.spec.rates_green:
            yield dimension, colour, f"{hit[-1].cause}。" if hit and colour != "green" else ""


def _dimension(run: Run, period: Period, dimension: str, hit: list[Setback]) -> str:
    optimism = run.spec.manner.optimism
    if dimension == "schedule":
        return band(float(run.view.schedule[period.index]) + optimism)
    if dimension == "cost":
        return band(float(run.view.cost[period.index]) + optimism)
    grave = any(setback.days >= _GRAVE for setback in hit) and optimism < _FRANK
    return "red" if grave else "amber" if hit else "green"


def _finish(run: Run, period: Period) -> datetime.date:
    course = run.course
    reached = course.true[-1] <= min(int(course.checks[period.index]), course.last)
    return run.date(int(course.true[-1] if reached else course.forecast[period.index, -1]))


def _comment(run: Run, period: Period, declared: str, worst: Setback | None) -> str:
    if declared == "green":
        return ""
    return texts.excuse_text(
        worst.cause if worst else "", worst.fix if worst else "", run.written(period.end + _RECOVERY)
    )


def _summary(run: Run, period: Period, worst: Setback | None) -> str:
    """Where the next key milestone stands and why, then what was spent for what."""
    course, view, index = run.course, run.view, period.index
    cause = worst.cause if worst else ""
    cost = _cost(run, period)
    now = int(course.checks[index])
    still_open = np.flatnonzero(course.true > min(now, course.last)).tolist()
    if not still_open:
        return f"全部里程碑已完成。{cost}"
    if run.spec.held_from is not None and now > course.last:
        return texts.held_text(run.written(run.date(course.last)), cause) + cost
    focus = next((k for k in still_open if run.spec.goals[k].key), still_open[-1])
    slip = int(view.slips[index, focus])
    day = run.written(run.date(int(course.plan.goals[focus]) + slip))
    return texts.slip_sentence(run.spec.goals[focus].name, day, slip, cause) + cost


def _cost(run: Run, period: Period) -> str:
    view, index = run.view, period.index
    amounts = (float(view.spent[index]), float(np.nan_to_num(view.estimate[index])), float(view.budget[index]))
    spent, estimate, budget = (amount / run.rate for amount in amounts)
    frank = run.spec.manner.optimism < _FRANK
    return texts.cost_sentence(spent, int(view.percent[index]), estimate, budget, run.spec.currency, frank=frank)


def _achievements(run: Run, period: Period) -> str:
    work = run.world.work
    low, high = work.number(period.start - _ONE_DAY), work.number(min(period.end, run.world.today))
    reached = [
        (run.spec.goals[k].name, run.written(run.date(number)))
        for k, number in enumerate(run.course.true.tolist())
        if low < number <= min(high, run.course.last)
    ]
    solved = [
        setback.issue
        for setback in run.course.plan.setbacks
        if setback.issue
        and setback.solved is not None
        and low < run.world.workday(setback.week + setback.solved) <= high
    ]
    before = int(run.view.percent[period.before]) if period.before >= 0 else 0
    return texts.achieved_text(reached, solved, int(run.view.percent[period.index]) - before)


def _next(run: Run, period: Period, active: list[Setback]) -> str:
    high = run.world.work.number(min(period.end, run.world.today))
    ahead = 15 if (period.end - period.start).days < 10 else 25
    forecast = run.course.forecast[period.index].tolist()
    coming = [
        (goal.name, run.written(run.date(day)))
        for goal, day, true in zip(run.spec.goals, forecast, run.course.true.tolist(), strict=True)
        if true > high and day <= high + ahead
    ]
    return texts.next_text(coming, [setback.fix for setback in active if setback.fix][-2:])


def _help(run: Run, period: Period) -> str:
    """Decisions that were open at the end of the period."""
    world = run.world
    day = min(period.end, world.today)
    return texts.help_text(
        [
            (ask.title, world.names[ask.decider], run.written(world.needed_by(ask)))
            for ask in run.spec.asks
            if world.day(ask.raised) <= day and (ask.decided is None or world.day(ask.decided) > day)
        ]
    )
