"""Slip of milestones in working days."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calc.slip import expected_date, is_late, late_per_project, slip_working_days, slips, worst_per_project
from tests.calc.china_holidays import china

CHINA = china()
TODAY = date(2025, 2, 10)


@pytest.mark.parametrize(
    ("baseline", "forecast", "actual", "expected"),
    [
        (date(2025, 1, 24), None, date(2025, 2, 5), 3),  # over the Spring Festival: 26 and 27 January, 5 February
        (date(2025, 2, 5), None, date(2025, 1, 24), -3),
        (date(2025, 2, 12), date(2025, 2, 14), None, 2),
        (date(2025, 2, 12), None, None, 0),
        (date(2025, 2, 7), None, None, 2),  # open and due last Friday: Saturday is worked, at best done today
        (date(2025, 2, 6), date(2025, 2, 7), None, 3),  # its forecast has passed as well
        (date(2025, 2, 10), None, None, 0),
        (date(2025, 2, 7), date(2025, 2, 20), date(2025, 2, 12), 10),  # an actual date after today is not yet a fact
        (None, date(2025, 2, 20), None, None),
    ],
)
def test_slip_of_one_milestone(baseline, forecast, actual, expected):
    assert slip_working_days(CHINA, baseline, forecast, actual, TODAY) == expected


def test_without_any_date_nothing_is_expected():
    assert expected_date(None, None, None, TODAY) is None


def test_late_means_past_the_baseline_and_not_done():
    baseline = np.array(["2025-02-09", "2025-02-10", "2025-02-01", "2025-02-01", "NaT"], dtype="M8[D]")
    actual = np.array(["NaT", "NaT", "2025-02-10", "2025-02-11", "NaT"], dtype="M8[D]")
    late = is_late(baseline, actual, TODAY)
    assert late.tolist() == [True, False, False, True, False]
    per_project = late_per_project([0, 0, 0, 1, 2], late, baseline, projects=4)
    np.testing.assert_array_equal(per_project, [1, 1, np.nan, np.nan])


def test_worst_of_the_chosen_milestones():
    slip = np.array([3.0, 9.0, -2.0, np.nan, 4.0])
    worst = worst_per_project([0, 0, 1, 1, 2], slip, [True, False, True, True, False], projects=4)
    np.testing.assert_array_equal(worst, [3, -2, np.nan, np.nan])


days = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2025, 12, 31)))


@given(st.lists(st.tuples(days, days, days), max_size=12), st.dates(date(2025, 3, 1), date(2025, 9, 1)))
def test_arrays_agree_with_one_at_a_time(rows, when):
    columns = [np.array(list(column), dtype="M8[D]") for column in zip(*rows, strict=True)] or [
        np.array([], "M8[D]")
    ] * 3
    together = slips(CHINA, *columns, when)
    for slip, row in zip(together, rows, strict=True):
        alone = slip_working_days(CHINA, *row, when)
        assert np.isnan(slip) if alone is None else slip == alone
