"""Arrays of capacity and demand, and windows of equipment, against plain loops."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo.core.calendars.calc import WorkingCalendar
from resources.calc import load
from resources.calc.slots import Slot, fits, in_the_way, next_free, occupied, used

FIRST = datetime.date(2026, 11, 16)
CALENDAR = WorkingCalendar(exceptions={datetime.date(2026, 11, 18): 0.0, datetime.date(2026, 11, 21): 1.0})
DAY = datetime.timedelta(days=1)
days = st.integers(-20, 60).map(lambda offset: FIRST + offset * DAY)
spans = st.tuples(st.integers(0, 3), days, st.integers(0, 30), st.integers(1, 200))
slots = st.lists(st.tuples(days, st.integers(0, 20), st.integers(1, 3)), max_size=8)


def made(rows: list[tuple[datetime.date, int, int]]) -> list[Slot]:
    return [Slot(first, first + length * DAY, quantity, key) for key, (first, length, quantity) in enumerate(rows)]


@given(st.lists(spans, max_size=12))
def test_spread_adds_what_is_in_force_on_each_day(rows: list[tuple[int, datetime.date, int, int]]) -> None:
    window = load.day_range(FIRST, FIRST + 27 * DAY)
    lines = [row[0] for row in rows]
    starts = np.array([row[1] for row in rows], dtype="datetime64[D]")
    ends = np.array([row[1] + row[2] * DAY for row in rows], dtype="datetime64[D]")
    got = load.spread(lines, starts, ends, [row[3] for row in rows], 4, window)
    for line in range(4):
        for offset in range(28):
            day = FIRST + offset * DAY
            held = sum(p for who, first, length, p in rows if who == line and first <= day <= first + length * DAY)
            assert got[line, offset] == held


def test_an_open_end_lasts_and_an_open_start_began_before() -> None:
    window = load.day_range(FIRST, FIRST + 2 * DAY)
    nothing = np.array(["NaT"], dtype="datetime64[D]")
    assert load.spread([0], nothing, nothing, [5], 1, window).tolist() == [[5, 5, 5]]


def test_a_day_counts_as_the_calendar_says() -> None:
    factors = load.day_factors(CALENDAR, load.day_range(FIRST, FIRST + 6 * DAY))
    assert factors.tolist() == [1, 1, 0, 1, 1, 1, 0]


@given(st.lists(st.floats(0, 9), min_size=28, max_size=28))
def test_periods_add_up_to_the_days(values: list[float]) -> None:
    window = load.day_range(FIRST, FIRST + 27 * DAY)
    starts = np.array([FIRST + 7 * number * DAY for number in range(4)], dtype="datetime64[D]")
    got = load.per_period(np.array([values]), window, starts)[0]
    assert np.allclose(got, [sum(values[7 * number : 7 * number + 7]) for number in range(4)])


def test_a_group_divides_its_sums_and_does_not_average_percentages() -> None:
    demand, capacity = np.array([[10.0], [1.0]]), np.array([[10.0], [5.0]])
    sums = [load.group_sums(values, [0, 0], 1) for values in (demand, capacity)]
    assert load.load_percent(*sums)[0, 0] == 11 / 15 * 100


def test_classes_of_load() -> None:
    percent = load.load_percent(np.array([0.0, 1, 0, 4.9, 5, 8, 10, 10.1, 12, 12.1]), np.array([0.0, 0, *[10.0] * 8]))
    assert np.isnan(percent[0]) and np.isinf(percent[1])
    wanted = ["none", "extreme", "under", "under", "calm", "near", "near", "over", "over", "extreme"]
    assert [load.load_class(float(value)) for value in percent] == wanted


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=20))
def test_over_allocation_of_projects_sums_people_once(pairs: list[tuple[int, int]]) -> None:
    over, capacity = np.array([0.0, 4, 10, 1]), np.array([20.0, 20, 10, 0])
    projects, people = (np.array([pair[part] for pair in pairs], dtype=np.int64) for part in (0, 1))
    ids, percent = load.over_by_project(projects, people, over, capacity)
    wanted = {}
    for project in sorted({pair[0] for pair in pairs}):
        team = {person for where, person in pairs if where == project}
        if sum(capacity[list(team)]):
            wanted[project] = 100 * sum(over[list(team)]) / sum(capacity[list(team)])
    assert dict(zip(ids.tolist(), percent.round(9).tolist(), strict=True)) == {
        k: round(v, 9) for k, v in wanted.items()
    }


def test_set_up_and_tear_down_take_working_days() -> None:
    monday = FIRST + 7 * DAY
    # The Saturday before is a make-up working day, so 12 hours reach back to Friday.
    assert occupied(monday, monday + DAY, 12, 8, CALENDAR) == (FIRST + 4 * DAY, monday + 2 * DAY)
    assert occupied(monday, monday, 0, 0, CALENDAR) == (monday, monday)


def _in_use(rows: Sequence[Slot], day: datetime.date) -> int:
    return sum(slot.quantity for slot in rows if slot.first <= day <= slot.last)


@given(slots, days, st.integers(0, 15), st.integers(1, 3))
def test_what_fits_is_what_is_free_on_every_day(
    rows: list[tuple[datetime.date, int, int]], first: datetime.date, length: int, quantity: int
) -> None:
    booked, last = made(rows), first + length * DAY
    window = [first + offset * DAY for offset in range(length + 1)]
    assert used(booked, first, last).tolist() == [_in_use(booked, day) for day in window]
    free = all(_in_use(booked, day) + quantity <= 3 for day in window)
    assert fits(booked, 3, quantity, first, last) == free
    blocking = in_the_way(booked, 3, Slot(first, last, quantity))
    assert bool(blocking) == (not free)
    for slot in blocking:
        assert slot.first <= last and slot.last >= first


@settings(max_examples=40)
@given(slots, days, st.integers(0, 9), st.integers(1, 3), st.sampled_from([(0, 0), (8, 8), (16, 4)]))
def test_the_next_window_is_free_long_enough_and_the_first(
    rows: list[tuple[datetime.date, int, int]],
    first: datetime.date,
    length: int,
    quantity: int,
    hours: tuple[int, int],
) -> None:
    booked, last = made(rows), first + length * DAY
    found = next_free(booked, 3, quantity, first, last, hours, CALENDAR)
    assert found is not None
    start, end = found
    wanted = CALENDAR.working_days_between(first - DAY, last)
    assert start >= first and CALENDAR.is_working(start)
    assert CALENDAR.working_days_between(start - DAY, end) == max(wanted, 1)
    assert fits(booked, 3, quantity, *occupied(start, end, *hours, CALENDAR))
    day = CALENDAR.next_working_day(first, inclusive=True)
    while day < start:
        finish = max(CALENDAR.add_working_days(day - DAY, wanted), day) if wanted else day
        assert not fits(booked, 3, quantity, *occupied(day, finish, *hours, CALENDAR))
        day = CALENDAR.next_working_day(day)


def test_more_than_there_is_is_never_free() -> None:
    assert next_free([], 2, 3, FIRST, FIRST, (0, 0), CALENDAR) is None
