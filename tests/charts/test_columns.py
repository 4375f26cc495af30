from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.columns import BarSeries, bars

from .helpers import HOSTILE, SHOWN, assert_drawable, elements, share, texts

MONTHS = ["Jul", "Aug", "Sep"]


def test_groups_of_budget_and_actual_on_one_zero_line():
    drawn = bars(
        MONTHS,
        [BarSeries("Budget", [4350, 4700, 5050], "budget"), BarSeries("Actual", [4420, 4810, 2000])],
        title="Monthly",
        notes=["+1.6%", "+2.3%", ""],
        partial={2},
        compact=False,
    )
    markup = drawn.markup
    assert_drawable(markup)
    assert len(elements(markup, "rect", "chart-budget")) == len(elements(markup, "rect", "chart-actual")) == 3
    bottoms = {float(one.get("y")) + float(one.get("height")) for one in elements(markup, "rect")}
    assert max(bottoms) - min(bottoms) < 0.02
    assert [one.get("class") for one in elements(markup, "rect", "chart-partial")] == ["chart-actual chart-partial"]
    assert texts(markup, "chart-note") == ["+1.6%", "+2.3%"]
    assert [item.text for item in drawn.legend] == ["Budget", "Actual"]


def test_heights_are_in_proportion():
    markup = bars(["a", "b"], [BarSeries("x", [30, 60], "c1")], title="x").markup
    low, high = (float(one.get("height")) for one in elements(markup, "rect"))
    assert high == pytest.approx(2 * low, abs=0.02)


def test_negative_values_hang_below_the_zero_line():
    markup = bars(["a", "b"], [BarSeries("x", [50, -50], "c1")], title="x").markup
    up, down = elements(markup, "rect")
    zero = float(elements(markup, "line", "chart-zero")[0].get("y1"))
    assert float(up.get("y")) + float(up.get("height")) == pytest.approx(zero, abs=0.02)
    assert float(down.get("y")) == pytest.approx(zero, abs=0.02)


def test_a_gap_leaves_its_place_empty():
    markup = bars(MONTHS, [BarSeries("x", [1, None, 3], "c1")], title="x").markup
    places = [share(one.get("x")) for one in elements(markup, "rect")]
    assert places[1] - places[0] == pytest.approx(200 / 3, abs=0.05)


@given(
    st.integers(1, 14).flatmap(
        lambda size: st.lists(
            st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=size, max_size=size), min_size=1, max_size=4
        )
    )
)
def test_any_values_are_drawable_and_stay_within_the_width(rows):
    labels = [HOSTILE] * len(rows[0])
    markup = bars(labels, [BarSeries(HOSTILE, row, "c2") for row in rows], title=HOSTILE).markup
    assert_drawable(markup)
    for one in elements(markup, "rect"):
        assert share(one.get("x")) >= 0
        assert share(one.get("x")) + share(one.get("width")) <= 100.01


def test_no_labels_no_values():
    assert texts(bars([], [], title="x", lang="en").markup) == ["No data"]
    assert texts(bars(["a"], [BarSeries("x", [None])], title="x", lang="en").markup) == ["No data"]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one value per label"):
        bars(MONTHS, [BarSeries("x", [1])], title="x")
    with pytest.raises(ValueError, match="one value per label"):
        bars(MONTHS, [BarSeries("x", [1, 2, 3])], title="x", notes=["a"])


def test_hostile_labels_are_shown_as_they_are():
    assert SHOWN in texts(bars([HOSTILE], [BarSeries("x", [1])], title="x").markup)
