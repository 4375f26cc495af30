"""The pool of the demo: what it holds could have been entered here by the rules of the services."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import pytest

from pmo.core.calendars.calc import WorkingCalendar
from portfolio.demo.days_off import chinese_holidays
from portfolio.demo.simulator import simulate
from portfolio.demo.stories import STORIES
from portfolio.demo.track import Book, Track
from portfolio.demo.world import World, build_world
from resources.calc.slots import Slot, occupied, used
from resources.models import Allocation, Certificate, Equipment, EquipmentBooking, PersonSkill, PoolMember

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def told() -> tuple[World, Book]:
    """The stories as of the day of the mock-ups."""
    return tell(TODAY)


def tell(today: datetime.date) -> tuple[World, Book]:
    """The world and every story in a book that is never loaded."""
    book = Book(lambda model: 1)
    world = build_world(book, today=today, weeks=104, seed=1, passwords=False)
    for spec in STORIES:
        simulate(spec, world, book)
    return world, book


def _slots(rig: dict[str, Any], tracks: list[Track]) -> list[Slot]:
    exceptions = {row.day: float(row.factor) for row in chinese_holidays(range(2025, 2028)) if not row.region}
    calendar = WorkingCalendar(exceptions=exceptions)
    hours = (rig["setup_hours"], rig["teardown_hours"])
    rows = [track.now for track in tracks]
    return [Slot(*occupied(row["starts_on"], row["ends_on"], *hours, calendar), row["quantity"]) for row in rows]


@pytest.mark.parametrize("today", [TODAY, datetime.date(2026, 10, 10), datetime.date(2027, 2, 12)])
def test_confirmed_bookings_fit_and_the_shared_rigs_are_asked_for_beyond_their_capacity(today: datetime.date) -> None:
    _world, book = tell(today)
    by_rig: dict[int, list[Track]] = defaultdict(list)
    for track in book.tracks[EquipmentBooking]:
        by_rig[track.now["equipment_id"]].append(track)
    first, last = today - datetime.timedelta(days=90), today + datetime.timedelta(days=120)
    asked = {}
    for rig in book.tracks[Equipment]:
        tracks = by_rig[rig.pk]
        confirmed = [track for track in tracks if track.now["state"] == "confirmed"]
        assert used(_slots(rig.now, confirmed), first, last).max() <= rig.now["capacity"], rig.now["name_en"]
        asked[rig.now["code"]] = used(_slots(rig.now, tracks), today, last).max() - rig.now["capacity"]
    assert asked["RIG-01"] > 0


def test_people_are_proposed_before_they_are_committed_and_released_with_the_project(told: tuple[World, Book]) -> None:
    world, book = told
    people = {track.now["person_id"] for track in book.tracks[PoolMember]}
    assert len(people) == len(book.tracks[PoolMember]) >= 80
    for track in book.tracks[Allocation]:
        states = [values["state"] for _day, values in track.states]
        assert states[0] in {"proposed", "committed"} and states == sorted(
            states, key=["proposed", "committed", "cancelled"].index
        )
        assert world.first <= track.created and track.changed <= TODAY
        assert track.now["starts_on"] <= track.now["ends_on"] or track.now["state"] == "cancelled"
        assert track.now["person_id"] in people and 1 <= track.now["percent"] <= 200
    assert len(book.tracks[Allocation]) <= 12 * len(STORIES)


def test_papers_of_people_differ_in_how_long_they_hold(told: tuple[World, Book]) -> None:
    _world, book = told
    expiry = [track.now["expires_on"] for track in book.tracks[Certificate]]
    soon = TODAY + datetime.timedelta(days=90)
    assert any(day < TODAY for day in expiry) and any(TODAY <= day <= soon for day in expiry)
    assert all(row.now["issued_on"] < row.now["expires_on"] for row in book.tracks[Certificate])
    assert {row.now["level"] for row in book.tracks[PersonSkill]} == {1, 2, 3, 4, 5}
