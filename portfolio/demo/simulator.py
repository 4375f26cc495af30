"""The simulator: from a specification to two years of records, with the hidden truth handed back to the caller."""

from __future__ import annotations

import datetime
import zlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_course import FAR, Course, run_course
from portfolio.demo.sim_money import add_budget, add_costs, money_of
from portfolio.demo.sim_plan import Plan, everyday_setbacks, make_plan, with_kick_off
from portfolio.demo.sim_reports import add_reports
from portfolio.demo.sim_view import View, look
from portfolio.demo.sim_work import add_work
from portfolio.demo.spec import ProjectSpec
from portfolio.demo.track import Book, Track
from portfolio.demo.world import World
from portfolio.models import Contribution, PortfolioItem, ProgrammeItem
from projects.models import Milestone, Project, ProjectMember, Stakeholder

_STRIDE = {"weekly": 1, "fortnightly": 2, "monthly": 4}
_WEEKS_BETWEEN_STAKEHOLDER_CONTACTS = 3


def simulate(spec: ProjectSpec, world: World, book: Book) -> dict[str, Any]:
    """Add the project with everything on it to the book; returns what is true and nobody there knows.

    The same seed, day and specification give the same records, whatever else is in the book.
    """
    rng = np.random.default_rng([world.seed, zlib.crc32(spec.code.encode())])
    spec = with_kick_off(spec)
    if spec.weekly_costs:
        spec = replace(spec, setbacks=spec.setbacks + everyday_setbacks(spec, rng))
    plan = make_plan(spec, world)
    cycle = world.cycles[spec.portfolio]
    stride = 1 if spec.weekly_costs else _STRIDE[cycle]
    course = run_course(spec, plan, world, rng, stride)
    money = money_of(spec)
    project = _project(book, spec, plan, world)
    _places(book, spec, plan, world, project.pk)
    if spec.manner.silent:
        project.change(_started_day(course, world), status="in_progress", actual_start=world.work.date(course.start))
        return _truth(spec, plan, course, look(spec, course, money, world, truth=True), world)
    view = look(spec, course, money, world)
    _keep_facts(project, spec, course, view, world)
    _milestones(book, spec, course, world, project.pk)
    add_budget(book, spec, course, money, world, project.pk)
    add_costs(book, spec, course, money, world, project.pk, rng)
    add_work(book, spec, course, world, project.pk, rng)
    if course.start <= course.last:
        add_reports(book, spec, course, view, world, project.pk, cycle, rng)
    return _truth(spec, plan, course, look(spec, course, money, world, truth=True), world)


def _project(book: Book, spec: ProjectSpec, plan: Plan, world: World) -> Track:
    return book.add(
        Project, plan.born, code=spec.code, name_zh=spec.zh, name_en=spec.en, summary=spec.summary, type=spec.type, status="not_started",
        stage="initiating", method=spec.method, delivery_driver=spec.driver, priority=spec.priority, visibility=spec.visibility,
        unit_id=world.units[spec.unit], pm_id=world.people[spec.pm], sponsor_id=world.people[spec.sponsor], country=spec.country,
        currency=spec.currency, planned_start=world.work.date(plan.start), planned_finish=world.work.date(plan.finish),
    )


def _places(book: Book, spec: ProjectSpec, plan: Plan, world: World, project: int) -> None:
    """Portfolio, programme, objectives, people."""
    day = plan.born
    book.add(PortfolioItem, day, portfolio_id=world.portfolios[spec.portfolio], project_id=project, critical=spec.critical)
    if spec.programme:
        book.add(ProgrammeItem, day, programme_id=world.programmes[spec.programme], project_id=project)
    for code, weight in spec.objectives:
        book.add(Contribution, day, project_id=project, objective_id=world.objectives[code], weight=Decimal(str(weight)).quantize(Decimal("0.01")))
    for code in spec.team:
        book.add(ProjectMember, day, project_id=project, person_id=world.people[code], role="team_member")
    if spec.coordinator:
        book.add(ProjectMember, day, project_id=project, person_id=world.people[spec.coordinator], role="coordinator")
    _stakeholders(book, spec, world, project, day)


def _stakeholders(book: Book, spec: ProjectSpec, world: World, project: int, day: datetime.date) -> None:
    for index, (name, party, role, power, interest) in enumerate(spec.parties):
        contact = world.work.floor(world.day(-_WEEKS_BETWEEN_STAKEHOLDER_CONTACTS * (index + 1)))
        book.add(
            Stakeholder, day, project_id=project, name=name, party=party, role=role, external=True, is_key=power >= 4, power=power,
            interest=interest, last_contact=max(contact, day),
        )
    if spec.parties:
        book.add(
            Stakeholder, day, project_id=project, name=world.names[spec.sponsor], person_id=world.people[spec.sponsor], role="发起人",
            is_key=True, power=5, interest=5, engagement="4_supportive", last_contact=world.work.floor(world.today),
        )


