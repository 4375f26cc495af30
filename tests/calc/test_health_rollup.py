"""Roll-up: budget weights, counts, money before ratios, the worst critical project."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.calc.health import AMBER, GREEN, GREY, RED, default_model
from portfolio.calc.health.bands import band_of
from portfolio.calc.health.rollup import Membership, ProjectHealth, ProjectMoney, roll_up_health, roll_up_money

MODEL = default_model()
NAN = np.nan


def projects(overall, budget, critical=(), stale=()):
    scores = np.array(overall, dtype=np.float64)
    return ProjectHealth(
        overall=scores,
        band=band_of(scores, green_from=75, amber_from=55),
        budget=np.array(budget, dtype=np.float64),
        critical=np.isin(np.arange(len(overall)), list(critical)),
        stale=np.isin(np.arange(len(overall)), list(stale)),
    )


def one_group(count):
    return Membership.of([0] * count, range(count), groups=1, projects=count)


def test_health_is_weighted_by_budget():
    result = roll_up_health(MODEL, one_group(3), projects([90, 60, NAN], [300, 100, 900]))
    assert result.shown[0] == pytest.approx((90 * 300 + 60 * 100) / 400)
    assert result.band[0] == GREEN
    assert result.counts.tolist() == [[1, 0, 1, 1]]
    assert (bool(result.equal_weights[0]), result.without_budget[0]) == (False, 0)


def test_without_any_budget_all_count_the_same_and_it_says_so():
    result = roll_up_health(MODEL, one_group(3), projects([90, 60, 30], [NAN, 0, NAN]))
    assert result.shown[0] == 60
    assert (bool(result.equal_weights[0]), result.without_budget[0]) == (True, 3)


def test_a_project_without_budget_beside_others_is_counted_but_not_weighted():
    result = roll_up_health(MODEL, one_group(2), projects([90, 20], [100, NAN]))
    assert (result.shown[0], bool(result.equal_weights[0]), result.without_budget[0]) == (90, False, 1)
    assert result.counts.tolist() == [[0, 1, 0, 1]]


def test_a_group_without_coloured_projects_is_grey():
    result = roll_up_health(MODEL, Membership.of([0], [0], groups=2, projects=1), projects([NAN], [100]))
    assert result.band.tolist() == [GREY, GREY]
    assert np.isnan(result.overall).all()
    assert result.counts.tolist() == [[1, 0, 0, 0], [0, 0, 0, 0]]
    assert result.equal_weights.tolist() == [False, False]


@pytest.mark.parametrize(("worst", "shown", "band"), [(30, 54.9, RED), (60, 74.9, AMBER), (80, 95.0, GREEN)])
def test_a_group_is_never_greener_than_its_worst_critical_project(worst, shown, band):
    result = roll_up_health(MODEL, one_group(3), projects([worst, 95, 95], [NAN, 100, 100], critical=[0, 1]))
    assert (result.shown[0], result.band[0]) == (shown, band)
    assert result.raw[0] == 95
    assert bool(result.held_by_critical[0]) == (worst < 75)
    assert result.worst_critical[0] == 0


def test_an_override_lifts_the_critical_rule_and_is_shown():
    group = Membership.of([0, 0, 1, 1], [0, 1, 0, 1], groups=2, projects=2)
    result = roll_up_health(MODEL, group, projects([30, 95], [1, 999], critical=[0]), overridden=[True, False])
    assert result.band.tolist() == [GREEN, RED]
    assert result.override_used.tolist() == [True, False]
    assert result.held_by_critical.tolist() == [False, True]


def test_an_override_without_need_is_not_shown():
    result = roll_up_health(MODEL, one_group(1), projects([95], [1], critical=[0]), overridden=[True])
    assert not result.override_used[0]


def test_a_red_project_that_is_not_critical_does_not_hold_the_group():
    result = roll_up_health(MODEL, one_group(2), projects([10, 95], [1, 999]))
    assert (result.band[0], result.worst_critical[0]) == (GREEN, -1)
    assert result.counts[0, RED] == 1


def test_a_grey_critical_project_says_nothing():
    result = roll_up_health(MODEL, one_group(2), projects([NAN, 95], [1, 999], critical=[0]))
    assert (result.band[0], result.worst_critical[0]) == (GREEN, -1)


def test_a_group_worse_than_its_critical_project_keeps_its_colour():
    result = roll_up_health(MODEL, one_group(2), projects([95, 20], [1, 99], critical=[0]))
    assert result.band[0] == RED
    assert not result.held_by_critical[0]


def test_stale_projects_are_counted():
    result = roll_up_health(MODEL, one_group(3), projects([95, 20, NAN], [1, 1, 1], stale=[0, 2]))
    assert result.stale_count[0] == 2


def test_a_project_listed_twice_counts_once():
    twice = Membership.of([0, 0, 0], [0, 1, 0], groups=1, projects=2)
    assert roll_up_health(MODEL, twice, projects([90, 60], [100, 100])).shown[0] == 75


def test_wrong_indices_are_refused():
    with pytest.raises(ValueError, match="group holds an index outside 0..0"):
        Membership.of([1], [0], groups=1, projects=1)
    with pytest.raises(ValueError, match="project holds an index outside"):
        Membership.of([0], [-1], groups=1, projects=1)
    with pytest.raises(ValueError, match="equal length"):
        Membership.of([0, 0], [0], groups=1, projects=1)


def test_no_projects_at_all():
    result = roll_up_health(MODEL, Membership.of([], [], groups=2, projects=0), projects([], []))
    assert result.band.tolist() == [GREY, GREY]


def money(**columns):
    known = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    size = len(next(iter(known.values())))
    return ProjectMoney(**{name: known.get(name, np.full(size, NAN)) for name in ("bac", "pv", "ev", "ac", "eac")})


def test_money_is_added_before_it_is_divided():
    # a small project at CPI 2 and a large one at CPI 0.5: their mean would be 1.25
    result = roll_up_money(one_group(2), money(ev=[20, 100], ac=[10, 200], pv=[10, 230]))
    assert result.cpi[0] == pytest.approx(120 / 210)
    assert result.spi[0] == pytest.approx(0.5)
    assert (result.cpi_projects[0], result.ev[0], result.ac[0]) == (2, 120, 210)


def test_a_ratio_uses_only_projects_that_know_both_terms():
    result = roll_up_money(
        one_group(3), money(ev=[20, 100, NAN], ac=[10, NAN, 7], bac=[100, NAN, 50], eac=[120, 80, 40])
    )
    assert (result.cpi[0], result.cpi_projects[0]) == (2, 1)
    assert (result.eac_over_budget[0], result.eac_projects[0]) == (10, 2)
    assert result.eac_over_budget_pct[0] == pytest.approx(100 * 10 / 150)
    assert (result.ac[0], result.bac[0], result.eac[0]) == (17, 150, 240)


def test_unknown_money_is_not_available_and_not_zero():
    result = roll_up_money(one_group(2), money(ev=[0, 0], ac=[0, 0]))
    assert np.isnan([result.cpi[0], result.spi[0], result.pv[0], result.eac_over_budget[0]]).all()
    assert result.ev[0] == 0


@st.composite
def memberships(draw):
    count = draw(st.integers(1, 12))
    groups = draw(st.integers(1, 4))
    pairs = draw(st.lists(st.tuples(st.integers(0, groups - 1), st.integers(0, count - 1)), max_size=30))
    score = st.one_of(st.just(NAN), st.floats(0, 100))
    amount = st.one_of(st.just(NAN), st.integers(0, 10**6))
    return (
        pairs,
        groups,
        draw(st.lists(score, min_size=count, max_size=count)),
        draw(st.lists(amount, min_size=count, max_size=count)),
        draw(st.lists(st.booleans(), min_size=count, max_size=count)),
        draw(st.randoms()),
    )


@given(memberships())
def test_group_figures_equal_a_plain_sum_over_the_members(case):
    pairs, groups, overall, budget, critical, random = case
    figures = projects(overall, budget, critical=np.flatnonzero(critical))
    shuffled = random.sample(pairs, len(pairs))
    results = [
        roll_up_health(
            MODEL, Membership.of([g for g, _ in p], [i for _, i in p], groups=groups, projects=len(overall)), figures
        )
        for p in (pairs, shuffled)
    ]
    np.testing.assert_array_equal(results[0].overall, results[1].overall)
    for group in range(groups):
        members = sorted({project for owner, project in pairs if owner == group})
        scored = [index for index in members if not np.isnan(overall[index])]
        assert results[0].counts[group].sum() == len(members)
        assert results[0].counts[group, 1:].sum() == len(scored)
        weights = [budget[index] if budget[index] > 0 else 0 for index in scored]
        if sum(weights) == 0:
            weights = [1] * len(scored)
        if not scored:
            assert np.isnan(results[0].raw[group])
            continue
        expected = sum(w * overall[i] for w, i in zip(weights, scored, strict=True)) / sum(weights)
        assert results[0].raw[group] == pytest.approx(expected)
        worst = min((figures.band[index] for index in scored if critical[index]), default=GREEN)
        assert results[0].band[group] <= worst
        assert results[0].overall[group] <= results[0].raw[group]


@given(memberships())
def test_money_of_parts_adds_up_to_the_whole(case):
    _, _, _, amounts, _, _ = case
    count = len(amounts)
    figures = money(ev=amounts, ac=amounts[::-1], bac=amounts)
    whole = roll_up_money(one_group(count), figures)
    halves = roll_up_money(Membership.of(np.arange(count) % 2, range(count), groups=2, projects=count), figures)
    assert np.nansum(halves.ev) == np.nansum(whole.ev) == np.nansum(amounts)
    assert halves.cpi_projects.sum() == whole.cpi_projects[0]
