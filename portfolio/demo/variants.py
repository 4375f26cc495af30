"""Any number of further projects, composed from vocabularies, for the same simulator.

Variants come in blocks of 250. A block is a portfolio of one business unit, with a programme for each type of
project and its own people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmo.core.people.models import Person
from portfolio.demo.names import ABROAD, GIVEN, OBJECTS, PHASES, PLACES, QUESTIONS, SURNAMES, TEMPLATES, WORKS, Place
from portfolio.demo.rates import BUDGET_RATES
from portfolio.demo.spec import Ask, Goal, Manner, ProjectSpec, Setback, Stream
from portfolio.demo.track import Book
from portfolio.demo.units import UNITS
from portfolio.demo.words import troubles
from portfolio.demo.world import World, add_programme
from portfolio.models import Portfolio

BLOCK = 250
_MANAGERS, _SPECIALISTS = 32, 40
_CYCLES = ("monthly", "fortnightly", "monthly", "weekly", "monthly", "fortnightly", "monthly")
_HEADS = {
    "AUT": "Q1004",
    "RET": "Q1005",
    "ENG": "Q1006",
    "ENE": "Q1007",
    "TEL": "Q1008",
    "CHE": "Q1009",
    "GRP": "Q1010",
}
_LINKED = ("OBJ-TALE", "OBJ-LEAD", "OBJ-CASH", "OBJ-TIME", "OBJ-CARB", "OBJ-DATA")
_TRACK = {
    "product": "产品",
    "it": "信息化",
    "construction": "工程",
    "transformation": "变革",
    "operations": "运营",
    "compliance": "合规",
}
_TRACK_EN = {
    "product": "products",
    "it": "systems",
    "construction": "construction",
    "transformation": "change",
    "operations": "operations",
    "compliance": "compliance",
}


@dataclass(frozen=True)
class Block:
    """A business unit's portfolio of up to 250 variants, and who works in it."""

    unit: str
    portfolio: str
    programmes: dict[str, str]
    managers: tuple[str, ...]
    specialists: tuple[str, ...]
    departments: tuple[str, ...]


