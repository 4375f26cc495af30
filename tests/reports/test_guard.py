"""Which colours need a comment, by hand."""

from __future__ import annotations

import itertools

import pytest

from projects.calc.report_guard import Rated, gaps, needs_comment

COLOURS = ("green", "amber", "red", "grey")


@pytest.mark.parametrize(
    ("declared", "computed", "why"),
    [
        ("green", "green", ""), ("green", "amber", "better"), ("green", "red", "better"), ("green", "grey", ""), ("green", "", ""),
        ("amber", "green", "worse"), ("amber", "amber", "not_green"), ("amber", "red", "better"), ("amber", "", "not_green"),
        ("red", "green", "worse"), ("red", "red", "not_green"), ("red", "grey", "not_green"),
        ("grey", "", ""), ("grey", "grey", ""), ("grey", "green", "better"), ("grey", "red", "better"),
    ],
)  # fmt: skip
def test_by_hand(declared: str, computed: str, why: str) -> None:
    assert needs_comment(declared, computed) == why


@pytest.mark.parametrize(("declared", "computed"), itertools.product(COLOURS, (*COLOURS, "")))
def test_only_agreement_on_green_needs_no_words(declared: str, computed: str) -> None:
    silent = declared in {"green", "grey"} and (computed in {"", "grey"} or computed == declared)
    assert (needs_comment(declared, computed) == "") is silent
    place = "cost"
    assert bool(gaps([Rated(place, declared, " ", computed)])) is not silent
    assert gaps([Rated(place, declared, "Why", computed)]) == []


def test_the_overall_colour_must_be_declared() -> None:
    assert [gap.why for gap in gaps([Rated("", "grey", "Some words")])] == ["undeclared"]
