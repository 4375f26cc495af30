"""Looking ahead, chances, moves and their judging, on cases whose answer is known."""

from __future__ import annotations

import datetime
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from portfolio.calc.health.codes import AMBER, GREEN, GREY, RED
from portfolio.calc.warning import ahead as ahead_module
from portfolio.calc.warning.ahead import look_ahead
from portfolio.calc.warning.chance import HORIZONS, next_worse, outlook
from portfolio.calc.warning.features import FEATURES, features
from portfolio.calc.warning.judge import judge, last_trend, worst_within
from portfolio.calc.warning.moves import moves
from portfolio.calc.warning.table import TABLE
from tests.warnings.states import MODEL, state, work

WELL = {"cpi": [1.0], "eac_over_budget_pct": [0.0], "late_milestones": [0.0], "key_milestone_slip_wd": [0.0]}


def test_between_milestones_money_is_spent_and_the_index_falls() -> None:
    now = state(WELL, bac=[100.0], ev=[40.0], ac=[40.0], eac=[100.0], burn=[2.0], milestones=[(0, 10, 10), (0, -5, -5)])
    seen = look_ahead(MODEL, now)
    assert seen.cpi[4, 0] == pytest.approx(
        (40.0 + 50.0) / 48.0
    )  # the overdue one is expected in five days and earns half
    assert seen.overall[0, 0] == pytest.approx(now.overall[0])
    none_due = state(WELL, bac=[100.0], ev=[40.0], ac=[40.0], eac=[100.0], burn=[2.0], milestones=[(0, 40, 40)])
    falling = look_ahead(MODEL, none_due)
    assert falling.cpi[:, 0].tolist() == pytest.approx([40.0 / (40.0 + 2.0 * week) for week in range(13)])
    assert (np.diff(falling.overall[:, 0]) <= 1e-9).all()
    assert falling.overall[12, 0] < MODEL.green_from <= falling.overall[0, 0]


def test_an_estimate_of_the_managers_own_does_not_follow_the_index() -> None:
    own = state(WELL, bac=[100.0], ev=[40.0], ac=[40.0], eac=[104.0], burn=[2.0], milestones=[(0, 40, 40)])
    computed = state(WELL, bac=[100.0], ev=[40.0], ac=[40.0], eac=[100.0], burn=[2.0], milestones=[(0, 40, 40)])
    assert look_ahead(MODEL, own).overall[12, 0] > look_ahead(MODEL, computed).overall[12, 0]


def test_milestones_forecast_after_their_baseline_will_be_late() -> None:
    coming = work([(0, 2, 6), (0, 3, 3), (1, 20, 20)], 2)
    assert coming.late[0, [0, 2, 3, 5, 6]].tolist() == [0, 0, 1, 1, 0]
    assert coming.next_weeks.tolist() == [3, 20]
    assert coming.planned[0, [0, 2, 3]].tolist() == [0, 0.5, 1]
    assert coming.earned[1, 12] == 0


def test_who_is_red_or_grey_is_not_warned_of() -> None:
    grey = state({"report_age_cycles": [0.2]})
    red = state({"cpi": [0.7], "eac_over_budget_pct": [30.0], "key_milestone_slip_wd": [40.0]})
    for one, band in ((grey, GREY), (red, RED)):
        assert one.band.tolist() == [band]
        found = outlook(TABLE, MODEL, one)
        assert np.isnan(found.chance).all() and not found.warned.any() and found.weeks.tolist() == [0]
    assert next_worse(np.array([GREY, RED, AMBER, GREEN], dtype=np.int8)).tolist() == [GREY, GREY, RED, AMBER]


def test_a_project_heading_down_is_likelier_to_turn_than_a_steady_one() -> None:
    plan = [(0, 4.0 * stone, 4.0 * stone) for stone in range(1, 9)]
    late = [(0, 4.0 * stone, 4.0 * stone + 3) for stone in range(1, 9)]
    money = {"bac": [100.0], "ev": [40.0], "eac": [100.0]}
    calm = {**WELL, "over_allocation_pct": [0.0], "report_age_cycles": [0.1]}
    steady = state(calm, ac=[40.0], burn=[1.0], milestones=plan, past=[[100.0]] * 7, **money)
    worse = {**calm, "cpi": [0.95], "eac_over_budget_pct": [5.2], "finish_slip_wd": [9.0], "report_age_cycles": [1.3]}
    heading = state(worse, ac=[42.1], burn=[3.0], milestones=late, past=[[88.0], [90.0], [93.0], [95.0]], **money)
    first, second = (outlook(TABLE, MODEL, one).chance[:, 0] for one in (steady, heading))
    assert (second > first).all()
    assert second[2] > 0.5


@given(
    st.floats(0.6, 1.3),
    st.floats(-10, 40),
    st.floats(0, 50),
    st.floats(0, 40),
    st.floats(0, 5),
    st.lists(st.floats(30, 100), min_size=0, max_size=7),
)
def test_chances_are_chances_and_grow_with_the_horizon(cpi, over, slip, used, burn, past) -> None:
    one = state(
        {"cpi": [cpi], "eac_over_budget_pct": [over], "key_milestone_slip_wd": [slip], "over_allocation_pct": [used]},
        bac=[100.0],
        ev=[50.0],
        ac=[50.0 / cpi],
        eac=[100.0 + over],
        burn=[burn],
        milestones=[(0, 1, 3), (0, 9, 9)],
        past=[[score] for score in past],
    )
    found = outlook(TABLE, MODEL, one)
    chances = found.chance[:, 0]
    if np.isnan(chances).all():
        return
    assert ((chances >= 0) & (chances <= 1)).all() and (np.diff(chances) >= 0).all()
    assert (np.diff(found.warned[:, 0].astype(int)) >= 0).all()
    assert np.isfinite(features(MODEL, one, found.ahead, 8)).all()


