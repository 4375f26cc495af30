"""The health engine against hand-computed figures."""

from dataclasses import replace

import numpy as np
import pytest

from portfolio.calc.health import (
    AMBER,
    DIMENSIONS,
    GREEN,
    GREY,
    RED,
    MeasureSpec,
    compute,
    compute_one,
    default_model,
    missing_names,
)
from portfolio.calc.health.bands import band_of, is_watermelon, round_shown
from portfolio.calc.health.engine import CAP_NONE, CAP_ONE_RED, CAP_TWO_RED

MODEL = default_model()
PERFECT = {
    "key_milestone_slip_wd": 0.0,
    "finish_slip_wd": 0.0,
    "late_milestones": 0.0,
    "spi_t": 1.0,
    "cpi": 1.0,
    "eac_over_budget_pct": 0.0,
    "approved_change_pct": 0.0,
    "over_allocation_pct": 0.0,
    "open_major_findings": 0.0,
    "exposure_to_reserve_pct": 0.0,
    "benefit_start_slip_weeks": 0.0,
    "benefit_variance_pct": 0.0,
    "report_age_cycles": 0.5,
    "overdue_actions": 0.0,
    "overdue_decisions": 0.0,
    "overdue_deliverables": 0.0,
    "open_red_risks": 0.0,
    "charter_missing": 0.0,
}


def bare(**changes):
    """A model whose dimensions are one percentage each, so that a test can set their scores directly."""
    measures = tuple(MeasureSpec(f"m_{code}", code, "higher", ((0.0, 0.0), (100.0, 100.0))) for code in DIMENSIONS)
    return replace(MODEL, measures=measures, driver_shifts={}, **changes)


def scores(**dimensions):
    return {f"m_{code}": value for code, value in dimensions.items()}


def test_a_project_without_a_flaw_has_100_points_and_is_green():
    result = compute_one(MODEL, PERFECT)
    assert (result.shown[0], result.band[0], result.missing[0], result.cap_rule[0]) == (100.0, GREEN, 0, CAP_NONE)
    assert not result.stale[0]
    assert result.points_lost.tolist() == [[0.0] * len(MODEL.measures)]


def test_measures_of_a_dimension_are_weighted_and_interpolated():
    # schedule: slip 10 wd is half-way from 75 to 55 = 65 (weight 3); spi_t 0.975 half-way to 100 = 87.5 (weight 2)
    # cost: cpi 0.85 = 55 (weight 2), eac +5 % = 75 (weight 3)
    result = compute_one(MODEL, {"key_milestone_slip_wd": 10, "spi_t": 0.975, "cpi": 0.85, "eac_over_budget_pct": 5})
    assert result.dimension_scores[0, 0] == pytest.approx((3 * 65 + 2 * 87.5) / 5)
    assert result.dimension_scores[0, 1] == pytest.approx((2 * 55 + 3 * 75) / 5)
    assert result.overall[0] == pytest.approx((25 * 74 + 20 * 67) / 45)
    assert result.weight_share[0] == pytest.approx(0.45)
    lost = dict(zip(result.measure_codes, result.points_lost[0], strict=True))
    assert lost["key_milestone_slip_wd"] == pytest.approx(25 / 45 * 3 / 5 * 35)
    assert lost["spi_t"] == pytest.approx(25 / 45 * 2 / 5 * 12.5)
    assert lost["cpi"] == pytest.approx(20 / 45 * 2 / 5 * 45)
    assert lost["eac_over_budget_pct"] == pytest.approx(20 / 45 * 3 / 5 * 25)
    assert lost["finish_slip_wd"] == 0


def test_values_outside_the_thresholds_take_the_end_score():
    result = compute_one(MODEL, {"cpi": 3.0, "spi_t": -1.0})
    assert result.dimension_scores[0, 1] == 100
    assert result.dimension_scores[0, 0] == 0


