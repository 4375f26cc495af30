from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.charts.bubble import MAX_LABELS, BubblePoint, bubble
from pmo.core.charts.labels import Box, Bubble, place
from pmo.core.charts.textfit import clip, in_two_lines, width
from pmo.core.charts.trend import Thresholds

from .helpers import HOSTILE, SHOWN, assert_drawable, elements, parse, share, texts

PORTFOLIO = [
    BubblePoint("New-energy platform", 49, 94, 90, "red"),
    BubblePoint("Payment gateway", 51, 71, 6, "red"),
    BubblePoint("Unmanned checkout", 53, 55, 18, "red"),
    BubblePoint("Campus private network", 60, 27, 12, "amber"),
    BubblePoint("5G sites, East", 61, 38, 38, "amber"),
    BubblePoint("Smart cockpit", 63, 91, 42, "amber"),
    BubblePoint("Riverside Tower", 63, 51, 60, "amber"),
    BubblePoint("SAP roll-out", 64, 62, 40, "amber"),
    BubblePoint("Riyadh solar plant", 66, 79, 74, "amber"),
    BubblePoint("Warehouse robots", 70, 74, 28, "amber"),
    BubblePoint("5G sites, West", 77, 54, 30, "green"),
    BubblePoint("Carbon monitoring", 80, 44, 5, "green"),
    BubblePoint("CRM upgrade", 81, 84, 10, "green"),
    BubblePoint("Group data platform", 82, 66, 22, "green"),
    BubblePoint("Approval speed-up", 91, 33, 4, "green"),
]


def draw(points, **options):
    options.setdefault("thresholds", Thresholds(55, 75))
    return bubble(points, title="Value", x_label="Health", y_label="Value", lang="en", **options).markup


def test_one_drawing_per_width_each_with_every_bubble():
    markup = draw(PORTFOLIO)
    assert_drawable(markup)
    drawings = list(parse(markup))
    assert [one.get("class").split()[-1] for one in drawings] == [
        "chart-at-narrow",
        "chart-at-middle",
        "chart-at-broad",
        "chart-at-wide",
    ]
    assert len(elements(markup, "circle", "chart-bubble")) == 4 * len(PORTFOLIO)


def test_area_not_radius_stands_for_size():
    markup = draw([BubblePoint("a", 50, 1, 400, "red"), BubblePoint("b", 80, 2, 100, "green")])
    large, small = (float(one.get("r")) for one in elements(markup, "circle", "chart-bubble")[-2:])
    assert large == pytest.approx(2 * small)


def test_red_bubbles_are_always_named_in_bold():
    for drawing in parse(draw(PORTFOLIO)):
        named = " ".join(one.text for one in drawing.iter("text") if "chart-strong" in one.get("class", ""))
        assert all(word in named for word in ("New-energy", "platform", "Payment", "gateway", "Unmanned", "checkout"))


def test_zones_lie_where_the_thresholds_are():
    edges = elements(draw(PORTFOLIO), "line", "chart-edge")
    red = elements(draw(PORTFOLIO), "rect", "chart-zone-red")[0]
    amber = elements(draw(PORTFOLIO), "rect", "chart-zone-amber")[0]
    assert share(red.get("x")) + share(red.get("width")) == pytest.approx(share(edges[0].get("x1")), abs=0.02)
    assert share(amber.get("x")) == pytest.approx(share(edges[0].get("x1")), abs=0.02)


def test_links_make_it_a_group_with_named_links():
    markup = draw([BubblePoint(HOSTILE, 50, 1, 1, "red", detail="Health 50", href="/projects/1/")])
    assert_drawable(markup)
    root = parse(markup)[0]
    assert root.get("role") == "group"
    link = next(root.iter("a"))
    assert (link.get("href"), link.get("aria-label")) == ("/projects/1/", "Health 50")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//elsewhere.example/", "https://elsewhere.example/", "/\\x"])
