"""The simulator: from a specification to two years of records, with the hidden truth handed back to the caller."""

from __future__ import annotations

import datetime
import zlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from portfolio.demo.rooms import ROOMS
from portfolio.demo.sim_course import run_course
from portfolio.demo.sim_lines import add_budget, add_costs
from portfolio.demo.sim_money import money_of
from portfolio.demo.sim_places import add_places
from portfolio.demo.sim_plan import Plan, everyday_setbacks, make_plan, with_kick_off
from portfolio.demo.sim_reports import add_reports
from portfolio.demo.sim_run import Run
from portfolio.demo.sim_view import look
from portfolio.demo.sim_work import add_work
from portfolio.demo.spec import ProjectSpec
from portfolio.demo.track import Book, Track
from portfolio.demo.truth import hidden_truth
from portfolio.demo.world import World
from projects.models import Milestone, Project

_WEEKS_BETWEEN_CHECKS = {"weekly": 1, "fortnightly": 2, "monthly": 4}
_CLOSING_DAYS = 10


def simulate(spec: ProjectSpec, world: World, book: Book) -> dict[str, Any]:
    """Add the project with everything on it to the book; returns what is true and nobody there knows.

    The same seed, day and specification give the same records, whatever else is in the book.
    """
    rng = np.random.default_rng([world.seed, zlib.crc32(spec.code.encode())])
    spec = with_kick_off(spec)
    if spec.weekly_costs:
        spec = replace(spec, setbacks=spec.setbacks + everyday_setbacks(spec, rng))
    cycle = world.cycles[spec.portfolio]
    plan = make_plan(spec, world)
    course = run_course(spec, plan, world, rng, 1 if spec.weekly_costs else _WEEKS_BETWEEN_CHECKS[cycle])
    money = money_of(spec)
    project = _project(book, spec, plan, world)
    run = Run(spec, course, money, look(spec, course, money, world), world, book, project.pk, rng)
    add_places(run)
    if course.start <= course.last:
        project.change(max(run.date(course.start), run.born), status="in_progress", actual_start=run.date(course.start))
    if not spec.manner.silent:
        _keep_facts(run, project)
        _milestones(run)
        add_budget(run)
        add_costs(run)
        add_work(run)
        add_reports(run, cycle)
        for room in ROOMS:
            room.on_project(run)
    return hidden_truth(run)


def _project(book: Book, spec: ProjectSpec, plan: Plan, world: World) -> Track:
    return book.add(
        Project,
        plan.born,
        code=spec.code,
        name_zh=spec.zh,
        name_en=spec.en,
        summary=spec.summary,
        type=spec.type,
        status="not_started",
        stage="initiating",
        method=spec.method,
        delivery_driver=spec.driver,
        priority=spec.priority,
        visibility=spec.visibility,
        unit_id=world.units[spec.unit],
        pm_id=world.people[spec.pm],
        sponsor_id=world.people[spec.sponsor],
        country=spec.country,
        currency=spec.currency,
        planned_start=world.work.date(plan.start),
        planned_finish=world.work.date(plan.finish),
    )


def _keep_facts(run: Run, project: Track) -> None:
    """Stage, percent complete and forecasts, as they are kept on each check day."""
    for index, number in enumerate(run.course.checks.tolist()):
        if run.course.halted and number > run.course.last:
            break
        values: dict[str, Any] = {}
        if number >= run.course.start:
            percent = int(run.view.percent[index])
            values = {"percent_complete": Decimal(percent), "stage": _stage(percent)}
        if run.spec.manner.forecasts:
            values["forecast_finish"] = _finish_day(run, index)
        if not np.isnan(run.view.own[index]):
            values["forecast_cost"] = Decimal(round(float(run.view.own[index]) / run.rate / 1000) * 1000)
        project.change(max(run.date(number), project.changed), **values)
    _end_project(run, project)


def _finish_day(run: Run, index: int) -> datetime.date:
    reached = run.course.true[-1] <= min(int(run.course.checks[index]), run.course.last)
    return run.date(int(run.course.true[-1] if reached else run.course.forecast[index, -1]))


def _stage(percent: int) -> str:
    for limit, stage in ((4, "initiating"), (14, "planning"), (88, "executing"), (98, "monitoring")):
        if percent < limit:
            return stage
    return "closing"


def _end_project(run: Run, project: Track) -> None:
    """Closed a fortnight after its last milestone, put on hold, or terminated."""
    last = run.date(run.course.last)
    if run.course.finished:
        project.change(max(last, project.changed), actual_finish=last, stage="closing")
        closing = run.world.work.shift(last, _CLOSING_DAYS)
        if closing <= run.world.today:
            project.change(max(closing, project.changed), status="closed")
    elif run.course.halted and run.spec.held_from is not None:
        project.change(max(last, project.changed), status="suspended")
    elif run.course.halted:
        project.change(max(last, project.changed), status="terminated", stage="closing", actual_finish=last)


def _milestones(run: Run) -> None:
    for k, goal in enumerate(run.spec.goals):
        baseline = run.date(int(run.course.plan.goals[k]))
        track = run.book.add(
            Milestone,
            run.born,
            project_id=run.project,
            name=goal.name,
            is_key=goal.key,
            baseline_date=baseline,
            forecast_date=baseline if run.spec.manner.forecasts else None,
            weight=_weight(run, k),
            owner_id=run.world.people[run.spec.pm],
        )
        _keep_milestone(run, k, track)


def _weight(run: Run, k: int) -> Decimal | None:
    return Decimal(f"{run.course.plan.earns[k]:.2f}") if run.spec.weighted else None


def _keep_milestone(run: Run, k: int, track: Track) -> None:
    """The forecast of each check day, until the milestone is reached or the project stops."""
    for index, number in enumerate(run.course.checks.tolist()):
        day = max(run.date(number), track.changed)
        if run.course.true[k] <= min(number, run.course.last):
            track.change(day, actual_date=run.date(int(run.course.true[k])))
            return
        if run.spec.manner.forecasts and number <= run.course.last:
            track.change(day, forecast_date=run.date(int(run.course.forecast[index, k])))
