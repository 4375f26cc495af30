from __future__ import annotations

import math

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.spark import StripRow, band_bar, shared_scale, sparkline, strip

from .helpers import HOSTILE, SHOWN, assert_drawable, elements, parse, share, texts

MAYBE = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(math.nan), st.just(math.inf))


@given(st.lists(MAYBE, max_size=30), st.one_of(st.none(), st.floats(-1e9, 1e9)))
def test_any_series_makes_a_drawable_sparkline(values, target):
    drawn = sparkline(values, target, last_band="amber")
    assert_drawable(drawn)
    ends = elements(drawn, "circle", "chart-amber")
    known = [value for value in values if value is not None and math.isfinite(value)]
    assert len(ends) == (1 if known and values[-1] is not None and math.isfinite(values[-1]) else 0)


def test_gaps_split_the_line_and_a_lone_value_becomes_a_dot():
    drawn = sparkline([1, 2, None, 3, None, 5, 6])
    assert len(elements(drawn, "path", "chart-spark-line")) == 2
    assert len(elements(drawn, "circle", "chart-spark-dot")) == 1


def test_no_values_keep_the_place_but_draw_nothing():
    drawn = sparkline([None, None], width=120, height=28)
    assert parse(drawn)[0].get("width") == "120"
    assert list(parse(drawn)[0]) == []


def test_equal_values_run_through_the_middle():
    assert elements(sparkline([5, 5, 5], height=28), "path", "chart-spark-line")[0].get("d") == "M0 14L500 14L1000 14"


def test_the_scale_includes_the_target():
    with_target = elements(sparkline([60, 62], target=90, height=28), "line", "chart-spark-target")[0]
    assert with_target.get("y1") == "3"
    end = elements(sparkline([60, 62], target=90, height=28), "circle")[0]
    assert float(end.get("cy")) > 20


def test_the_last_value_keeps_its_place_when_the_newest_is_missing():
    assert elements(sparkline([1, 2, None], last_band="red"), "circle") == []


def test_a_shared_scale_draws_equal_changes_equally_steep():
    series = [[80, 70], [55, 45], [60, 20]]
    scale = shared_scale(series, height=28)

    def drop(values):
        steps = elements(sparkline(values, per_pixel=scale), "path", "chart-spark-line")[0].get("d")[1:].split("L")
        first, last = (float(step.split()[1]) for step in steps)
        return last - first

    assert drop(series[0]) == pytest.approx(drop(series[1]))
    assert drop(series[2]) == pytest.approx(4 * drop(series[0]))
    assert drop(series[2]) == pytest.approx(22)


def test_an_unknown_band_is_refused():
    with pytest.raises(ValueError, match="purple"):
        sparkline([1, 2], last_band="purple")


def test_a_labelled_sparkline_is_an_image_with_that_name():
    root = parse(sparkline([1, 2], label=HOSTILE))[0]
    assert root.get("role") == "img"
    assert root[0].text == SHOWN
    assert parse(sparkline([1, 2]))[0].get("role") is None


def test_a_band_bar_is_stacked_worst_first_and_fills_the_width():
    drawn = band_bar({"green": 5, "red": 3, "grey": 0, "amber": 8}, lang="en", label="Projects")
    bars = elements(drawn, "rect")
    assert [bar.get("class") for bar in bars] == [
        "chart-bar chart-red",
        "chart-bar chart-amber",
        "chart-bar chart-green",
    ]
    assert sum(share(bar.get("width")) for bar in bars) == pytest.approx(100)
    assert parse(drawn)[0][0].text == "Projects: Off track 3, At risk 8, On track 5"
    assert len(elements(drawn, "line", "chart-cut")) == 2


def test_a_band_bar_without_rows_is_an_empty_track():
    drawn = band_bar({"red": 0}, lang="en")
    assert_drawable(drawn)
    assert elements(drawn, "rect") == []
    with pytest.raises(ValueError, match="fewer"):
        band_bar({"red": -1})


def test_band_words_follow_the_language_asked_for_not_the_active_one():
    with override("zh-hans"):
        assert "Off track" in band_bar({"red": 1}, lang="en")
    assert "，" in band_bar({"red": 1, "green": 1}, lang="zh-hans")


ROWS = [
    StripRow("Declared", ["green", "amber", "amber"]),
    StripRow("Computed", ["amber", None, "red"]),
    StripRow(HOSTILE, ["grey", "red", "red"]),
]


def test_a_strip_shows_a_shape_per_report_and_a_dash_for_none():
    drawn = strip(ROWS, ["44", "45", "46"], lang="en", label="Last 3 reports")
    assert_drawable(drawn)
    assert texts(drawn, "chart-label") == ["Declared", "Computed", SHOWN]
    assert texts(drawn, "chart-tick") == ["44", "45", "46", "–"]
    shapes = [one for name in ("rect", "path", "circle") for one in elements(drawn, name, "chart-shape")]
    assert len(shapes) == 8
    assert parse(drawn)[0][1].text.splitlines()[1] == "Computed: At risk, –, Off track"


def test_the_shapes_differ_by_form_not_only_by_colour():
    drawn = strip([StripRow("x", ["green", "amber", "red", "grey"])], list("1234"))
    assert len(elements(drawn, "rect", "chart-red")) == 1
    assert len(elements(drawn, "path", "chart-amber")) == 1
    green, grey = elements(drawn, "circle", "chart-green")[0], elements(drawn, "circle", "chart-grey")[0]
    assert green.get("r") != grey.get("r")


def test_a_strip_without_reports_and_one_with_a_short_row():
    assert_drawable(strip([StripRow("Declared", [])], []))
    with pytest.raises(ValueError, match="one band per column"):
        strip(ROWS, ["45", "46"])
