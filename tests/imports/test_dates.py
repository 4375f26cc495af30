"""Dates as people write them, with the order of day and month decided per column."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.dates import OrderEvidence
from pmo.core.imports.messages import CellProblem
from pmo.core.imports.values import date_in_name, decide_order, parse_date, parse_period


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21", "2026/11/21", "2026.11.21", "2026-11-21T10:00:00Z", "2026-11-21 17:00:00", "2026年11月21日",
        "2026 年 11 月 21 日", "26年11月21日", "2026年11月21日 上午10:00", "２０２６年１１月２１日", "20261121", "21/11/2026",
        "21.11.26", "21-11-2026", "21/11/2026 5:00:00 PM", "21 Nov 2026", "21-Nov-26", "Nov 21, 2026", "November 21 2026",
        "21st November 2026", "46347", 46347, 46347.75, 20261121, date(2026, 11, 21), datetime(2026, 11, 21, 23, 59),
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(text):
    assert parse_date(text) == date(2026, 11, 21)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "n/a", "无"])
def test_no_date_is_none(cell):
    assert parse_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/2021", "no_such_date"),
        ("12/31/2020", "no_such_date"),
        ("0000-00-00", "no_such_date"),
        ("2026-13-01", "no_such_date"),
        ("1850-01-01", "date_out_of_range"),
        (date(9999, 12, 31), "date_out_of_range"),
        ("2026年11月", "date_incomplete"),
        ("Nov-26", "date_incomplete"),
        ("2026", "date_incomplete"),
        (2026, "date_incomplete"),
        ("Q3 2026", "date_incomplete"),
        ("1/1", "not_a_date"),
        ("99999", "not_a_date"),
        (True, "not_a_date"),
        (10**400, "not_a_date"),
        (float("-inf"), "not_a_date"),
        (float("nan"), "not_a_date"),
        ("soon", "not_a_date"),
        ("=TODAY()", "formula_text"),
        ("#VALUE!", "spreadsheet_error"),
        ("TBD", "not_given"),
        ("Not provided", "not_given"),
        ("Exempt under Section 22 of the Freedom of Information Act 2000 (Information intended)", "withheld"),
    ],
)
def test_what_is_no_date_says_why(cell, code):
    problem = parse_date(cell)
    assert isinstance(problem, CellProblem)
    assert problem.code == code


@pytest.mark.parametrize(("text", "year"), [("31.12.40", 2040), ("31.12.68", 2068), ("31.12.69", 1969)])
def test_two_digit_years_turn_at_the_pivot(text, year):
    assert parse_date(text).year == year
    assert parse_date(text, pivot=30).year == (year if year < 2000 else year - 100)


def test_order_of_day_and_month():
    assert parse_date("03/04/21", order="dmy") == date(2021, 4, 3)
    assert parse_date("03/04/21", order="mdy") == date(2021, 3, 4)
    assert parse_date("21.04.03", order="ymd") == date(2021, 4, 3)
    assert parse_date("2021-04-03", order="mdy") == date(2021, 4, 3)


@pytest.mark.parametrize(
    ("texts", "evidence"),
    [
        (["03/04/21", "05/06/21"], OrderEvidence("dmy", 0, 0, 2)),
        (["03/04/21", "25/06/21"], OrderEvidence("dmy", 1, 0, 1)),
        (["03/04/21", "12/25/21"], OrderEvidence("mdy", 1, 0, 1)),
        (["25/06/2021", "26/06/2021", "12/25/2021"], OrderEvidence("dmy", 2, 1, 0)),
        (["26.11.21", "26.12.05"], OrderEvidence("ymd", 0, 0, 2)),
        (["99.12.31"], OrderEvidence("ymd", 1, 0, 0)),
        (["5/5/20"], OrderEvidence("dmy", 0, 0, 0)),
        (["2026-01-02", "x", ""], OrderEvidence("dmy", 0, 0, 0)),
    ],
)
def test_evidence_of_a_column(texts, evidence):
    assert decide_order(texts) == evidence
    assert evidence.ambiguous == (evidence.certain == 0 and evidence.open > 0)


def test_default_order_is_the_users():
    assert decide_order(["03/04/21"], default="mdy").order == "mdy"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026年2月", (2026, 2, 1), (2026, 2, 28)),
        ("2026-12", (2026, 12, 1), (2026, 12, 31)),
        ("12/2026", (2026, 12, 1), (2026, 12, 31)),
        ("Feb-24", (2024, 2, 1), (2024, 2, 29)),
        ("2026Q1", (2026, 1, 1), (2026, 3, 31)),
        ("2026年第四季度", (2026, 10, 1), (2026, 12, 31)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        (2026, (2026, 1, 1), (2026, 12, 31)),
    ],
)
def test_parts_of_a_date_when_the_mapping_says_which_day(text, first, last):
    assert parse_date(text, partial="first") == date(*first)
    assert parse_date(text, partial="last") == date(*last)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2018", (2018, 3, 31)), (2018, (2018, 3, 31)), (2018.0, (2018, 3, 31)), ("2018年", (2018, 3, 31)),
        ("FY2018", (2018, 3, 31)), ("2018-06", (2018, 6, 30)), ("2018Q2", (2018, 6, 30)), ("2018-06-15", (2018, 6, 15)),
        (date(2018, 6, 15), (2018, 6, 15)),
    ],
)  # fmt: skip
def test_period_of_a_snapshot(cell, day):
    assert parse_period(cell, year_end="03-31") == date(*day)


def test_year_end_on_a_leap_day():
    assert parse_period("2024", year_end="02-29") == date(2024, 2, 29)
    assert parse_period("2023", year_end="02-29") == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("portfolio_2026-06-30.csv", date(2026, 6, 30)),
        ("项目台账20260630.xlsx", date(2026, 6, 30)),
        ("台账2026年6月30日.xlsx", date(2026, 6, 30)),
        ("uk_gmpp_2018_2020.csv", None),
        ("2026-01-01_to_2026-06-30.csv", None),
        ("report 20261399.csv", None),
        ("portfolio.csv", None),
    ],
)
def test_date_in_a_file_name(name, day):
    assert date_in_name(name) == day


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789/-. 年月日Qq", max_size=14),
        st.floats(),
        st.integers(),
        st.dates(),
    )
)
def test_no_cell_makes_a_parser_raise(cell):
    for order in ("dmy", "mdy", "ymd"):
        for partial in ("", "first", "last"):
            assert isinstance(parse_date(cell, order=order, partial=partial), (date, CellProblem, type(None)))
    assert isinstance(parse_period(cell), (date, CellProblem, type(None)))


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_full_form_gives_the_day_back(day):
    forms = [day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%d %b %Y}"]
    assert [parse_date(form) for form in forms] == [day] * len(forms)
    assert parse_date(f"{day:%d/%m/%Y}", order="dmy") == day
    assert parse_date(f"{day:%m/%d/%Y}", order="mdy") == day
