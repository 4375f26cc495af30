"""Status reports: what the project manager declares each period, and what the PMO makes of it."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portfolio.demo import texts
from portfolio.demo.report_content import Period, content, dimension_ratings
from portfolio.demo.sim_run import Run
from portfolio.demo.sim_view import band
from portfolio.demo.track import Track
from projects.models import ReportRating, StatusReport

State = StatusReport.State
_ORDER = {"red": 0, "amber": 1, "green": 2}
_GREEN, _AMBER = 75.0, 55.0
_ONE_DAY = datetime.timedelta(days=1)
_REVIEWERS = ("Q1101", "Q1102", "Q1103")
_SHORT_PERIOD = 20  # days: reports on longer ones are due on the third working day
_RETURNED = 0.02
_WAVED_THROUGH = 0.15
_BEGUN_EARLY = 0.25
# Stories whose newest report still waits for the PMO; of the variants one in six does.
_WAITING = frozenset({"UCK-04", "SAP-08", "SCP-02", "GDP-14", "CEM-13", "TWW-10", "WHR-06"})
_ONE_IN = 6


@dataclass
class Mood:
    """What the project manager remembers from one report to the next: how often the PMO saw it worse in a row."""

    reds: int = 0
    worse: int = 0

    def heard(self, declared: str, reviewed: str) -> None:
        """Note the PMO's answer."""
        self.reds = self.reds + 1 if reviewed == "red" else 0
        self.worse = self.worse + 1 if _ORDER[reviewed] < _ORDER[declared] else 0


def add_reports(run: Run, cycle: str) -> None:
    """All reports of the project, the draft of the current period included where one was begun."""
    mood = Mood()
    periods = list(_periods(run, cycle))
    closed = [period for period in periods if period.end < run.world.today]
    for number, period in enumerate(closed):
        if not _is_missing(run, len(closed) - number):
            _report(run, period, mood, waits=number == len(closed) - 1 and _waits(run))
    if len(periods) > len(closed) and run.chance(_BEGUN_EARLY):
        _draft(run, periods[-1], mood)


def _waits(run: Run) -> bool:
    """Whether the newest report still lies in the PMO's queue."""
    code = run.spec.code
    return code in _WAITING or zlib.crc32(code.encode()) % _ONE_IN == 0


def _is_missing(run: Run, from_end: int) -> bool:
    lost = run.chance(run.spec.manner.missing)
    return from_end <= run.spec.manner.missed_last or (lost and from_end > 2)


def _periods(run: Run, cycle: str) -> Iterator[Period]:
    """Periods in which the project ran and was on the registry, the current one included."""
    course, world = run.course, run.world
    over = course.finished or (course.halted and run.spec.held_from is None)
    finish = run.date(course.last) if over else world.today
    before = -1
    for start, end in _windows(run, cycle, max(run.date(course.start), run.born)):
        if start > finish:
            return
        number = world.work.number(min(end, world.today))
        index = int(np.searchsorted(course.checks, number, side="right")) - 1
        if index < 0:
            continue
        yield Period(start, end, index, before)
        before = index


