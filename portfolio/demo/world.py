"""The organisation of the demo: units, people, logins, calendars, rates, portfolios. What is there already is kept."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import models

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.models import CalendarException, FiscalPeriod, Organisation
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from portfolio.demo.days import WorkDays
from portfolio.demo.days_off import Exceptional, chinese_holidays, ramadan_days
from portfolio.demo.logins import DEMO_PASSWORD, LOGINS
from portfolio.demo.people import PEOPLE
from portfolio.demo.rates import BASE, CURRENCIES, SOURCE, rate_rows
from portfolio.demo.rooms import ROOMS
from portfolio.demo.spec import Ask
from portfolio.demo.structure import OBJECTIVES, PORTFOLIOS, PROGRAMMES
from portfolio.demo.track import Book, Track
from portfolio.demo.units import ORGANISATION_EN, ORGANISATION_ZH, UNITS
from portfolio.models import Objective, Portfolio, PortfolioMember, Programme

_WEEK = datetime.timedelta(weeks=1)
_BEFORE, _AFTER = 260, 200  # weeks of calendar around the history: plans reach beyond it on both sides


@dataclass
class World:
    """What projects refer to: ids by code, names for texts, the clock and the calendar.

    `first` is the Monday on which the history begins, `today` its last day.
    """

    today: datetime.date
    first: datetime.date
    seed: int
    work: WorkDays
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    portfolios: dict[str, int] = field(default_factory=dict)
    cycles: dict[str, str] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)
    objectives: dict[str, int] = field(default_factory=dict)
    logins: int = 0
    rooms: dict[str, Any] = field(default_factory=dict)  # what a room keeps between projects

    def day(self, week: float) -> datetime.date:
        """The date `week` weeks from today."""
        return self.today + datetime.timedelta(days=round(7 * week))

    def workday(self, week: float) -> int:
        """The number of the working day on or before that date."""
        return self.work.number(self.day(week))

    def needed_by(self, ask: Ask) -> datetime.date:
        """Until when a decision is needed: two working days after it was taken in the end, or as the question says."""
        if ask.decided is not None:
            return self.work.shift(self.day(ask.decided), 2)
        return self.work.shift(self.today, ask.due)

    def kept(self, day: datetime.date) -> datetime.date:
        """The day on which something of `day` was entered here: not before the history begins."""
        return max(day, self.first)


def first_monday(today: datetime.date, weeks: int) -> datetime.date:
    """The Monday `weeks` weeks of history begin with; today's week is the last."""
    return today - datetime.timedelta(days=today.weekday()) - (weeks - 1) * _WEEK


def build_world(book: Book, *, today: datetime.date, weeks: int, seed: int, passwords: bool) -> World:
    """Add what is missing of the organisation to the book. `passwords` False makes logins that nobody can use yet."""
    first = first_monday(today, weeks)
    exceptions = _exceptions(first, today)
    world = World(today, first, seed, _work_days(exceptions, first, today))
    _organisation(book, world)
    _calendar(book, world, exceptions)
    _money(book, world)
    _units(book, world)
    _people(book, world, passwords)
    _portfolios(book, world)
    _objectives(book, world)
    for room in ROOMS:
        room.in_world(world, book)
    return world


def known(model: type[models.Model]) -> dict[str, int]:
    """Ids by code of what is in the table."""
    manager: Any = model._default_manager
    return dict(manager.values_list("code", "pk"))


def _exceptions(first: datetime.date, today: datetime.date) -> list[Exceptional]:
    years = range(first.year, today.year + 2)
    national = list(chinese_holidays(years))
    off = {row.day for row in national if not row.factor}
    return [*national, *ramadan_days(years, off)]


def _work_days(exceptions: list[Exceptional], first: datetime.date, today: datetime.date) -> WorkDays:
    national = {row.day: float(row.factor) for row in exceptions if not row.region}
    calendar = WorkingCalendar(exceptions=national)
    return WorkDays(calendar, first - datetime.timedelta(weeks=_BEFORE), today + datetime.timedelta(weeks=_AFTER))


def _organisation(book: Book, world: World) -> None:
    if Organisation.objects.exists():
        return
    book.add(Organisation, world.first, name_zh=ORGANISATION_ZH, name_en=ORGANISATION_EN, base_currency=BASE)


def _calendar(book: Book, world: World, exceptions: list[Exceptional]) -> None:
    there = set(CalendarException.objects.values_list("day", "region"))
    for row in exceptions:
        if (row.day, row.region) not in there:
            entered = world.kept(datetime.date(row.day.year - 1, 11, 12))
            book.add(
                CalendarException,
                min(entered, world.today),
                day=row.day,
                factor=row.factor,
                region=row.region,
                name_zh=row.zh,
                name_en=row.en,
            )
    codes = known(FiscalPeriod)
    for code, starts, ends in _periods(range(world.first.year, world.today.year + 2)):
        if code not in codes:
            closed = ends < world.today.replace(day=1) - datetime.timedelta(days=1)
            book.add(FiscalPeriod, world.first, code=code, starts_on=starts, ends_on=ends, closed=closed)


