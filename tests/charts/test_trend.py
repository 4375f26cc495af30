from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.axes import Span, spread
from pmo.core.charts.trend import Line, Marker, Thresholds, line_trend

from .helpers import HOSTILE, SHOWN, assert_drawable, elements, parse, texts

START = date(2026, 1, 5)


def weekly(*values):
    return [(START + timedelta(weeks=index), value) for index, value in enumerate(values)]


def test_bands_stand_behind_the_line_and_thresholds_are_the_ticks():
    drawn = line_trend([Line("Health", weekly(80, 70, 60))], Thresholds(55, 75), title="Health", low=0, high=100).markup
    assert_drawable(drawn)
    zones = [one.get("class") for one in elements(drawn, "rect")]
    assert zones == ["chart-zone-red", "chart-zone-amber", "chart-zone-green"]
    heights = [float(one.get("height")) for one in elements(drawn, "rect")]
    assert heights == pytest.approx([88, 32, 40])
    labels = [one.text for one in elements(drawn, "text", "chart-tick") if one.get("text-anchor") == "end"]
    assert labels[:4] == ["0", "55", "75", "100"]


def test_less_is_better_turns_the_bands_round():
    assert Thresholds(red=30, green=20).zones(0, 40) == [("green", 0, 20), ("amber", 20, 30), ("red", 30, 40)]
    assert Thresholds(red=55, green=75).zones(60, 70) == [("amber", 60, 70)]


def test_gaps_break_the_line_and_a_lone_value_is_a_dot():
    drawn = line_trend([Line("x", weekly(1, 2, None, 4, math.nan, 5, 6))], title="x").markup
    assert len(elements(drawn, "path", "chart-line")) == 2
    assert len(elements(drawn, "circle", "chart-dot")) == 2


@pytest.mark.parametrize(
    "values",
    [[], [None, None], [5], [5, 5, 5], [-3, -8, -1], [0, 0], [1e12, 2e12], [-1e-6, 1e-6]],
)
def test_series_of_every_kind_are_drawable(values):
    drawn = line_trend([Line(HOSTILE, weekly(*values))], title=HOSTILE, description=HOSTILE, lang="en").markup
    assert_drawable(drawn)
    assert parse(drawn)[0][0].text == SHOWN


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), max_size=20), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_any_series_with_any_thresholds(values, red, green):
    assert_drawable(line_trend([Line("x", weekly(*values))], Thresholds(red, green), title="x").markup)


def test_without_values_the_drawing_says_so():
    assert texts(line_trend([], title="x", lang="en").markup) == ["No data"]


def test_several_lines_get_a_legend_and_labels_that_do_not_touch():
    lines = [
        Line("Planned", weekly(1, 50), "planned"),
        Line("Actual", weekly(1, 50.5)),
        Line("EV", weekly(1, 49.8), "earned"),
    ]
    drawn = line_trend(lines, title="Earned value", lang="en")
    assert [item.text for item in drawn.legend] == ["Planned", "Actual", "EV"]
    heights = sorted(float(one.get("y")) for one in elements(drawn.markup, "text", "chart-end"))
    assert all(after - before >= 13 for before, after in zip(heights, heights[1:], strict=False))
    assert line_trend(lines[:1], title="x").legend == []


def test_a_line_that_ends_early_is_not_labelled_at_the_far_edge():
    lines = [Line("Actual", weekly(1, 2)), Line("Plan", weekly(*range(10)), "planned")]
    assert texts(line_trend(lines, title="x", lang="en").markup, "chart-end") == ["9"]


def test_the_marker_widens_the_axis_and_names_itself():
    drawn = line_trend([Line("x", weekly(1, 2))], title="x", marker=Marker(START + timedelta(weeks=2), HOSTILE)).markup
    assert elements(drawn, "line", "chart-marker")[0].get("x1") == "100%"
    assert texts(drawn, "chart-marker-text") == [SHOWN]
    assert_drawable(drawn)


def test_dates_and_figures_follow_the_language():
    points = [(date(2026, 1, 1), 0), (date(2026, 12, 1), 202_200_000)]
    zh = texts(line_trend([Line("x", points)], title="x", lang="zh-hans").markup)
    assert "2026年1月" in zh and "2.02亿" in zh and "3亿" in zh
    en = texts(line_trend([Line("x", points)], title="x", lang="en").markup)
    assert "Jan 26" in en and "202m" in en and "300m" in en


def test_narrow_places_get_fewer_date_labels_evenly_spaced():
    points = [(date(2026, 1, 1), 1), (date(2027, 6, 1), 2)]
    drawn = line_trend([Line("x", points)], title="x", lang="zh").markup
    below = [one for one in elements(drawn, "text", "chart-tick") if float(one.get("y")) > 170]
    usual = [one.text for one in below if "chart-tick-narrow" not in one.get("class")]
    narrow = [one.text for one in below if "chart-tick-alt" not in one.get("class")]
    assert usual == ["2026年1月", "4月", "7月", "10月", "2027年1月", "4月"]
    assert narrow == ["2026年1月", "7月", "2027年1月"]


@given(st.lists(st.floats(0, 160), max_size=12))
def test_spreading_keeps_the_order_the_gap_and_the_limits(positions):
    placed = spread(positions, 13, 0, 160)
    gap = min(13, 160 / max(len(positions) - 1, 1))
    ordered = sorted(range(len(positions)), key=positions.__getitem__)
    for before, after in zip(ordered, ordered[1:], strict=False):
        assert placed[after] - placed[before] >= gap - 1e-6
    assert all(-1e-6 <= place <= 160 + 1e-6 for place in placed)


def test_values_that_are_apart_already_stay():
    assert spread([10, 50, 100], 13, 0, 160) == [10, 50, 100]


def test_a_scale_holds_values_at_its_edges():
    span = Span(0, 10)
    assert [span.at(value) for value in (-5, 0, 5, 10, 20)] == [0, 0, 0.5, 1, 1]
    assert Span(3, 3).at(3) == 0.5
