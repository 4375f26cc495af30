"""Status reports: what the project manager declares each period, and what the PMO makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portfolio.demo import texts
from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.sim_course import Course, told_shares
from portfolio.demo.sim_view import View
from portfolio.demo.spec import ProjectSpec, Setback
from portfolio.demo.track import Book
from portfolio.demo.world import World
from projects.models import ReportRating, StatusReport

State = StatusReport.State
_GREEN, _AMBER = 75.0, 55.0
_ORDER = {"red": 0, "amber": 1, "green": 2}
_ONE_DAY = datetime.timedelta(days=1)
_REVIEWERS = ("Q1101", "Q1102", "Q1103")


@dataclass(frozen=True)
class Period:
    """A reporting period and the index of the last check day in it."""

    start: datetime.date
    end: datetime.date
    index: int
    before: int


@dataclass
class Mood:
    """What the project manager remembers from one report to the next: how often the PMO answered red or amber."""

    reds: int = 0
    ambers: int = 0

    def heard(self, declared: str, reviewed: str) -> None:
        """Note the PMO's answer."""
        self.reds = self.reds + 1 if reviewed == "red" else 0
        self.ambers = self.ambers + 1 if _ORDER[reviewed] < _ORDER[declared] else 0


def add_reports(
    book: Book, spec: ProjectSpec, course: Course, view: View, world: World, project: int, cycle: str, rng: np.random.Generator
) -> None:
    """All reports of the project, the draft of the current period included where one was begun."""
    mood = Mood()
    periods = list(_periods(cycle, spec, course, world))
    closed = [period for period in periods if period.end < world.today]
    for number, period in enumerate(closed):
        if _is_missing(spec, len(closed) - number, rng):
            continue
        _one_report(book, spec, course, view, world, project, period, mood, rng)
    if len(periods) > len(closed) and rng.random() < 0.25:
        _draft(book, spec, course, view, world, project, periods[-1], mood, rng)


def _is_missing(spec: ProjectSpec, from_end: int, rng: np.random.Generator) -> bool:
    lost = bool(rng.random() < spec.manner.missing)
    return from_end <= spec.manner.missed_last or (lost and from_end > 2)


def _periods(cycle: str, spec: ProjectSpec, course: Course, world: World) -> Iterator[Period]:
    """Periods in which the project ran and was on the registry, the current one included."""
    begin = world.work.date(course.start)
    over = course.finished or (course.halted and spec.held_from is None)
    finish = world.work.date(course.last) if over else world.today
    before = -1
    for start, end in _windows(cycle, max(begin, course.plan.born), world):
        if start > finish:
            return
        number = world.work.number(min(end, world.today))
        index = int(np.searchsorted(course.checks, number, side="right")) - 1
        if index < 0:
            continue
        yield Period(start, end, index, before)
        before = index