def _periods(years: range) -> list[tuple[str, datetime.date, datetime.date]]:
    rows = []
    for year in years:
        rows.append((f"FY{year}", datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        rows += [(f"{year}-Q{number}", *_months(year, 3 * number - 2, 3)) for number in range(1, 5)]
        rows += [(f"{year}-{month:02d}", *_months(year, month, 1)) for month in range(1, 13)]
    return rows


def _months(year: int, month: int, count: int) -> tuple[datetime.date, datetime.date]:
    following = datetime.date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return datetime.date(year, month, 1), following - datetime.timedelta(days=1)


def _money(book: Book, world: World) -> None:
    codes = known(Currency)
    for code, zh, en in CURRENCIES:
        if code not in codes:
            book.add(Currency, world.first, code=code, name_zh=zh, name_en=en)
    there = set(ExchangeRate.objects.values_list("currency", "kind", "valid_from_date"))
    rng = np.random.default_rng([world.seed, 1])
    for row in rate_rows(rng, world.first, world.today):
        if (row.currency, row.kind, row.day) not in there:
            book.add(
                ExchangeRate,
                world.kept(row.day),
                currency=row.currency,
                kind=row.kind,
                valid_from_date=row.day,
                rate=row.rate,
                source=SOURCE,
            )


def _units(book: Book, world: World) -> None:
    world.units = known(OrgUnit)
    paths = dict(OrgUnit.objects.values_list("code", "path"))
    for unit in UNITS:
        if unit.code in world.units:
            continue
        track = book.add(
            OrgUnit,
            world.first,
            code=unit.code,
            name_zh=unit.zh,
            name_en=unit.en,
            kind=unit.kind,
            parent_id=world.units.get(unit.parent),
        )
        paths[unit.code] = f"{paths.get(unit.parent, '/')}{track.pk}/"
        track.change(world.first, path=paths[unit.code])
        world.units[unit.code] = track.pk


def _people(book: Book, world: World, passwords: bool) -> None:
    world.people = known(Person)
    users = _users(world, passwords)
    for person in PEOPLE:
        world.names[person.code] = person.zh
        if person.code in world.people:
            continue
        email = person.en.lower().replace(" ", ".") + "@qilan.example"
        track = book.add(
            Person,
            world.first,
            code=person.code,
            name_zh=person.zh,
            name_en=person.en,
            title=person.title,
            email=email,
            unit_id=world.units[person.unit],
            line_manager_id=world.people.get(person.manager),
            user_id=users.get(person.code),
        )
        world.people[person.code] = track.pk
        for role, unit in person.grants:
            book.add(RoleGrant, world.first, person_id=track.pk, role=str(role), unit_id=world.units.get(unit))


def _users(world: World, passwords: bool) -> dict[str, int]:
    """User ids by staff number of the people who sign in; creates the logins that are missing."""
    there = dict(User.objects.values_list("username", "pk"))
    names = {person.code: person.zh for person in PEOPLE}
    password = make_password(DEMO_PASSWORD if passwords else None)
    found = {}
    for login in LOGINS:
        if login.person in world.people:
            continue
        pk = there.get(login.username)
        if pk is None:
            pk = User.objects.create(username=login.username, password=password, last_name=names[login.person]).pk
            world.logins += 1
        found[login.person] = pk
    return found


def _portfolios(book: Book, world: World) -> None:
    world.portfolios = known(Portfolio)
    world.programmes = known(Programme)
    year = world.today.year
    for plan in PORTFOLIOS:
        world.cycles[plan.code] = plan.cycle
        if plan.code in world.portfolios:
            continue
        track = book.add(
            Portfolio,
            world.first,
            code=plan.code,
            name_zh=plan.zh.format(year=year),
            name_en=plan.en.format(year=year),
            purpose=plan.purpose,
            owner_id=world.people[plan.owner],
            unit_id=world.units[plan.unit],
            cycle=plan.cycle,
        )
        world.portfolios[plan.code] = track.pk
        for role, person in plan.members:
            book.add(PortfolioMember, world.first, portfolio_id=track.pk, person_id=world.people[person], role=role)
    paths = dict(Programme.objects.values_list("code", "path"))
    for programme in PROGRAMMES:
        if programme.code not in world.programmes:
            above = paths.get(programme.parent, "/")
            track = add_programme(
                book,
                world,
                programme.code,
                above,
                name_zh=programme.zh,
                name_en=programme.en,
                outcome=programme.outcome,
                portfolio_id=world.portfolios[programme.portfolio],
                parent_id=world.programmes.get(programme.parent),
                manager_id=world.people[programme.manager],
            )
            paths[programme.code] = track.now["path"]


def add_programme(book: Book, world: World, code: str, above: str, **values: Any) -> Any:
    """Add a programme below the path `above`."""
    track = book.add(Programme, world.first, code=code, **values)
    track.change(world.first, path=f"{above}{track.pk}/")
    world.programmes[code] = track.pk
    return track


def _objectives(book: Book, world: World) -> None:
    world.objectives = known(Objective)
    due = datetime.date(world.today.year, 12, 31)
    for plan in OBJECTIVES:
        if plan.code in world.objectives:
            continue
        track = book.add(
            Objective,
            world.first,
            code=plan.code,
            name_zh=plan.zh,
            name_en=plan.en,
            perspective=plan.perspective,
            parent_id=world.objectives.get(plan.parent),
            owner_id=world.people[plan.owner],
            measure=plan.measure,
            due_on=due,
            baseline=_number(plan.baseline),
            target=_number(plan.target),
            actual=_number(plan.baseline),
        )
        world.objectives[plan.code] = track.pk
        if plan.actual:
            _measured(track, world, Decimal(plan.baseline), Decimal(plan.actual))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _measured(track: Track, world: World, baseline: Decimal, latest: Decimal) -> None:
    """The measure is taken on the tenth day after each quarter, on its way from the baseline to the latest value."""
    days = [
        datetime.date(year, month, 10)
        for year in range(world.first.year, world.today.year + 1)
        for month in (1, 4, 7, 10)
        if world.first < datetime.date(year, month, 10) <= world.today
    ]
    for number, day in enumerate(days, start=1):
        value = baseline + (latest - baseline) * number / len(days)
        track.change(day, actual=value.quantize(Decimal("0.1")))
