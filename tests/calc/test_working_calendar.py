"""Working days: published Chinese calendars, factors, and the rules that hold on every calendar."""

import datetime
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.calendars.calc import NoWorkingDayError, WorkingCalendar
from tests.calc.china_holidays import china

CHINA = china()
PLAIN = WorkingCalendar()


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_chinese_year(year, days):
    # 366 - 104 weekend days - 11 holidays = 251; since 2025 there are 13: 365 - 104 - 13 = 248 (人社部发〔2025〕2号)
    assert CHINA.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_spring_festival_2025():
    # off from Tuesday 28 January to Tuesday 4 February; Sunday 26 January and Saturday 8 February are worked
    assert CHINA.is_working(date(2025, 1, 26))
    assert not CHINA.is_working(date(2025, 1, 25))
    assert CHINA.next_working_day(date(2025, 1, 27)) == date(2025, 2, 5)
    assert CHINA.is_working(date(2025, 2, 8))
    assert not CHINA.is_working(date(2025, 2, 9))
    assert CHINA.working_days_between(date(2025, 1, 24), date(2025, 2, 8)) == 6  # 26, 27 Jan, 5, 6, 7, 8 Feb
    assert CHINA.add_working_days(date(2025, 1, 24), 6) == date(2025, 2, 8)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 6, 5), date(2026, 6, 8), 1),  # Friday to Monday
        (date(2026, 6, 5), date(2026, 6, 6), 0),  # Friday to Saturday
        (date(2026, 6, 6), date(2026, 6, 8), 1),  # Saturday to Monday
        (date(2026, 6, 8), date(2026, 6, 8), 0),
        (date(2026, 6, 8), date(2026, 6, 5), -1),
        (date(2026, 6, 1), date(2026, 6, 15), 10),
    ],
)
def test_the_days_after_the_start_up_to_the_end_count(start, end, days):
    assert PLAIN.working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 0, date(2026, 6, 6)),
        (date(2026, 6, 8), -1, date(2026, 6, 5)),
        (date(2026, 6, 7), -1, date(2026, 6, 5)),
        (date(2026, 6, 1), 10, date(2026, 6, 15)),
    ],
)
def test_adding_working_days_as_a_spreadsheet_does(start, days, end):
    assert PLAIN.add_working_days(start, days) == end


def test_next_working_day_may_include_the_day_itself():
    monday, saturday = date(2026, 6, 8), date(2026, 6, 6)
    assert PLAIN.next_working_day(monday) == date(2026, 6, 9)
    assert PLAIN.next_working_day(monday, inclusive=True) == monday
    assert PLAIN.next_working_day(saturday, inclusive=True) == monday


def test_shortened_days_count_as_fractions():
    # Ramadan 1447: 18 February to 19 March 2026, seven tenths of the hours, Sunday to Thursday
    gulf = WorkingCalendar(weekdays=frozenset({6, 0, 1, 2, 3}))
    ramadan = gulf.with_shortened_days(date(2026, 2, 18), date(2026, 3, 19), 0.7)
    assert ramadan.factor(date(2026, 2, 18)) == 0.7
    assert ramadan.factor(date(2026, 2, 20)) == 0  # Friday stays off
    assert gulf.working_days_between(date(2026, 2, 17), date(2026, 3, 19)) == 22
    assert ramadan.working_days_between(date(2026, 2, 17), date(2026, 3, 19)) == pytest.approx(15.4, abs=1e-9)
    # 7 days of work take the 10 working days from 18 February to 3 March
    assert ramadan.add_working_days(date(2026, 2, 17), 7) == date(2026, 3, 3)
    assert ramadan.working_days_between(date(2026, 2, 17), date(2026, 3, 3)) == pytest.approx(7)


def test_a_half_day_is_shortened_too():
    calendar = WorkingCalendar(exceptions={date(2026, 2, 20): 0.5})
    assert calendar.with_shortened_days(date(2026, 2, 18), date(2026, 3, 19), 0.7).factor(date(2026, 2, 20)) == 0.35


def test_a_make_up_saturday_counts_as_a_day():
    calendar = WorkingCalendar(exceptions={date(2026, 6, 6): 1.0, date(2026, 6, 5): 0.0})
    assert calendar.working_days_between(date(2026, 6, 4), date(2026, 6, 8)) == 2
    assert calendar.next_working_day(date(2026, 6, 4)) == date(2026, 6, 6)