def test_each_project_is_weighed_alone() -> None:
    cpis = [1.05, 0.97, 0.9, 0.8]
    many = state(
        {"cpi": cpis, "eac_over_budget_pct": [0, 3, 8, 20], "late_milestones": [0, 1, 1, 2]},
        size=4,
        bac=[100.0] * 4,
        ev=[50.0] * 4,
        ac=[50 / cpi for cpi in cpis],
        eac=[100.0, 103.0, 111.1, 125.0],
        burn=[1.0] * 4,
        milestones=[(k, 2.0 + k, 3.0 + k) for k in range(4)],
    )
    together = outlook(TABLE, MODEL, many).chance
    for k, cpi in enumerate(cpis):
        alone = state(
            {"cpi": [cpi], "eac_over_budget_pct": [[0, 3, 8, 20][k]], "late_milestones": [[0, 1, 1, 2][k]]},
            bac=[100.0],
            ev=[50.0],
            ac=[50 / cpi],
            eac=[[100.0, 103.0, 111.1, 125.0][k]],
            burn=[1.0],
            milestones=[(0, 2.0 + k, 3.0 + k)],
        )
        assert outlook(TABLE, MODEL, alone).chance[:, 0].tolist() == pytest.approx(together[:, k].tolist(), nan_ok=True)


def test_the_table_fits_the_features() -> None:
    assert tuple(TABLE.fits) == HORIZONS
    for one in TABLE.fits.values():
        assert len(one.mean) == len(one.scale) == len(one.weight) == len(FEATURES)
        assert min(one.scale) > 0
        assert 0.1 <= one.level <= 0.8


def test_moves_say_since_when_and_how_much_a_week() -> None:
    dates = [datetime.date(2026, 9, 6) + datetime.timedelta(weeks=week) for week in range(6)]
    series = {
        "cpi": [0.95, 1.0, 1.0, 0.98, 0.94, 0.90],  # better first, then steady, then falling from the third week on
        "key_milestone_slip_wd": [0, 0, 0, 0, 0, 0],
        "eac_over_budget_pct": [9, 8, 7, 6, 5, 4],
    }
    found = moves(MODEL, "", dates, series)
    assert [move.code for move in found] == ["cpi"]
    assert (found[0].since, found[0].before, found[0].now) == (dates[2], 1.0, 0.90)
    assert found[0].per_week == pytest.approx(-0.1 / 3)
    assert found[0].points > 0


def test_moves_skip_weeks_without_a_value() -> None:
    dates = [datetime.date(2026, 9, 6) + datetime.timedelta(weeks=week) for week in range(4)]
    found = moves(MODEL, "", dates, {"cpi": [None, 1.0, None, 0.9]})
    assert (found[0].since, found[0].per_week) == (dates[1], pytest.approx(-0.05))
    assert moves(MODEL, "", dates, {"cpi": [1.0, 0.9, 0.8, None]}) == []
    assert moves(MODEL, "", [], {}) == []


def test_judging_a_known_history() -> None:
    bands = np.array([[GREEN] * 6 + [AMBER] * 4, [GREEN] * 10, [AMBER] * 3 + [GREY] + [RED] * 6], dtype=np.int8)
    warned = np.zeros(bands.shape, dtype=bool)
    warned[0, [3, 4]] = True  # both right within three weeks
    warned[1, 2] = True  # wrong
    verdict = judge(bands, warned, 3)
    assert (verdict.warnings, verdict.right) == (3, 2)
    assert verdict.cases == 7 + 7 + 3
    # green weeks 3, 4, 5 of the first; amber weeks 1 and 2 of the last: red comes after a grey week
    assert verdict.worse == 3 + 2
    assert (verdict.changes, verdict.foreseen, verdict.lead_weeks) == (1, 1, 3)
    assert verdict.precision == pytest.approx(2 / 3)
    assert verdict.recall == pytest.approx(2 / 5)
    assert verdict.f1 == pytest.approx(4 / 8)


def test_nobody_warned_is_no_precision_and_no_f1() -> None:
    bands = np.array([[GREEN] * 5 + [RED] * 5], dtype=np.int8)
    verdict = judge(bands, np.zeros(bands.shape, dtype=bool), 2)
    assert (verdict.precision, verdict.recall, verdict.f1, verdict.lead_weeks) == (None, 0, 0, None)


def test_the_last_trend_goes_on() -> None:
    overall = np.array([[90.0, 86.0, 82.0], [90.0, 90.0, 90.0], [60.0, 58.0, np.nan]])
    assert last_trend(MODEL, overall, 2).tolist() == [[False, False, True], [False, False, False], [False, True, False]]


@given(arrays(np.int8, (4, 12), elements=st.integers(0, 3)), st.integers(1, 12))
def test_the_worst_colour_is_never_better_than_now(bands, horizon) -> None:
    worst = worst_within(bands, horizon)
    assert (worst <= bands).all()
    warned = worst < bands
    verdict = judge(bands, warned, horizon)
    assert verdict.right == verdict.warnings == verdict.worse
    if verdict.worse:
        assert verdict.f1 == 1 and verdict.worst_f1 is not None


def test_the_calculation_imports_nothing_of_the_simulator() -> None:
    for module in (ahead_module, *map(inspect.getmodule, (outlook, features, moves, judge))):
        assert module is not None
        assert "demo" not in inspect.getsource(module)