def _windows(cycle: str, since: datetime.date, world: World) -> Iterator[tuple[datetime.date, datetime.date]]:
    if cycle == "monthly":
        start = since.replace(day=1)
        while start <= world.today:
            following = (start + datetime.timedelta(days=32)).replace(day=1)
            yield start, following - _ONE_DAY
            start = following
        return
    days = 7 if cycle == "weekly" else 14
    start = world.first + datetime.timedelta(days=(since - world.first).days // days * days)
    while start <= world.today:
        yield start, start + datetime.timedelta(days=days - 1)
        start += datetime.timedelta(days=days)


def _one_report(
    book: Book, spec: ProjectSpec, course: Course, view: View, world: World, project: int, period: Period, mood: Mood,
    rng: np.random.Generator,
) -> None:
    written = world.work.shift(period.end, 1 if period.end.day < 28 or (period.end - period.start).days < 20 else 3)
    submitted = written if rng.random() < spec.manner.on_time else world.work.shift(written, int(rng.integers(2, 8)))
    if written > world.today:
        return
    values = _values(spec, course, view, world, period, mood, rng)
    report = book.add(StatusReport, written, project_id=project, author_id=world.people[spec.pm], **values)
    ratings = _ratings(book, spec, course, view, world, project, report.pk, period, written, rng)
    if submitted > world.today:
        return
    report.change(submitted, state=str(State.SUBMITTED), submitted_on=submitted)
    reviewer = world.people[_REVIEWERS[int(rng.integers(0, len(_REVIEWERS)))]]
    published = world.work.shift(submitted, 1 + int(rng.random() < 0.4))
    if rng.random() < 0.02 and published < world.today:
        report.change(published, state=str(State.RETURNED), review_comment=texts.RETURN_COMMENT, reviewer_id=reviewer)
        published = world.work.shift(published, 1)
        if published <= world.today:
            report.change(published, state=str(State.SUBMITTED), submitted_on=published)
            published = world.work.shift(published, 1)
    if published > world.today or report.now["state"] != State.SUBMITTED:
        return
    reviewed = _reviewed(values["declared"], float(view.health[period.index]), rng)
    comment = _review_comment(values["declared"], reviewed, view, period, rng)
    report.change(published, state=str(State.PUBLISHED), published_on=published, reviewer_id=reviewer, reviewed=reviewed, review_comment=comment)
    for rating in ratings:
        colour = rating.now["declared"]
        worse = _ORDER[reviewed] < _ORDER[colour] and rating.now["dimension"] in ("schedule", "cost")
        rating.change(published, reviewed=reviewed if worse else colour)
    mood.heard(values["declared"], reviewed)


def _draft(
    book: Book, spec: ProjectSpec, course: Course, view: View, world: World, project: int, period: Period, mood: Mood,
    rng: np.random.Generator,
) -> None:
    values = _values(spec, course, view, world, period, mood, rng)
    book.add(StatusReport, max(world.work.floor(world.today), course.plan.born), project_id=project, author_id=world.people[spec.pm], **values)


def _declared(health: float, spec: ProjectSpec, mood: Mood, rng: np.random.Generator) -> str:
    """The colour of the health he perceives plus his optimism, until the PMO has said otherwise often enough."""
    colour = band(health + spec.manner.optimism + float(rng.normal(0.0, 1.5)))
    if spec.manner.stubborn:
        return colour
    if mood.ambers >= 3 and colour == "green" and health < _GREEN:
        return "amber"
    if mood.reds >= 5 and colour == "amber" and health < _AMBER - 12:
        return "red"
    return colour


def band(health: float) -> str:
    """The colour of a score."""
    return "green" if health >= _GREEN else "amber" if health >= _AMBER else "red"


def _reviewed(declared: str, health: float, rng: np.random.Generator) -> str:
    """The PMO looks at the figures; in one report out of seven it lets a difference of one colour pass."""
    seen = band(health + float(rng.normal(0.0, 2.0)))
    if abs(_ORDER[seen] - _ORDER[declared]) == 1 and rng.random() < 0.15:
        return declared
    return seen


def _review_comment(declared: str, reviewed: str, view: View, period: Period, rng: np.random.Generator) -> str:
    if _ORDER[reviewed] >= _ORDER[declared]:
        return texts.REVIEW_AGREED[int(rng.integers(0, len(texts.REVIEW_AGREED)))]
    slip = int(view.slips[period.index].max())
    over = 100 * (view.estimate[period.index] / view.budget[period.index] - 1)
    schedule_worse = view.schedule[period.index] <= view.cost[period.index]
    why = f"里程碑最多晚 {slip} 个工作日" if schedule_worse or not over > 0 else f"完工预测超预算 {over:.0f}%"
    template = texts.REVIEW_WORSE[int(rng.integers(0, len(texts.REVIEW_WORSE)))]
    return template.format(band=texts.BAND_NAMES[reviewed], why=why)


def _values(
    spec: ProjectSpec, course: Course, view: View, world: World, period: Period, mood: Mood, rng: np.random.Generator
) -> dict[str, object]:
    index = period.index
    declared = _declared(float(view.health[index]), spec, mood, rng)
    active = active_setbacks(course, world, index)
    worst = active[-1] if active else None
    rate = BUDGET_RATES[spec.currency]
    finish = world.work.date(int(max(course.forecast[index, -1], course.plan.goals[-1]) if course.true[-1] > course.checks[index] else course.true[-1]))
    estimate = view.own[index]
    return {
        "period_start": period.start, "period_end": period.end, "declared": declared,
        "comment": _comment(declared, spec, worst, world, period),
        "summary": _summary(spec, course, view, world, period, worst, rate)[:500],
        "achievements": _achievements(spec, course, view, world, period),
        "next_period": _next(spec, course, world, period, active),
        "help_needed": _help(spec, world, period),
        "forecast_finish": finish if spec.manner.forecasts else None,
        "forecast_cost": None if np.isnan(estimate) else _money(estimate / rate),
    }


def _money(amount: float) -> object:
    from decimal import Decimal

    return Decimal(round(amount / 1000) * 1000)


def active_setbacks(course: Course, world: World, index: int) -> list[Setback]:
    """Admitted and not yet solved on a check day, the one that costs most time last."""
    number = int(course.checks[index])
    found = []
    for setback in course.plan.setbacks:
        told = told_shares(setback, world, course.checks[index : index + 1])[0] > 0
        over = setback.solved is not None and world.workday(setback.week + setback.solved) <= number
        if told and not over and setback.cause and setback.days > 0:
            found.append(setback)
    return sorted(found, key=lambda setback: setback.days)


def _comment(declared: str, spec: ProjectSpec, worst: Setback | None, world: World, period: Period) -> str:
    if declared == "green":
        return ""
    until = texts.date_text(period.end + datetime.timedelta(days=21), world.today)
    return texts.excuse_text(worst.cause if worst else "", worst.fix if worst else "", until)


def _summary(
    spec: ProjectSpec, course: Course, view: View, world: World, period: Period, worst: Setback | None, rate: float
) -> str:
    index = period.index
    now = int(course.checks[index])
    open_goals = [k for k in range(len(spec.goals)) if course.true[k] > now or course.true[k] > course.last]
    frank = spec.manner.optimism < 10
    cost = texts.cost_sentence(
        float(view.spent[index]) / rate, int(view.percent[index]), float(np.nan_to_num(view.estimate[index])) / rate,
        float(view.budget[index]) / rate, spec.currency, frank=frank,
    )
    if not open_goals:
        return f"全部里程碑已完成。{cost}"
    if spec.held_from is not None and now > course.last:
        return texts.held_text(texts.date_text(world.work.date(course.last), world.today), worst.cause if worst else "") + cost
    focus = next((k for k in open_goals if spec.goals[k].key), open_goals[-1])
    slip = int(view.slips[index, focus])
    day = texts.date_text(world.work.date(int(course.plan.goals[focus]) + slip), world.today)
    return texts.slip_sentence(spec.goals[focus].name, day, slip, worst.cause if worst and slip > 0 else "") + cost


def _achievements(spec: ProjectSpec, course: Course, view: View, world: World, period: Period) -> str:
    low, high = world.work.number(period.start - _ONE_DAY), world.work.number(min(period.end, world.today))
    reached = [
        (spec.goals[k].name, texts.date_text(world.work.date(int(number)), world.today))
        for k, number in enumerate(course.true) if low < number <= min(high, course.last)
    ]
    solved = [
        setback.issue for setback in course.plan.setbacks
        if setback.issue and setback.solved is not None and low < world.workday(setback.week + setback.solved) <= high
    ]
    before = int(view.percent[period.before]) if period.before >= 0 else 0
    return texts.achieved_text(reached, solved, int(view.percent[period.index]) - before)


def _next(spec: ProjectSpec, course: Course, world: World, period: Period, active: list[Setback]) -> str:
    high = world.work.number(min(period.end, world.today))
    ahead = 15 if (period.end - period.start).days < 10 else 25
    coming = [
        (spec.goals[k].name, texts.date_text(world.work.date(int(course.forecast[period.index, k])), world.today))
        for k in range(len(spec.goals))
        if course.true[k] > high and course.forecast[period.index, k] <= high + ahead
    ]
    return texts.next_text(coming, [setback.fix for setback in active if setback.fix][-2:])


def _help(spec: ProjectSpec, world: World, period: Period) -> str:
    day = min(period.end, world.today)
    asked = [
        (ask.title, world.names.get(ask.decider, ""), texts.date_text(world.work.shift(world.today, ask.due), world.today))
        for ask in spec.asks
        if world.day(ask.raised) <= day and (ask.decided is None or world.day(ask.decided) > day)
    ]
    return texts.help_text(asked) if asked and any(ask.decided is None for ask in spec.asks) else ""


def _ratings(
    book: Book, spec: ProjectSpec, course: Course, view: View, world: World, project: int, report: int, period: Period,
    day: datetime.date, rng: np.random.Generator,
) -> list:
    active = active_setbacks(course, world, period.index)
    rows = []
    for dimension in spec.rated:
        colour, comment = _dimension(dimension, spec, view, period, active)
        rows.append(
            book.add(ReportRating, day, project_id=project, report_id=report, dimension=dimension, declared=colour, comment=comment)
        )
    return rows


def _dimension(dimension: str, spec: ProjectSpec, view: View, period: Period, active: list[Setback]) -> tuple[str, str]:
    optimism = spec.manner.optimism
    if dimension == "schedule":
        colour = band(float(view.schedule[period.index]) + optimism)
    elif dimension == "cost":
        colour = band(float(view.cost[period.index]) + optimism)
    else:
        hit = [setback for setback in active if setback.dimension == dimension]
        grave = any(setback.days >= 10 for setback in hit) and optimism < 10
        colour = "red" if grave else "amber" if hit else "green"
    causes = [setback.cause for setback in active if setback.dimension == dimension]
    return colour, (f"{causes[-1]}。" if causes and colour != "green" else "")
