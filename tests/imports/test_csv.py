"""Delimited text: what is read is what is in the file, and rows keep the numbers that a spreadsheet shows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo.core.imports.limits import Limits
from tests.imports.helpers import read, refusal


def codes(table):
    return [note.code for note in table.notes]


def test_first_row_below_the_header_is_row_two(tmp_path):
    table = read(tmp_path, "code,name\nP1,Alpha\nP2,Beta\n")
    assert [column.name for column in table.columns] == ["code", "name"]
    assert table.rows == [["P1", "Alpha"], ["P2", "Beta"]]
    assert table.numbers == [2, 3]
    assert (table.kind, table.encoding, table.delimiter, table.header_row) == ("csv", "utf-8", ",", 1)


def test_blank_rows_are_skipped_but_counted(tmp_path):
    table = read(tmp_path, "code,name\n\nP1,Alpha\n , \nP2,Beta\n")
    assert table.numbers == [3, 5]


def test_line_breaks_inside_quotes_move_lines_but_not_row_numbers(tmp_path):
    table = read(tmp_path, 'code,name\nP1,"Alpha\nwith a second line"\nP2,Beta\n')
    assert table.rows[0][1] == "Alpha\nwith a second line"
    assert table.numbers == [2, 3]
    assert [table.line_of(position) for position in (0, 1)] == [3, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_recognised(tmp_path, delimiter):
    rows = [["code", "name", "budget"], ["P1", "Alpha, the first; really", "1.5"], ["P2", "Beta | Gamma", "2.5"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    table = read(tmp_path, text.getvalue())
    assert table.delimiter == delimiter
    assert table.rows == rows[1:]


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path):
    table = read(tmp_path, "code;budget;spent\nP1;1,5;2,5\nP2;3,5;4,5\n")
    assert table.delimiter == ";"
    assert table.rows[0] == ["P1", "1,5", "2,5"]


def test_declared_delimiter_line_is_not_data(tmp_path):
    table = read(tmp_path, "sep=;\ncode;name\nP1;Alpha\n")
    assert [column.name for column in table.columns] == ["code", "name"]
    assert table.numbers == [3]


def test_user_overrules_the_delimiter(tmp_path):
    table = read(tmp_path, "code,x;name\nP1,y;Alpha\n", delimiter=";")
    assert table.rows == [["P1,y", "Alpha"]]


def test_single_column(tmp_path):
    table = read(tmp_path, "name\nAlpha\nBeta\n")
    assert [column.name for column in table.columns] == ["name"]
    assert table.rows == [["Alpha"], ["Beta"]]


def test_short_rows_are_filled_and_named(tmp_path):
    table = read(tmp_path, "code,name,budget\nP1,Alpha\nP2,Beta,5\n")
    assert table.rows[0] == ["P1", "Alpha", None]
    note = next(note for note in table.notes if note.code == "rows_short")
    assert (note.params["count"], note.params["rows"]) == (1, "2")


def test_a_row_out_of_step_is_kept_apart_with_its_surplus(tmp_path):
    table = read(tmp_path, "code,name,budget\nP1,Alpha,1\nP2,Beta, the second,2\nP3,Gamma,3\n")
    assert table.overlong == {3: "2"}
    assert table.numbers == [2, 3, 4]
    assert "rows_overlong" in codes(table)


def test_surplus_in_most_rows_means_columns_without_a_header(tmp_path):
    table = read(tmp_path, "code,name\nP1,Alpha,x\nP2,Beta,y\n")
    assert [column.name for column in table.columns] == ["code", "name", "Column C"]
    assert table.overlong == {}


def test_empty_surplus_cells_are_no_surplus(tmp_path):
    table = read(tmp_path, "code,name\nP1,Alpha,,\nP2,Beta\n")
    assert table.overlong == {}
    assert table.rows[0] == ["P1", "Alpha"]


def test_missing_quotation_mark_is_named_with_row_and_line(tmp_path):
    error = refusal(tmp_path, 'code,name\nP1,Alpha\nP2,"Beta\nP3,Gamma\n')
    assert error.message.code == "bad_quotation"
    assert error.message.params == {"row": 3, "line": 3}


def test_quotation_mark_inside_a_quoted_text_must_be_doubled(tmp_path):
    error = refusal(tmp_path, 'code,name\nP1,"Alpha "first" one"\n')
    assert (error.message.code, error.message.params["row"]) == ("bad_quotation", 2)


def test_unquoted_quotation_marks_are_text(tmp_path):
    assert read(tmp_path, 'code,name\nP1,5" pipe\n').rows == [["P1", '5" pipe']]


def test_formula_text_stays_as_it_is(tmp_path):
    table = read(tmp_path, "code,name\nP1,=cmd|' /C calc'!A0\n")
    assert table.rows == [["P1", "=cmd|' /C calc'!A0"]]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(tmp_path, newline):
    assert read(tmp_path, newline.join(["code,name", "P1,Alpha", "P2,Beta"])).numbers == [2, 3]


LIMITS = Limits(rows=3, columns=4, cells=12, cell_length=20, line_length=200, upload_bytes=400)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n" + "1,2\n" * 4, "too_many_rows"),
        ("a,b,c,d\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", "too_many_cells_in_file"),
        ("a,b\n1,2,3,4,5\n", "too_many_columns_in_row"),
        ("a,b\n1," + "x" * 21 + "\n", "cell_too_long"),
        ("a,b\n1," + "x" * 250 + "\n", "line_too_long"),
        ("a,b\n" + "1,2\n" * 150, "file_too_large"),
    ],
)
def test_limits_have_their_own_reasons(tmp_path, text, code):
    assert refusal(tmp_path, text, limits=LIMITS).message.code == code


def test_as_many_rows_as_allowed(tmp_path):
    assert len(read(tmp_path, "a,b\n" + "1,2\n" * 3, limits=LIMITS).rows) == 3


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_nonsense_delimiters_are_refused(tmp_path, delimiter):
    if delimiter == "":
        assert read(tmp_path, "a,b\n1,2\n", delimiter=delimiter).delimiter == ","
    else:
        assert refusal(tmp_path, "a,b\n1,2\n", delimiter=delimiter).message.code == "bad_delimiter"


CELLS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]) | st.sampled_from('",;|\n\t '),
    max_size=30,
).filter(lambda text: text.strip() and not text.startswith("sep="))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_what_was_written_is_read(tmp_path: Path, rows, delimiter, encoding):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["code", "name", "remark"], *rows])
    chosen = encoding.removesuffix("-sig")
    table = read(tmp_path, text.getvalue().encode(encoding), delimiter=delimiter, encoding=chosen, header_row=1)
    assert table.rows == rows
    assert table.numbers == list(range(2, len(rows) + 2))
