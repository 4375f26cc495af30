"""The resource pool in the demo: people with skills and papers, allocations that follow each project's life, shared rigs."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from pmo.core.people.models import Person, RoleGrant
from portfolio.demo import rooms
from portfolio.demo.people import PEOPLE, PROJECT_MANAGERS, Somebody
from portfolio.demo.rooms import resource_people as data
from portfolio.demo.stories import STORIES
from resources.models import (
    Allocation,
    Certificate,
    Equipment,
    EquipmentBooking,
    PersonSkill,
    PoolMember,
    ResourceRole,
    Skill,
)

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book, Track
    from portfolio.demo.world import World

NAME = "resources"
_ROLE = {role.code: role for role in data.ROLES}
_TOUR = Counter(code for spec in STORIES for code in {spec.pm, *spec.team})
# Projects somebody works on -> percent of a week he is asked for in each.
_SHARES = {1: 75, 2: 45, 3: 30, 4: 25}
# The car maker's test teams are promised to two platforms at once: extra percent, and the unit each project borrows from.
_PROMISED_TWICE = {"Q3001": 50, "Q3003": 35, "Q3013": 10}
_BORROWS = {"NEV-01": "AUT-EE", "SCP-02": "AUT-RD"}
# What is asked for and not yet decided: project -> unit asked, number of people.
_ASKS = {"NEV-01": ("AUT-RD", 2), "SCP-02": ("AUT-EE", 1), "TWE-09": ("TEL-NW", 1), "CRM-03": ("RET-DG", 1)}
_LEAST, _EXTENSIONS, _MOVED = 20, 3, 10  # percent; times; working days a forecast moves before the end is moved
_FIRST_CODE = 4101


@dataclass
class Pool:
    """What later projects need to know: ids by code, and who is in the pool."""

    roles: dict[str, int] = field(default_factory=dict)
    rigs: dict[str, int] = field(default_factory=dict)
    crews: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)


def in_world(world: World, book: Book) -> None:
    """Roles, skills, engineers, pool members with skills and certificates, equipment. What is there is kept."""
    rng = rooms.room_rng(world.seed, NAME)
    pool = Pool(members=set(PoolMember.objects.values_list("person_id", flat=True)))
    world.rooms[NAME] = pool
    pool.roles = dict(ResourceRole.objects.values_list("code", "pk"))
    for role in data.ROLES:
        if role.code not in pool.roles:
            added = book.add(ResourceRole, world.first, code=role.code, name_zh=role.zh, name_en=role.en)
            pool.roles[role.code] = added.pk
    skills = dict(Skill.objects.values_list("code", "pk"))
    for code, zh, en, category in data.SKILLS:
        if code not in skills:
            skills[code] = book.add(Skill, world.first, code=code, name_zh=zh, name_en=en, category=category).pk
    _people(book, world, pool, rng, skills)
    pool.rigs = dict(Equipment.objects.values_list("code", "pk"))
    for rig in data.RIGS:
        if rig.code not in pool.rigs:
            pool.rigs[rig.code] = _rig(book, world, rig)


def _rig(book: Book, world: World, rig: data.Rig) -> int:
    return book.add(
        Equipment,
        world.first,
        code=rig.code,
        name_zh=rig.zh,
        name_en=rig.en,
        kind=rig.kind,
        unit_id=world.units[rig.unit],
        location=rig.location,
        capacity=rig.capacity,
        setup_hours=rig.setup,
        teardown_hours=rig.teardown,
    ).pk


def _people(book: Book, world: World, pool: Pool, rng: np.random.Generator, skills: dict[str, int]) -> None:
    located = {unit: place for unit, (place, _crew) in data.CREWS.items()}
    chosen = [(person, "PM") for person in PROJECT_MANAGERS]
    chosen += [
        (person, data.SPECIALIST_ROLES[person.code]) for person in PEOPLE if person.code in data.SPECIALIST_ROLES
    ]
    for manager in data.MANAGERS:
        _person(book, world, manager)
    number = _FIRST_CODE
    for unit, (_place, crew) in data.CREWS.items():
        head = next(person.code for person in PROJECT_MANAGERS if person.unit == unit)
        for zh, en, role in crew:
            person = Somebody(f"Q{number}", zh, en, _ROLE[role].zh, unit, head)
            number += 1
            _person(book, world, person)
            chosen.append((person, role))
            pool.crews.setdefault(unit, []).append((person.code, role))
    for person, role in chosen:
        pk = world.people[person.code]
        if pk in pool.members:
            continue
        _member(book, world, pool, pk, role, place=located.get(person.unit, "上海"), rng=rng)
        _skills(book, world, pk, role, skills, rng)
        _certificates(book, world, pk, role, rng)


def _person(book: Book, world: World, person: Somebody) -> None:
    """A person beside the leaders and specialists of the registry."""
    world.names[person.code] = person.zh
    if person.code in world.people:
        return
    track = book.add(
        Person,
        world.first,
        code=person.code,
        name_zh=person.zh,
        name_en=person.en,
        title=person.title,
        email=person.en.lower().replace(" ", ".") + "@qilan.example",
        unit_id=world.units[person.unit],
        line_manager_id=world.people.get(person.manager),
    )
    world.people[person.code] = track.pk
    for role, unit in person.grants:
        book.add(RoleGrant, world.first, person_id=track.pk, role=str(role), unit_id=world.units[unit])


def _member(
    book: Book, world: World, pool: Pool, person: int, role: str, *, place: str, rng: np.random.Generator
) -> None:
    """In the pool since the history begins; the cost rate rises with the year."""
    rate = Decimal(_ROLE[role].rate + 10 * int(rng.integers(-2, 5)))
    part_time = rng.random() < 0.06
    track = book.add(
        PoolMember,
        world.first,
        person_id=person,
        role_id=pool.roles[role],
        location=place,
        availability=int(rng.choice((60, 80))) if part_time else 100,
        pool_from=world.first,
        cost_rate=rate,
        rate_from=world.first,
    )
    pool.members.add(person)
    for year in range(world.first.year + 1, world.today.year + 1):
        rate += 5 * int(rng.integers(1, 4))
        track.change(datetime.date(year, 1, 1), cost_rate=rate, rate_from=datetime.date(year, 1, 1))


def _skills(book: Book, world: World, person: int, role: str, skills: dict[str, int], rng: np.random.Generator) -> None:
    for place, code in enumerate(_ROLE[role].skills):
        if place and rng.random() < 0.25:
            continue
        level = int(rng.integers(3, 6)) if place == 0 else int(rng.integers(1, 5))
        day = world.today - datetime.timedelta(days=int(rng.integers(20, 500)))
        book.add(PersonSkill, world.kept(day), person_id=person, skill_id=skills[code], level=level, assessed_on=day)


def _certificates(book: Book, world: World, person: int, role: str, rng: np.random.Generator) -> None:
    for place, key in enumerate(_ROLE[role].certificates):
        if rng.random() > (0.8 if place == 0 else 0.3):
            continue
        name, body, years = data.CERTIFICATES[key]
        expires = world.today + datetime.timedelta(days=int(rng.integers(-60, 365 * years - 40)))
        issued = expires.replace(day=min(expires.day, 28), year=expires.year - years)
        book.add(
            Certificate,
            world.kept(issued),
            person_id=person,
            name=name,
            body=body,
            number=f"{key}-{int(rng.integers(100000, 999999))}",
            issued_on=issued,
            expires_on=expires,
        )


def on_project(run: Run) -> None:
    """Allocations of the manager, the team and engineers of the unit; bookings of the shared rigs."""
    rng = rooms.room_rng(run.world.seed, NAME, run.spec.code)
    pool: Pool = run.world.rooms[NAME]
    _allocate(run, pool, rng, run.spec.pm, "PM", _share(run.spec.pm, rng), 0.0, 1.0)
    for number, code in enumerate(run.spec.team):
        role = data.SPECIALIST_ROLES.get(code, "SIT")
        _allocate(run, pool, rng, code, role, _share(code, rng), 0.08 + 0.05 * number, 1.0)
    if run.spec.code in _BORROWS:
        _crew(run, pool, rng, run.spec.unit, 4, (50, 75))
        _crew(run, pool, rng, _BORROWS[run.spec.code], 3, (50, 75))
    elif run.spec.weekly_costs:
        _crew(run, pool, rng, run.spec.unit, 2, (20, 40))
    if run.spec.code in _ASKS:
        _ask(run, pool, rng, *_ASKS[run.spec.code])
    for window in data.WINDOWS:
        if window.project == run.spec.code:
            _book(run, pool, rng, window)


def _crew(run: Run, pool: Pool, rng: np.random.Generator, unit: str, count: int, share: tuple[int, int]) -> None:
    """Some engineers of a unit, each for a good part of the project, more of it in one half than in the other."""
    crew = pool.crews.get(unit, [])
    for place in rng.choice(len(crew), min(len(crew), count), replace=False).tolist() if crew else []:
        code, role = crew[place]
        begin, turn, end = (float(rng.uniform(*span)) for span in ((0.05, 0.35), (0.5, 0.75), (0.85, 1.0)))
        for first, last in ((begin, turn), (turn + 0.01, end)):
            percent = 5 * int(rng.integers(share[0] // 5, share[1] // 5 + 1))
            _allocate(run, pool, rng, code, role, percent, first, last, moves=last == end)


def _ask(run: Run, pool: Pool, rng: np.random.Generator, unit: str, count: int) -> None:
    """People asked for in the last days; their resource manager has not decided."""
    world, crew = run.world, pool.crews.get(unit, [])
    for place in rng.choice(len(crew), count, replace=False).tolist() if len(crew) >= count else []:
        code, role = crew[place]
        starts = world.work.shift(world.today, int(rng.integers(5, 12)))
        run.book.add(
            Allocation,
            max(world.work.shift(world.today, -int(rng.integers(2, 8))), run.born),
            project_id=run.project,
            person_id=world.people[code],
            role_id=pool.roles[role],
            starts_on=starts,
            ends_on=world.work.shift(starts, int(rng.integers(25, 50))),
            percent=10 * int(rng.integers(4, 8)),
            note="按恢复计划增补",
        )


def _share(code: str, rng: np.random.Generator) -> int:
    """Percent of a week: by how many stories somebody works in; for the many variants small parts."""
    projects = _TOUR.get(code, 0)
    if not projects:
        return _LEAST + 5 * int(rng.integers(0, 4))
    return _SHARES.get(projects, 20) + 5 * int(rng.integers(-1, 2)) + _PROMISED_TWICE.get(code, 0)


def _allocate(
    run: Run,
    pool: Pool,
    rng: np.random.Generator,
    code: str,
    role: str,
    percent: int,
    begin: float,
    end: float,
    *,
    moves: bool = True,
) -> None:
    """Proposed some weeks ahead, committed days later, `moves` with the forecast, ended with the project."""
    world, plan, work = run.world, run.course.plan, run.world.work
    person = world.people[code]
    if person not in pool.members:
        _member(run.book, world, pool, person, role, place="", rng=rng)
    length = plan.finish - plan.start
    first, last = plan.start + round(begin * length), plan.start + round(end * length)
    asked = max(run.date(first - int(rng.integers(10, 25))), run.born)
    decided = work.shift(asked, int(rng.integers(3, 12)))
    over = run.course.finished or run.course.halted
    stop = run.date(run.course.last) if over else datetime.date.max
    if asked > world.today or asked >= stop or last <= first:
        return
    track = run.book.add(
        Allocation,
        asked,
        project_id=run.project,
        person_id=person,
        role_id=pool.roles[role],
        starts_on=run.date(first),
        ends_on=run.date(last),
        percent=percent,
    )
    if decided <= world.today and decided < stop:
        track.change(decided, state="committed")
        if moves:
            _extend(run, track, last, stop)
    _finish(track, stop)


def _extend(run: Run, track: Track, last: int, stop: datetime.date) -> None:
    """The end follows the admitted slip of the finish, in a few steps."""
    moved, times = 0, 0
    for index, number in enumerate(run.course.checks.tolist()):
        slip, day = int(run.course.told[index, -1]), run.date(number)
        if day < track.changed or day >= stop or times == _EXTENSIONS or number > last + moved + 5:
            continue
        if slip >= moved + _MOVED:
            moved, times = slip, times + 1
            track.change(day, ends_on=run.date(last + moved))


def _finish(track: Track, stop: datetime.date) -> None:
    """People are released on the day the project ends, is terminated or put on hold."""
    if track.now["starts_on"] > stop:
        track.change(max(stop, track.changed), state="cancelled")
    elif track.now["ends_on"] > stop:
        track.change(max(stop, track.changed), ends_on=stop)


def _book(run: Run, pool: Pool, rng: np.random.Generator, window: data.Window) -> None:
    """Requested four to six weeks ahead, confirmed a good week later; what is open was asked for lately."""
    world = run.world
    starts, ends = world.work.floor(world.day(window.start)), world.work.floor(world.day(window.end))
    if run.date(run.course.last) < min(starts, world.today) and (run.course.finished or run.course.halted):
        return
    ahead = int(rng.integers(20, 30))
    asked = max(
        min(world.work.shift(starts, -ahead), world.work.shift(world.today, -int(rng.integers(8, 14)))), run.born
    )
    track = run.book.add(
        EquipmentBooking,
        asked,
        equipment_id=pool.rigs[window.rig],
        project_id=run.project,
        starts_on=starts,
        ends_on=max(ends, starts),
        quantity=window.quantity,
        note=window.note,
    )
    if window.confirmed:
        track.change(min(world.work.shift(asked, int(rng.integers(4, 8))), world.today), state="confirmed")
