"""Read one sheet of an XLSX workbook. Runs in the sandboxed child, so it imports nothing of the product.

Yields JSON values: first a dict about the workbook, then one list per row that has content: `[row number, cell, ...]`.
A cell is null, text, number, boolean or `{"d": ISO date}` / `{"t": ISO date and time}`. Formulas are never evaluated:
the value that the last program stored is read, and `{"f": value}` marks it (`{"f": null}`: nothing was stored).
"""

from __future__ import annotations

import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# openpyxl loads NumPy when it is there, only to write arrays; without it the child starts faster and smaller.
sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]

from openpyxl import load_workbook  # noqa: E402
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: E402
from openpyxl.utils.cell import column_index_from_string, range_boundaries  # noqa: E402
from openpyxl.utils.datetime import from_excel, from_ISO8601  # noqa: E402
from openpyxl.xml.constants import SHEET_MAIN_NS  # noqa: E402
from openpyxl.xml.functions import iterparse  # noqa: E402

CHUNK = 1 << 20
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
MERGED_LIMIT = 200_000
DECLARATIONS = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
CURRENCY = re.compile(r"\[\$([^\]\-]+)(?:-[0-9A-Fa-f]+)?\]|([£€¥￥$₩₹])")
QUOTED = re.compile(r'"[^"]*"|\\.')
LETTERS = re.compile(r"[A-Z]+")
ROW, VALUE, FORMULA, INLINE, MERGED, RUN, TEXT = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "v", "f", "is", "mergeCell", "r", "t")
)


class RefusedError(Exception):
    """The file is refused with a message code and parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_workbook(
    path: str, sheet: str | None, unpacked_bytes: int, rows: int, columns: int, cells: int, cell_length: int
) -> Iterator[Any]:
    """Yield the description and the rows of one sheet; see the module's text. Raises RefusedError."""
    _unpack_once(path, unpacked_bytes)
    with open(path, "rb") as source:
        book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        titles = [one.title for one in book.worksheets]
        for chosen in _candidates(book, sheet):
            reader = SheetReader(book, chosen, rows=rows, columns=columns, cells=cells, cell_length=cell_length)
            content = reader.read()
            if content or chosen.title == sheet:
                break
        else:
            raise RefusedError("no_data")
        yield {"sheet": chosen.title, "sheets": titles, "merged": reader.fill_merged(content)}
        yield from content


