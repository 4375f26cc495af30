"""The heat map: a table whose cells say what its data table says."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.heat import HeatCell, HeatLine, HeatMap, heat_figure

from .helpers import HOSTILE

BANDS = ["red", "amber", "green", "grey"]
scores = st.one_of(st.none(), st.floats(0, 100))


def line(name: str, cells: list[HeatCell], **values) -> HeatLine:
    return HeatLine(**{"name": name, "band": "amber", "score": 60.0, "cells": cells, **values})


def figure(lines, dimensions=("Schedule", "Cost")):
    return heat_figure("heat", "Heat", "Says it.", HeatMap(dimensions, lines, row_label="Project"))


def cells_of(markup: str) -> list[str]:
    body = markup.split("<tbody>", 1)[1]
    return re.findall(r'<td class="cell cell-\w+"[^>]*>.*?<span>([^<]*)</span>', body, re.S)


def drawn(fig) -> str:
    return render_to_string("charts/figure.html", {"fig": fig, "heading": 2})


@given(st.lists(st.tuples(scores, scores), min_size=1, max_size=6))
def test_the_cells_are_those_of_the_data_table(rows):
    lines = [line(f"P{index}", [HeatCell("green", value) for value in row]) for index, row in enumerate(rows)]
    fig = figure(lines)
    told = [cell.text for row in fig.table.body for cell, column in row if column.label in {"Schedule", "Cost"}]
    assert cells_of(drawn(fig)) == told
    assert told.count("—") == sum(value is None for row in rows for value in row)


def test_no_data_is_hatched_and_never_nought():
    markup = drawn(figure([line("P", [HeatCell("grey", None), HeatCell("red", 0.0)])]))
    assert cells_of(markup) == ["—", "0"]
    assert "cell-grey" in markup and "cell-red" in markup


@pytest.mark.parametrize(
    ("declared", "band", "marked"),
    [("green", "red", True), ("red", "red", False), ("", "red", False), ("green", "grey", False)],
)
def test_only_a_better_report_is_marked(declared, band, marked):
    one = line("P", [HeatCell("red", 1.0), HeatCell("red", 1.0)], declared=declared, band=band)
    assert one.better is marked
    assert ("≠</span>" in drawn(figure([one])).split("<tbody>")[1].split("</tbody>")[0]) is marked


def test_headers_name_rows_and_columns_and_a_hostile_name_stays_text():
    markup = drawn(figure([line(HOSTILE, [HeatCell("red", 1.0, "/why"), HeatCell("green", 99.0)], href="/p")]))
    assert "<script" not in markup
    assert markup.count('scope="row"') == 1 and markup.count('scope="col"') == 4
    assert 'href="/why"' in markup and 'href="/p"' in markup


def test_nothing_to_draw_says_so():
    markup = drawn(figure([]))
    assert "<table" not in markup and "empty" in markup


def test_a_row_of_another_length_and_a_foreign_address_are_refused():
    with pytest.raises(ValueError, match="one cell per dimension"):
        figure([line("P", [HeatCell("red", 1.0)])])
    with pytest.raises(ValueError, match="stays on this site"):
        HeatCell("red", 1.0, "https://elsewhere.example")
