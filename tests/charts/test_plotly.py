from __future__ import annotations

import json
import sys
from datetime import date, timedelta

import pytest

from pmo.core.charts.columns import BarSeries
from pmo.core.charts.plotly_points import Quantile, ScatterPoint, distribution, scatter
from pmo.core.charts.plotly_series import column_chart, time_lines
from pmo.core.charts.plotly_spec import config, plotly_text
from pmo.core.charts.trend import Line, Marker, Thresholds

from .helpers import HOSTILE

START = date(2026, 1, 1)
POINTS = [(START + timedelta(days=30 * index), float(index) * 1e8 if index != 2 else None) for index in range(8)]


def every_figure(lang="en", name="Plan"):
    point = ScatterPoint(name, 2e7, 3e8, "red", [name], "/s/1/")
    return [
        time_lines(
            "lines", [Line(name, POINTS)], thresholds=Thresholds(1e8, 3e8), markers=[Marker(START, name)], lang=lang
        ),
        column_chart("columns", [name, "b"], [BarSeries(name, [1, None])], hrefs=["/a/", "/b/"], lang=lang),
        scatter(
            "cloud", [point, ScatterPoint("b", 1, 2)], x_label=name, y_label=name, frontier=[(0, 0), (1, 1)], lang=lang
        ),
        distribution("cost", [0, 1e7, 2e7], [3, 7], quantiles=[Quantile(1e7, name)], x_label=name, lang=lang),
    ]


