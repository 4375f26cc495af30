"""The bridge: every bar is as long as its number, and one begins where the one before ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.bridge import BridgeStep, bridge

from .helpers import HOSTILE, assert_drawable, elements, share


def steps(start: float, changes: list[float]) -> list[BridgeStep]:
    made = [BridgeStep("Budget", start, total=True), *(BridgeStep(f"C{n}", value) for n, value in enumerate(changes))]
    return [*made, BridgeStep("Forecast", start + sum(changes), total=True)]


def block(bar) -> tuple[float, float]:
    found = elements(bar, "rect")[0]
    left = share(found.get("x"))
    return left, left + share(found.get("width"))


def test_bars_float_from_total_to_total():
    bars = bridge(steps(100, [100, -50])).bars
    assert [block(bar) for bar in bars] == [
        pytest.approx((0, 50)),
        pytest.approx((50, 100)),
        pytest.approx((75, 100)),
        pytest.approx((0, 75)),
    ]
    assert elements(bars[1], "rect", "chart-red") and elements(bars[2], "rect", "chart-green")


def test_a_rise_is_good_where_it_is_welcome():
    assert elements(bridge(steps(10, [5]), good="up").bars[1], "rect", "chart-green")


def test_small_changes_cut_the_scale_and_say_so():
    found = bridge(steps(1000, [10, -4]), lang="en")
    assert elements(found.bars[0], "line", "chart-cut"), "a cut is drawn through a total that does not begin at 0"
    assert "the scale begins at" in found.label
    assert not elements(bridge(steps(1000, [900])).bars[0], "line", "chart-cut")


@given(st.floats(1, 1e6), st.lists(st.floats(-1e5, 1e5), max_size=8))
def test_each_bar_begins_where_the_one_before_ends_and_its_length_is_its_number(start, changes):
    rows = steps(start, changes)
    bars = bridge(rows).bars
    assert len(bars) == len(rows)
    edges = [block(bar) for bar in bars]
    level = edges[0][1]
    unit = None
    for step, (left, right) in zip(rows[1:-1], edges[1:-1], strict=True):
        begin, end = (left, right) if step.value >= 0 else (right, left)
        if right - left > 0.7:  # a change too small to see leaves a mark of 0.6 %
            assert begin == pytest.approx(level, abs=0.75)
            if unit is not None:
                assert (right - left) / abs(step.value) == pytest.approx(unit, rel=0.05)
            unit = (right - left) / abs(step.value)
            level = end
        else:
            level = left
    for bar in bars:
        assert_drawable(bar)


def test_changes_that_lead_elsewhere_are_refused():
    with pytest.raises(ValueError, match="lead to"):
        bridge([BridgeStep("a", 10, total=True), BridgeStep("b", 5), BridgeStep("c", 16, total=True)])


def test_nothing_and_one_value():
    assert bridge([]).bars == []
    (bar,) = bridge([BridgeStep(HOSTILE, 0, total=True)]).bars
    assert_drawable(bar)
