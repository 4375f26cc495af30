"""The explanation of a score: what cost what, and a waterfall that adds up as printed."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.calc.health import AMBER, GREEN, GREY, RED, compute_one
from portfolio.calc.health.explain import explain, largest_remainder
from tests.calc.health_strategies import MODEL, drivers, projects


def test_each_measure_has_value_thresholds_and_cost():
    result = explain(MODEL, {"key_milestone_slip_wd": 10, "cpi": 0.95, "spi_t": None})
    assert [item.measure for item in result.measures] == ["key_milestone_slip_wd", "cpi"]
    slip, cpi = result.measures
    assert (slip.value, slip.green_threshold, slip.red_threshold, slip.unit) == (10, 5, 15, "wd")
    assert (slip.score, slip.band, slip.direction) == (pytest.approx(65), AMBER, "lower")
    assert slip.points == pytest.approx(25 / 45 * 35)
    assert (cpi.green_threshold, cpi.red_threshold, cpi.band) == (0.95, 0.85, GREEN)
    assert cpi.points == pytest.approx(20 / 45 * 25)
    # 19.44 + 11.11 lost of 100 leave 69.44
    assert (result.shown, result.band) == (69.4, AMBER)
    assert result.waterfall() == (("key_milestone_slip_wd", 19.5), ("cpi", 11.1))


def test_rules_name_the_cap_the_red_dimensions_and_the_stale_penalty():
    measures = {spec.code: spec.points[0 if spec.direction == "lower" else -1][0] for spec in MODEL.measures}
    bad_quality = {"open_major_findings": 12, "overdue_deliverables": 8}
    one = explain(MODEL, {**measures, **bad_quality, "report_age_cycles": 1.0}, stale=True)
    assert [(rule.rule, rule.dimensions, rule.limit) for rule in one.rules] == [
        ("cap_one_red", ("quality",), 74.9),
        ("stale", (), 10),
    ]
    halves = (("open_major_findings", 5.0), ("overdue_deliverables", 5.0))
    assert one.waterfall() == (*halves, ("cap_one_red", 15.1), ("stale", 10.0))
    assert one.shown == 64.9
    two = explain(MODEL, {**measures, **bad_quality, "exposure_to_reserve_pct": 300, "open_red_risks": 10})
    assert (two.rules[0].rule, two.rules[0].dimensions) == ("cap_two_red", ("quality", "risk"))
    assert two.shown == 54.9


def test_missing_dimensions_are_named_and_carry_no_share():
    result = explain(MODEL, {"cpi": 1.0, "key_milestone_slip_wd": 0})
    assert result.rules[0].rule == "missing_dimensions"
    assert result.rules[0].dimensions == ("scope", "resource", "quality", "risk", "benefits", "governance")
    shares = {item.dimension: item.weight_share for item in result.dimensions}
    assert (shares["schedule"], shares["cost"], shares["scope"]) == (pytest.approx(25 / 45), pytest.approx(20 / 45), 0)


def test_grey_says_why():
    nothing = explain(MODEL, {})
    assert (nothing.shown, nothing.band, nothing.rules[0].rule) == (None, GREY, "no_data")
    little = explain(MODEL, {"overdue_actions": 0})
    assert (little.shown, little.rules[0].rule, little.rules[0].limit) == (None, "not_enough_data", 0.15)
    assert little.measures[0].score == 100
    assert little.waterfall() == ()


def test_a_threshold_that_cannot_be_reached_is_none():
    specs = tuple(
        replace(spec, points=((0.0, 100.0), (5.0, 60.0))) if spec.code == "finish_slip_wd" else spec
        for spec in MODEL.measures
    )
    (item,) = explain(replace(MODEL, measures=specs), {"finish_slip_wd": 9}).measures
    assert (item.green_threshold, item.red_threshold) == (pytest.approx(3.125), None)


def test_the_driver_is_part_of_the_explanation():
    result = explain(MODEL, {"cpi": 1.0, "key_milestone_slip_wd": 15}, driver="date")
    assert result.driver == "date"
    assert result.dimensions[0].weight_share == pytest.approx(40 / 60)


@given(projects, drivers, st.booleans())
def test_the_printed_waterfall_adds_up_to_the_printed_score(measures, driver, stale):
    result = explain(MODEL, measures, driver=driver, stale=stale)
    computed = compute_one(MODEL, measures, driver=driver, stale=stale)
    assert result.band == computed.band[0]
    if result.shown is None:
        assert result.band == GREY
        return
    taken = sum(Decimal(str(points)) for _, points in result.waterfall())
    assert Decimal(100) - taken == Decimal(str(result.shown))
    for item in (*result.measures, *result.rules):
        assert abs(item.points - item.shown_points) < 0.1 + 1e-9
    assert sum(item.points for item in result.dimensions) == pytest.approx(100 - result.raw)
    assert sum(item.weight_share for item in result.dimensions) == pytest.approx(1)
    for item in result.measures:
        if item.band == RED and item.red_threshold is not None:
            assert (item.value > item.red_threshold) == (item.direction == "lower")


@given(st.lists(st.floats(0, 500), max_size=16))
def test_largest_remainder_adds_up_and_moves_nothing_by_a_whole_unit(values):
    total = math.floor(math.fsum(values) + 0.5)
    rounded = largest_remainder(values, total)
    assert sum(rounded) == total
    assert all(abs(after - before) <= 1 for before, after in zip(values, rounded, strict=True))


def test_largest_remainder_gives_the_odd_unit_to_the_largest_fraction():
    assert largest_remainder([1.4, 2.7, 0.9], 5) == [1, 3, 1]
