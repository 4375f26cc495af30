from __future__ import annotations

import pytest

from pmo.core.charts.tables import BudgetRow, LostPoints, budget_bars, row_bars, waterfall

from .helpers import HOSTILE, SHOWN, assert_drawable, elements, parse, share, texts


def test_bars_share_a_scale_and_only_an_overrun_is_red():
    over, under = budget_bars(
        [BudgetRow("Automotive", 27800, 15820, 29614), BudgetRow("Group", 5220, 2335, 5146)], lang="en"
    ).bars
    assert share(elements(over, "rect", "chart-budget")[0].get("width")) == pytest.approx(27800 / 29614 * 100, abs=0.01)
    overrun = elements(over, "rect", "chart-overrun")[0]
    assert share(overrun.get("x")) + share(overrun.get("width")) == pytest.approx(100, abs=0.02)
    assert elements(under, "rect", "chart-overrun") == []
    assert share(elements(under, "line", "chart-forecast-tick")[0].get("x1")) == pytest.approx(
        5146 / 29614 * 100, abs=0.01
    )


def test_spending_beyond_the_budget_is_red_even_without_a_forecast():
    bar = budget_bars([BudgetRow("x", 100, 130)]).bars[0]
    assert share(elements(bar, "rect", "chart-overrun")[0].get("width")) == pytest.approx(30 / 130 * 100, abs=0.01)
    assert elements(bar, "line") == []


@pytest.mark.parametrize(
    "row",
    [
        BudgetRow(HOSTILE, None, None, None),
        BudgetRow(HOSTILE, 0, 0, 0),
        BudgetRow(HOSTILE, None, 10, 20),
        BudgetRow(HOSTILE, 10, None, 5),
        BudgetRow(HOSTILE, 10, float("nan"), None),
    ],
)
def test_rows_with_holes_are_drawable(row):
    bars = budget_bars([row]).bars
    assert len(bars) == 1
    assert_drawable(bars[0])
    assert SHOWN in parse(bars[0])[0][0].text


def test_each_bar_says_what_its_row_does_not():
    bar = budget_bars([BudgetRow("Retail", 200, 100, 220)], lang="en").bars[0]
    assert parse(bar)[0][0].text == "Retail: 50% of the budget spent, 110% forecast"


def test_no_rows():
    assert budget_bars([]).bars == []
    empty = waterfall([])
    assert empty.bars == []
    assert_drawable(empty.head)


ITEMS = [LostPoints("Slip", 10.8, "red"), LostPoints("SPI(t)", 6.6, "red"), LostPoints("Approved change", 1.6, "green")]


def test_a_waterfall_steps_down_from_100_to_the_result():
    drawn = waterfall(ITEMS, lang="en")
    steps = [elements(bar, "rect")[0] for bar in drawn.bars]
    assert share(steps[0].get("x")) + share(steps[0].get("width")) == pytest.approx(100, abs=0.02)
    for before, after in zip(steps, steps[1:], strict=False):
        assert share(after.get("x")) + share(after.get("width")) == pytest.approx(share(before.get("x")), abs=0.02)
    result = share(elements(drawn.bars[0], "line", "chart-result")[0].get("x1"))
    assert share(steps[-1].get("x")) == pytest.approx(result, abs=0.02)
    assert [step.get("class") for step in steps] == [
        "chart-bar chart-red",
        "chart-bar chart-red",
        "chart-bar chart-green",
    ]
    assert texts(drawn.head, "chart-strong") == ["81"]
    assert "100" in texts(drawn.head)
    assert drawn.label == "Lost points as bars, from 100 down to 81"


def test_axis_texts_of_a_waterfall_do_not_touch():
    for lost in (0.2, 3, 18, 60, 100):
        places = sorted(
            share(one.get("x")) for one in elements(waterfall([LostPoints("x", lost, "amber")]).head, "text")
        )
        assert all(after - before >= 21.9 for before, after in zip(places, places[1:], strict=False))


def test_a_tiny_loss_leaves_a_mark_and_a_gain_points_right():
    tiny = elements(waterfall([LostPoints("a", 0.001, "green"), LostPoints("b", 60, "red")]).bars[0], "rect")[0]
    assert share(tiny.get("width")) >= 0.6
    gain = waterfall([LostPoints("a", 10, "red"), LostPoints("bonus", -5, "green")])
    assert_drawable(gain.bars[1])
    assert texts(gain.head, "chart-strong") == ["95"]


def test_hostile_names_in_a_waterfall():
    bar = waterfall([LostPoints(HOSTILE, 3, "red")]).bars[0]
    assert_drawable(bar)
    assert parse(bar)[0][0].text == f"{SHOWN} −3.0"


def test_bars_of_rows_share_one_scale_and_leave_unknown_rows_empty() -> None:
    drawn = row_bars(["a", "b", "c"], [10, -10, None], label="Figure")
    first, second = (elements(bar, "rect", "chart-c1")[0] for bar in drawn.bars[:2])
    assert (share(first.get("x")), share(first.get("width"))) == (50, 50)
    assert (share(second.get("x")), share(second.get("width"))) == (0, 50)
    assert elements(drawn.bars[2], "rect", "chart-c1") == []
    with pytest.raises(ValueError, match="every row"):
        row_bars(["a"], [], label="Figure")