def _windows(run: Run, cycle: str, since: datetime.date) -> Iterator[tuple[datetime.date, datetime.date]]:
    today, first = run.world.today, run.world.first
    if cycle == "monthly":
        start = since.replace(day=1)
        while start <= today:
            following = (start + datetime.timedelta(days=32)).replace(day=1)
            yield start, following - _ONE_DAY
            start = following
        return
    days = 7 if cycle == "weekly" else 14
    start = first + datetime.timedelta(days=(since - first).days // days * days)
    while start <= today:
        yield start, start + datetime.timedelta(days=days - 1)
        start += datetime.timedelta(days=days)


def _report(run: Run, period: Period, mood: Mood, *, waits: bool = False) -> None:
    """Written when due, submitted the same day or late, then reviewed, unless it waits in the PMO's queue."""
    work, today = run.world.work, run.world.today
    written = work.shift(period.end, 1 if (period.end - period.start).days < _SHORT_PERIOD else 3)
    submitted = written if run.chance(run.spec.manner.on_time) else work.shift(written, run.drawn(2, 8))
    if written > today:
        return
    declared = _declared(run, float(run.view.health[period.index]), mood)
    report = run.book.add(
        StatusReport,
        written,
        project_id=run.project,
        author_id=run.world.people[run.spec.pm],
        declared=declared,
        due_on=written,
        **content(run, period, declared),
    )
    ratings = [
        run.book.add(
            ReportRating,
            written,
            project_id=run.project,
            report_id=report.pk,
            dimension=dimension,
            declared=colour,
            comment=comment,
        )
        for dimension, colour, comment in dimension_ratings(run, period)
    ]
    if submitted <= today:
        report.change(submitted, state=str(State.SUBMITTED), submitted_on=submitted, first_submitted_on=submitted)
        if not waits:
            _review(run, period, report, ratings, submitted, mood)


def _review(
    run: Run, period: Period, report: Track, ratings: list[Track], submitted: datetime.date, mood: Mood
) -> None:
    """The PMO publishes with its own colour, or now and then gives the report back first."""
    work, today = run.world.work, run.world.today
    reviewer = run.world.people[_REVIEWERS[run.drawn(0, len(_REVIEWERS))]]
    day = work.shift(submitted, 1 + int(run.chance(0.4)))
    if run.chance(_RETURNED) and day <= today:
        report.change(day, state=str(State.RETURNED), review_comment=texts.RETURN_COMMENT, reviewer_id=reviewer)
        day = work.shift(day, 1)
        if day > today:
            return
        report.change(day, state=str(State.SUBMITTED), submitted_on=day)
        day = work.shift(day, 1)
    if day > today:
        return
    declared = report.now["declared"]
    reviewed = _reviewed(run, declared, float(run.view.health[period.index]))
    report.change(
        day,
        state=str(State.PUBLISHED),
        published_on=day,
        reviewer_id=reviewer,
        reviewed=reviewed,
        review_comment=_review_comment(run, period, declared, reviewed),
    )
    for rating in ratings:
        colour = rating.now["declared"]
        worse = _ORDER[reviewed] < _ORDER[colour] and rating.now["dimension"] in ("schedule", "cost")
        rating.change(day, reviewed=reviewed if worse else colour)
    mood.heard(declared, reviewed)


def _draft(run: Run, period: Period, mood: Mood) -> None:
    declared = _declared(run, float(run.view.health[period.index]), mood)
    run.book.add(
        StatusReport,
        max(run.world.work.floor(run.world.today), run.born),
        project_id=run.project,
        author_id=run.world.people[run.spec.pm],
        declared=declared,
        **content(run, period, declared),
    )


def _declared(run: Run, health: float, mood: Mood) -> str:
    """The colour of the health he perceives plus his optimism, until the PMO has said otherwise often enough."""
    colour = band(health + run.spec.manner.optimism + float(run.rng.normal(0.0, 1.5)))
    if run.spec.manner.stubborn:
        return colour
    if mood.worse >= 3 and colour == "green" and health < _GREEN:
        return "amber"
    if mood.reds >= 5 and colour == "amber" and health < _AMBER - 12:
        return "red"
    return colour


def _reviewed(run: Run, declared: str, health: float) -> str:
    """The PMO looks at the figures; in one report out of seven it lets a difference of one colour pass."""
    seen = band(health + float(run.rng.normal(0.0, 2.0)))
    if abs(_ORDER[seen] - _ORDER[declared]) == 1 and run.chance(_WAVED_THROUGH):
        return declared
    return seen


def _review_comment(run: Run, period: Period, declared: str, reviewed: str) -> str:
    view, index = run.view, period.index
    if _ORDER[reviewed] >= _ORDER[declared]:
        return texts.REVIEW_AGREED[run.drawn(0, len(texts.REVIEW_AGREED))]
    slip = int(view.slips[index].max())
    over = 100 * (view.estimate[index] / view.budget[index] - 1)
    about_time = view.schedule[index] <= view.cost[index] or not over > 0
    why = f"里程碑最多晚 {slip} 个工作日" if about_time else f"完工预测超预算 {over:.0f}%"
    template = texts.REVIEW_WORSE[run.drawn(0, len(texts.REVIEW_WORSE))]
    return template.format(band=texts.BAND_NAMES[reviewed], why=why)
