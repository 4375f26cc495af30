"""Yes and no, choices, colours, text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.messages import CellProblem
from pmo.core.imports.values import Choice, Rating, currency_code, parse_bool, parse_choice, parse_rag, parse_text

STATUS = (Choice("open", ("Open", "进行中")), Choice("closed", ("Closed", "已关闭", "完成")))


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        ("Green", "green"), ("Amber/Green", "amber"), ("Amber", "amber"), ("Amber/Red", "red"), ("Red", "red"),
        ("Exempt", "grey"), ("amber / red", "red"), ("G", "green"), ("A", "amber"), ("R", "red"), ("绿", "green"),
        ("黄灯", "amber"), ("红色", "red"), ("灰", "grey"), ("正常", "green"), ("预警", "amber"), ("延误", "red"), ("🟢", "green"),
        ("● 绿", "green"), ("▲", "amber"), ("Ｒｅｄ", "red"),
    ],
)  # fmt: skip
def test_default_colours_keep_the_original_word(word, colour):
    assert parse_rag(word) == Rating(colour, word)


def test_numbers_need_the_users_meaning():
    assert parse_rag("1").code == "colour_is_number"
    assert parse_rag(2).code == "colour_is_number"
    assert parse_rag(1.0, {"1": "green"}) == Rating("green", "1")


def test_the_users_meaning_comes_first():
    assert parse_rag("Amber/Green", {"amber/green": "green"}) == Rating("green", "Amber/Green")
    assert parse_rag("Exempt", {"Exempt": ""}) is None
    assert parse_rag("Red", {"Red": "purple"}).code == "unknown_colour"


@pytest.mark.parametrize("cell", [None, "", "n/a", "-"])
def test_no_rating(cell):
    assert parse_rag(cell) is None


def test_an_excuse_is_no_colour():
    assert parse_rag("Exempt under Section 22 of the Freedom of Information Act").code == "withheld"
    assert parse_rag("turquoise").code == "unknown_colour"


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "是", "√", "1", 1, True])
def test_yes(word):
    assert parse_bool(word) is True


@pytest.mark.parametrize("word", ["no", "N", "False", "否", "×", "0", 0, False, "无"])
def test_no(word):
    assert parse_bool(word) is False


def test_neither():
    assert parse_bool("") is None
    assert parse_bool("maybe").code == "not_yes_or_no"


def test_choices_by_value_word_and_users_word():
    assert [parse_choice(word, STATUS) for word in ("open", "OPEN", "进行中", " 完成 ")] == [
        "open",
        "open",
        "open",
        "closed",
    ]
    assert parse_choice("done", STATUS, {"Done": "closed"}) == "closed"
    assert parse_choice("done", STATUS, {"done": ""}) is None
    assert parse_choice("", STATUS) is None
    problem = parse_choice("paused", STATUS)
    assert (problem.code, problem.params["allowed"]) == ("unknown_choice", "Open, Closed")


@pytest.mark.parametrize(
    ("text", "code"), [("usd", "USD"), ("人民币", "CNY"), ("￥", "CNY"), ("£", "GBP"), ("xyz", None)]
)
def test_currency_words(text, code):
    assert currency_code(text) == code


def test_text_is_tidied_but_not_changed():
    assert parse_text("  Alpha \n  Beta ") == "Alpha Beta"
    assert parse_text(" a \r\n\x0b b ", multiline=True) == "a \n\n b"
    assert parse_text(5.0) == "5"
    assert parse_text("=1+1") == "=1+1"
    assert parse_text("-") == "-"
    assert parse_text(" ") is None


def test_text_that_cannot_be_stored():
    assert parse_text("a" * 11, max_length=10).code == "too_long"
    assert parse_text("a\x00b").code == "control_characters"
    assert parse_text("#REF!").code == "spreadsheet_error"


@given(
    st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none())
)
def test_no_cell_makes_a_parser_raise(cell):
    assert isinstance(parse_text(cell), (str, CellProblem, type(None)))
    assert isinstance(parse_bool(cell), (bool, CellProblem, type(None)))
    assert isinstance(parse_rag(cell), (Rating, CellProblem, type(None)))
    assert isinstance(parse_choice(cell, STATUS), (str, CellProblem, type(None)))
