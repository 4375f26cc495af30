"""Issues, decisions and actions: they follow from setbacks, from questions asked and from daily work."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np

from portfolio.demo.sim_course import Course
from portfolio.demo.spec import Ask, ProjectSpec, Setback
from portfolio.demo.track import Book
from portfolio.demo.world import World
from projects.models import Action, Decision, Issue

_ROUTINE = (
    "更新里程碑预测并通知相关方", "核对本月实际成本", "整理评审遗留问题并关闭", "补齐交付物签收记录", "与供应商确认下月到货计划", "组织跨部门协调会",
    "复核关键路径任务", "更新干系人沟通记录", "提交变更影响分析", "完成阶段文档归档",
)


def add_work(book: Book, spec: ProjectSpec, course: Course, world: World, project: int, rng: np.random.Generator) -> None:
    """The RIDAC registers of the project."""
    for setback in course.plan.setbacks:
        if setback.issue:
            _issue(book, spec, course, world, project, setback, rng)
    for ask in spec.asks:
        _decision(book, spec, course, world, project, ask)
    _routine(book, spec, course, world, project, rng)


def _severity(setback: Setback) -> str:
    return "1_critical" if setback.days >= 12 else "2_major" if setback.days >= 5 else "3_minor"


def _issue(
    book: Book, spec: ProjectSpec, course: Course, world: World, project: int, setback: Setback, rng: np.random.Generator
) -> None:
    raised = world.work.floor(world.day(setback.week + setback.told))
    if raised > world.today or world.work.number(raised) > course.last:
        return
    owner = _somebody(spec, world, rng)
    solved = None if setback.solved is None else world.work.floor(world.day(setback.week + setback.solved))
    day = max(raised, course.plan.born)
    if solved is not None and solved < day:
        return
    due = max(world.work.shift(raised, int(rng.integers(10, 22))), world.work.shift(world.today, int(rng.integers(-3, 12))) if solved is None else raised)
    issue = book.add(
        Issue, day, project_id=project, title=setback.issue, description=f"{setback.cause}，影响 {setback.days} 个工作日。",
        severity=_severity(setback), owner_id=owner, raised_on=raised, due_on=due,
        escalated=setback.days >= 10 and setback.solved is None,
    )
    started = max(world.work.shift(raised, int(rng.integers(2, 6))), day)
    if started <= world.today and (solved is None or started < solved):
        issue.change(started, state="doing")
    if solved is not None and solved <= world.today:
        issue.change(solved, state="done", closed_on=solved, resolution=f"{setback.fix}，已验证。" if setback.fix else "已解决。")
    if setback.fix:
        _action(book, spec, course, world, project, setback.fix, raised, owner, rng, done_by=solved)


def _action(
    book: Book, spec: ProjectSpec, course: Course, world: World, project: int, title: str, agreed: datetime.date, owner: int,
    rng: np.random.Generator, done_by: datetime.date | None = None, routine: bool = False,
) -> None:
    """An action agreed on a day: mostly done when due, sometimes late, rarely dropped."""
    day = max(agreed, course.plan.born)
    due = world.work.shift(agreed, int(rng.integers(6, 16)))
    if done_by is None and not routine:
        due = max(due, world.work.shift(world.today, int(rng.integers(-4, 14))))
    action = book.add(Action, day, project_id=project, title=title, owner_id=owner, due_on=due)
    late = int(rng.integers(-3, 1)) if rng.random() < spec.manner.on_time else int(rng.integers(2, 12))
    done = world.work.shift(due, late) if done_by is None else done_by
    if done_by is None and not routine:
        done = datetime.date.max
    if done < day:
        done = day
    begun = world.work.shift(day, 1 + int(rng.integers(0, 3)))
    if begun <= world.today and begun < done:
        action.change(begun, state="doing")
    if done <= world.today:
        dropped = routine and rng.random() < 0.03
        action.change(done, state="cancelled" if dropped else "done", done_on=None if dropped else done)


def _routine(book: Book, spec: ProjectSpec, course: Course, world: World, project: int, rng: np.random.Generator) -> None:
    """An action every few weeks while the project runs."""
    gap = (20, 40) if spec.weekly_costs else (45, 90)
    number = max(course.start, world.work.number(course.plan.born)) + int(rng.integers(3, 15))
    while number <= course.last:
        title = _ROUTINE[int(rng.integers(0, len(_ROUTINE)))]
        _action(book, spec, course, world, project, title, world.work.date(number), _somebody(spec, world, rng), rng, routine=True)
        number += int(rng.integers(*gap))


def _decision(book: Book, spec: ProjectSpec, course: Course, world: World, project: int, ask: Ask) -> None:
    raised = world.work.floor(world.day(ask.raised))
    decided = None if ask.decided is None else world.work.floor(world.day(ask.decided))
    needed = world.work.shift(world.today, ask.due) if decided is None else decided
    day = max(raised, course.plan.born)
    if day > world.today or (decided is not None and decided < day):
        return
    decision = book.add(
        Decision, day, project_id=project, title=ask.title, context=ask.context, decider_id=world.people[ask.decider], needed_by=needed,
        delay_cost=Decimal(str(ask.cost * 10_000)).quantize(Decimal("0.01")) if ask.cost else None, currency="CNY",
    )
    if decided is not None and decided <= world.today:
        decision.change(decided, state="decided", decided_on=decided, outcome=ask.outcome)


def _somebody(spec: ProjectSpec, world: World, rng: np.random.Generator) -> int:
    """The project manager, or one of the team."""
    codes = (spec.pm, *spec.team)
    return world.people[codes[int(rng.integers(0, len(codes)))]]
