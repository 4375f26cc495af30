"""The header is found below titles, its names are unique, and what was done is reported."""

from hypothesis import given
from hypothesis import strategies as st

from pmo.core.imports.headers import name_columns
from pmo.core.imports.table import column_letter
from tests.imports.helpers import read, refusal


def notes(table):
    return {note.code: dict(note.params) for note in table.notes}


def test_title_lines_above_the_header_are_set_aside(tmp_path):
    table = read(tmp_path, "2026年项目台账,,\n制表：项目管理部,,\n\n项目编号,项目名称,预算\nP1,甲,5\nP2,乙,6\n")
    assert table.header_row == 4
    assert table.numbers == [5, 6]
    assert table.preamble == ((1, "2026年项目台账"), (2, "制表：项目管理部"))
    assert notes(table)["titles_skipped"] == {"count": 2, "row": 4}


def test_header_with_years_is_still_a_header(tmp_path):
    table = read(tmp_path, "name,2024,2025,2026\nAlpha,1,2,3\nBeta,4,5,6\n")
    assert [column.name for column in table.columns] == ["name", "2024", "2025", "2026"]


def test_empty_and_repeated_headers_become_unique_and_are_reported(tmp_path):
    table = read(tmp_path, "name,date,date,,date (2)\nAlpha,1,2,3,4\n")
    assert [column.name for column in table.columns] == ["name", "date", "date (2)", "Column D", "date (2) (2)"]
    assert [column.header for column in table.columns] == ["name", "date", "date", "", "date (2)"]
    assert notes(table)["header_made_up"] == {"columns": ["Column D"]}
    assert "date" in notes(table)["header_repeated"]["columns"]


def test_header_line_breaks_become_spaces(tmp_path):
    assert read(tmp_path, 'name,"planned\nstart"\nAlpha,2026-01-01\n').columns[1].name == "planned start"


def test_user_names_the_header_row(tmp_path):
    table = read(tmp_path, "draft,x\ncode,name\nP1,Alpha\n", header_row=2)
    assert ([column.name for column in table.columns], table.numbers) == (["code", "name"], [3])


def test_no_header_at_all(tmp_path):
    table = read(tmp_path, "P1,Alpha\nP2,Beta\n", header_row=0)
    assert [column.name for column in table.columns] == ["Column A", "Column B"]
    assert (table.numbers, table.header_row) == ([1, 2], 0)


def test_data_without_header_is_reported_as_unsure(tmp_path):
    table = read(tmp_path, "1,2026-01-01,3.5\n2,2026-01-02,4.5\n")
    assert notes(table)["header_unsure"] == {"row": 1}


def test_two_level_header(tmp_path):
    table = read(tmp_path, "编号,名称,计划,,实际,\n,,开始,完成,开始,完成\nP1,甲,2026-01-01,2026-02-01,,\nP2,乙,,,,\n")
    names = [column.name for column in table.columns]
    assert names == ["编号", "名称", "计划 开始", "计划 完成", "实际 开始", "实际 完成"]
    assert table.numbers == [3, 4]
    assert notes(table)["header_two_levels"] == {"row": 1, "next": 2}


def test_a_text_row_below_a_gap_in_the_header_is_data(tmp_path):
    table = read(tmp_path, "name,,department,note\nAlpha,x,IT,good\nBeta,y,HR,bad\n")
    assert table.numbers == [2, 3]


def test_header_only(tmp_path):
    table = read(tmp_path, "code,name\n")
    assert table.rows == []
    assert "no_rows_below_header" in notes(table)


def test_only_white_space(tmp_path):
    assert refusal(tmp_path, " , \n , \n").message.code == "no_data"


@given(st.lists(st.sampled_from(["", "a", "a (2)", "b", "a (2) (2)", "Column A"]), min_size=1, max_size=12))
def test_names_are_always_unique(headers):
    columns, _ = name_columns(headers)
    assert len({column.name for column in columns}) == len(headers)
    assert [column.header for column in columns] == headers


def test_column_letters():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
