"""A long text in one sentence, for the lead of a page."""

from __future__ import annotations

import pytest

from portfolio.calc.gist import LONGEST, gist

MORE = " Further words say more of it, and again more of it, until nobody would read them in a lead." * 3


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Short.  And\nwhole.", "Short. And whole."),
        ("", ""),
        ("Ships see the harbour." + MORE, "Ships see the harbour."),
        (
            "The U.S. Dept. of Ports asks for version 1.5 of it." + MORE,
            "The U.S. Dept. of Ports asks for version 1.5 of it.",
        ),
        ("A heading\nwithout a stop" + MORE, "A heading"),
        ("船舶可以看见港口。" + "其余各句说得更多，" * 30, "船舶可以看见港口。"),
    ],
)
def test_the_first_sentence_stands_for_a_long_text(text: str, first: str) -> None:
    assert gist(text) == first


def test_a_long_sentence_is_cut_between_words_and_chinese_anywhere() -> None:
    cut = gist("harbour " * 60)
    assert cut == "harbour " * 18 + "harbour…" and len(cut) <= LONGEST
    assert gist("港" * 300) == "港" * (LONGEST - 1) + "…"