def _unpack_once(path: str, unpacked_bytes: int) -> None:
    """Unpack every entry into nothing: counts what really comes out and looks for document type declarations."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            tail = b""
            try:
                with archive.open(entry) as stream:
                    while chunk := stream.read(CHUNK):
                        total += len(chunk)
                        if total > unpacked_bytes:
                            raise RefusedError("unpacks_too_large", size=total // CHUNK, limit=unpacked_bytes // CHUNK)
                        if any(mark in tail + chunk for mark in DECLARATIONS):
                            raise RefusedError("has_entities")
                        tail = chunk[-32:]
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
                raise RefusedError("damaged_workbook") from error


def _candidates(book: Any, sheet: str | None) -> list[Any]:
    """The sheet that was asked for, or every visible sheet in order (the first with content is taken)."""
    if sheet is None:
        visible = [one for one in book.worksheets if one.sheet_state == "visible"]
        return visible or list(book.worksheets)
    found = [one for one in book.worksheets if one.title == sheet]
    if not found:
        raise RefusedError("no_such_sheet", sheet=sheet, sheets=", ".join(one.title for one in book.worksheets))
    return found


class SheetReader:
    """One sheet as rows of plain JSON values, formulas marked and every size limited."""

    def __init__(self, book: Any, sheet: Any, *, rows: int, columns: int, cells: int, cell_length: int) -> None:
        self.sheet = sheet
        self.shared_strings = sheet._shared_strings
        self.epoch = book.epoch
        self.date_formats = book._date_formats
        self.timedelta_formats = book._timedelta_formats
        self.displays = [_display_of(style.numFmtId, book._number_formats) for style in book._cell_styles]
        self.limits = {"rows": rows, "columns": columns, "cells": cells, "cell_length": cell_length}
        self.column_numbers: dict[str, int] = {}
        self.dates: dict[tuple[str, int], Any] = {}
        self.merged: list[str] = []

    def read(self) -> list[list[Any]]:
        """All rows with content as `[row number, cell, ...]`, in the file's order."""
        result: list[list[Any]] = []
        count = number = 0
        with self.sheet._get_source() as source:
            for _, element in iterparse(source):
                if element.tag == MERGED:
                    self.merged.append(element.get("ref", ""))
                if element.tag != ROW:
                    continue
                number = int(element.get("r", number + 1))
                row = self._row(number, element)
                element.clear()
                if row is None:
                    continue
                result.append(row)
                count += len(row) - 1
                self._check_size(len(result), count)
        return result

    def _check_size(self, rows: int, cells: int) -> None:
        """The header row does not count."""
        if rows > self.limits["rows"] + 1:
            raise RefusedError("too_many_rows", limit=self.limits["rows"])
        if cells > self.limits["cells"]:
            raise RefusedError("too_many_cells_in_file", limit=self.limits["cells"])

    def _row(self, number: int, element: Any) -> list[Any] | None:
        """One row without its trailing empty cells, or None when nothing is in it."""
        filled: list[tuple[int, Any]] = []
        column = 0
        for cell in element:
            column = self._column(cell.get("r"), column)
            value = self._cell(cell)
            if value is not None and value != "":
                filled.append((column, value))
        if not filled:
            return None
        width = max(column for column, _ in filled)
        if number > LAST_ROW or width > LAST_COLUMN:
            raise RefusedError("damaged_workbook")
        if width > self.limits["columns"]:
            raise RefusedError("too_many_columns", count=width, limit=self.limits["columns"])
        row: list[Any] = [None] * (width + 1)
        row[0] = number
        for column, value in filled:
            if isinstance(value, str) and len(value) > self.limits["cell_length"]:
                raise RefusedError("cell_too_long", row=number, column=column, limit=self.limits["cell_length"])
            row[column] = value
        return row

    def _column(self, reference: str | None, previous: int) -> int:
        """The column of a cell reference such as `AB12`; a cell without one stands right of the cell before it."""
        if not reference:
            return previous + 1
        match = LETTERS.match(reference)
        if match is None:
            raise RefusedError("damaged_workbook")
        letters = match.group()
        if letters not in self.column_numbers:
            self.column_numbers[letters] = column_index_from_string(letters)
        return self.column_numbers[letters]

    def _cell(self, element: Any) -> Any:
        """The plain value of one cell element, marked when a formula stands behind it."""
        kind = element.get("t", "n")
        if kind == "inlineStr":
            child = element.find(INLINE)
            value: Any = None if child is None else "".join(part.text or "" for part in _texts(child))
        else:
            text = element.findtext(VALUE)
            value = self._value(kind, text, int(element.get("s", 0))) if text else None
        if isinstance(value, str) and "_x000D_" in value:
            value = value.replace("_x000D_", "")
        return {"f": value} if element.find(FORMULA) is not None else value

    def _value(self, kind: str, text: str, style: int) -> Any:
        """A stored value by its type: shared text, number (date, percent, money by its format), boolean, error."""
        if kind == "s":
            return self.shared_strings[int(text)]
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return text.strip() not in ("0", "false")
        if kind == "d":
            return _moment(from_ISO8601(text))
        return text

    def _number(self, text: str, style: int) -> Any:
        if style in self.date_formats:
            if (text, style) not in self.dates:
                self.dates[text, style] = self._date(text, style)
            return self.dates[text, style]
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        display = self.displays[style] if style < len(self.displays) else ""
        if display == '"%"':
            return f"{Decimal(repr(number)).normalize():f}%"
        if display == "%":
            return f"{(Decimal(repr(number)) * 100).normalize():f}%"
        if display:
            return f"{display}{Decimal(repr(number)).normalize():f}"
        return number

    def _date(self, text: str, style: int) -> Any:
        """A day number as a date; one outside the calendar is what a spreadsheet shows for it."""
        try:
            return _moment(from_excel(float(text), self.epoch, timedelta=style in self.timedelta_formats))
        except (OverflowError, ValueError):
            return "#VALUE!"

    def fill_merged(self, content: list[list[Any]]) -> int:
        """Give every empty cell of a merged range its first cell's value; returns how many cells were filled."""
        if not self.merged or not content:
            return 0
        by_number = {row[0]: row for row in content}
        widest = max(len(row) for row in content) - 1
        filled = 0
        for reference in self.merged:
            left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(reference))
            first = by_number.get(top)
            if first is None or not 0 < left < len(first) or first[left] is None:
                continue
            for number in range(top, min(bottom, content[-1][0]) + 1):
                if number in by_number:
                    filled += _fill(by_number[number], left, min(right, widest), first[left])
            if filled > MERGED_LIMIT:
                raise RefusedError("too_many_merged")
        return filled


def _texts(inline: Any) -> list[Any]:
    """The text elements of an inline string: plain ones and those of formatted runs, without reading aids."""
    return [*inline.findall(TEXT), *inline.findall(f"{RUN}/{TEXT}")]


def _fill(row: list[Any], left: int, right: int, value: Any) -> int:
    """Put the value into the empty cells left..right of the row, growing it; returns how many."""
    row.extend([None] * (right + 1 - len(row)))
    empty = [column for column in range(left, right + 1) if row[column] is None]
    for column in empty:
        row[column] = value
    return len(empty)


def _moment(value: datetime | date | time | timedelta) -> Any:
    """A date or time as JSON: dates are marked, times and durations become text."""
    if isinstance(value, datetime):
        if value.time() == time(0):
            return {"d": value.date().isoformat()}
        return {"t": value.replace(tzinfo=None, microsecond=0).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return str(value)


def _display_of(number_format: int, custom: list[str]) -> str:
    """What a number format shows beside the digits: "%" or a currency sign, else "".

    A percent sign in quotes stands beside the number as it is: 45 is shown as 45 %, not as 4500 %.

    Built-in currency formats show whatever the reader's computer is set to, so only formats of the file's own count.
    """
    if number_format < BUILTIN_FORMATS_MAX_SIZE:
        return "%" if "%" in BUILTIN_FORMATS.get(number_format, "") else ""
    code = custom[number_format - BUILTIN_FORMATS_MAX_SIZE]
    if "%" in QUOTED.sub("", code):
        return "%"
    if "%" in code:
        return '"%"'
    match = CURRENCY.search(code)
    if match is None:
        return ""
    return (match.group(1) or match.group(2) or "").strip()
