"""A colour is never colour alone: shape and word, in both languages."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from pmo.core.web import rag
from pmo.core.web.rag import Rag


@pytest.mark.parametrize("value", [None, "", "purple", 3, "grey"])
def test_what_is_not_a_colour_is_grey(value: object) -> None:
    assert rag.parse_rag(value) is Rag.GREY


def test_colours_parse_from_text_and_choice() -> None:
    assert [rag.parse_rag(value) for value in ("green", Rag.AMBER, "red")] == [Rag.GREEN, Rag.AMBER, Rag.RED]


def test_the_four_shapes_differ() -> None:
    assert len({rag.rag_shape(value) for value in Rag}) == 4


@pytest.mark.parametrize("value", list(Rag))
@pytest.mark.parametrize("style", ["badge", "large", "word", "shape"])
@pytest.mark.usefixtures("english")
def test_every_style_carries_shape_and_word(value: Rag, style: str) -> None:
    with override("en"):
        html = rag.rag_html(value, style)
    assert html.count("<svg") == 1
    assert re.sub(r"<[^>]*>", "", html) == str(value.label)
    assert f"rag-{value.value}" in html


def test_words_are_short_in_chinese_and_plain_in_english() -> None:
    with override("en"):
        assert [str(value.label) for value in Rag] == ["On track", "At risk", "Off track", "Not reported"]


def test_a_score_keeps_its_number_and_names_its_colour() -> None:
    with override("en"):
        html = rag.rag_html("red", "score", 28)
        assert 'class="score cell-red"' in html and 'title="Off track"' in html and "<span>28</span>" in html
        assert "<span>0</span>" in rag.rag_html("red", "score", 0)
        assert "<span>—</span>" in rag.rag_html("grey", "score")


def test_text_is_escaped() -> None:
    assert "<script>" not in rag.rag_html("red", "word", "<script>")


def test_a_change_reads_from_old_to_new() -> None:
    with override("en"):
        html = rag.rag_change_html("amber", "red")
    assert html.index("rag-amber") < html.index("chevron-right") < html.index("rag-red")
    assert 'title="At risk – Off track"' in html


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("red", "amber", True), ("amber", "green", True), ("green", "red", False), ("red", "red", False), ("red", None, False), (None, "green", False)],
)  # fmt: skip
def test_worse_never_compares_with_grey(first: str | None, second: str | None, expected: bool) -> None:
    assert rag.worse(first, second) is expected