def test_missing_dimensions_are_named_and_do_not_count():
    result = compute_one(bare(), scores(schedule=80, cost=50))
    assert missing_names(result.missing[0]) == ("scope", "resource", "quality", "risk", "benefits", "governance")
    assert np.isnan(result.dimension_scores[0, 2:]).all()
    assert result.dimension_bands[0].tolist() == [GREEN, RED] + [GREY] * 6
    assert result.raw[0] == pytest.approx((25 * 80 + 20 * 50) / 45)


def test_nothing_with_data_is_grey():
    result = compute_one(MODEL, {})
    assert (result.band[0], missing_names(result.missing[0])) == (GREY, DIMENSIONS)
    assert np.isnan([result.raw[0], result.overall[0], result.shown[0]]).all()
    assert result.points_lost.sum() == result.cap_points[0] == result.stale_points[0] == 0


def test_governance_alone_is_not_enough_data_whatever_the_driver():
    for driver in ("", *MODEL.driver_shifts):
        result = compute_one(
            MODEL, {"report_age_cycles": 0.1, "overdue_actions": 0, "overdue_decisions": 0}, driver=driver
        )
        assert result.band[0] == GREY
        assert result.dimension_scores[0, 7] == 100


def test_the_minimum_share_of_weight_decides_what_is_enough():
    half = replace(bare(), min_weight_share=0.45)
    assert compute_one(half, scores(schedule=80, cost=80)).band[0] == GREEN
    assert compute_one(replace(half, min_weight_share=0.46), scores(schedule=80, cost=80)).band[0] == GREY


@pytest.mark.parametrize(
    ("reds", "expected", "band", "rule"),
    [
        ({}, 100.0, GREEN, CAP_NONE),
        ({"scope": 54.9}, 74.9, AMBER, CAP_ONE_RED),
        ({"scope": 0, "risk": 54.9}, 54.9, RED, CAP_TWO_RED),
        ({"scope": 0, "risk": 0, "quality": 0}, 54.9, RED, CAP_TWO_RED),
    ],
)
def test_red_dimensions_cap_the_score(reds, expected, band, rule):
    result = compute_one(bare(), scores(**{**dict.fromkeys(DIMENSIONS, 100), **reds}))
    assert (result.shown[0], result.band[0], result.cap_rule[0]) == (expected, band, rule)
    assert result.red_dimensions[0] == len(reds)
    assert result.cap_points[0] == pytest.approx(result.raw[0] - expected)


def test_a_cap_that_takes_nothing_is_not_reported():
    result = compute_one(bare(), scores(schedule=60, cost=60, scope=10))
    assert result.raw[0] == pytest.approx((45 * 60 + 100) / 55)
    assert (result.red_dimensions[0], result.cap_rule[0], result.cap_points[0]) == (1, CAP_NONE, 0)


def test_a_dimension_shown_as_55_is_not_red():
    assert compute_one(bare(), scores(**{**dict.fromkeys(DIMENSIONS, 100), "scope": 54.96})).red_dimensions[0] == 0


def test_a_red_dimension_without_weight_caps_nothing_and_is_not_missed():
    weights = {**MODEL.dimension_weights, "scope": 0.0, "risk": 0.0}
    result = compute_one(bare(dimension_weights=weights), scores(schedule=100, cost=100, scope=0))
    assert (result.shown[0], result.red_dimensions[0]) == (100, 0)
    assert missing_names(result.missing[0]) == ("resource", "quality", "benefits", "governance")


def test_stale_costs_ten_points_after_the_cap():
    model = bare()
    assert compute_one(model, scores(schedule=90, cost=90), stale=True).shown[0] == 80
    capped = compute_one(model, scores(**{**dict.fromkeys(DIMENSIONS, 100), "scope": 0}), stale=True)
    assert capped.shown[0] == pytest.approx(64.9)
    assert (capped.cap_points[0], capped.stale_points[0]) == (pytest.approx(90 - 74.9), pytest.approx(10))


def test_stale_never_takes_more_than_there_is():
    result = compute_one(bare(), scores(schedule=4, cost=4), stale=True)
    assert (result.shown[0], result.stale_points[0]) == (0, pytest.approx(4))


