"""Nothing that leaves as CSV or XLSX can be taken for a formula, and it comes back as it was."""

import csv
import io
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pmo.core.imports.export_safe import (
    TRIGGERS,
    XLSX_WRITER_OPTIONS,
    restore_csv_cell,
    safe_csv_cell,
    write_text,
    xlsx_text,
)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "-",
        "+1a",
        "-1-1",
        "=",
        "-5%x",
    ],
)
def test_dangerous_cells_get_an_apostrophe(text):
    assert safe_csv_cell(text) == f"'{text}"
    assert restore_csv_cell(safe_csv_cell(text)) == text


@pytest.mark.parametrize("value", ["-5", "+5", "-1,234.50", "-5e3", "-12.5%", "Alpha", "", "a=b", "'quoted'", "12-5"])
def test_harmless_cells_stay_as_they_are(value):
    assert safe_csv_cell(value) == value


@pytest.mark.parametrize(("value", "text"), [(None, ""), (-5, "-5"), (-1.5, "-1.5"), (Decimal("-0.5"), "-0.5")])
def test_numbers_stay_numbers(value, text):
    assert safe_csv_cell(value) == text


@given(st.text(max_size=20))
def test_no_cell_starts_with_a_trigger_unless_it_is_a_number(text):
    safe = safe_csv_cell(text)
    if safe[:1] and safe[0] in TRIGGERS:
        float(safe.replace(",", "").rstrip("%"))


@given(st.text(alphabet="'=+-@\t1a", max_size=6) | st.text(max_size=20))
def test_every_text_comes_back(text):
    assert restore_csv_cell(safe_csv_cell(text)) == text


def test_through_a_csv_file_and_back():
    cells = ["=1+1", '"quoted", with comma', "-5", "@x\ny", "'=1"]
    text = io.StringIO()
    csv.writer(text).writerow([safe_csv_cell(cell) for cell in cells])
    row = next(csv.reader(io.StringIO(text.getvalue(), newline="")))
    assert row[4] == "''=1"
    assert [restore_csv_cell(cell) for cell in row] == cells


def test_workbook_cells_are_strings_in_both_writers():
    target = io.BytesIO()
    book = Workbook()
    write_text(book.active["A1"], "=1+1\x00")
    book.save(target)
    cell = load_workbook(target).active["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")

    other = io.BytesIO()
    writer = xlsxwriter.Workbook(other, XLSX_WRITER_OPTIONS)
    writer.add_worksheet().write_row(0, 0, ["=1+1", "http://example.org", "007"])
    writer.close()
    cells = next(load_workbook(other).active.iter_rows())
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        ("http://example.org", "s"),
        ("007", "s"),
    ]


def test_text_too_long_for_a_cell_is_marked():
    assert xlsx_text("x" * 40_000) == "x" * 32_766 + "…"
