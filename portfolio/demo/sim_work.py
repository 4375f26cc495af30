"""Issues, decisions and actions: they follow from setbacks, from questions asked and from daily work."""

from __future__ import annotations

import datetime
from decimal import Decimal

from portfolio.demo.sim_run import Run
from portfolio.demo.spec import Ask, Setback
from projects.models import Action, Decision, Issue

_ROUTINE = (
    "更新里程碑预测并通知干系人",
    "核对本月实际成本",
    "整理评审遗留问题并关闭",
    "补齐交付物签收记录",
    "与供应商确认下月到货计划",
    "组织跨部门协调会",
    "复核关键路径任务",
    "更新干系人沟通记录",
    "提交变更影响分析",
    "完成阶段文档归档",
)
_DROPPED = 0.03
_SEVERE, _NOTABLE, _ESCALATED = 12, 5, 10  # working days


def add_work(run: Run) -> None:
    """The registers of issues, decisions and actions of the project."""
    for setback in run.course.plan.setbacks:
        if setback.issue:
            _issue(run, setback)
    for ask in run.spec.asks:
        _decision(run, ask)
    _routine(run)


def _issue(run: Run, setback: Setback) -> None:
    """An issue from the day the setback is told until it is solved, with an action to solve it."""
    world, work = run.world, run.world.work
    raised = work.floor(world.day(setback.week + setback.told))
    solved = _solved_on(run, setback)
    day = max(raised, run.born)
    if raised > world.today or work.number(raised) > run.course.last or (solved is not None and solved < day):
        return
    owner = run.worker()
    issue = run.book.add(
        Issue,
        day,
        project_id=run.project,
        title=setback.issue,
        description=f"{setback.cause}，影响 {setback.days} 个工作日。",
        severity=_severity(setback),
        owner_id=owner,
        raised_on=raised,
        due_on=_issue_due(run, raised, solved),
        escalated=setback.days >= _ESCALATED and setback.solved is None,
    )
    started = max(work.shift(raised, run.drawn(2, 6)), day)
    if started <= world.today and (solved is None or started < solved):
        issue.change(started, state="doing")
    if solved is not None and solved <= world.today:
        issue.change(
            solved, state="done", closed_on=solved, resolution=f"{setback.fix}，已验证。" if setback.fix else "已解决。"
        )
    if setback.fix:
        due = work.shift(raised, run.drawn(6, 16))
        if solved is None:
            due = max(due, work.shift(world.today, run.drawn(-4, 14)))
        _action(run, setback.fix, day, due, owner, solved)


def _solved_on(run: Run, setback: Setback) -> datetime.date | None:
    """When the cause was solved, at the latest with the project's end; None while it is open."""
    solved = None if setback.solved is None else run.world.work.floor(run.world.day(setback.week + setback.solved))
    over = run.course.finished or (run.course.halted and run.spec.held_from is None)
    end = run.date(run.course.last) if over else datetime.date.max
    return solved if not over else min(solved or end, end)


def _severity(setback: Setback) -> str:
    return "1_critical" if setback.days >= _SEVERE else "2_major" if setback.days >= _NOTABLE else "3_minor"


def _issue_due(run: Run, raised: datetime.date, solved: datetime.date | None) -> datetime.date:
    """Two to four weeks; what is still unsolved has had its date moved to about now."""
    work = run.world.work
    due = work.shift(raised, run.drawn(10, 22))
    return due if solved is not None else max(due, work.shift(run.world.today, run.drawn(-3, 12)))


def _action(
    run: Run,
    title: str,
    day: datetime.date,
    due: datetime.date,
    owner: int,
    done: datetime.date | None,
    *,
    dropped: bool = False,
) -> None:
    """An action from the day it was agreed; `done` None is still open."""
    today = run.world.today
    action = run.book.add(Action, day, project_id=run.project, title=title, owner_id=owner, due_on=due)
    begun = run.world.work.shift(day, run.drawn(1, 4))
    if begun <= today and (done is None or begun < done):
        action.change(begun, state="doing")
    if done is not None and done <= today:
        action.change(
            max(done, day), state="cancelled" if dropped else "done", done_on=None if dropped else max(done, day)
        )


def _routine(run: Run) -> None:
    """An action every few weeks while the project runs: mostly done when due, sometimes late, rarely dropped."""
    work = run.world.work
    gap = (20, 40) if run.spec.weekly_costs else (45, 90)
    number = max(run.course.start, work.number(run.born)) + run.drawn(3, 15)
    while number <= run.course.last:
        day = max(work.date(number), run.born)
        due = work.shift(day, run.drawn(6, 16))
        late = run.drawn(-3, 1) if run.chance(run.spec.manner.on_time) else run.drawn(2, 12)
        title = _ROUTINE[run.drawn(0, len(_ROUTINE))]
        _action(run, title, day, due, run.worker(), work.shift(due, late), dropped=run.chance(_DROPPED))
        number += run.drawn(*gap)


def _decision(run: Run, ask: Ask) -> None:
    world, work = run.world, run.world.work
    raised = work.floor(world.day(ask.raised))
    decided = None if ask.decided is None else work.floor(world.day(ask.decided))
    day = max(raised, run.born)
    if day > world.today or (decided is not None and decided < day):
        return
    decision = run.book.add(
        Decision,
        day,
        project_id=run.project,
        title=ask.title,
        context=ask.context,
        decider_id=world.people[ask.decider],
        needed_by=world.needed_by(ask),
        delay_cost=Decimal(round(ask.cost * 10_000)) if ask.cost else None,
        currency="CNY",
    )
    if decided is not None and decided <= world.today:
        decision.change(decided, state="decided", decided_on=decided, outcome=ask.outcome)
