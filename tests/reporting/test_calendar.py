"""Reporting periods and due dates: published Chinese calendars, and rules that hold on every calendar."""

from __future__ import annotations

import datetime
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.calendars.calc import WorkingCalendar
from portfolio.calc.reporting_calendar import (
    CYCLES,
    DEFAULT_RULES,
    DueRule,
    due_date,
    escalation_day,
    period_at,
    periods_between,
    reminder_now,
    reminders_of,
    shift,
    span_at,
    window_start,
    working_days_late,
)
from tests.calc.china_holidays import china

CHINA = china()
DAY = timedelta(days=1)

days = st.dates(date(2024, 1, 8), date(2027, 12, 1))
rules = st.builds(
    DueRule,
    cycle=st.sampled_from(CYCLES),
    due_after=st.integers(0, 8),
    last_weekday=st.integers(1, 7),
    anchor=st.dates(date(2023, 1, 1), date(2025, 1, 1)),
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Weeks of two to six working days with holidays, make-up and shortened days, but never a month off."""
    weekdays = draw(st.sets(st.integers(0, 6), min_size=2, max_size=6))
    some = draw(
        st.dictionaries(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.sampled_from([0, 0.7, 1]), max_size=40)
    )
    return WorkingCalendar(frozenset(weekdays), some)


def test_a_weekly_report_after_the_spring_festival_is_due_when_work_begins_again() -> None:
    # The week ends on Sunday 15 February 2026; the holiday lasts from then to Monday the 23rd.
    assert due_date(DEFAULT_RULES["weekly"], date(2026, 2, 15), CHINA) == date(2026, 2, 24)


def test_a_make_up_saturday_counts() -> None:
    # The week before the National Day of 2025 ended on Sunday 28 September, itself a make-up working day.
    assert CHINA.is_working(date(2025, 9, 28))
    rule = DueRule("weekly", due_after=0)
    assert due_date(rule, date(2025, 9, 28), CHINA) == date(2025, 9, 28)
    friday = DueRule("weekly", last_weekday=5)
    # Saturday 11 October 2025 is worked: the report on the week to Friday the 10th is due on it, not on Monday.
    assert due_date(friday, date(2025, 10, 10), CHINA) == date(2025, 10, 11)


def test_a_month_ends_on_its_last_day_and_is_due_three_working_days_later() -> None:
    period = period_at(DEFAULT_RULES["monthly"], date(2026, 2, 10), CHINA)
    assert (period.start, period.end) == (date(2026, 2, 1), date(2026, 2, 28))
    # Saturday 28 February 2026 is a make-up day itself; then Monday to Wednesday.
    assert period.due == date(2026, 3, 4)


def test_fortnights_are_counted_from_the_anchor() -> None:
    rule = DueRule("fortnightly", anchor=date(2026, 11, 18))
    assert span_at(rule, date(2026, 11, 16)) == (date(2026, 11, 16), date(2026, 11, 29))
    assert span_at(rule, date(2026, 11, 29)) == (date(2026, 11, 16), date(2026, 11, 29))
    assert span_at(rule, date(2026, 11, 15)) == (date(2026, 11, 2), date(2026, 11, 15))


def test_shortened_days_count_as_days_for_due_dates() -> None:
    ramadan = WorkingCalendar().with_shortened_days(date(2026, 2, 18), date(2026, 3, 19), 0.7)
    assert due_date(DueRule("weekly", due_after=3), date(2026, 2, 22), ramadan) == date(2026, 2, 25)


@given(rules, days, calendars())
def test_every_due_date_is_a_working_day_on_or_after_the_end(
    rule: DueRule, day: date, calendar: WorkingCalendar
) -> None:
    period = period_at(rule, day, calendar)
    assert period.start <= day <= period.end <= period.due
    assert calendar.is_working(period.due)
    if rule.due_after:
        between = [period.end + number * DAY for number in range(1, (period.due - period.end).days + 1)]
        assert sum(map(calendar.is_working, between)) == rule.due_after


@given(rules, days)
def test_periods_join_without_gap_or_overlap(rule: DueRule, day: date) -> None:
    start, end = span_at(rule, day)
    assert span_at(rule, start) == span_at(rule, end) == (start, end)
    assert span_at(rule, end + DAY)[0] == end + DAY
    assert span_at(rule, start - DAY)[1] == start - DAY
    if rule.cycle != "monthly":
        assert end.isoweekday() == rule.last_weekday
        assert (end - start).days == (6 if rule.cycle == "weekly" else 13)


@given(rules, days, st.integers(0, 120))
def test_periods_between_are_those_that_end_in_the_span(rule: DueRule, first: date, length: int) -> None:
    last = first + length * DAY
    found = [period.end for period in periods_between(rule, first, last, CHINA)]
    ends = {span_at(rule, first + number * DAY)[1] for number in range(length + 1)}
    assert found == sorted(end for end in ends if first <= end <= last)


@given(days, st.integers(1, 12), calendars())
def test_shifting_there_and_back_from_a_working_day(day: date, number: int, calendar: WorkingCalendar) -> None:
    start = calendar.next_working_day(day, inclusive=True)
    assert shift(shift(start, number, calendar), -number, calendar) == start
    assert shift(shift(start, -number, calendar), number, calendar) == start
    assert working_days_late(start, shift(start, number, calendar), calendar) == number


@given(rules, days, calendars())
def test_each_reminder_is_sent_once_on_its_day_and_in_order(
    rule: DueRule, day: date, calendar: WorkingCalendar
) -> None:
    due = period_at(rule, day, calendar).due
    sent: list[tuple[int, date]] = []
    today = due - 40 * DAY
    while today <= due + 40 * DAY:
        offset = reminder_now(rule, due, today, {number for number, _day in sent}, calendar)
        if offset is not None:
            sent.append((offset, today))
        today += DAY
    assert [offset for offset, _day in sent] == sorted(rule.reminders)
    assert all(when == shift(due, offset, calendar) and calendar.is_working(when) for offset, when in sent)
    assert escalation_day(rule, due, calendar) == shift(due, 4, calendar)


@given(rules, days, st.integers(0, 30))
def test_after_a_pause_only_the_newest_reminder_is_sent(rule: DueRule, day: date, pause: int) -> None:
    due = period_at(rule, day, CHINA).due
    today = shift(due, -2, CHINA) + pause * DAY
    offset = reminder_now(rule, due, today, (), CHINA)
    assert offset == max(number for number in rule.reminders if shift(due, number, CHINA) <= today)
    assert reminder_now(rule, due, today, {offset}, CHINA) is None


@given(st.sampled_from(CYCLES), days, st.integers(1, 13))
def test_the_window_holds_as_many_periods_as_asked(cycle: str, day: date, count: int) -> None:
    rule = DEFAULT_RULES[cycle]
    first = window_start(cycle, day, count)
    assert abs(sum(1 for _period in periods_between(rule, first, day - DAY, WorkingCalendar())) - count) <= 1
    assert window_start(cycle, day, count + 1) < first < day


def test_texts_of_reminders() -> None:
    assert reminders_of("3, -2，0、1") == (-2, 0, 1, 3)
    assert reminders_of("") == ()
    with pytest.raises(ValueError, match="invalid literal"):
        reminders_of("one")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cycle": "daily"},
        {"due_after": -1},
        {"due_after": 21},
        {"last_weekday": 0},
        {"reminders": (1, 1)},
        {"reminders": (99,)},
    ],
)
def test_impossible_rules_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        DueRule(**{"cycle": "weekly", **wrong})  # type: ignore[arg-type]


def test_nobody_is_told_without_escalation() -> None:
    assert escalation_day(DueRule("weekly", escalate=False), datetime.date(2026, 11, 23), CHINA) is None


@pytest.mark.parametrize("cycle", CYCLES)
def test_a_window_does_not_reach_before_the_calendar(cycle: str) -> None:
    assert window_start(cycle, date(1, 1, 1), 6) == date.min
    assert window_start(cycle, date(9999, 12, 31), 6) < date(9999, 12, 31)
