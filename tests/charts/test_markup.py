from __future__ import annotations

from django.utils.safestring import SafeString

from pmo.core.charts import markup

from .helpers import HOSTILE, SHOWN, parse


def test_text_and_attributes_are_escaped_and_stay_well_formed():
    built = markup.tag("text", {"class": HOSTILE}, HOSTILE)
    assert "<script>" not in built
    element = parse(built)[0]
    assert element.text == SHOWN
    assert element.get("class") == SHOWN


def test_children_that_are_markup_are_not_escaped_again():
    inner = markup.tag("title", {}, "a & b")
    assert markup.tag("g", {}, inner) == "<g><title>a &amp; b</title></g>"
    assert isinstance(inner, SafeString)


def test_empty_attributes_are_left_out_but_zero_is_kept():
    assert markup.tag("rect", {"x": 0, "class": "", "rx": None}) == '<rect x="0"/>'


def test_numbers_are_short():
    assert [markup.number(value) for value in (12.50, 3, -0.001, 0.126, 100.0)] == ["12.5", "3", "0", "0.13", "100"]
    assert markup.percent(1 / 3) == "33.33%"


def test_a_titled_drawing_is_an_image_an_untitled_one_decoration():
    titled = parse(markup.svg([], height=10, title="Health", description="falls"))[0]
    assert titled.get("role") == "img"
    assert [child.tag for child in titled] == ["title", "desc"]
    assert parse(markup.svg([], height=10))[0].get("aria-hidden") == "true"


def test_a_drawing_with_links_is_a_named_group_because_an_image_may_hold_none():
    linked = parse(markup.svg([], height=10, title="Health", linked=True))[0]
    assert linked.get("role") == "group"
    assert linked.get("aria-label") == "Health"
