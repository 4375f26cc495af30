"""Risks in the demo: those that came before a setback, those that never happened, and those that are open today."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from portfolio.demo import rooms
from portfolio.demo.rooms.risk_stories import RISKS, Told
from portfolio.demo.rooms.risk_words import CATEGORY, Threat, threats
from portfolio.demo.rooms.supplier_words import SUPPLIERS
from risks.calc import scoring
from risks.calc.scales import COMMON, PMBOK, Scale
from risks.calc.taxonomies import PMI
from risks.models import Risk, RiskCategory, RiskMatrix

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.spec import Setback
    from portfolio.demo.track import Book, Track
    from portfolio.demo.world import World

NAME = "risks"
_PERCENT = {1: Decimal(10), 2: Decimal(30), 3: Decimal(50), 4: Decimal(70), 5: Decimal(90)}
_FORESEEN, _STORY, _OTHERS = 0.75, 5, 1  # share of setbacks seen before; at most so many in a story, in another project
_LEAD = 5  # weeks before it happens at which the probability rises
_STEPS_BY_DAYS = ((20, 5), (12, 4), (7, 3), (3, 2), (0, 1))
_STEPS_BY_COST = ((0.05, 5), (0.03, 4), (0.015, 3), (0.005, 2), (0.0, 1))
_NAMES = {plan.code: plan.zh for plan in SUPPLIERS}
_BACKUPS = {_NAMES[plan.backup_for]: plan for plan in SUPPLIERS if plan.backup_for}
_PLACES = ("time", "cost", "scope", "quality")


def in_world(world: World, book: Book) -> None:
    """The PMI risk breakdown structure, the common matrix as the default, the PMBOK one beside it."""
    from portfolio.demo.world import known

    codes = known(RiskCategory)
    paths = dict(RiskCategory.objects.values_list("code", "path"))
    for node in PMI:
        if node.code in codes:
            continue
        track = book.add(
            RiskCategory,
            world.first,
            code=node.code,
            name_zh=node.zh,
            name_en=node.en,
            parent_id=codes.get(node.parent),
        )
        paths[node.code] = f"{paths.get(node.parent, '/')}{track.pk}/"
        track.change(world.first, path=paths[node.code])
        codes[node.code] = track.pk
    world.rooms[NAME] = codes
    if not RiskMatrix.objects.exists():
        book.add(RiskMatrix, world.first, is_default=True, **_as_loaded(COMMON))
        book.add(RiskMatrix, world.first, **_as_loaded(PMBOK))


def _as_loaded(scale: Scale) -> dict[str, Any]:
    """The fields of a matrix; a book holds JSON as its text."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in scale.values().items()
    }


def on_project(run: Run) -> None:
    """The risks of a project, oldest first in each kind."""
    keeper = _Keeper(run)
    keeper.from_setbacks()
    for told in RISKS.get(run.spec.code, ()):
        keeper.told(told)
    keeper.everyday()


def _step(value: float, steps: Iterable[tuple[float, int]]) -> int:
    return next(step for least, step in steps if value >= least)


