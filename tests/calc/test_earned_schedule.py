"""Earned schedule against published and hand-computed examples."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calc.earned_value import earned_schedule, earned_schedule_arrays

S_CURVE = [Decimal(value) for value in (10, 20, 40, 70, 100)]


def test_half_the_work_after_three_of_five_months():
    # PM PrepCast exam forum: planned 5 months, in month 3 half of the work is done: SV(t) -0.5, SPI(t) 0.83
    result = earned_schedule([Decimal(20) * month for month in range(1, 6)], Decimal(50), 3)
    assert (result.es, result.sv_t, result.planned_duration) == (Decimal("2.5"), Decimal("-0.5"), 5)
    assert round(result.spi_t, 2) == Decimal("0.83")
    assert result.ieac_t == 6


def test_week_eighteen_in_week_twenty():
    # hksmnow.com, "Earned Schedule (ES)": EV equals the PV of week 18 in week 20: SV(t) -2, SPI(t) 0.90
    result = earned_schedule([Decimal(week) for week in range(1, 31)], Decimal(18), 20)
    assert (result.es, result.sv_t, result.spi_t) == (18, -2, Decimal("0.9"))


def test_between_two_periods_it_is_interpolated():
    # Lipke's ES = C + (EV - PV_C) / (PV_C+1 - PV_C) = 2 + (35 - 20) / (40 - 20)
    result = earned_schedule(S_CURVE, Decimal(35), 3)
    assert result.es == Decimal("2.75")
    assert result.ieac_t == 5 / (Decimal("2.75") / 3)


def test_a_late_finish_stays_late():
    # the classic SPI would be 1 here; that is why earned schedule exists
    result = earned_schedule(S_CURVE, Decimal(100), 8)
    assert (result.es, result.sv_t, result.spi_t, result.ieac_t) == (5, -3, Decimal("0.625"), 8)


def test_the_duration_ends_where_the_budget_is_reached():
    result = earned_schedule([*S_CURVE, Decimal(100), Decimal(100)], Decimal(100), 5)
    assert (result.es, result.planned_duration, result.spi_t) == (5, 5, 1)


def test_without_progress_or_time_there_is_no_forecast():
    start = earned_schedule(S_CURVE, Decimal(0), 0)
    assert (start.es, start.spi_t, start.ieac_t) == (0, None, None)
    nothing = earned_schedule(S_CURVE, Decimal(0), 2)
    assert (nothing.es, nothing.spi_t, nothing.ieac_t) == (0, 0, None)
    unknown = earned_schedule(S_CURVE, None, 2)
    assert (unknown.es, unknown.sv_t, unknown.spi_t, unknown.ieac_t) == (None,) * 4


def test_work_taken_back_below_zero_counts_as_none():
    assert earned_schedule(S_CURVE, Decimal(-5), 2).es == 0
    assert earned_schedule_arrays([[10.0, 20.0]], [-5.0], [2.0]).es.tolist() == [0]


def test_a_pause_in_the_plan():
    paused = [Decimal(value) for value in (50, 50, 50, 100)]
    assert earned_schedule(paused, Decimal(50), 2).es == 3  # the published rule
    assert [earned_schedule(paused, Decimal(50), at, plateau="nearest").es for at in (0, 2, 9)] == [1, 2, 3]
    assert earned_schedule(paused, Decimal(75), 2, plateau="nearest").es == Decimal("3.5")
    curves = [[50.0, 50.0, 50.0, 100.0]] * 4
    ev, at = [50.0, 50.0, 50.0, 75.0], [0.0, 2.0, 9.0, 2.0]
    assert earned_schedule_arrays(curves, ev, at, plateau="nearest").es.tolist() == [1, 2, 3, 3.5]
    assert earned_schedule_arrays(curves, ev, at).es.tolist() == [3, 3, 3, 3.5]


@pytest.mark.parametrize("curve", [[], [Decimal(0)], [Decimal(5), Decimal(4)]])
def test_curves_that_are_none(curve):
    with pytest.raises(ValueError, match="planned value"):
        earned_schedule(curve, Decimal(1), 1)


def test_a_falling_row_is_named():
    with pytest.raises(ValueError, match="row 1 falls"):
        earned_schedule_arrays([[1.0, 2.0], [2.0, 1.0]], [1, 1], [1, 1])


def test_arrays_with_plans_of_different_length_and_unknown_projects():
    curves = [[20, 40, 60, 80, 100], [50, 100, np.nan, np.nan, np.nan], [0, 0, 0, 0, 0], [np.nan] * 5, [1, 2, 3, 4, 5]]
    result = earned_schedule_arrays(curves, [50, 100, 0, 1, np.nan], [3, 4, 1, 1, 1])
    np.testing.assert_allclose(result.es, [2.5, 2, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(result.planned_duration, [5, 2, np.nan, np.nan, 5])
    np.testing.assert_allclose(result.sv_t, [-0.5, -2, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(result.ieac_t, [6, 4, np.nan, np.nan, np.nan])


steps = st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any)


@given(
    st.lists(st.tuples(steps, st.integers(0, 60), st.integers(0, 12)), min_size=1, max_size=6),
    st.sampled_from(["end", "nearest"]),
)
def test_arrays_agree_with_decimals(cases, plateau):
    curves = np.full((len(cases), 8), np.nan)
    earned = []
    for row, (increments, part, _) in enumerate(cases):
        cumulative = np.cumsum(increments)
        curves[row, : len(cumulative)] = cumulative
        earned.append(min(part, int(cumulative[-1])))
    result = earned_schedule_arrays(curves, earned, [at for _, _, at in cases], plateau=plateau)
    for row, (increments, _, at) in enumerate(cases):
        curve = [Decimal(int(value)) for value in np.cumsum(increments)]
        expected = earned_schedule(curve, Decimal(earned[row]), at, plateau=plateau)
        assert result.es[row] == pytest.approx(float(expected.es))
        assert result.planned_duration[row] == expected.planned_duration
        assert np.isnan(result.spi_t[row]) == (expected.spi_t is None)
        if expected.ieac_t is None:
            assert np.isnan(result.ieac_t[row])
        else:
            assert result.ieac_t[row] == pytest.approx(float(expected.ieac_t))


@given(steps, st.integers(0, 400), st.integers(0, 400), st.integers(0, 12), st.sampled_from(["end", "nearest"]))
def test_more_earned_is_never_earlier(increments, one, other, at, plateau):
    curve = [Decimal(int(value)) for value in np.cumsum(increments)]
    low, high = sorted((one, other))
    first = earned_schedule(curve, Decimal(low), at, plateau=plateau).es
    second = earned_schedule(curve, Decimal(high), at, plateau=plateau).es
    assert 0 <= first <= second <= len(curve)
