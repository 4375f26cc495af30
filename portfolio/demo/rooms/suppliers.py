"""Suppliers and contracts of the demo, and what its programmes serve, use and are judged by."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from portfolio.demo import rooms
from portfolio.demo.rooms.supplier_words import FRAMEWORKS, FUNCTIONS, LETS, MEASURES, SERVES, SUPPLIERS, Let
from portfolio.models import (
    BusinessFunction,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from projects.models import Contract, Supplier

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book
    from portfolio.demo.world import World

NAME = "suppliers"
_TEN_THOUSAND = 10_000
_RESULTS = ("1_met", "2_not_met", "3_not_yet")
_CHANCES = (0.45, 0.25, 0.3)


def in_world(world: World, book: Book) -> None:
    """Suppliers, contracts without a project, functions and measures. Nothing where they are there already."""
    suppliers = dict(Supplier.objects.values_list("code", "pk"))
    if not suppliers.keys() & {plan.code for plan in SUPPLIERS}:
        suppliers |= _add_suppliers(world, book)
        _add_functions(world, book)
        _add_measures(world, book)
    linked = set(ProgrammeSupplier.objects.values_list("programme_id", "supplier_id"))
    world.rooms[NAME] = {"suppliers": suppliers, "linked": linked}
    if not Contract.objects.filter(code=FRAMEWORKS[0].code).exists():
        _add_frameworks(world, book, suppliers)


def on_project(run: Run) -> None:
    """The contracts of a project that has any."""
    for number, let in enumerate(LETS.get(run.spec.code, ()), start=1):
        _add_contract(run, let, f"CT-{run.spec.code}-{number}")


def _add_suppliers(world: World, book: Book) -> dict[str, int]:
    found: dict[str, int] = {}
    for plan in SUPPLIERS:
        since = world.day(plan.since)
        track = book.add(
            Supplier,
            world.kept(since),
            code=plan.code,
            name_zh=plan.zh,
            name_en=plan.en,
            standing=plan.standing,
            qualified_on=since,
            qualified_until=None if plan.until is None else world.day(plan.until),
            backup_for_id=found.get(plan.backup_for),
            country=plan.country,
            contact=plan.contact,
            email=plan.mail,
        )
        found[plan.code] = track.pk
    return found


def _add_functions(world: World, book: Book) -> None:
    found: dict[str, int] = {}
    paths: dict[str, str] = {}
    for plan in FUNCTIONS:
        track = book.add(
            BusinessFunction,
            world.first,
            code=plan.code,
            name_zh=plan.zh,
            name_en=plan.en,
            kind=plan.kind,
            parent_id=found.get(plan.parent),
        )
        found[plan.code] = track.pk
        paths[plan.code] = f"{paths.get(plan.parent, '/')}{track.pk}/"
        track.change(world.first, path=paths[plan.code])
    for programme, codes in SERVES.items():
        for code in codes:
            book.add(
                ProgrammeFunction,
                world.first,
                programme_id=world.programmes[programme],
                function_id=found[code],
            )


def _add_measures(world: World, book: Book) -> None:
    rng = rooms.room_rng(world.seed, NAME)
    for number, plan in enumerate(MEASURES, start=1):
        book.add(
            ProgrammeMeasure,
            world.first,
            programme_id=world.programmes[plan.programme],
            code=f"MSR-{number:02d}",
            description=plan.text,
            category=plan.category,
            target=plan.target,
            result=str(rng.choice(_RESULTS, p=_CHANCES)),
        )


def _add_frameworks(world: World, book: Book, suppliers: dict[str, int]) -> None:
    for plan in FRAMEWORKS:
        track = book.add(
            Contract,
            world.kept(world.day(plan.since)),
            code=plan.code,
            title=plan.title,
            supplier_id=suppliers[plan.supplier],
            kind=Contract.Kind.FRAMEWORK.value,
            amount=Decimal(str(plan.amount)) * _TEN_THOUSAND,
            starts_on=world.day(plan.since),
            ends_on=world.day(plan.until),
        )
        _link(world, book, plan.programme, suppliers[plan.supplier], track.pk, world.first)


def _add_contract(run: Run, let: Let, code: str) -> None:
    """Its amount is a share of the budget; it ends with the plan, and is closed with the project."""
    plan, world = run.course.plan, run.world
    supplier = world.rooms[NAME]["suppliers"][let.supplier]
    begin = run.date(int(run.course.start + let.begins * (plan.finish - run.course.start)))
    begins = max(begin, run.born)
    amount = round(run.spec.budget * let.share) * _TEN_THOUSAND
    over = run.course.finished and run.date(run.course.last) <= world.today
    state = Contract.State.CLOSED if over else Contract.State.DRAFT if begins > world.today else Contract.State.ACTIVE
    track = run.book.add(
        Contract,
        min(begins, world.today),
        code=code,
        title=let.title,
        supplier_id=supplier,
        project_id=run.project,
        kind=let.kind,
        amount=Decimal(amount),
        currency=run.spec.currency,
        starts_on=begins,
        ends_on=max(run.date(plan.finish), begins),
        state=state.value,
    )
    if run.spec.programme:
        _link(world, run.book, run.spec.programme, supplier, track.pk, run.born)


def _link(world: World, book: Book, programme: str, supplier: int, contract: int, day: datetime.date) -> None:
    """The programme uses the contract and, once, relies on its supplier."""
    pk = world.programmes[programme]
    book.add(ProgrammeContract, day, programme_id=pk, contract_id=contract)
    linked = world.rooms[NAME]["linked"]
    if (pk, supplier) not in linked:
        linked.add((pk, supplier))
        book.add(ProgrammeSupplier, day, programme_id=pk, supplier_id=supplier)
