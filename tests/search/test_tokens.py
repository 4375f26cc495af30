"""How texts and queries are cut, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.search import asked, rank, spelling, tokens
from pmo.core.search.syllables import readings


def title(text: str, code: str = "") -> set[str]:
    return set(tokens.line_of(tokens.title_tokens(tokens.joined(code), [tokens.folded(text)])).split())


def fits(tree: str | asked.Tree, have: set[str]) -> bool:
    """What a database does with a condition."""
    if isinstance(tree, str):
        return any(one.startswith(tree[:-1]) for one in have) if tree.endswith("*") else tree in have
    found = [fits(member, have) for member in tree.members]
    return all(found) if tree.op == "and" else any(found)


def test_width_case_and_accents_make_no_difference() -> None:
    assert tokens.folded("ＰＭＯ　Résumé\n 2027") == "pmo resume 2027"
    assert tokens.joined("PRJ-2026/001") == "prj2026001"


@pytest.mark.parametrize(
    "query",
    ["起重机", "重", "港口更换", "gangkou", "gangkouqizhong", "qizh", "gkqz", "jgh", "crane", "rane", "Harb", "PRJ-0042", "0042",
     "港口 crane", "ＣＲＡＮＥ"],
)  # fmt: skip
def test_parts_of_a_title_find_it(query: str) -> None:
    have = title("港口起重机更换", "PRJ-0042") | title("Harbour crane")
    wanted = asked.read_query(query.replace("港口更换", "港口 更换"))
    assert fits(asked.condition(wanted, asked.in_titles), have)


@pytest.mark.parametrize("query", ["机重", "koujia", "gkzq", "cranes", "PRJ-0043", "港口 bridge", "口港"])
def test_what_does_not_stand_in_a_title_does_not_find_it(query: str) -> None:
    have = title("港口起重机更换", "PRJ-0042") | title("Harbour crane")
    assert not fits(asked.condition(asked.read_query(query), asked.in_titles), have)


def test_texts_are_found_anywhere_but_not_as_titles() -> None:
    have = set(tokens.line_of(tokens.text_tokens(tokens.folded("供应商延期交付 late delivery"))).split())
    for query in ("延期", "交", "deliv", "late 延期"):
        wanted = asked.read_query(query)
        assert fits(asked.condition(wanted, asked.anywhere), have), query
        assert not fits(asked.condition(wanted, asked.in_titles), have), query


def test_letters_are_read_as_syllables_in_every_way() -> None:
    assert readings("xian")[0] == ["xian"]
    assert ["xi", "an"] in readings("xian")
    assert ["fang", "an"] in readings("fangan") and ["fan", "gan"] in readings("fangan")
    assert readings("gangk") == [["gang", "k"]]
    assert readings("crane") == []


def test_words_with_two_readings_follow_their_neighbours() -> None:
    assert tokens.pinyin_of("重庆 行长") == "chong qing|hang zhang"


@given(st.text(max_size=60))
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    line = tokens.line_of(
        [*tokens.title_tokens(tokens.joined(text), [tokens.folded(text)]), *tokens.text_tokens(tokens.folded(text))]
    )
    assert all(token.isalnum() for token in line.split())
    assert "  " not in line and line == line.strip()


@given(st.text(max_size=60))
def test_any_query_makes_a_condition_of_letters_and_digits(text: str) -> None:
    wanted = asked.read_query(text)
    if wanted.words:
        tree = asked.near_condition(wanted, {})
        assert all(piece.isalnum() for piece in _leaves(tree))


def _leaves(tree: str | asked.Tree) -> list[str]:
    if isinstance(tree, str):
        return [tree.removesuffix("*")]
    return [leaf for member in tree.members for leaf in _leaves(member)]


def test_conditions_are_written_as_each_database_reads_them() -> None:
    tree = asked.both(["1港口", asked.either(["5cra", "6qi*"])])
    assert asked.as_tsquery(tree) == "('1港口' & ('5cra' | '6qi':*))"
    assert asked.as_fts5(tree) == '("1港口" AND ("5cra" OR "6qi" *))'


LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=14)


@given(LETTERS, st.data())
def test_a_slip_leaves_a_form_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    slips = [word[:at] + word[at + 1 :], word[:at] + "z" + word[at:], word[:at] + "z" + word[at + 1 :],
             word[:at] + word[at + 1] + word[at] + word[at + 2 :]]  # fmt: skip
    for slip in slips:
        assert spelling.forms(slip) & spelling.forms(word), (word, slip)
        assert spelling.distance(slip, word) <= 1


def test_distance_counts_slips() -> None:
    assert [spelling.distance(*pair) for pair in (("harbuor", "harbour"), ("crane", "cranes"), ("abc", "xyz"))] == [
        1,
        1,
        3,
    ]
    assert (spelling.allowed("crane"), spelling.allowed("integration")) == (1, 2)


def test_marks_are_set_and_long_texts_are_cut_around_them() -> None:
    assert rank.marked("Harbour Crane", ["crane"]) == [("Harbour ", False), ("Crane", True)]
    pieces = rank.marked("x " * 200 + "needle" + " y" * 200, ["needle"], 60)
    assert pieces[0] == ("…", False) and pieces[-1] == ("…", False) and ("needle", True) in pieces
    assert sum(len(piece) for piece, _marked in pieces) < 70
    assert rank.marked("Short", []) == [("Short", False)]
