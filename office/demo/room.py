"""The demo company's PMO: four units, a charter in its second revision, two self-assessments."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from office.calc.self_assessment import CODES, assess
from office.demo import texts
from office.models import CharterRight, PMOCharter, PMOUnit, TypeAssessment
from pmo.core.decision_rights.models import DecisionRight

if TYPE_CHECKING:
    from portfolio.demo.track import Book, Track
    from portfolio.demo.world import World

_FIRST, _SECOND, _NOW = -60, -21, -1  # weeks from today: the two signings, the latest assessment
_SIGNERS = {"executive_id": "Q1001", "hr_id": "Q1011", "head_id": "Q1101"}


def in_world(world: World, book: Book) -> None:
    """Add the PMO; what is on file already is kept."""
    if PMOUnit.objects.exists():
        return
    units = _units(world, book)
    _charter(world, book, units["PMO-01"])
    _assessments(world, book, units["PMO-01"])


def _units(world: World, book: Book) -> dict[str, Track]:
    found: dict[str, Track] = {}
    for plan in texts.UNITS:
        founded = world.today - datetime.timedelta(days=round(365.25 * plan.years))
        above = found.get(plan.parent)
        track = book.add(
            PMOUnit,
            world.kept(founded),
            code=plan.code,
            name_zh=plan.zh,
            name_en=plan.en,
            level=plan.level,
            parent_id=above.pk if above else None,
            type=plan.type,
            type_label=plan.type_label,
            function=plan.function,
            head_id=world.people[plan.head],
            org_unit_id=world.units[plan.unit],
            mission=plan.mission,
            founded_on=founded,
            fte=Decimal(plan.fte),
        )
        track.change(track.created, path=f"{above.now['path'] if above else '/'}{track.pk}/")
        found[plan.code] = track
    return found


def _work_day(world: World, week: float) -> datetime.date:
    return max(world.work.floor(world.day(week)), world.first)


def _signed(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, 20, tzinfo=datetime.UTC)


def _charter(world: World, book: Book, unit: Track) -> None:
    """The first revision gave no right to stop; the second, in force, does."""
    first, second = _work_day(world, _FIRST), _work_day(world, _SECOND)
    old = _revision(world, book, unit, 1, first, texts.MANDATE_BEFORE, "")
    new = _revision(world, book, unit, 2, second, texts.MANDATE, texts.CHANGE_NOTE, code=old.now["code"])
    old.change(second, state=PMOCharter.State.REPLACED.value)
    for plan in texts.RIGHTS:
        if plan.first:
            _right(world, book, old, plan, first, second)
    for plan in texts.RIGHTS:
        _right(world, book, new, plan, second, None)


def _revision(
    world: World, book: Book, unit: Track, number: int, day: datetime.date, mandate: str, note: str, code: str = ""
) -> Track:
    drafted = max(world.first, day - datetime.timedelta(days=12))
    people: dict[str, Any] = {name: world.people[code_] for name, code_ in _SIGNERS.items()}
    track = book.add(
        PMOCharter,
        drafted,
        unit_id=unit.pk,
        code=code,
        revision=number,
        problem=texts.PROBLEM,
        mandate=mandate,
        scope=texts.SCOPE,
        success_measures=texts.SUCCESS,
        sponsor_id=world.people["Q1001"],
        review_on=day + datetime.timedelta(days=365),
        sunset_on=day + datetime.timedelta(days=3 * 365),
        change_note=note,
        **people,
    )
    head, hr = max(drafted, day - datetime.timedelta(days=5)), max(drafted, day - datetime.timedelta(days=3))
    track.change(head, head_signed_at=_signed(head, 2))
    track.change(hr, hr_signed_at=_signed(hr, 6))
    track.change(day, executive_signed_at=_signed(day, 8), state=PMOCharter.State.SIGNED.value, signed_on=day)
    return track


def _right(
    world: World,
    book: Book,
    charter: Track,
    plan: texts.RightPlan,
    since: datetime.date,
    until: datetime.date | None,
) -> None:
    track = book.add(
        DecisionRight,
        charter.created,
        kind=plan.kind,
        role=plan.role,
        unit_id=world.units.get(plan.unit),
        up_to=Decimal(plan.up_to) if plan.up_to else None,
        days=plan.days,
        remark=plan.remark,
    )
    track.change(since, in_force_from=since)
    if until is not None:
        track.change(until, in_force_until=until)
    book.add(CharterRight, charter.created, charter_id=charter.pk, right_id=track.pk)


def _assessments(world: World, book: Book, unit: Track) -> None:
    """A year ago the type was changed on the recommendation; the latest one waits for a decision."""
    head, analyst = world.people["Q1101"], world.people["Q1102"]
    last_year, now = _work_day(world, -52), _work_day(world, _NOW)
    before = _assessment(book, unit, last_year, texts.ANSWERS_BEFORE, unit.now["type"], analyst)
    decided = last_year + datetime.timedelta(days=6)
    before.change(
        decided,
        outcome=TypeAssessment.Outcome.APPLIED.value,
        decided_by_id=head,
        decided_on=decided,
        reason=texts.REASON_BEFORE,
    )
    unit.change(decided, type=before.now["recommended"])
    _assessment(book, unit, now, texts.ANSWERS_NOW, unit.now["type"], analyst)


def _assessment(
    book: Book, unit: Track, day: datetime.date, answers: tuple[int, ...], before: str, assessor: int
) -> Track:
    told = dict(zip(CODES, answers, strict=True))
    result = assess(told)
    return book.add(
        TypeAssessment,
        day,
        unit_id=unit.pk,
        assessed_on=day,
        assessor_id=assessor,
        answers=told,
        type_before=before,
        recommended=result.recommended,
        score=result.scores[result.recommended],
        lead=result.lead,
    )
