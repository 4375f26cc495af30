from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from django.utils.safestring import SafeString, mark_safe

from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.model import Cell, Column, DataTable, Figure, Plot, RowBars, Svg
from pmo.core.charts.spark import sparkline
from pmo.core.charts.tables import BudgetRow, budget_bars
from pmo.core.charts.trend import Line, line_trend

TABLE = DataTable(["Project", "Health"], [["A", "63"], ["B", "70"]], foot=["All", "66"])
DRAWING = Svg(SafeString("<svg/>"))


def test_strings_become_columns_and_cells_and_all_but_the_first_column_is_numeric():
    assert TABLE.heads == [Column("Project"), Column("Health", numeric=True)]
    assert TABLE.body[1] == [(Cell("B"), TABLE.heads[0]), (Cell("70"), TABLE.heads[1])]
    assert [cell.text for cell, _column in TABLE.foot_cells] == ["All", "66"]
    assert DataTable([Column("When"), Column("Who")], []).heads[1].numeric is False


@pytest.mark.parametrize(("rows", "foot"), [([["A"]], ()), ([["A", "1", "2"]], ()), ([["A", "1"]], ["All"])])
def test_a_ragged_table_is_refused(rows, foot):
    with pytest.raises(ValueError, match="one cell per column"):
        DataTable(["Project", "Health"], rows, foot=foot)


@pytest.mark.parametrize("href", ["/projects/1/", "?health=red", "#row-3", ""])
def test_a_drill_down_stays_on_this_site(href):
    assert Cell("63", href).href == href


@pytest.mark.parametrize("href", ["javascript:alert(1)", "https://elsewhere.example", "//elsewhere.example", "data:x"])
def test_a_drill_down_elsewhere_is_refused(href):
    with pytest.raises(ValueError, match="this site"):
        Cell("63", href)


@pytest.mark.parametrize("key", ["", "Health", "a b", '"><script>', "1st"])
def test_a_key_fits_into_an_id(key):
    with pytest.raises(ValueError, match="key"):
        Figure(key, "Title", "Takeaway.", TABLE, DRAWING)


@pytest.mark.parametrize(("title", "takeaway"), [("", "Takeaway."), ("Title", "")])
def test_a_figure_says_what_it_shows(title, takeaway):
    with pytest.raises(ValueError, match="takeaway"):
        Figure("key", title, takeaway, TABLE, DRAWING)


def test_every_row_has_its_bar():
    one = mark_safe("<svg/>")
    with pytest.raises(ValueError, match="one bar"):
        Figure("key", "Title", "Takeaway.", TABLE, RowBars([one], "Bars"))
    figure = Figure("key", "Title", "Takeaway.", TABLE, RowBars([one, one], "Bars"))
    assert [bar for _cells, bar in figure.rows_with_bars] == [one, one]


def test_json_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="JSON"):
        Plot([{"y": [math.nan]}], {"height": 200}, {}).to_json()
    with pytest.raises(TypeError):
        Plot([{"x": [date(2026, 1, 1)]}], {"height": 200}, {}).to_json()


def test_amounts_from_the_database_are_drawn_like_plain_numbers():
    assert sparkline([Decimal("1.5"), None, Decimal(2)], Decimal(3)) == sparkline([1.5, None, 2], 3)
    row, plain = BudgetRow("x", Decimal(10), Decimal(4), Decimal(12)), BudgetRow("x", 10, 4, 12)
    assert budget_bars([row]).bars == budget_bars([plain]).bars
    days = [date(2026, 1, 1), date(2026, 2, 1)]
    drawn, expected = (
        line_trend([Line("x", list(zip(days, values, strict=True)))], title="x").markup
        for values in ([Decimal(1), Decimal(2)], [1, 2])
    )
    assert drawn == expected
    assert bars(["a"], [BarSeries("x", [Decimal(5)])], title="x") == bars(["a"], [BarSeries("x", [5])], title="x")
