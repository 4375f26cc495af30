"""The roadmap: positions are dates on one axis, today runs through every lane, and the drawing is told in words."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.roadmap import Lane, Mark, roadmap

from .helpers import HOSTILE, assert_drawable, elements, parse, share, texts

FIRST, LAST, TODAY = datetime.date(2026, 1, 1), datetime.date(2027, 1, 1), datetime.date(2026, 7, 2)
DAYS = (LAST - FIRST).days
days = st.dates(FIRST, LAST)


def day(offset: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=offset)


def whole(**values) -> Lane:
    return Lane("Whole", plan=(FIRST, LAST), **values)


def test_positions_are_dates_on_a_common_axis():
    lanes = [whole(), Lane("Part", expected=(day(73), day(146)), done=0.5)]
    part = roadmap(lanes, TODAY).bars[1]
    bar = elements(part, "rect", "chart-remaining")[0]
    assert share(bar.get("x")) == pytest.approx(100 * 73 / DAYS, abs=0.01)
    assert share(bar.get("width")) == pytest.approx(20, abs=0.01)
    assert share(elements(part, "rect", "chart-actual")[0].get("width")) == pytest.approx(10, abs=0.01)


def test_today_runs_through_every_lane():
    found = roadmap([whole(), Lane("Nothing")], TODAY)
    places = {elements(bar, "line", "chart-marker")[0].get("x1") for bar in [*found.bars, found.head]}
    assert places == {f"{100 * (TODAY - FIRST).days / DAYS:.2f}%".replace(".00", "")}


@pytest.mark.parametrize(
    ("mark", "plan", "now", "late"),
    [
        (Mark("A", day(10), day(20)), 1, 0, 1),
        (Mark("A", day(10), day(20), reached=True), 1, 1, 0),
        (Mark("A", day(20), day(10)), 0, 1, 0),
        (Mark("A", day(20), None), 1, 0, 0),
        (Mark("A", None, day(20)), 0, 1, 0),
        (Mark("A"), 0, 0, 0),
    ],
)
def test_a_milestone_is_drawn_where_it_is_expected_and_where_it_was_planned(mark, plan, now, late):
    (bar,) = roadmap([whole(marks=[mark])], TODAY).bars
    counts = [len(elements(bar, "path", f"chart-stone{kind}")) for kind in ("-plan", "", "-late")]
    assert counts == [plan, now, late]


def test_the_lane_is_told_in_words():
    (bar,) = roadmap([whole(marks=[Mark("Gate", day(0), day(31))])], TODAY, lang="en").bars
    svg = parse(bar)[0]
    assert (svg[0].text, svg[1].text) == ("Whole", "Gate: 1 Feb 2026")


@given(
    st.lists(st.tuples(days, days, st.floats(0, 2), st.lists(days, max_size=3)), max_size=5),
    st.sampled_from(["zh", "en"]),
)
def test_whatever_the_dates_it_stays_inside_and_is_drawable(rows, lang):
    lanes = [
        Lane(f"P{n}", expected=(min(a, b), max(a, b)), done=done, marks=[Mark("M", one, one) for one in stones])
        for n, (a, b, done, stones) in enumerate(rows)
    ]
    found = roadmap(lanes, TODAY, lang=lang)
    assert len(found.bars) == len(lanes)
    for bar in found.bars:
        assert_drawable(bar)
        for rect in elements(bar, "rect"):
            assert -0.01 <= share(rect.get("x")) <= 100 and share(rect.get("width")) <= 100.01


def test_without_dates_there_is_no_axis():
    found = roadmap([Lane(HOSTILE)], TODAY, lang="en")
    assert found.label == "No dates" and texts(found.bars[0]) == []
    assert roadmap([], TODAY).bars == []


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        Lane("P", plan=(LAST, FIRST))
