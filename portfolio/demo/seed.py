"""Seeding: the world first, then the projects in chunks, so that memory stays bounded whatever their number."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TextIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.models import Organisation
from pmo.core.messages.models import Notification
from pmo.core.metrics.services import sync_metrics
from portfolio.demo.above import rooms_above
from portfolio.demo.after import finish, settle
from portfolio.demo.days_off import published_years
from portfolio.demo.load import first_free_id, load
from portfolio.demo.notices import tell_demo
from portfolio.demo.rates import BASE
from portfolio.demo.simulator import simulate
from portfolio.demo.spec import ProjectSpec
from portfolio.demo.stories import STORIES
from portfolio.demo.structure import override_plan
from portfolio.demo.track import Book
from portfolio.demo.upkeep import add_upkeep, add_use
from portfolio.demo.variants import variants
from portfolio.demo.world import World, build_world
from portfolio.models import BandOverride, ReportPeriod, RollupReport
from portfolio.services.health.recompute import recompute
from projects.models import PlanVersion, Project

CHUNK = 250
DAILY = 14
Say = Callable[[str], None]


class SeedRefused(Exception):
    """The database is not in a state to take the demo; the message says why and what to do."""


@dataclass(frozen=True)
class SeedPlan:
    """What to seed. `passwords` False makes the demo logins unusable until somebody sets their passwords."""

    today: datetime.date
    projects: int = len(STORIES)
    seed: int = 1
    weeks: int = 104
    add: bool = False
    health: bool = True
    passwords: bool = True


@dataclass
class SeedResult:
    """Rows written by table, seconds by step, days of health computed, and the years without published holidays."""

    projects: int = 0
    logins: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    health_days: int = 0
    years_without_holidays: list[int] = field(default_factory=list)

    def count(self, written: dict[str, int]) -> None:
        """Add the rows of a load."""
        for name, number in written.items():
            self.rows[name] = self.rows.get(name, 0) + number

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "projects": self.projects,
            "logins": self.logins,
            "rows": self.rows,
            "rows_total": sum(self.rows.values()),
            "health_days": self.health_days,
            "years_without_holidays": self.years_without_holidays,
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
        }


def seed_demo(*, actor: Actor, plan: SeedPlan, truth: TextIO | None = None, say: Say = lambda text: None) -> SeedResult:
    """Load the demo into the database. Raises SeedRefused where it would mix with real work.

    `truth` receives one JSON line per project with what the simulation knows and the database does not. `say` is told
    the progress. The world is one transaction, each chunk of projects another.
    """
    _check(plan)
    result = SeedResult(years_without_holidays=_unpublished(plan))
    started = time.monotonic()
    book = Book(first_free_id)
    with transaction.atomic():
        world = build_world(book, today=plan.today, weeks=plan.weeks, seed=plan.seed, passwords=plan.passwords)
        result.count(load(book, now=timezone.now()))
        result.logins = world.logins
        book.clear()
        _above(actor, world, book, result)
    for specs in _chunks(_specs(plan, world, book)):
        _load_chunk(specs, world, book, result, truth)
        say(_("%(done)d of %(all)d projects") % {"done": result.projects, "all": plan.projects})
    _override(world, book, result)
    _note(actor, plan, result)
    result.seconds["records"] = time.monotonic() - started
    if plan.health:
        result.count({ReportPeriod._meta.label: settle(today=plan.today)})
        _health(actor, plan, world, result, say)
        _finish(actor, plan, result)
    result.seconds["total"] = time.monotonic() - started
    return result


def _finish(actor: Actor, plan: SeedPlan, result: SeedResult) -> None:
    """What the product makes of the records itself: reports due and roll-up reports."""
    started = time.monotonic()
    made = finish(actor=actor, today=plan.today)
    result.count({PlanVersion._meta.label: made["plans"], RollupReport._meta.label: made["rollups"]})
    result.seconds["reporting"] = time.monotonic() - started
    started = time.monotonic()
    result.count({Notification._meta.label: tell_demo(plan.today)})
    result.seconds["notices"] = time.monotonic() - started


def _above(actor: Actor, world: World, book: Book, result: SeedResult) -> None:
    """The metric catalogue, and what rooms above the portfolio add to the world."""
    sync_metrics(actor=actor, day=world.first)
    for room in rooms_above():
        room(world, book)
    result.count(load(book, now=timezone.now()))
    book.clear()


def _check(plan: SeedPlan) -> None:
    if plan.projects < 1:
        raise SeedRefused(_("--projects: received %(received)s, expected 1 or more.") % {"received": plan.projects})
    if not plan.add and Project.all_objects.exists():
        raise SeedRefused(
            _(
                "This database already has projects. Seed an empty one, or say --add to put the demo beside what is there."
            )
        )
    organisation = Organisation.objects.order_by("pk").first()
    if organisation is not None and organisation.base_currency != BASE:
        raise SeedRefused(
            _("The demo's exchange rates are in CNY, but this organisation's base currency is %(currency)s.")
            % {"currency": organisation.base_currency}
        )


def _unpublished(plan: SeedPlan) -> list[int]:
    years = range(plan.today.year - (plan.weeks // 52), plan.today.year + 2)
    return sorted(set(years) - set(published_years(years)))


def _specs(plan: SeedPlan, world: World, book: Book) -> Iterator[ProjectSpec]:
    """The stories, then variants; what is on file already under its code is left out."""
    taken = set(Project.all_objects.values_list("code", flat=True)) if plan.add else set()
    stories = [spec for spec in STORIES if spec.code not in taken][: plan.projects]
    yield from stories
    yield from variants(plan.projects - len(stories), world, book, taken=taken)


def _chunks(specs: Iterator[ProjectSpec]) -> Iterator[list[ProjectSpec]]:
    while chunk := list(islice(specs, CHUNK)):
        yield chunk


def _load_chunk(
    specs: Sequence[ProjectSpec], world: World, book: Book, result: SeedResult, truth: TextIO | None
) -> None:
    for spec in specs:
        hidden = simulate(spec, world, book)
        if truth is not None:
            truth.write(json.dumps(hidden, ensure_ascii=False) + "\n")
    result.count(load(book, now=timezone.now()))
    result.projects += len(specs)
    book.clear()


def _override(world: World, book: Book, result: SeedResult) -> None:
    """The PMO shows the strategic portfolio in another colour than the rule and writes down why."""
    if BandOverride.objects.exists():
        return
    plan = override_plan(world.today, world.work.shift(world.today, 2))
    book.add(
        BandOverride,
        plan.since,
        portfolio_id=world.portfolios[plan.portfolio],
        band=plan.band,
        reason=plan.reason,
        starts_on=plan.since,
        ends_on=plan.until,
        decided_by_id=world.people[plan.person],
    )
    result.count(load(book, now=timezone.now()))
    book.clear()


def _note(actor: Actor, plan: SeedPlan, result: SeedResult) -> None:
    """One entry for the whole load: the rows themselves are invented and have no author."""
    changes = {name: [None, number] for name, number in sorted(result.rows.items())}
    reason = f"seed {plan.seed}, {plan.today.isoformat()}, {plan.weeks} weeks"
    record(
        actor=actor,
        act=Act(
            action="seed", model="projects.project", object_id=None, object_label="demo", changes=changes, reason=reason
        ),
    )


def _health(actor: Actor, plan: SeedPlan, world: World, result: SeedResult, say: Say) -> None:
    """Health of every Sunday of the history and of each of the last fourteen days."""
    started = time.monotonic()
    days = health_days(world)
    for number, day in enumerate(days, start=1):
        recompute(actor=actor, day=day, today=plan.today)
        if number % 26 == 0 or number == len(days):
            say(_("Health of %(done)d of %(all)d days") % {"done": number, "all": len(days)})
    result.health_days = len(days)
    result.seconds["health"] = time.monotonic() - started
    _upkeep(world, result)


def _upkeep(world: World, result: SeedResult) -> None:
    started = time.monotonic()
    add_use(world)
    add_upkeep(world)
    result.seconds["upkeep"] = time.monotonic() - started


def health_days(world: World) -> list[datetime.date]:
    """The dates that get snapshots, oldest first."""
    sundays = []
    day = world.first + datetime.timedelta(days=6)
    while day <= world.today:
        sundays.append(day)
        day += datetime.timedelta(weeks=1)
    recent = [
        world.today - datetime.timedelta(days=back)
        for back in range(DAILY)
        if world.today - datetime.timedelta(days=back) >= world.first
    ]
    return sorted({*sundays, *recent})
