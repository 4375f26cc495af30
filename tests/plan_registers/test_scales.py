"""Probabilities as shares or percent, impacts from 1 to 10, on the scales of the risk register."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.plan_files.project_online.values import exact
from risks.calc.project_online import impact_step, percent_factor, percent_of, step_of

COMMON = [Decimal(one) for one in (10, 30, 50, 70, 90)]


@pytest.mark.parametrize(
    ("rows", "factor"),
    [
        ([("0.7", "7", "4.9")], 100),
        ([("0.7", None, None), ("1", "3", "3")], 100),
        ([("0.5", "4", "2"), ("70", "7", "490")], 1),
        ([("1", "5", "0.05")], 1),
        ([], 100),
        ([(None, "5", None), ("0", "5", "0")], 100),
    ],
)
def test_shares_and_percent_are_told_apart(rows: list[tuple[str | None, ...]], factor: int) -> None:
    exact = [tuple(None if one is None else Decimal(one) for one in row) for row in rows]
    assert percent_factor((one[0], one[1], one[2]) for one in exact) == factor


def test_a_percent_takes_the_nearest_step() -> None:
    assert [step_of(Decimal(one), COMMON) for one in (0, 10, 19, 20, 50, 79, 80, 100)] == [1, 1, 1, 2, 3, 4, 5, 5]
    assert step_of(None, COMMON) is None
    assert percent_of(Decimal("0.333333"), 100) == Decimal("33.33")


def test_ten_impacts_are_five_steps() -> None:
    assert [impact_step(Decimal(one)) for one in range(12)] == [None, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, None]
    assert impact_step(Decimal("2.4")) == 1


def test_a_number_too_small_to_mean_anything_is_nothing() -> None:
    assert exact({"Impact": "1E-999990"}, "Impact") == 0
    assert exact({"Impact": "-1E-999990"}, "Impact") == 0
    assert exact({"Impact": "0.000001"}, "Impact") == Decimal("0.000001")
    assert percent_factor([(exact({"P": "1E-999990"}, "P"), Decimal(4), Decimal(10) ** 14)]) == 100
