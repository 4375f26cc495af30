from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from pmo.core.charts.bubble import BubblePoint, bubble
from pmo.core.charts.model import Cell, DataTable, Figure, LegendItem, Svg
from pmo.core.charts.plotly_series import time_lines
from pmo.core.charts.tables import BudgetRow, budget_bars
from pmo.core.charts.trend import Line

from .helpers import HOSTILE

TABLE = DataTable(
    ["Unit", "Budget", "Actual"],
    [[Cell("Automotive", "/units/1/"), "27,800", "15,820"], [HOSTILE, "12,790", Cell("7,710", "?unit=2")]],
    foot=["Total", "40,590", "23,530"],
)
VALUES = ["Automotive", "27,800", "15,820", HOSTILE, "12,790", "7,710", "Total", "40,590", "23,530"]


class Page(HTMLParser):
    """Collects elements with their attributes, and the text of table cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self._in_cell = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag in {"td", "th"}:
            self._in_cell += 1
            self.cells.append("")

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self._in_cell -= 1

    def handle_data(self, data):
        if self._in_cell:
            self.cells[-1] += data.strip()

    def all(self, tag: str, css: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.found
            if name == tag and (not css or css in (attrs.get("class") or "").split())
        ]


def render(figure: Figure, call: str = "{% figure fig %}", lang: str = "en") -> tuple[str, Page]:
    with override(lang):
        html = Template("{% load bwcharts %}" + call).render(Context({"fig": figure}))
    return html, Page(html)


def drawn(**more) -> Figure:
    points = [BubblePoint(HOSTILE, 50, 50, 5, "red", href="/p/1/")]
    markup = bubble(points, title=HOSTILE, x_label="Health", y_label="Value", lang="en").markup
    return Figure("value", HOSTILE, "One sentence.", TABLE, Svg(markup, [LegendItem("c1", HOSTILE)]), **more)


def plotted() -> Figure:
    points = [(date(2026, 1, 1), 1.0), (date(2026, 2, 1), None), (date(2026, 3, 1), 3.0)]
    return Figure("load", "Load", "One sentence.", TABLE, time_lines("load", [Line(HOSTILE, points)], lang="en"))


def rows() -> Figure:
    drawing = budget_bars([BudgetRow("Automotive", 27800, 15820, 29614), BudgetRow(HOSTILE, 12790, 7710)], lang="en")
    return Figure("money", "Money", "One sentence.", TABLE, drawing, unit="CNY 10k")


@pytest.mark.parametrize("figure", [drawn(), plotted(), rows()], ids=["svg", "plotly", "rows"])
def test_every_figure_has_its_title_takeaway_and_all_values_as_a_table(figure):
    html, page = render(figure)
    assert "One sentence." in html
    assert all(value in page.cells for value in VALUES)
    assert [attrs.get("href") for attrs in page.all("a") if attrs.get("href") in {"/units/1/", "?unit=2"}] == [
        "/units/1/",
        "?unit=2",
    ]
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}
    labelled = page.all("figure")[0]["aria-labelledby"]
    assert [attrs["id"] for attrs in page.all("h2")] == [labelled]


@pytest.mark.parametrize("figure", [drawn(), plotted(), rows()], ids=["svg", "plotly", "rows"])
def test_nothing_in_a_figure_needs_inline_script_or_style(figure):
    html, page = render(figure)
    assert "<script" not in html
    for _tag, attrs in page.found:
        assert "style" not in attrs
        assert not [key for key in attrs if key.startswith("on")]


def test_unit_note_source_and_calculation_are_shown_when_given():
    html, page = render(
        drawn(unit="CNY", note="Area = budget left.", source="As of 20 Nov", how="100 minus lost points.")
    )
    for part in ("CNY", "Area = budget left.", "As of 20 Nov", "100 minus lost points."):
        assert part in html
    assert len(page.all("details", "fig-how")) == 1
    assert not render(drawn())[1].all("details", "fig-how")


def test_the_table_is_closed_until_asked_for_and_bars_stand_in_an_open_one():
    assert "open" not in render(drawn())[1].all("details", "fig-data")[0]
    html, page = render(rows())
    assert page.all("details", "fig-data") == []
    assert len(page.all("td", "fig-bars")) == 2
    assert html.index(">Automotive<") < html.index("chart-overrun") < html.index("27,800")


def test_a_plotly_figure_carries_its_json_and_where_to_load_the_library_from():
    _html, page = render(plotted())
    box = page.all("div", "fig-plot")[0]
    figure = json.loads(box["data-figure"])
    assert figure["data"][0]["y"] == [1.0, None, 3.0]
    assert box["data-plotly-src"].endswith("vendor/plotly/plotly.min.js")
    assert box["data-plotly-css"].endswith("css/plotly.css")
    assert all(len(one) == 64 for one in box["data-plotly-ids"].split())
    assert page.all("svg", "fig-hold")[0]["height"] == str(figure["layout"]["height"])


def test_the_level_of_the_title_can_be_chosen():
    assert len(render(drawn(), "{% figure fig 3 %}")[1].all("h3")) == 1
    with pytest.raises(TemplateSyntaxError, match="level"):
        render(drawn(), "{% figure fig 1 %}")


def test_an_empty_table_says_so():
    figure = Figure("none", "None", "There is no data yet.", DataTable(["Unit", "Budget"], []), drawn().drawing)
    assert "No data" in render(figure)[1].cells