def test_arrays_with_unknown_dates():
    start = np.array(["2025-01-24", "NaT", "2025-02-08", "2025-01-24"], dtype="datetime64[D]")
    end = np.array(["2025-02-08", "2025-02-08", "2025-01-24", "NaT"], dtype="datetime64[D]")
    np.testing.assert_array_equal(CHINA.working_days_between_many(start, end), [6, np.nan, -6, np.nan])
    np.testing.assert_array_equal(CHINA.working_days_between_many(start, np.datetime64("NaT", "D")), [np.nan] * 4)
    assert CHINA.working_days_between_many([], []).shape == (0,)


def test_arrays_broadcast():
    days = CHINA.working_days_between_many(
        np.datetime64("2025-01-24"), np.array([["2025-01-26"], ["2025-02-05"]], "M8[D]")
    )
    assert days.tolist() == [[1], [3]]


def test_a_calendar_without_working_days_says_so():
    never = WorkingCalendar(weekdays=frozenset())
    assert never.working_days_between(date(2020, 1, 1), date(2030, 1, 1)) == 0
    with pytest.raises(NoWorkingDayError):
        never.add_working_days(date(2020, 1, 1), 1)
    with pytest.raises(NoWorkingDayError):
        PLAIN.next_working_day(date.max)


def test_wrong_calendars_are_refused():
    with pytest.raises(ValueError, match=r"not \[7\]"):
        WorkingCalendar(weekdays=frozenset({0, 7}))
    with pytest.raises(ValueError, match="2026-01-01"):
        WorkingCalendar(exceptions={date(2026, 1, 1): -0.5})
    with pytest.raises(ValueError, match="2026-01-01"):
        WorkingCalendar(exceptions={date(2026, 1, 1): float("nan")})
    with pytest.raises(ValueError, match="finite"):
        PLAIN.add_working_days(date(2026, 1, 1), float("inf"))


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    exceptions=st.dictionaries(days, st.sampled_from([0.0, 0.5, 0.7, 1.0]), max_size=20),
)


@given(calendars, days, days, days)
def test_stretches_add_up(calendar, first, second, third):
    parts = calendar.working_days_between(first, second) + calendar.working_days_between(second, third)
    assert parts == pytest.approx(calendar.working_days_between(first, third), abs=1e-8)
    assert calendar.working_days_between(first, second) == -calendar.working_days_between(second, first)


@given(calendars, days, days)
def test_counting_equals_looking_at_every_day(calendar, first, second):
    first, second = sorted((first, second))
    step = timedelta(days=1)
    total = sum(calendar.factor(first + step * offset) for offset in range(1, (second - first).days + 1))
    assert calendar.working_days_between(first, second) == pytest.approx(total, abs=1e-8)


@given(st.frozensets(st.integers(0, 6), min_size=1), st.sets(days, max_size=20), days, st.integers(0, 60))
def test_adding_undoes_counting_where_days_are_whole(weekdays, off, start, number):
    calendar = WorkingCalendar(weekdays, dict.fromkeys(off, 0.0))
    end = calendar.add_working_days(start, number)
    assert calendar.working_days_between(start, end) == number
    assert number == 0 or calendar.is_working(end)
    if calendar.is_working(start):
        assert calendar.add_working_days(end, -number) == start


@given(calendars, days, st.floats(0.1, 40))
def test_with_fractions_the_end_is_the_first_day_by_which_the_work_is_done(calendar, start, number):
    end = calendar.add_working_days(start, number)
    assert calendar.working_days_between(start, end) >= number - 1e-8
    assert calendar.working_days_between(start, end - timedelta(days=1)) < number


@given(calendars, st.lists(st.tuples(days, days), min_size=1, max_size=20))
def test_arrays_equal_one_by_one(calendar, pairs):
    start = np.array([first for first, _ in pairs], dtype="datetime64[D]")
    end = np.array([second for _, second in pairs], dtype="datetime64[D]")
    together = calendar.working_days_between_many(start, end)
    alone = [calendar.working_days_between(first, second) for first, second in pairs]
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-8)


def test_dates_far_apart():
    assert PLAIN.working_days_between(date(1900, 1, 1), date(2100, 1, 1)) == np.busday_count("1900-01-02", "2100-01-02")
    assert isinstance(PLAIN.add_working_days(datetime.date(1969, 12, 31), 1), date)
