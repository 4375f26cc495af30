"""Early warning and its back-test on series whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from portfolio.calc.health import AMBER, GREEN, RED, default_model
from portfolio.calc.health.backtest import back_test
from portfolio.calc.health.warning import TrendRules, early_warnings, theil_sen

MODEL = default_model()
NAN = np.nan


def test_a_straight_line_has_its_own_slope():
    trend = theil_sen([[90, 88, 86, 84], [50, NAN, 52, NAN], [60, 60, 60, 60], [NAN, NAN, NAN, 7]])
    assert trend.slope.tolist()[:3] == [-2, 1, 0]
    assert np.isnan(trend.slope[3])
    assert trend.points.tolist() == [4, 2, 4, 1]
    assert trend.agreement.tolist() == [1, 1, 1, 0]


def test_one_outlier_does_not_move_the_trend():
    assert theil_sen([[90, 89, 88, 10, 86, 85, 84, 83]]).slope[0] == pytest.approx(-1)


def test_a_falling_project_is_warned_of_with_its_evidence():
    series = [[92, 90, 88, 86, 84, 82, 80, 78]]
    found = early_warnings(MODEL, series)
    assert (found.project.tolist(), found.worsening.tolist()) == ([0], [True])
    assert (found.current[0], found.slope[0], found.border[0]) == (78, -2, 75)
    assert found.weeks[0] == pytest.approx(1.5)
    assert (found.band[0], found.next_band[0], found.points[0], found.agreement[0]) == (GREEN, AMBER, 8, 1)


def test_each_colour_has_its_border():
    series = [[65, 64, 63, 62, 61, 60], [60, 62, 64, 66, 68, 70], [40, 42, 44, 46, 48, 50], [50, 48, 46, 44, 42, 40]]
    found = early_warnings(MODEL, series)
    by_project = {
        p: (b, n, w) for p, b, n, w in zip(found.project, found.band, found.next_band, found.weeks, strict=True)
    }
    assert by_project == {0: (AMBER, RED, 5), 1: (AMBER, GREEN, 2.5), 2: (RED, AMBER, 2.5)}
    assert found.worsening.tolist() == [False, False, True]  # the most urgent first


@pytest.mark.parametrize(
    "series",
    [
        [90, 89, 88, 87, 86, NAN],  # grey today
        [NAN, NAN, NAN, 80, 78, 76],  # too few weeks
        [78, 77.9, 77.8, 77.7, 77.6, 77.5],  # too slow to matter
        [80, 90, 78, 88, 76, 86],  # no agreement
        [100, 99, 98, 97, 96, 95],  # too far from the border
        [80, 80, 80, 80, 80, 80],
    ],
)
def test_no_warning_without_good_reason(series):
    assert early_warnings(MODEL, [series]).project.size == 0


def test_only_the_look_back_counts():
    series = [[*[99 - week for week in range(12)], 88, 88, 88, 88, 88, 88, 88, 88]]
    assert early_warnings(MODEL, series, TrendRules(horizon=50, min_slope=0.1, min_agreement=0.5)).project.size == 0
    assert (
        early_warnings(
            MODEL, series, TrendRules(horizon=50, lookback=16, min_slope=0.1, min_agreement=0.5)
        ).project.size
        == 1
    )


def test_a_project_on_the_border_changes_at_once():
    assert early_warnings(MODEL, [[83, 81, 79, 77, 75]]).weeks.tolist() == [0]


def test_a_shapeless_series_is_refused():
    with pytest.raises(ValueError, match="expected"):
        early_warnings(MODEL, np.empty((3, 0)))


scores = st.one_of(st.just(NAN), st.floats(0, 100))


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 10)), elements=scores), st.randoms())
def test_each_project_is_judged_alone(series, random):
    found = early_warnings(MODEL, series)
    alone = [row for row in range(len(series)) if early_warnings(MODEL, series[row : row + 1]).project.size]
    assert sorted(found.project.tolist()) == alone
    assert (np.diff(found.weeks) >= 0).all()
    for project, current, slope, border, weeks in zip(
        found.project, found.current, found.slope, found.border, found.weeks, strict=True
    ):
        assert current == series[project, -1]
        assert max(border - current, current - border) <= abs(slope) * weeks + 0.05


@given(arrays(np.float64, st.tuples(st.just(5), st.integers(2, 9)), elements=st.floats(0, 100)))
def test_the_median_slope_agrees_with_numpy(series):
    k = series.shape[1]
    for row, slope in zip(series, theil_sen(series).slope, strict=True):
        expected = np.median([(row[j] - row[i]) / (j - i) for i in range(k) for j in range(i + 1, k)])
        assert slope == pytest.approx(expected, abs=1e-9)


def test_back_test_on_a_known_history():
    steady = [90.0] * 20
    falling = [90.0] * 4 + [90 - 1.5 * week for week in range(1, 17)]  # 75 in week 13, amber from week 14 on
    sudden = [90.0] * 15 + [60.0] * 5
    result = back_test(MODEL, [steady, falling, sudden], TrendRules(horizon=6))
    assert (result.changes, result.foreseen, result.recall) == (2, 1, 0.5)
    assert result.right == result.warnings > 0
    assert result.precision == 1
    # seen first when the borders are 6 weeks or less away and the slope is established
    assert 4 <= result.lead_weeks <= 6
    assert result.base_rate == pytest.approx((6 + 5) / (3 * 11))


def test_back_test_counts_a_false_alarm():
    recovers = [95.0, 92, 89, 86, 83, 80, 86, 90, 92, 92, 92, 92]
    result = back_test(MODEL, [recovers], TrendRules(horizon=4))
    assert (result.right, result.changes, result.recall, result.lead_weeks) == (0, 0, None, None)
    assert result.warnings > 0
    assert result.precision == 0


def test_a_warning_longer_ago_than_the_horizon_foresaw_nothing():
    recovers = [95.0, 92, 89, 86, 83, 80, 86, 90, 92, 92, 92, 92, 92, 92, 60]
    result = back_test(MODEL, [recovers], TrendRules(horizon=4))
    assert result.warnings > 0
    assert (result.changes, result.foreseen, result.recall) == (1, 0, 0)


def test_back_test_of_a_short_history_has_nothing_to_say():
    result = back_test(MODEL, [[90.0, 80, 70]], TrendRules(horizon=4))
    assert (result.warnings, result.precision, result.recall, result.base_rate) == (0, None, None, None)


def test_a_drop_out_of_grey_is_no_change():
    result = back_test(MODEL, [[90.0] * 6 + [NAN, 50] + [50.0] * 6], TrendRules(horizon=3))
    assert result.changes == 0