def variants(count: int, world: World, book: Book, *, taken: set[str]) -> Iterator[ProjectSpec]:
    """Yield `count` specifications; portfolios, programmes and people they need go into the book on the way."""
    names: set[str] = set()
    number, given = 0, 0
    block: Block | None = None
    while given < count:
        if number % BLOCK == 0:
            block = _block(number // BLOCK, world, book)
        assert block is not None  # noqa: S101  number starts at a multiple of BLOCK
        rng = np.random.default_rng([world.seed, 7, number])
        code = f"{block.unit}-{number + 1001}"
        number += 1
        if code in taken:
            continue
        yield _variant(code, block, names, rng)
        given += 1


def _block(index: int, world: World, book: Book) -> Block:
    units = list(OBJECTS)
    unit = units[index % len(units)]
    serial = index // len(units) + 1
    rng = np.random.default_rng([world.seed, 5, index])
    code = f"PF-{unit}-{serial:02d}"
    cycle = _CYCLES[index % len(_CYCLES)]
    plan = next(row for row in UNITS if row.code == unit)
    departments = tuple(row.code for row in UNITS if row.parent == unit) or (unit,)
    if code not in world.portfolios:
        track = book.add(
            Portfolio,
            world.first,
            code=code,
            name_zh=f"{plan.zh}项目组合 {serial:02d}",
            name_en=f"{plan.en} portfolio {serial:02d}",
            owner_id=world.people[_HEADS[unit]],
            unit_id=world.units[unit],
            cycle=cycle,
        )
        world.portfolios[code] = track.pk
    world.cycles[code] = cycle
    managers = _people(book, world, rng, index, "M", "项目经理", _MANAGERS, departments)
    specialists = _people(book, world, rng, index, "S", "工程师", _SPECIALISTS, departments)
    programmes = _programmes(book, world, code, plan, serial, managers)
    return Block(unit, code, programmes, managers, specialists, departments)


def _people(
    book: Book,
    world: World,
    rng: np.random.Generator,
    index: int,
    letter: str,
    title: str,
    count: int,
    departments: tuple[str, ...],
) -> tuple[str, ...]:
    codes = []
    for number in range(count):
        surname = SURNAMES[int(rng.integers(0, len(SURNAMES)))]
        given = GIVEN[int(rng.integers(0, len(GIVEN)))]
        code = f"{letter}{index + 1:03d}{number + 1:02d}"
        codes.append(code)
        world.names[code] = surname[0] + given[0]
        if code not in world.people:
            track = book.add(
                Person,
                world.first,
                code=code,
                name_zh=surname[0] + given[0],
                name_en=f"{surname[1]} {given[1]}",
                title=title,
                email=f"{code.lower()}@qilan.example",
                unit_id=world.units[departments[number % len(departments)]],
            )
            world.people[code] = track.pk
    return tuple(codes)


def _programmes(
    book: Book, world: World, portfolio: str, plan: Any, serial: int, managers: tuple[str, ...]
) -> dict[str, str]:
    """One programme for each project type the unit knows; its code by type."""
    found = {}
    for number, kind in enumerate(sorted({kind for kind, _zh, _en in OBJECTS[plan.code]})):
        code = f"{portfolio}-P{number + 1}"
        found[kind] = code
        if code not in world.programmes:
            add_programme(
                book,
                world,
                code,
                "/",
                name_zh=f"{plan.zh}{_TRACK[kind]}项目集 {serial:02d}",
                name_en=f"{plan.en} {_TRACK_EN[kind]} programme {serial:02d}",
                portfolio_id=world.portfolios[portfolio],
                manager_id=world.people[managers[number]],
            )
    return found


def _variant(code: str, block: Block, names: set[str], rng: np.random.Generator) -> ProjectSpec:
    kind, zh, en, place = _name(block.unit, names, rng)
    shortest, longest = TEMPLATES[kind][0]
    weeks = float(rng.uniform(shortest, longest))
    start = _start(weeks, rng)
    goals = tuple(Goal(name, round(start + share * weeks, 2), key) for name, share, key in TEMPLATES[kind][1])
    manner = _manner(rng)
    held, ended = _stops(start, weeks, rng)
    pm = block.managers[int(rng.integers(0, len(block.managers)))]
    budget = (
        float(np.exp(rng.normal(6.6, 0.9))) * (2.2 if kind == "construction" else 1.0) / BUDGET_RATES[place.currency]
    )
    return ProjectSpec(
        code=code,
        zh=zh,
        en=en,
        summary=f"{zh}，{place.country}。",
        type=kind,
        unit=block.departments[int(rng.integers(0, len(block.departments)))],
        pm=pm,
        sponsor=_HEADS[block.unit],
        budget=round(max(budget, 20.0), -1) or 20.0,
        start=round(start, 2),
        goals=goals,
        portfolio=block.portfolio,
        programme=block.programmes[kind] if rng.random() < 0.6 else "",
        driver=_choice(
            rng, (("none", 0.55), ("date", 0.2), ("experience", 0.1), ("competitor", 0.08), ("compliance", 0.07))
        ),
        method=_choice(rng, (("predictive", 0.55), ("hybrid", 0.2), ("agile", 0.2), ("design_thinking", 0.05))),
        priority=_choice(rng, (("3_medium", 0.5), ("2_high", 0.28), ("4_low", 0.16), ("1_critical", 0.06))),
        visibility=_choice(rng, (("portfolio", 0.87), ("organisation", 0.1), ("private", 0.03))),
        country=place.country,
        currency=place.currency,
        critical=bool(rng.random() < 0.03),
        drift=float(np.clip(rng.normal(0.04, 0.06), -0.08, 0.25)),
        setbacks=_setbacks(kind, start, weeks, goals, manner, rng),
        asks=_asks(pm, block, rng),
        streams=_streams(kind, place, rng),
        manner=manner,
        objectives=_objectives(rng),
        team=tuple(
            block.specialists[int(number)]
            for number in rng.choice(len(block.specialists), int(rng.integers(1, 3)), replace=False)
        ),
        held_from=held,
        ended_at=ended,
        weekly_costs=False,
        rated=("schedule", "cost"),
        rates_green=False,
        weighted=bool(rng.random() < 0.8),
    )


def _choice(rng: np.random.Generator, options: tuple[tuple[str, float], ...]) -> str:
    drawn, passed = float(rng.random()), 0.0
    for value, share in options:
        passed += share
        if drawn < passed:
            return value
    return options[0][0]


def _name(unit: str, names: set[str], rng: np.random.Generator) -> tuple[str, str, str, Place]:
    """A type, a bilingual name that no other variant has, and the place."""
    while True:
        place = (
            ABROAD[int(rng.integers(0, len(ABROAD)))]
            if rng.random() < 0.06
            else PLACES[int(rng.integers(0, len(PLACES)))]
        )
        kind, thing, thing_en = OBJECTS[unit][int(rng.integers(0, len(OBJECTS[unit])))]
        work, work_en = WORKS[kind][int(rng.integers(0, len(WORKS[kind])))]
        for phase, phase_en in PHASES:
            zh = f"{place.zh}{thing}{work}{phase}"
            if zh not in names:
                names.add(zh)
                return kind, zh, " ".join(word for word in (place.en, thing_en, work_en, phase_en) if word), place


def _start(weeks: float, rng: np.random.Generator) -> float:
    """Most projects run today; some ended within the last two years, a few have not begun."""
    drawn = rng.random()
    if drawn < 0.72:
        return -float(rng.uniform(0.02, 0.97)) * weeks
    if drawn < 0.76:
        return float(rng.uniform(1, 6))
    return -float(rng.uniform(5, 92)) - weeks


def _manner(rng: np.random.Generator) -> Manner:
    rosy = rng.random() < 0.25
    return Manner(
        optimism=float(rng.uniform(12, 38)) if rosy else float(np.clip(rng.normal(2, 3), -5, 9)),
        flattery=float(rng.uniform(0.0, 0.35 if rosy else 0.12)),
        on_time=float(rng.uniform(0.72, 1.0)),
        missing=float(rng.uniform(0.0, 0.08)),
        missed_last=int(rng.integers(1, 4)) if rng.random() < 0.06 else 0,
        stubborn=bool(rosy and rng.random() < 0.3),
        own_estimate=bool(rng.random() < 0.3),
        forecasts=bool(rng.random() > 0.03),
        silent=bool(rng.random() < 0.01),
        books_late=int(rng.integers(15, 30)) if rng.random() < 0.05 else 0,
    )


def _stops(start: float, weeks: float, rng: np.random.Generator) -> tuple[float | None, float | None]:
    """(put on hold, terminated) in weeks from today: a few of the projects that run."""
    drawn = rng.random()
    if drawn > 0.06 or start > -20 or start + weeks < 4:
        return None, None
    week = float(rng.uniform(max(start + 8, -40), -2))
    return (week, None) if drawn < 0.03 else (None, week)


def _setbacks(
    kind: str, start: float, weeks: float, goals: tuple[Goal, ...], manner: Manner, rng: np.random.Generator
) -> tuple[Setback, ...]:
    """Causes over the life of the project, those still to come included; the rosy tell late and little."""
    words = troubles(kind)
    found = []
    for _ in range(int(rng.poisson(weeks / 15))):
        trouble = words[int(rng.integers(0, len(words)))]
        week = round(start + float(rng.uniform(0.05, 0.92)) * weeks, 2)
        since = next((index for index, goal in enumerate(goals) if goal.week > week + 0.5), len(goals) - 1)
        hides = max(manner.optimism, 0.0) / 38
        told = round(float(rng.uniform(0.3, 2.0)) + hides * float(rng.uniform(2, 6)), 1)
        days = int(np.clip(np.exp(rng.normal(2.0, 0.7)), 1, 45))
        found.append(
            Setback(
                week,
                days,
                since,
                trouble.cause,
                trouble.dimension,
                trouble.issue,
                trouble.fix,
                told=told,
                told_fully=round(told + hides * float(rng.uniform(3, 9)), 1),
                first_share=round(1 - 0.6 * hides, 2),
                cost=round(float(rng.uniform(0, 0.002)) * days, 4),
                solved=round(told + float(rng.uniform(3, 14)), 1) if rng.random() < 0.6 else None,
            )
        )
    return tuple(found)


def _asks(pm: str, block: Block, rng: np.random.Generator) -> tuple[Ask, ...]:
    if rng.random() > 0.3:
        return ()
    title, context = QUESTIONS[int(rng.integers(0, len(QUESTIONS)))]
    raised = -float(rng.uniform(0.5, 30))
    decided = None if raised > -5 else raised + float(rng.uniform(1, 4))
    decider = _HEADS[block.unit] if rng.random() < 0.7 else pm
    cost = float(rng.integers(1, 40))
    return (
        Ask(
            title,
            context,
            decider,
            round(raised, 2),
            int(rng.integers(-6, 16)),
            cost,
            decided if decided is None else round(decided, 2),
            "" if decided is None else "同意。",
        ),
    )


def _streams(kind: str, place: Place, rng: np.random.Generator) -> tuple[Stream, ...]:
    capital = float(rng.uniform(0.5, 0.8) if kind in {"construction", "product"} else rng.uniform(0.2, 0.5))
    material = {"construction": "construction", "it": "software"}.get(kind, "equipment")
    labour = "CNY" if place.currency != "CNY" else ""
    return (
        Stream("capex", material, round(capital, 2)),
        Stream("opex", "labour", round((1 - capital) * 0.6, 2), labour),
        Stream("opex", "services", round((1 - capital) * 0.4, 2)),
    )


def _objectives(rng: np.random.Generator) -> tuple[tuple[str, float], ...]:
    if rng.random() > 0.3:
        return ()
    return ((_LINKED[int(rng.integers(0, len(_LINKED)))], round(float(rng.uniform(0.01, 0.04)), 2)),)
