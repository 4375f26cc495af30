"""From a project's specification to working-day numbers: the baseline everything else is measured against."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portfolio.demo.days import IntArray
from portfolio.demo.days_off import RAMADAN, RAMADAN_FACTOR
from portfolio.demo.spec import Goal, ProjectSpec, Setback
from portfolio.demo.words import troubles
from portfolio.demo.world import World

FloatArray = NDArray[np.float64]
SAUDI = "沙特阿拉伯"
_APPROVED_AHEAD = 6  # weeks between approval (the project comes on the registry) and start
_FIRST_MONTH = 4  # weeks
_KICK_OFF_SHARE = 2.0  # percent of the budget, where the shares are given
_QUIET = 22  # weeks between two troubles, about
_QUARTER = 13
_RAMADAN_FORESEEN = 17  # weeks ahead of Ramadan in which its loss enters the forecast


@dataclass(frozen=True)
class Plan:
    """The baseline in working-day numbers: start, goals (k,), percent of the budget each goal earns (k,).

    `born` is the day the project came on the registry, `setbacks` all causes, the calendar's own included.
    """

    start: int
    goals: IntArray
    earns: FloatArray
    born: datetime.date
    setbacks: tuple[Setback, ...]

    @property
    def finish(self) -> int:
        """Baseline of the last milestone."""
        return int(self.goals[-1])

    def curve(self, numbers: FloatArray | IntArray) -> FloatArray:
        """Planned share of the spending (0..1) by the end of each working day: an S-curve from start to finish."""
        share = np.clip(
            (np.asarray(numbers, dtype=np.float64) - self.start) / max(self.finish - self.start, 1), 0.0, 1.0
        )
        return 0.4 * share + 0.6 * share * share * (3.0 - 2.0 * share)


def with_kick_off(spec: ProjectSpec) -> ProjectSpec:
    """The specification with a kick-off as its first milestone, unless one comes within the first month anyway."""
    if spec.manner.silent or spec.goals[0].week - spec.start < _FIRST_MONTH:
        return spec
    first, *others = spec.goals
    share = min(_KICK_OFF_SHARE, first.earns)
    goals = (Goal("启动会", spec.start + 1, earns=share), replace(first, earns=first.earns - share), *others)
    return replace(spec, goals=goals, setbacks=tuple(replace(item, since=item.since + 1) for item in spec.setbacks))


def everyday_setbacks(spec: ProjectSpec, rng: np.random.Generator) -> tuple[Setback, ...]:
    """The small troubles of the years before: one about every five months, none in the last quarter before today."""
    found = []
    words = troubles(spec.type)
    week = spec.start + 4 + float(rng.uniform(0, _QUIET))
    end = min(-_QUARTER, spec.finish - 6, *(end for end in (spec.held_from, spec.ended_at) if end is not None))
    while week < end:
        trouble = words[int(rng.integers(0, len(words)))]
        since = next((index for index, goal in enumerate(spec.goals) if goal.week > week + 1), len(spec.goals) - 1)
        told = float(rng.uniform(0.5, 2.5)) + max(spec.manner.optimism, 0) / 10
        found.append(
            Setback(
                round(week, 1),
                int(rng.integers(1, 7)),
                since,
                trouble.cause,
                trouble.dimension,
                trouble.issue,
                trouble.fix,
                told=round(told, 1),
                told_fully=round(told + float(rng.uniform(0, 4)), 1),
                cost=round(float(rng.uniform(0, 0.008)), 4),
                solved=round(told + float(rng.uniform(4, 12)), 1),
            )
        )
        week += float(rng.uniform(_QUIET * 0.6, _QUIET * 1.6))
    return tuple(found)


def make_plan(spec: ProjectSpec, world: World) -> Plan:
    """Put the specification on the calendar."""
    start = world.workday(spec.start)
    order = np.arange(len(spec.goals))
    goals = np.array([world.workday(goal.week) for goal in spec.goals])
    goals = np.maximum.accumulate(goals - order) + order
    plan = Plan(start, goals, np.zeros(len(goals)), _born(spec, world), spec.setbacks + _ramadan(spec, world))
    return replace(plan, earns=_earned_shares(spec, plan))


def _born(spec: ProjectSpec, world: World) -> datetime.date:
    """The registry knows a project from its approval, at the earliest from the first day of the history."""
    approved = world.work.floor(world.day(min(spec.start - _APPROVED_AHEAD, -4)))
    return world.kept(approved)


def _earned_shares(spec: ProjectSpec, plan: Plan) -> FloatArray:
    """Percent of the budget earned at each goal, 100 in all.

    Given shares are taken. Otherwise each goal stands for the spending from half way after the goal before to half way
    to the next one, so that earned value follows the spending without lagging behind it.
    """
    given = np.array([goal.earns for goal in spec.goals])
    if given.any():
        return given
    middle = (plan.goals[1:] + plan.goals[:-1]) / 2
    edges = np.concatenate([[plan.start], middle, [plan.finish]])
    shares = np.round(np.diff(plan.curve(edges)) * 100, 2)
    shares[-1] = round(100 - shares[:-1].sum(), 2)
    return shares


def _ramadan(spec: ProjectSpec, world: World) -> tuple[Setback, ...]:
    """What the shorter days of Ramadan cost a project in Saudi Arabia: three tenths of each working day."""
    if spec.country != SAUDI:
        return ()
    found = []
    for first, last in RAMADAN.values():
        begin, end = _weeks(first, world), _weeks(last, world)
        if end <= spec.start or begin >= spec.finish:
            continue
        worked = world.workday(min(end, spec.finish)) - world.workday(max(begin, spec.start) - 1 / 7)
        days = round(worked * float(1 - RAMADAN_FACTOR))
        since = next(
            index for index, goal in enumerate(spec.goals) if goal.week > begin + 2 or index == len(spec.goals) - 1
        )
        known = max(spec.start + 2, begin - _RAMADAN_FORESEEN)
        found.append(
            Setback(
                known,
                days,
                since,
                f"斋月工时按七成计，损失 {days} 天",
                "schedule",
                "斋月期间工时按七成计，安装窗口不足",
                "夜班分两段施工，土建提前",
                told=0.5,
                told_fully=0.5,
                first_share=1.0,
                solved=end - known if end < 0 else None,
            )
        )
    return tuple(found)


def _weeks(day: datetime.date, world: World) -> float:
    return (day - world.today).days / 7