class _Keeper:
    """Writes the risks of one project with their course."""

    def __init__(self, run: Run) -> None:
        self.run, self.world, self.spec = run, run.world, run.spec
        self.rng = rooms.room_rng(run.world.seed, NAME, run.spec.code)
        self.story = run.spec.weekly_costs
        self.end = self._end()
        self.categories: dict[str, int] = run.world.rooms[NAME]
        self.slack = run.spec.manner.on_time < 0.9

    def _end(self) -> datetime.date | None:
        """The day on which everything still open is closed; None while the project lives or rests."""
        course = self.run.course
        over = course.finished or (course.halted and self.spec.held_from is None)
        day = self.run.date(course.last)
        return day if over and day <= self.world.today else None

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def day(self, week: float) -> datetime.date:
        """The working day of a week from today, not before the project was known."""
        return max(self.world.work.floor(self.world.day(week)), self.run.born)

    def owner(self) -> int:
        codes = (self.spec.pm, *self.spec.team)
        return self.world.people[codes[int(self.rng.integers(0, len(codes)))]]

    def money(self, share: float) -> Decimal:
        """The share of the budget in the project's currency, in round thousands."""
        return Decimal(max(round(self.spec.budget * 10_000 * share / 1000), 1) * 1000)

    def add(self, day: datetime.date, **values: Any) -> Track:
        """A risk as first written down: assessed at once, not yet analysed."""
        state = {
            "project_id": self.run.project,
            "status": "identified",
            "identified_on": day,
            "currency": self.spec.currency,
            "owner_id": self.owner(),
            **values,
        }
        impact = scoring.overall_impact(state.get(f"impact_{place}") for place in _PLACES)
        state |= {"inherent_probability": state["probability"], "inherent_impact": impact}
        blank = dict.fromkeys(("residual_probability", "residual_impact", "target_probability", "target_impact"))
        return self.run.book.add(Risk, day, **state, **_derived(blank | state))

    def change(self, track: Track, day: datetime.date, **values: Any) -> None:
        """A later word on the risk; nothing is said after today or after the project ended."""
        last = self.end or self.world.today
        if day > last or track.now["status"] == "closed":
            return
        track.change(max(day, track.changed), **values, **_derived(track.now | values))

    def analyse(self, track: Track, day: datetime.date, strategy: str, response: str, review: datetime.date) -> None:
        """Analysed and answered: residual and target follow from the assessment."""
        chance, impact = track.now["probability"], track.now["impact"]
        self.change(
            track,
            day,
            status="responding" if response else "analysed",
            strategy=strategy,
            response=response,
            residual_probability=max(chance - 1, 1),
            residual_impact=max(impact - 1, 1),
            target_probability=max(chance - 2, 1),
            target_impact=max(impact - 1, 1),
            review_on=review,
        )

    def finish(self, track: Track) -> None:
        """What is still open at the end of the project is closed with it."""
        if self.end is not None and self.end >= track.changed and track.now["status"] != "closed":
            track.change(self.end, status="closed", closed_on=self.end)

    def next_review(self, day: datetime.date) -> datetime.date:
        """The next review: kept in the future by a careful project manager, left behind by a slack one."""
        today = self.world.today
        if self.end is not None or self.spec.held_from is not None:
            return self.world.work.shift(day, 30)
        if self.chance(0.6 if self.slack else 0.08):
            return max(self.world.work.shift(today, -int(self.rng.integers(3, 40))), day)
        return self.world.work.shift(today, int(self.rng.integers(2, 28)))

    # Setbacks that somebody had seen coming

    def from_setbacks(self) -> None:
        """The setbacks of the course: identified weeks before, more and more probable, occurred on the day."""
        told = {item.title for item in RISKS.get(self.spec.code, ())}
        plan = self.run.course.plan
        # "The third joint test failed" is no sentence about the future.
        found = [
            item
            for item in plan.setbacks
            if item.issue and item.days > 0 and item.cause not in told and "第 " not in item.cause
        ]
        for setback in found[-_STORY if self.story else -_OTHERS :]:
            if self.chance(_FORESEEN):
                self._foreseen(setback)

    def _foreseen(self, setback: Setback) -> None:
        happens = self.world.work.floor(self.world.day(setback.week))
        seen = self.day(setback.week - self.between(9, 22))
        last = self.end or self.world.today
        if happens > last or (happens - seen).days < 14 or happens > self.run.date(self.run.course.last):
            return
        chance = 2 if self.chance(0.6) else 3
        track = self.add(
            seen,
            title=setback.cause,
            cause=setback.cause,
            event=setback.issue,
            effect=f"里程碑推迟约 {setback.days} 个工作日",
            category_id=self.categories[_category(setback)],
            probability=chance,
            percent=_PERCENT[chance],
            impact_time=_step(setback.days, _STEPS_BY_DAYS),
            impact_cost=_step(setback.cost, _STEPS_BY_COST) if setback.cost else None,
            impact_quality=3 if setback.dimension == "quality" else None,
            impact_money=self.money(max(setback.cost, setback.days * 0.0008)),
            proximity_on=happens,
        )
        self.analyse(track, self.day(setback.week - _LEAD - 3), "mitigate", setback.fix, happens)
        if self.story:
            higher = min(chance + 1, 5)
            self.change(track, self.day(setback.week - _LEAD), probability=higher, percent=_PERCENT[higher])
        worse = min(chance + 2, 5)
        self.change(track, self.day(setback.week - 1.5), probability=worse, percent=_PERCENT[worse])
        self.change(track, happens, status="occurred", occurred_on=happens, review_on=None)
        if setback.solved is not None:
            solved = self.day(setback.week + setback.solved)
            self.change(track, solved, status="closed", closed_on=solved)
        self.finish(track)

    # The stories' own

    def told(self, told: Told) -> None:
        """A risk of a story, with the course it takes."""
        seen = self.day(told.week)
        if seen > (self.end or self.world.today):
            return
        impacts = {f"impact_{place}": step or None for place, step in zip(_PLACES, told.impact, strict=True)}
        track = self.add(
            seen,
            title=told.title,
            kind="opportunity" if told.opportunity else "threat",
            cause=told.cause,
            event=told.title,
            effect=told.effect,
            category_id=self.categories[told.category],
            source=told.source,
            probability=told.probability,
            percent=_PERCENT[told.probability],
            impact_money=self.money(told.share),
            trigger=told.trigger,
            proximity_on=self.day(told.near),
            **impacts,
        )
        self.analyse(track, self.day(told.week + 2), told.strategy, told.response, self.day(told.week + 8))
        for week, chance in told.course:
            self.change(track, self.day(week), probability=chance, percent=_PERCENT[chance])
        self.count_on_backup(track, told)
        if told.closed is not None:
            closed = self.day(told.closed)
            self.change(track, closed, status="closed", closed_on=closed, review_on=None)
        elif track.now["status"] != "closed":
            self.change(track, self.day(-self.between(0.5, 3)), review_on=self.next_review(track.changed))
        self.finish(track)

    def count_on_backup(self, track: Track, told: Told) -> None:
        """Where a supplier is the source and another one is tried as its backup, the response counts on that one."""
        plan = _BACKUPS.get(told.source)
        if plan is None or told.strategy != "mitigate":
            return
        suppliers = self.world.rooms.get("suppliers", {}).get("suppliers", {})
        tried = max(self.day(told.week + 2), self.world.day(plan.since))
        self.change(track, tried, backup_supplier_id=suppliers.get(plan.code))

    # What every project of the kind writes down

    def everyday(self) -> None:
        """One to three common risks: some wane and are closed, the others are open."""
        words = threats(self.spec.type)
        own = len(RISKS.get(self.spec.code, ()))
        number = max(3 - own, 1) if self.story else int(self.rng.integers(1, 3))
        for place in self.rng.choice(len(words), size=min(number, len(words)), replace=False).tolist():
            self._common(words[place])

    def _common(self, threat: Threat) -> None:
        begins = (self.run.born - self.world.today).days / 7
        ends = min(((self.end or self.world.today) - self.world.today).days / 7, -1.0)
        if ends - begins < 3:
            return
        week = self.between(max(begins + 1, ends - 45), ends - 1)
        chance = int(self.rng.choice(np.array([1, 2, 3, 4]), p=[0.2, 0.4, 0.3, 0.1]))
        impact = int(self.rng.choice(np.array([2, 3, 4, 5]), p=[0.35, 0.4, 0.2, 0.05]))
        track = self.add(
            self.day(week),
            title=threat.title,
            cause=threat.cause,
            event=threat.title,
            effect=threat.effect,
            category_id=self.categories[threat.category],
            probability=chance,
            percent=_PERCENT[chance],
            impact_money=self.money(threat.share * self.between(0.5, 1.5)),
            trigger=threat.trigger,
            proximity_on=self.day(week + self.between(4, 30)),
            **{f"impact_{threat.on}": impact},
        )
        answered = self.day(week + self.between(1, 4))
        self.analyse(track, answered, threat.strategy, threat.response, self.next_review(answered))
        later = week + self.between(8, 24)
        if self.chance(0.35) and later < ends:
            lower = max(chance - 1, 1)
            closed = self.day(later)
            self.change(
                track,
                closed,
                status="closed",
                closed_on=closed,
                probability=lower,
                percent=_PERCENT[lower],
                review_on=None,
            )
        self.finish(track)


def _category(setback: Setback) -> str:
    return "E.1" if "供应" in setback.cause else CATEGORY.get(setback.dimension, "M.2")


def _derived(state: dict[str, Any]) -> dict[str, Any]:
    """The figures that services compute, for a row of the book."""
    impact = scoring.overall_impact(state.get(f"impact_{place}") for place in _PLACES)
    return {
        "impact": impact,
        "score": scoring.score(state["probability"], impact),
        "exposure": scoring.exposure(state["percent"], state["impact_money"]),
        **{
            f"{stage}_score": scoring.score(state[f"{stage}_probability"], state[f"{stage}_impact"])
            for stage in ("inherent", "residual", "target")
        },
    }
