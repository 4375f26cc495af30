"""Properties of the health engine that hold for every portfolio."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.calc.health import AMBER, BAND_CODES, DIMENSIONS, GREEN, GREY, RED, compute, compute_one, missing_names
from tests.calc.health_strategies import MODEL, drivers, portfolios, projects, to_arrays

FIELDS = (
    "measure_scores",
    "dimension_scores",
    "dimension_bands",
    "raw",
    "overall",
    "shown",
    "band",
    "points_lost",
    "cap_points",
    "stale_points",
    "cap_rule",
    "red_dimensions",
    "stale",
    "missing",
    "weight_share",
)


def compute_rows(rows):
    return compute(MODEL, to_arrays(rows), drivers=[row[1] for row in rows], stale=[row[2] for row in rows])


def oracle(measures, driver, stale):
    """The same rules in the plainest Python: returns (H, band name, missing dimensions)."""
    totals = {}
    for spec in MODEL.measures:
        value = measures[spec.code]
        if value is None:
            continue
        points = spec.points
        if value <= points[0][0]:
            score = points[0][1]
        elif value >= points[-1][0]:
            score = points[-1][1]
        else:
            (x0, y0), (x1, y1) = next((a, b) for a, b in zip(points, points[1:], strict=False) if a[0] <= value <= b[0])
            score = y0 + (y1 - y0) * (value - x0) / (x1 - x0)
        weight, total = totals.get(spec.dimension, (0.0, 0.0))
        totals[spec.dimension] = (weight + spec.weight, total + spec.weight * score)
    scores = {code: total / weight for code, (weight, total) in totals.items()}
    missing = tuple(code for code in DIMENSIONS if code not in scores)
    weights = MODEL.weights_for(driver)
    covered = sum(weights[code] for code in scores)
    if covered == 0 or covered / sum(weights.values()) < 0.15:
        return None, "grey", missing
    health = sum(weights[code] * score for code, score in scores.items()) / covered
    reds = sum(1 for score in scores.values() if math.floor(score * 10 + 0.5 + 1e-7) / 10 < 55)
    health = min(health, 54.9 if reds >= 2 else 74.9 if reds == 1 else 100)
    health = max(health - 10, 0) if stale else health
    shown = math.floor(health * 10 + 0.5 + 1e-7) / 10
    return health, "green" if shown >= 75 else "amber" if shown >= 55 else "red", missing


@given(portfolios)
def test_the_engine_agrees_with_the_plain_oracle(rows):
    result = compute_rows(rows)
    for index, row in enumerate(rows):
        health, band, missing = oracle(*row)
        assert BAND_CODES[result.band[index]] == band
        assert missing_names(result.missing[index]) == missing
        if health is None:
            assert np.isnan(result.overall[index])
        else:
            assert abs(result.overall[index] - health) < 1e-9


@given(portfolios)
def test_points_add_up_and_none_is_negative(rows):
    result = compute_rows(rows)
    coloured = result.band != GREY
    total = result.points_lost.sum(axis=1) + result.cap_points + result.stale_points
    np.testing.assert_allclose(total[coloured], 100 - result.overall[coloured], rtol=0, atol=1e-9)
    assert (total[~coloured] == 0).all()
    assert (result.points_lost >= 0).all()
    assert (result.cap_points >= 0).all()
    assert (result.stale_points >= 0).all()


@given(portfolios, st.randoms())
def test_order_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    straight, shuffled = compute_rows(rows), compute_rows([rows[index] for index in order])
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(straight, name)[order], getattr(shuffled, name))


@given(portfolios, st.integers(1, 5))
def test_chunks_give_bit_for_bit_what_one_run_gives(rows, chunk):
    whole = compute_rows(rows)
    parts = [compute_rows(rows[start : start + chunk]) for start in range(0, len(rows), chunk)]
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(whole, name), np.concatenate([getattr(part, name) for part in parts]))


@given(portfolios)
def test_one_project_alone_gets_the_same_figures(rows):
    whole = compute_rows(rows)
    for index, (measures, driver, stale) in enumerate(rows):
        alone = compute_one(MODEL, measures, driver=driver, stale=stale)
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(whole, name)[index], getattr(alone, name)[0])


@given(projects, drivers, st.sampled_from([spec.code for spec in MODEL.measures]), st.floats(0.001, 1.0))
@settings(max_examples=200)
def test_a_better_measure_never_lowers_health(measures, driver, code, fraction):
    spec = MODEL.measure(code)
    if measures[code] is None:
        return
    step = fraction * (spec.points[-1][0] - spec.points[0][0])
    better = {**measures, code: measures[code] + (step if spec.direction == "higher" else -step)}
    before, after = compute_one(MODEL, measures, driver=driver), compute_one(MODEL, better, driver=driver)
    if before.band[0] == GREY:
        assert after.band[0] == GREY
    else:
        assert after.overall[0] >= before.overall[0] - 1e-9
        assert after.band[0] >= before.band[0]


@given(portfolios)
def test_caps_hold_and_missing_dimensions_are_never_coloured(rows):
    result = compute_rows(rows)
    coloured = result.band != GREY
    assert (result.band[coloured & (result.red_dimensions >= 1)] <= AMBER).all()
    assert (result.band[coloured & (result.red_dimensions >= 2)] == RED).all()
    for index in range(len(rows)):
        for code in missing_names(result.missing[index]):
            assert result.dimension_bands[index, DIMENSIONS.index(code)] == GREY
    green = result.band == GREEN
    assert (result.weight_share[green] >= MODEL.min_weight_share - 1e-9).all()


@given(projects, drivers)
def test_without_its_missing_dimensions_the_score_is_the_same_as_if_they_had_no_weight(measures, driver):
    result = compute_one(MODEL, measures, driver=driver, stale=False)
    if result.band[0] == GREY:
        return
    gone = missing_names(result.missing[0])
    weights = {code: 0.0 if code in gone else weight for code, weight in MODEL.dimension_weights.items()}
    reduced = type(MODEL).from_dict({**MODEL.to_dict(), "dimension_weights": weights})
    assert abs(compute_one(reduced, measures, driver=driver, stale=False).overall[0] - result.overall[0]) < 1e-9
