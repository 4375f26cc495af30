"""XLSX: the table on the first sheet, what must be known about it on the second; every text is written as text."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from pmo.core.exports.model import ExportColumn, ExportTable, Value
from pmo.core.imports.export_safe import XLSX_WRITER_OPTIONS, xlsx_text

_NARROWEST, _WIDEST = 8, 60
# Rows whose contents decide the width of the columns.
_LOOKED_AT = 200


def write_xlsx(table: ExportTable, path: Path) -> int:
    """Write the file row by row, holding one row in memory; returns how many rows it holds."""
    options = {**XLSX_WRITER_OPTIONS, "constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_sheet_name(table.title))
        formats = _formats(book, table.columns)
        head = book.add_format({"bold": True, "bg_color": "#F1F3F6", "bottom": 1, "text_wrap": True, "valign": "top"})
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, xlsx_text(column.label), head)
        widths = [_width(column.label) for column in table.columns]
        count = 0
        for count, row in enumerate(table.rows, 1):
            for place, value in enumerate(row):
                _write(sheet, count, place, value, formats[place])
                if count <= _LOOKED_AT:
                    widths[place] = max(widths[place], _width(value))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width, _NARROWEST), _WIDEST))
        sheet.freeze_panes(1, 1)
        if table.columns:
            sheet.autofilter(0, 0, count, len(table.columns) - 1)
        _write_notes(book, table)
    return count


def _sheet_name(title: str) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\."""
    clean = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title).strip()
    return clean[:31] or "1"


def _formats(book: Any, columns: list[ExportColumn]) -> list[Any]:
    patterns = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}
    found = []
    for column in columns:
        decimals = f".{'0' * column.places}" if column.places else ""
        numbers = {"number": f"#,##0{decimals}", "percent": f'0{decimals}"%"'}
        pattern = patterns.get(column.kind) or numbers.get(column.kind)
        found.append(book.add_format({"num_format": pattern}) if pattern else None)
    return found


def _write(sheet: Any, line: int, place: int, value: Value, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime.date):
        sheet.write_datetime(line, place, value, style)
    elif isinstance(value, bool | str):
        sheet.write_string(line, place, xlsx_text(str(value)), None)
    else:
        sheet.write_number(line, place, float(value), style)


def _width(value: Value) -> int:
    """Roughly how many characters wide the value is; Chinese ones count double."""
    text = f"{value:%Y-%m-%d}" if isinstance(value, datetime.date) else str(value if value is not None else "")
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text[:_WIDEST]) + 2


def _write_notes(book: Any, table: ExportTable) -> None:
    sheet = book.add_worksheet(_sheet_name(_("About this file")))
    bold = book.add_format({"bold": True})
    for line, (label, text) in enumerate([(_("List"), table.title), *table.notes]):
        sheet.write_string(line, 0, xlsx_text(label), bold)
        sheet.write_string(line, 1, xlsx_text(text))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
