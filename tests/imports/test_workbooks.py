"""Workbooks: values by type and format, formulas never evaluated, merged cells, sheets."""

import io
import re
from datetime import date, datetime, time

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles.numbers import FORMAT_PERCENTAGE_00
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pmo.core.imports.limits import Limits
from tests.imports.helpers import read, refusal, repack, sheet_of, workbook

SHEET = "xl/worksheets/sheet1.xml"


def notes(table):
    return {note.code: dict(note.params) for note in table.notes}


def test_values_keep_their_types(tmp_path):
    table = read(
        tmp_path,
        sheet_of(
            [
                ["code", "text", "whole", "real", "day", "moment", "flag", "empty"],
                ["P1", "Alpha\nBeta", 5, 1117.73, date(2026, 11, 21), datetime(2026, 11, 21, 8, 30), True, None],
            ]
        ),
        "t.xlsx",
    )
    day, moment = date(2026, 11, 21), datetime(2026, 11, 21, 8, 30)
    assert table.rows == [["P1", "Alpha\nBeta", 5, 1117.73, day, moment, True, None]]
    assert isinstance(table.rows[0][6], bool)
    assert (table.kind, table.sheet, table.sheets) == ("xlsx", "Sheet", ("Sheet",))


def test_rows_keep_the_numbers_of_the_sheet(tmp_path):
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet["A1"] = "Portfolio 2026"
        sheet["A3"], sheet["B3"] = "code", "name"
        sheet["A5"], sheet["B5"] = "P1", "Alpha"
        sheet["A9"], sheet["B9"] = "P2", "Beta"

    table = read(tmp_path, workbook(fill))
    assert (table.header_row, table.numbers, table.preamble) == (3, [5, 9], ((1, "Portfolio 2026"),))


def test_percent_and_currency_formats_are_part_of_the_value(tmp_path):
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.append(["name", "done", "cost", "dollars", "share"])
        sheet.append(["Alpha", 0.4567, 1117.73, 5, 0.07])
        for cell, shown in zip("BCDE", [FORMAT_PERCENTAGE_00, "[$£-809]#,##0.00", '"US$"#,##0', "0%"], strict=True):
            sheet[f"{cell}2"].number_format = shown

    assert read(tmp_path, workbook(fill)).rows[0] == ["Alpha", "45.67%", "£1117.73", "$5", "7%"]