def strings(value):
    if isinstance(value, dict):
        return [text for key, item in value.items() if key != "locales" for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("figure", every_figure(), ids=lambda figure: figure.config["toImageButtonOptions"]["filename"])
def test_nothing_leaves_for_a_third_party(figure):
    assert figure.config["showSendToCloud"] is False
    assert figure.config["plotlyServerURL"] == ""
    assert figure.config["displaylogo"] is False
    assert {button for group in figure.config["modeBarButtons"] for button in group} == {
        "toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d",
    }  # fmt: skip
    assert "http" not in figure.to_json()


@pytest.mark.parametrize("figure", every_figure(), ids=lambda figure: figure.config["toImageButtonOptions"]["filename"])
def test_colours_are_tokens_only(figure):
    def colours(value, key=""):
        if isinstance(value, dict):
            return [one for name, item in value.items() for one in colours(item, name)]
        if isinstance(value, list):
            return [one for item in value for one in colours(item, key)]
        return [value] if key.endswith("color") else []

    found = colours(figure.data) + colours(figure.layout)
    assert found
    assert all(one == "transparent" or (one.startswith("var(--") and one.endswith(")")) for one in found)


def test_hostile_texts_reach_plotly_escaped():
    assert plotly_text("a<b>&\x00") == "a&lt;b&gt;&amp;"
    for figure in every_figure(name=HOSTILE):
        shown = [text for text in strings(figure.data) + strings(figure.layout) if "alert" in text]
        assert shown
        assert not [text for text in shown if "<script" in text or "\x00" in text]


def test_links_of_points_stay_on_this_site():
    with pytest.raises(ValueError, match="this site"):
        scatter("cloud", [ScatterPoint("a", 1, 2, href="https://elsewhere.example")], x_label="x", y_label="y")
    with pytest.raises(ValueError, match="this site"):
        column_chart("columns", ["a"], [BarSeries("x", [1])], hrefs=["javascript:alert(1)"])


def test_the_vertical_axis_is_labelled_in_the_reader_s_units():
    zh, en = (every_figure(lang)[0].layout["yaxis"]["ticktext"] for lang in ("zh-hans", "en"))
    assert zh[-1].endswith("亿")
    assert en[-1].endswith("m")
    assert zh[0] == en[0] == "0"


def test_dates_in_chinese_at_every_zoom():
    figure = every_figure("zh-hans")[0]
    stops = [stop["value"] for stop in figure.layout["xaxis"]["tickformatstops"]]
    assert stops[1:] == ["%m-%d\n%Y年", "%-m月\n%Y年", "%Y年"]
    assert figure.layout["xaxis"]["hoverformat"] == "%Y-%m-%d"
    assert figure.config["locale"] == "zh-CN"
    assert figure.config["locales"]["zh-CN"]["format"]["shortMonths"][10] == "11月"


def test_the_last_format_stop_is_open_and_they_join():
    stops = every_figure()[0].layout["xaxis"]["tickformatstops"]
    edges = [stop["dtickrange"] for stop in stops]
    assert edges[0][0] is None and edges[-1][1] is None
    assert all(before[1] == after[0] for before, after in zip(edges, edges[1:], strict=False))


def test_gaps_stay_gaps_and_hover_texts_match_the_values():
    trace = every_figure()[0].data[0]
    assert trace["y"][2] is None and trace["connectgaps"] is False
    assert trace["customdata"][2] == ""
    assert trace["customdata"][3] == "300m"
    assert len(trace["customdata"]) == len(trace["x"]) == len(trace["y"])


def test_a_value_between_gaps_gets_a_dot():
    points = [(START + timedelta(days=index), value) for index, value in enumerate([1, None, 2, None, 3, 4])]
    assert time_lines("x", [Line("x", points)]).data[0]["marker"]["size"] == [5, 0, 5, 0, 0, 0]


def test_the_caller_can_word_values():
    figure = column_chart("x", ["A"], [BarSeries("Hours", [12])], value_format=lambda value: f"{value:.1f} h")
    assert figure.data[0]["customdata"] == ["<b>A</b><br>Hours 12.0 h"]


def test_stacked_columns_reach_their_sum():
    series = [BarSeries("a", [40, 60]), BarSeries("b", [50, 60])]
    assert column_chart("x", ["1", "2"], series, stacked=True).layout["yaxis"]["range"][1] >= 120
    assert column_chart("x", ["1", "2"], series).layout["yaxis"]["range"][1] < 120


def test_many_labels_are_thinned_until_the_reader_zooms_in():
    weeks = [f"W{index}" for index in range(52)]
    layout = column_chart("x", weeks, [BarSeries("a", [1] * 52)]).layout
    assert len(layout["xaxis"]["ticktext"]) <= 8
    assert len(layout["meta"]["ticks"]["xaxis"][-1]["texts"]) == 52


def test_points_keep_their_shape_and_their_link():
    frontier, *groups = every_figure()[2].data
    assert frontier["hoverinfo"] == "skip"
    red = next(trace for trace in groups if trace["marker"]["color"] == "var(--red)")
    assert red["marker"]["symbol"] == "square"
    assert red["meta"]["hrefs"] == ["/s/1/"]


def test_an_axis_of_amounts_does_not_cross_nought_for_room():
    points = [ScatterPoint("a", 1e6, 5, "c1"), ScatterPoint("b", 9e8, 9, "c1")]
    assert scatter("x", points, x_label="x", y_label="y").layout["xaxis"]["range"][0] == 0


def test_shares_of_a_distribution_add_up():
    figure = distribution("x", [0, 1, 2, 4], [1, 3, 4])
    assert sum(figure.data[0]["y"]) == pytest.approx(100)
    assert figure.data[0]["width"] == [1, 1, 2]
    assert figure.layout["yaxis"]["ticktext"][0] == "0%"


@pytest.mark.parametrize(
    ("edges", "counts"),
    [([0, 1], [1, 2]), ([0, 2, 1], [1, 2]), ([0, 1, 2], [0, 0]), ([0, 1, float("inf")], [1, 1])],
)
def test_distributions_that_cannot_be_drawn_are_refused(edges, counts):
    with pytest.raises(ValueError, match="histogram|nothing|axis"):
        distribution("x", edges, counts)


@pytest.mark.parametrize(
    "call",
    [
        lambda: time_lines("x", [Line("x", [(START, None)])]),
        lambda: column_chart("x", ["a"], [BarSeries("x", [None])]),
        lambda: scatter("x", [], x_label="x", y_label="y"),
    ],
)
def test_nothing_to_draw_is_refused(call):
    with pytest.raises(ValueError, match="nothing to draw"):
        call()


def test_figures_are_json_and_need_no_plotly_import():
    for figure in every_figure():
        assert json.loads(figure.to_json())["layout"]["height"] == figure.height
    assert "plotly" not in sys.modules


def test_button_words_are_translated_by_us():
    words = config("x", "en")["locales"]["en"]["dictionary"]
    assert words["Download plot as a PNG"] == "Save as image"
    assert words["Reset axes"] == "Show all"
