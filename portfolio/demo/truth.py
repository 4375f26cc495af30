"""What the simulation knows and the database does not: for measuring how early a warning could have come."""

from __future__ import annotations

import datetime
from typing import Any

from portfolio.demo.sim_run import Run
from portfolio.demo.sim_view import look
from portfolio.demo.spec import Setback


def hidden_truth(run: Run) -> dict[str, Any]:
    """The project's true dates, its causes with the days on which they happened and were told, its true health by week.

    A date is None where a project stops before it. JSON types only.
    """
    course = run.course
    true = look(run.spec, course, run.money, run.world, truth=True)
    return {
        "code": run.spec.code,
        "optimism": run.spec.manner.optimism,
        "cost_drift": run.spec.drift,
        "milestones": [
            {"name": goal.name, "baseline": _text(run.date(int(course.plan.goals[k]))), "true": _true_date(run, k)}
            for k, goal in enumerate(run.spec.goals)
        ],
        "setbacks": [_setback(run, setback) for setback in course.plan.setbacks],
        "days": [_text(run.date(number)) for number in course.checks.tolist()],
        "true_health": [round(value, 2) for value in true.health.tolist()],
    }


def _text(day: datetime.date) -> str:
    return day.isoformat()


def _true_date(run: Run, k: int) -> str | None:
    number = int(run.course.true[k])
    stops_before = run.course.halted and number > run.course.last
    return None if stops_before else _text(run.date(number))


def _setback(run: Run, setback: Setback) -> dict[str, Any]:
    fully = setback.week + max(setback.told, setback.told_fully)
    return {
        "on": _text(run.world.day(setback.week)),
        "told_on": _text(run.world.day(setback.week + setback.told)),
        "told_fully_on": _text(run.world.day(fully)),
        "working_days": setback.days,
        "cost_share": setback.cost,
        "dimension": setback.dimension,
        "cause": setback.cause,
    }