def test_stale_follows_from_the_age_of_the_last_report():
    result = compute(MODEL, {"cpi": [1.0] * 4, "report_age_cycles": [1.5, 1.51, np.nan, 9]})
    assert result.stale.tolist() == [False, True, False, True]
    assert compute_one(MODEL, {"cpi": 1.0, "report_age_cycles": 9}, stale=False).stale[0] == np.False_


def test_a_grey_project_can_be_stale_but_loses_nothing():
    result = compute_one(MODEL, {"report_age_cycles": 9})
    assert (bool(result.stale[0]), result.band[0], result.stale_points[0]) == (True, GREY, 0)


def test_the_delivery_driver_shifts_the_weights():
    late = {"key_milestone_slip_wd": 15, "cpi": 1.0}
    result = compute(MODEL, {code: [value] * 3 for code, value in late.items()}, drivers=["", "date", "unheard-of"])
    assert result.overall.tolist() == pytest.approx(
        [(25 * 55 + 20 * 100) / 45, (40 * 55 + 20 * 100) / 60, (25 * 55 + 20 * 100) / 45]
    )


@pytest.mark.parametrize(
    ("score", "shown", "band"),
    [
        (74.96, 75.0, GREEN),
        (74.95, 75.0, GREEN),
        (74.94, 74.9, AMBER),
        (54.95, 55.0, AMBER),
        (54.949, 54.9, RED),
        (0, 0, RED),
    ],
)
def test_the_colour_is_decided_on_the_number_shown(score, shown, band):
    result = compute_one(bare(), scores(schedule=score, cost=score, scope=score, resource=score))
    assert (result.shown[0], result.band[0]) == (shown, band)
    assert round_shown(score) == shown
    assert band_of(score, green_from=75, amber_from=55) == band


def test_points_add_up_where_cap_and_penalty_apply():
    result = compute_one(bare(), scores(schedule=100, cost=100, scope=10, quality=80), stale=True)
    assert result.cap_rule[0] == CAP_ONE_RED
    total = result.points_lost[0].sum() + result.cap_points[0] + result.stale_points[0]
    assert total == pytest.approx(100 - result.overall[0], abs=1e-9)
    assert total == pytest.approx(100 - 64.9, abs=1e-9)


def test_unknown_measures_and_lengths_are_refused_by_name():
    with pytest.raises(ValueError, match="cpy"):
        compute(MODEL, {"cpy": [1.0]})
    with pytest.raises(ValueError, match="measure spi_t has shape"):
        compute(MODEL, {"cpi": [1.0, 1.0], "spi_t": [1.0]})
    with pytest.raises(ValueError, match="drivers has shape"):
        compute(MODEL, {"cpi": [1.0, 1.0]}, drivers=["date"])


def test_a_known_measure_the_model_leaves_out_is_ignored():
    assert compute_one(MODEL, {"cpi": 1.0, "spi": 0.1}).shown[0] == 100


def test_a_measure_with_weight_zero_is_switched_off():
    measures = tuple(replace(spec, weight=0.0) if spec.code == "cpi" else spec for spec in MODEL.measures)
    result = compute_one(replace(MODEL, measures=measures), {"cpi": 0.1, "spi_t": 1.0})
    assert (result.shown[0], result.dimension_bands[0, 1]) == (100, GREY)


def test_no_projects_give_empty_arrays():
    result = compute(MODEL, {}, drivers=[], size=0)
    assert (result.overall.shape, result.points_lost.shape, result.missing.shape) == (
        (0,),
        (0, len(MODEL.measures)),
        (0,),
    )


def test_a_watermelon_is_declared_better_than_computed():
    declared = np.array([GREEN, GREEN, AMBER, RED, GREEN, GREY])
    computed = np.array([RED, GREEN, RED, GREEN, GREY, RED])
    assert is_watermelon(declared, computed).tolist() == [True, False, True, False, False, False]
