"""Numbers, money and percentages as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.amounts import decide_style
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.values import Money, parse_decimal, parse_integer, parse_money, parse_percent

D = Decimal


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("£1,117.73", "1117.73", "GBP"),
        ("¥1,200", "1200", "CNY"),
        ("￥1,200", "1200", "CNY"),
        ("1.2万", "12000", ""),
        ("3亿", "300000000", ""),
        ("1,234.5 万元", "12345000", "CNY"),
        ("1.2亿美元", "120000000", "USD"),
        ("人民币 1,200.00 元", "1200", "CNY"),
        ("1,200元整", "1200", "CNY"),
        ("100百万", "100000000", ""),
        ("(1,234)", "-1234", ""),
        ("（1,234）", "-1234", ""),
        ("(£5.20)", "-5.20", "GBP"),
        ("£(5)", "-5", "GBP"),
        ("-£5", "-5", "GBP"),
        ("£-5", "-5", "GBP"),
        ("−5", "-5", ""),
        ("5-", "-5", ""),
        ("1 234,5", "1234.5", ""),
        ("1\u00a0234\u00a0567,89 €", "1234567.89", "EUR"),
        ("1'234'567.50", "1234567.5", ""),
        ("1.234,56", "1234.56", ""),
        ("1,234", "1234", ""),
        ("12,5", "12.5", ""),
        ("0,123", "0.123", ""),
        ("1,23,456.7", "123456.7", ""),
        ("1,234 USD", "1234", "USD"),
        ("usd 1.5m", "1500000", "USD"),
        ("US$ 3 billion", "3000000000", "USD"),
        ("5e-05", "0.00005", ""),
        ("２３", "23", ""),
        ("0", "0", ""),
    ],
)
def test_money(text, amount, currency):
    assert parse_money(text) == Money(D(amount), currency)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "—", "n/a", "N/A", "无", "/", "\u3000"])
@pytest.mark.parametrize("parse", [parse_money, parse_decimal, parse_integer, parse_percent])
def test_no_value_is_none_and_never_zero(parse, cell):
    assert parse(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests)", "withheld"),
        ("Exemption under Section 24", "withheld"),
        ("涉密，不公开", "withheld"),
        ("Data Not Provided", "not_given"),
        ("TBD", "not_given"),
        ("待定", "not_given"),
        ("=1+1", "formula_text"),
        ("#REF!", "spreadsheet_error"),
        ("#N/A", "spreadsheet_error"),
        ("five", "not_a_number"),
        ("--5", "not_a_number"),
        ("(5", "not_a_number"),
        ("100 km", "not_a_number"),
        ("$5 GBP", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (True, "not_a_number"),
        (10**400, "number_out_of_range"),
        (date(2026, 1, 1), "date_not_number"),
        ("1.2.3", "number_unclear"),
        ("1,2,3", "number_unclear"),
        ("1,23.4", "number_unclear"),
        ("9" * 45, "number_unclear"),
        ("9e999", "number_out_of_range"),
        ("1e-300", "number_out_of_range"),
        ("45%", "not_an_amount"),
    ],
)
def test_what_is_no_amount_says_why(cell, code):
    problem = parse_money(cell)
    assert isinstance(problem, CellProblem)
    assert problem.code == code
    assert len(problem.params["value"]) <= 60


def test_the_withheld_value_is_named_shortened():
    problem = parse_money("Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests)")
    assert problem.params["value"].startswith("Exempt under Section 43 of the Freedom")
    assert problem.params["value"].endswith("…")


def test_scale_is_the_columns_unit():
    assert parse_money("12131.5", scale=D(1_000_000), currency="GBP") == Money(D("12131500000"), "GBP")
    assert parse_money("£12,131.50", scale=D(1_000_000)) == Money(D("12131500000"), "GBP")


def test_unit_in_the_cell_and_in_the_column():
    assert parse_money("3万", scale=D(10_000)) == Money(D(30_000))
    assert parse_money("3亿", scale=D(10_000)).code == "unit_twice"


@pytest.mark.parametrize(
    ("text", "currency", "agrees"),
    [("$5", "HKD", True), ("¥5", "JPY", True), ("5元", "TWD", True), ("£5", "USD", False), ("5 EUR", "CNY", False)],
)
def test_currency_of_cell_and_mapping(text, currency, agrees):
    parsed = parse_money(text, currency=currency)
    assert parsed == Money(D(5), currency) if agrees else parsed.code == "other_currency"


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["1,234", "12,5"], "comma"),
        (["1.234,50", "2.000"], "comma"),
        (["1,234", "12.5"], "point"),
        (["1,234,567"], "point"),
        (["1,234", "2,345"], "auto"),
        (["12,5", "12.5"], "auto"),
        (["", "abc", "5"], "auto"),
    ],
)
def test_decimal_mark_of_a_column(texts, style):
    assert decide_style(texts) == style


def test_style_decides_the_ambiguous_and_refuses_the_contradicting():
    assert parse_decimal("1,234", style="comma") == D("1.234")
    assert parse_decimal("1.234", style="comma") == D(1234)
    assert parse_decimal("1,234", style="point") == D(1234)
    assert parse_decimal("12,5", style="point").code == "number_unclear"
    assert parse_decimal("12.5", style="comma").code == "number_unclear"


@pytest.mark.parametrize(
    ("cell", "scale", "value"),
    [("45%", 1, "45"), ("45％", 1, "45"), ("5‰", 1, "0.5"), (45, 1, "45"), (0.45, 100, "45"), ("45%", 100, "45")],
)
def test_percent_is_in_points(cell, scale, value):
    assert parse_percent(cell, scale=D(scale)) == D(value)


@pytest.mark.parametrize("text", ["£5", "5万", "abc"])
def test_what_is_no_percentage(text):
    assert parse_percent(text).code in ("not_a_percentage", "not_a_number")


def test_whole_numbers():
    assert (parse_integer("3.0"), parse_integer(3.0), parse_integer("1,200")) == (3, 3, 1200)
    assert parse_integer("3.5").code == "not_a_whole_number"
    assert parse_decimal("£5").code == "not_a_plain_number"


CELLS = st.one_of(
    st.text(max_size=50),
    st.text(alphabet="0123456789.,' -+()£$€¥%元万亿eE", max_size=20),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.none(),
)


@given(CELLS, st.sampled_from(["auto", "point", "comma"]), st.sampled_from([D(1), D(10_000), D("0.01")]))
def test_no_cell_makes_a_parser_raise(cell, style, scale):
    for parse in (parse_decimal, parse_integer, parse_percent, parse_money):
        result = parse(cell, style=style, scale=scale)
        assert result is None or isinstance(result, (Decimal, int, Money, CellProblem))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_formatted_number_is_the_number(number):
    assert parse_decimal(f"{number:,.2f}") == number
    swapped = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_decimal(swapped, style="comma") == number
    assert parse_money(f"£{abs(number):,.2f}") == Money(abs(number), "GBP")