def test_a_link_leads_nowhere_else(href):
    with pytest.raises(ValueError, match="this site"):
        BubblePoint("a", 1, 1, 1, "red", href=href)


@pytest.mark.parametrize("bad", [{"x": math.nan}, {"y": math.inf}, {"size": -1}])
def test_points_that_cannot_be_drawn_are_refused(bad):
    with pytest.raises(ValueError, match="bubble"):
        BubblePoint(**({"label": "a", "x": 1, "y": 1, "size": 1, "band": "red"} | bad))


@pytest.mark.parametrize(
    "points",
    [
        [BubblePoint("one", 50, 50, 5, "grey")],
        [BubblePoint("nothing left", 0, 0, 0, "green")] * 3,
        [BubblePoint("negative", -10, -20, 1, "red"), BubblePoint(HOSTILE, 10, 20, 3, "amber")],
    ],
)
def test_odd_sets_are_drawable(points):
    assert_drawable(draw(points))
    assert_drawable(draw(points, thresholds=None))


def test_without_points_the_drawing_says_so():
    assert texts(draw([])) == ["No data"]


def test_hostile_names_are_shown_as_they_are():
    shown = " ".join(texts(draw([BubblePoint(HOSTILE, 50, 1, 1, "red")]), "chart-name"))
    assert SHOWN.replace(" ", "") in shown.replace(" ", "")


def test_of_many_bubbles_only_the_red_and_the_largest_are_named():
    many = [BubblePoint(f"P{index}", index, index % 17, index, "green") for index in range(100)]
    wide = list(parse(draw([*many, BubblePoint("Small red", 3, 3, 0.1, "red")])))[-1]
    names = [one.text for one in wide.iter("text") if "chart-name" in one.get("class", "")]
    assert len(names) <= MAX_LABELS + 2
    assert "Small" in " ".join(names)


def collisions(labels):
    boxes = [label.box for label in labels if label]
    return sum(one.overlap(other) > 1 for index, one in enumerate(boxes) for other in boxes[index + 1 :])


def test_names_of_a_real_portfolio_do_not_cover_each_other():
    for wide, high in ((250, 260), (430, 190), (560, 190)):
        bubbles = [
            Bubble(
                (point.x - 45) / 50 * wide,
                (100 - point.y) / 80 * high,
                6 + point.size / 6,
                point.label,
                point.band == "red",
            )
            for point in PORTFOLIO
        ]
        labels = place(bubbles, wide, high)
        assert collisions(labels) == 0
        assert all(label for label, one in zip(labels, bubbles, strict=True) if one.important)
        assert sum(label is not None for label in labels) >= 11


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 200), st.floats(4, 26), st.booleans()), max_size=25))
def test_names_that_are_not_important_never_cover_another_name(raw):
    bubbles = [Bubble(x, y, radius, f"Project {index}", red) for index, (x, y, radius, red) in enumerate(raw)]
    labels = place(bubbles, 400, 200)
    assert len(labels) == len(bubbles)
    optional = [label.box for label, one in zip(labels, bubbles, strict=True) if label and not one.important]
    every = [label.box for label in labels if label]
    assert all(box.overlap(other) <= 1 for box in optional for other in every if other is not box)
    assert all(labels[index] for index, one in enumerate(bubbles) if one.important)


def test_boxes():
    assert Box(0, 0, 10, 10).overlap(Box(5, 5, 20, 20)) == 25
    assert Box(0, 0, 10, 10).overlap(Box(10, 0, 20, 10)) == 0
    assert Box(-3, 0, 10, 12).outside(10, 10) == 5


def test_text_widths():
    assert width("新能源平台", 12) == 60
    assert width("iiii") < width("mmmm")
    assert clip("新能源平台", 40, 12) == "新能…"
    assert clip("short", 100) == "short"
    assert width(clip("Campus private network", 60), 12) <= 60
    assert in_two_lines("New-energy platform") == ("New-energy", "platform")
    assert in_two_lines("审批提速") is None
