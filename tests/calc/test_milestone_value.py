"""Planned and earned value from milestones."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.calendars.calc import WorkingCalendar
from projects.calc.milestone_value import Milestone, MilestoneProgress, milestone_value, planned_steps

EVERY_DAY = WorkingCalendar(weekdays=frozenset(range(7)))
START = date(2026, 1, 1)


def day(offset):
    return None if offset is None else START + timedelta(days=offset)


def dates(*offsets):
    return np.array([np.datetime64("NaT", "D") if offset is None else np.datetime64(day(offset)) for offset in offsets])


def starts(count):
    return np.full(count, np.datetime64(START))


PLAN = [Milestone(Decimal(20), day(10), day(10)), Milestone(Decimal(30), day(20)), Milestone(Decimal(50), day(40))]


def test_value_of_one_project():
    result = milestone_value(PLAN, Decimal(1000), day(25))
    assert (result.pv, result.ev, result.equal_weights) == (500, 200, False)
    assert milestone_value(PLAN, Decimal(1000), day(9)).pv == 0
    assert milestone_value(PLAN, Decimal(1000), day(10)).pv == 200


def test_step_curve_of_one_project():
    twice = [*PLAN, Milestone(Decimal(100), day(20))]
    assert planned_steps(twice, Decimal(1000)) == ((day(10), 100), (day(20), 750), (day(40), 1000))
    assert planned_steps([], Decimal(1000)) == ()


def test_cancelled_and_unplanned_milestones_count_in_neither():
    plan = [*PLAN, Milestone(Decimal(900), day(5), day(5), cancelled=True), Milestone(Decimal(900), None, day(5))]
    assert milestone_value(plan, Decimal(1000), day(25)) == milestone_value(PLAN, Decimal(1000), day(25))


def test_without_weights_all_are_equal_and_it_says_so():
    plan = [
        Milestone(None, day(10), day(9)),
        Milestone(Decimal(0), day(20)),
        Milestone(None, day(30)),
        Milestone(None, day(40)),
    ]
    result = milestone_value(plan, Decimal(1000), day(25))
    assert (result.pv, result.ev, result.equal_weights) == (500, 250, True)


def test_a_project_without_baseline_has_no_value():
    assert milestone_value([Milestone(Decimal(1), None, day(3))], Decimal(9), day(5)).ev is None
    result = MilestoneProgress.of([0], [1.0], dates(None), dates(3), projects=2).progress(day(5))
    assert np.isnan([*result.planned, *result.earned]).all()


def test_negative_weights_are_refused():
    with pytest.raises(ValueError, match="negative"):
        milestone_value([Milestone(Decimal(-1), day(1))], Decimal(9), day(5))
    with pytest.raises(ValueError, match="negative"):
        MilestoneProgress.of([0], [-1.0], dates(1), dates(None), projects=1)


def test_many_projects_from_flat_arrays():
    progress = MilestoneProgress.of(
        [1, 0, 0, 1, 0, 1],
        [np.nan, 50, 20, np.nan, 30, 5],
        dates(10, 40, 10, 20, 20, 30),
        dates(8, None, 10, None, None, 30),
        projects=3,
        cancelled=[False, False, False, False, False, True],
    )
    result = progress.progress(day(25))
    np.testing.assert_allclose(result.planned, [0.5, 1, np.nan])
    np.testing.assert_allclose(result.earned, [0.2, 0.5, np.nan])
    assert progress.equal_weights.tolist() == [False, True, False]
    curve = progress.planned_curve(dates(25, 9, 10, 40))
    np.testing.assert_allclose(curve, [[0.5, 0, 0.2, 1], [1, 0, 0.5, 1], [np.nan] * 4])


def one(actuals, weights=(20, 30, 50), baselines=(10, 20, 40)):
    return MilestoneProgress.of([0] * len(weights), weights, dates(*baselines), dates(*actuals), projects=1)


@pytest.mark.parametrize(
    ("actuals", "today", "es", "spi_t"),
    [
        ((10, None, None), 15, 15, 1.0),  # all that was planned is done: on time, not early
        ((10, None, None), 10, 10, 1.0),
        ((8, None, None), 8, 10, 1.25),  # early
        ((10, None, None), 25, 20, 0.8),  # the second milestone was due on day 20
        ((None, None, None), 5, 5, 1.0),  # nothing planned yet
        ((None, None, None), 16, 10, 0.625),
        ((None, 18, None), 20, 20, 1.0),  # 30 of 100 earned out of order: planned on day 20
        ((10, 20, 50), 50, 40, 0.8),
        ((10, 20, 50), 90, 40, 0.8),  # the clock stops on completion
    ],
)
def test_earned_schedule_of_steps(actuals, today, es, spi_t):
    result = one(actuals).earned_schedule(day(today), starts(1), EVERY_DAY)
    assert (result.es[0], result.spi_t[0]) == (es, pytest.approx(spi_t))
    assert result.planned_duration[0] == 40
    assert result.ieac_t[0] == pytest.approx(40 / spi_t)


def test_earned_schedule_counts_working_days():
    result = one((10, None, None)).earned_schedule(day(25), starts(1), WorkingCalendar())
    # 1 January 2026 is a Thursday: 14 working days to day 20, 17 to day 25, 28 to day 40
    assert (result.es[0], result.at[0], result.planned_duration[0]) == (14, 17, 28)


def test_earned_schedule_before_the_start_or_without_one():
    result = one((10, None, None)).earned_schedule(day(0), starts(1), EVERY_DAY)
    assert np.isnan([result.es[0], result.spi_t[0]]).all()
    unknown = one((10, None, None)).earned_schedule(day(5), dates(None), EVERY_DAY)
    assert np.isnan([unknown.es[0], unknown.spi_t[0], unknown.at[0]]).all()
    empty = MilestoneProgress.of([], [], [], [], projects=2).earned_schedule(day(5), starts(2), EVERY_DAY)
    assert np.isnan(empty.es).all()


offset = st.one_of(st.none(), st.integers(1, 60))
milestone = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 9)), offset, offset, st.booleans())


@given(st.lists(milestone, max_size=20), st.integers(0, 70), st.randoms())
def test_arrays_agree_with_one_project_at_a_time_in_any_order(rows, today, random):
    shuffled = random.sample(rows, len(rows))
    built = [
        MilestoneProgress.of(
            [row[0] for row in given_rows],
            [np.nan if row[1] is None else row[1] for row in given_rows],
            dates(*[row[2] for row in given_rows]),
            dates(*[row[3] for row in given_rows]),
            projects=4,
            cancelled=[row[4] for row in given_rows],
        )
        for given_rows in (rows, shuffled)
    ]
    result, again = (progress.progress(day(today)) for progress in built)
    np.testing.assert_allclose(result.planned, again.planned, rtol=0, atol=1e-12)
    np.testing.assert_allclose(result.earned, again.earned, rtol=0, atol=1e-12)
    curve = built[0].planned_curve(dates(today))
    np.testing.assert_allclose(curve[:, 0], result.planned, rtol=0, atol=1e-12)
    for project in range(4):
        own = [
            Milestone(None if weight is None else Decimal(weight), day(baseline), day(actual), cancelled)
            for index, weight, baseline, actual, cancelled in rows
            if index == project
        ]
        value = milestone_value(own, Decimal(1), day(today))
        if value.pv is None:
            assert np.isnan(result.planned[project])
        else:
            assert result.planned[project] == pytest.approx(float(value.pv))
            assert result.earned[project] == pytest.approx(float(value.ev))
            assert built[0].equal_weights[project] == value.equal_weights


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 60), offset), min_size=1, max_size=8), st.integers(1, 70))
def test_earned_schedule_lies_within_the_plan(rows, today):
    weights, baselines, actuals = zip(*rows, strict=True)
    progress = one(actuals, weights, baselines)
    result = progress.earned_schedule(day(today), starts(1), EVERY_DAY)
    shares = progress.progress(day(today))
    assert 0 <= result.es[0] <= result.planned_duration[0] == max(baselines)
    # ahead of the plan in value is never behind it in time, and the other way round
    if shares.earned[0] >= shares.planned[0] + 1e-6 and shares.earned[0] < 1 - 1e-6:
        assert result.spi_t[0] >= 1
    if shares.earned[0] <= shares.planned[0] - 1e-6:
        assert result.spi_t[0] <= 1