def _started_day(course: Course, world: World) -> datetime.date:
    return max(world.work.date(course.start), course.plan.born)


def _keep_facts(project: Track, spec: ProjectSpec, course: Course, view: View, world: World) -> None:
    """Status, stage, percent complete and forecasts, as they are kept on each check day."""
    if course.start <= course.last:
        project.change(_started_day(course, world), status="in_progress", actual_start=world.work.date(course.start))
    rate = BUDGET_RATES[spec.currency]
    for index, number in enumerate(course.checks.tolist()):
        day = max(world.work.date(number), project.changed)
        if number < course.start:
            if spec.manner.forecasts:
                project.change(day, forecast_finish=_finish_day(course, world, index))
            continue
        values: dict[str, Any] = {"percent_complete": Decimal(int(view.percent[index])), "stage": _stage(int(view.percent[index]))}
        if spec.manner.forecasts:
            values["forecast_finish"] = _finish_day(course, world, index)
        if not np.isnan(view.own[index]):
            values["forecast_cost"] = Decimal(round(float(view.own[index]) / rate / 1000) * 1000)
        project.change(day, **values)
    _end_project(project, spec, course, world)


def _finish_day(course: Course, world: World, index: int) -> datetime.date:
    reached = course.true[-1] <= min(int(course.checks[index]), course.last)
    return world.work.date(int(course.true[-1] if reached else course.forecast[index, -1]))


def _stage(percent: int) -> str:
    for limit, stage in ((4, "initiating"), (14, "planning"), (88, "executing"), (98, "monitoring")):
        if percent < limit:
            return stage
    return "closing"


def _end_project(project: Track, spec: ProjectSpec, course: Course, world: World) -> None:
    """Closed a fortnight after its last milestone, put on hold, or terminated."""
    last = world.work.date(course.last)
    if course.finished:
        closing = world.work.shift(last, 10)
        project.change(max(last, project.changed), actual_finish=last, stage="closing")
        if closing <= world.today:
            project.change(max(closing, project.changed), status="closed")
    elif spec.ended_at is not None and course.halted:
        project.change(max(last, project.changed), status="terminated", stage="closing", actual_finish=last)
    elif spec.held_from is not None and course.halted:
        project.change(max(last, project.changed), status="suspended")


def _milestones(book: Book, spec: ProjectSpec, course: Course, world: World, project: int) -> None:
    plan = course.plan
    for k, goal in enumerate(spec.goals):
        baseline = world.work.date(int(plan.goals[k]))
        track = book.add(
            Milestone, plan.born, project_id=project, name=goal.name, is_key=goal.key, baseline_date=baseline,
            forecast_date=baseline if spec.manner.forecasts else None,
            weight=Decimal(str(round(float(plan.earns[k]), 2))) if spec.weighted else None, owner_id=world.people[spec.pm],
        )
        for index, number in enumerate(course.checks.tolist()):
            day = max(world.work.date(number), track.changed)
            if course.true[k] <= min(number, course.last):
                track.change(day, actual_date=world.work.date(int(course.true[k])))
                break
            if spec.manner.forecasts and number <= course.last:
                track.change(day, forecast_date=world.work.date(int(course.forecast[index, k])))


def _truth(spec: ProjectSpec, plan: Plan, course: Course, view: View, world: World) -> dict[str, Any]:
    """What the early-warning benchmark compares with: true dates, causes and true health per check day."""

    def day(number: int) -> str | None:
        return None if number >= FAR else world.work.date(number).isoformat()

    return {
        "code": spec.code, "optimism": spec.manner.optimism, "cost_drift": spec.drift,
        "milestones": [
            {"name": goal.name, "baseline": day(int(plan.goals[k])), "true": day(int(course.true[k]))} for k, goal in enumerate(spec.goals)
        ],
        "setbacks": [
            {
                "on": world.day(item.week).isoformat(), "told_on": world.day(item.week + item.told).isoformat(),
                "told_fully_on": world.day(item.week + max(item.told, item.told_fully)).isoformat(), "working_days": item.days,
                "cost_share": item.cost, "dimension": item.dimension, "cause": item.cause,
            }
            for item in plan.setbacks
        ],
        "days": [day(int(number)) for number in course.checks],
        "true_health": [round(float(value), 2) for value in view.health],
    }