def test_formula_counts_with_its_stored_value(tmp_path):
    """openpyxl stores no value for a formula, so one is put into the part by hand, as a spreadsheet does."""
    data = sheet_of([["name", "budget", "spent"], ["Alpha", "=1+1", "=2+2"], ["Beta", 3, 4]])
    table = read(tmp_path, repack(data, {SHEET: lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", xml, count=1)}))
    assert table.rows[0] == ["Alpha", 2, None]
    assert table.formulas == {(2, 1): True, (2, 2): False}
    assert notes(table)["formulas_stored"] == {"count": 1}
    assert notes(table)["formulas_without_value"] == {"count": 1}


def test_spreadsheet_errors_and_impossible_dates_arrive_as_errors(tmp_path):
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.append(["name", "a", "b"])
        sheet.append(["Alpha", "#REF!", 99999999])
        sheet["B2"].data_type = "e"
        sheet["C2"].number_format = "yyyy-mm-dd"

    assert read(tmp_path, workbook(fill)).rows[0] == ["Alpha", "#REF!", "#VALUE!"]


def test_merged_cells_are_filled_and_reported(tmp_path):
    def fill(book: Workbook) -> None:
        sheet = book.active
        for row in [["部门", "项目", "预算"], ["研发", "甲", 1], [None, "乙", 2], ["市场", "丙", 3]]:
            sheet.append(row)
        sheet.merge_cells("A2:A3")

    table = read(tmp_path, workbook(fill))
    assert [row[0] for row in table.rows] == ["研发", "研发", "市场"]
    assert notes(table)["merged_filled"] == {"count": 1}


def test_merged_title_and_merged_group_headers(tmp_path):
    def fill(book: Workbook) -> None:
        sheet = book.active
        for row in [
            ["项目台账", None, None, None, None],
            ["编号", "计划", None, "实际", None],
            [None, "开始", "完成", "开始", "完成"],
            ["P1", date(2026, 1, 1), date(2026, 2, 1), None, None],
        ]:
            sheet.append(row)
        for reference in ("A1:E1", "B2:C2", "D2:E2", "A2:A3"):
            sheet.merge_cells(reference)

    table = read(tmp_path, workbook(fill))
    assert [column.name for column in table.columns] == ["编号", "计划 开始", "计划 完成", "实际 开始", "实际 完成"]
    assert table.numbers == [4]
    assert table.preamble == ((1, "项目台账"),)


def test_first_visible_sheet_with_content_is_taken_and_others_are_offered(tmp_path):
    def fill(book: Workbook) -> None:
        book.active.title = "Empty"
        hidden = book.create_sheet("Hidden")
        hidden.append(["code", "name"])
        hidden.sheet_state = "hidden"
        book.create_sheet("Data").append(["code", "name"])
        book["Data"].append(["P1", "Alpha"])

    data = workbook(fill)
    table = read(tmp_path, data)
    assert (table.sheet, table.sheets) == ("Data", ("Empty", "Hidden", "Data"))
    assert notes(table)["sheet_chosen"] == {"sheet": "Data", "count": 3}
    assert read(tmp_path, data, sheet="Hidden").rows == []
    error = refusal(tmp_path, data, sheet="Nowhere")
    assert (error.message.code, error.message.params["sheets"]) == ("no_such_sheet", "Empty, Hidden, Data")
    assert refusal(tmp_path, data, sheet="Empty").message.code == "no_data"


def test_date_system_of_1904(tmp_path):
    def fill(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active.append(["name", "day"])
        book.active.append(["Alpha", date(2026, 11, 21)])

    assert read(tmp_path, workbook(fill)).rows[0][1] == date(2026, 11, 21)


def test_times_and_inline_strings(tmp_path):
    data = sheet_of([["name", "at"], ["Alpha", time(8, 30)]])
    runs = b'<is><r><rPr><b/></rPr><t>Al</t></r><r><t>pha 2</t></r><rPh sb="0" eb="1"><t>reading aid</t></rPh></is>'
    table = read(tmp_path, repack(data, {SHEET: lambda xml: xml.replace(b"<is><t>Alpha</t></is>", runs)}))
    assert table.rows[0] == ["Alpha 2", "08:30:00"]


def test_shared_strings_and_a_workbook_by_another_writer(tmp_path):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("项目")
    day = book.add_format({"num_format": "yyyy/m/d"})
    for number, row in enumerate([["编号", "名称", "开始"], ["P1", "新平台", None], ["P2", "新平台", None]]):
        sheet.write_row(number, 0, row)
    sheet.write_datetime(1, 2, datetime(2026, 3, 1), day)
    sheet.write_formula(2, 2, "=C2", day, 46082)
    book.close()
    table = read(tmp_path, target.getvalue())
    assert table.rows == [["P1", "新平台", date(2026, 3, 1)], ["P2", "新平台", date(2026, 3, 1)]]
    assert (table.sheet, table.formulas) == ("项目", {(3, 2): True})


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=2), "too_many_rows"),
        (Limits(columns=1), "too_many_columns"),
        (Limits(cells=5), "too_many_cells_in_file"),
        (Limits(cell_length=4), "cell_too_long"),
        (Limits(unpacked_bytes=500), "unpacks_too_large"),
        (Limits(zip_entries=2), "too_many_entries"),
        (Limits(upload_bytes=100), "file_too_large"),
        (Limits(compression_ratio=1, ratio_from_bytes=0), "compressed_too_much"),
    ],
)
def test_limits_of_workbooks(tmp_path, limits, code):
    rows = [["code", "name"]] + [[f"P{number}", "Alpha"] for number in range(3)]
    assert refusal(tmp_path, sheet_of(rows), limits=limits).message.code == code
