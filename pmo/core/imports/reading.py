"""Read a table from an uploaded file: `read_table` is the one door, whatever the file turns out to be."""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pmo.core.imports import decoding, delimited
from pmo.core.imports.archive import check_workbook_archive, megabytes
from pmo.core.imports.headers import NAMED_IN_NOTES, Header, find_header, name_columns
from pmo.core.imports.kinds import kind_of
from pmo.core.imports.limits import DEFAULT_LIMITS, MIB, Limits
from pmo.core.imports.messages import Message, ReadError, shorten
from pmo.core.imports.sandbox import SandboxError, run_isolated
from pmo.core.imports.table import Cell, Column, Table, cell_text, is_blank

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("workbook_child.py")
QUICK_TEXT = 8 * MIB
QUICK_WORKBOOK = 256 * 1024


def read_table(
    path: Path,
    filename: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    sheet: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
) -> Table:
    """The table in a CSV, TSV, TXT or XLSX file. Raises ReadError with a plain reason.

    The type comes from the content; `filename` is only shown. `sheet`, `delimiter`, `encoding` and `header_row` (a row
    number, 0 for "there is none") overrule what would be recognised.
    """
    size = path.stat().st_size
    if size > limits.upload_bytes:
        raise ReadError("file_too_large", size=megabytes(size), limit=megabytes(limits.upload_bytes))
    if kind_of(path) == "xlsx":
        check_workbook_archive(path, limits)
        return _read_workbook(path, filename, limits, sheet, header_row)
    text, used = decoding.decode(path.read_bytes(), encoding)
    records = delimited.read_records(text, limits, delimiter)
    table = _build("csv", filename, records.rows, records.numbers, header_row)  # type: ignore[arg-type]
    table.encoding = used
    table.delimiter = records.delimiter
    if records.lines is not None:
        table.lines = records.lines[-len(table.rows) :] if table.rows else []
    return table


def is_quick(path: Path) -> bool:
    """Will reading take clearly less than two seconds? If not, it belongs in a job."""
    with path.open("rb") as source:
        zipped = source.read(2) == b"PK"
    return path.stat().st_size <= (QUICK_WORKBOOK if zipped else QUICK_TEXT)


def _read_workbook(path: Path, filename: str, limits: Limits, sheet: str | None, header_row: int | None) -> Table:
    hook = _Hook()
    arguments = {
        "path": str(path.resolve()),
        "sheet": sheet,
        "unpacked_bytes": limits.unpacked_bytes,
        "rows": limits.rows,
        "columns": limits.columns,
        "cells": limits.cells,
        "cell_length": limits.cell_length,
    }
    try:
        with run_isolated(
            CHILD,
            "read_workbook",
            arguments,
            wall_seconds=limits.wall_seconds,
            cpu_seconds=limits.cpu_seconds,
            memory_bytes=limits.memory_bytes,
            output_bytes=2 * limits.unpacked_bytes,
            object_hook=hook,
        ) as answer:
            about = next(answer)
            rows, numbers, formulas = _collect(answer, hook)
    except SandboxError as error:
        raise _refusal(error, limits) from error
    table = _build("xlsx", filename, rows, numbers, header_row)
    table.sheet = about["sheet"]
    table.sheets = tuple(about["sheets"])
    _note_workbook(table, formulas, about["merged"])
    return table


class _Hook:
    """Turns the child's marked values into dates and formula cells while JSON is read."""

    def __init__(self) -> None:
        self.formulas = 0

    def __call__(self, data: dict[str, Any]) -> Any:
        if "d" in data:
            return date.fromisoformat(data["d"])
        if "t" in data:
            return datetime.fromisoformat(data["t"])
        if "f" in data:
            self.formulas += 1
            return _Formula(data["f"])
        return data


class _Formula:
    __slots__ = ("value",)

    def __init__(self, value: Cell) -> None:
        self.value = value


def _collect(answer: Iterator[Any], hook: _Hook) -> tuple[list[list[Cell]], list[int], dict[tuple[int, int], bool]]:
    """Rows, their numbers, and the formula cells by row number and column index."""
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    formulas: dict[tuple[int, int], bool] = {}
    before = 0
    for row in answer:
        number = row.pop(0)
        if hook.formulas != before:
            before = hook.formulas
            for index, cell in enumerate(row):
                if isinstance(cell, _Formula):
                    formulas[number, index] = cell.value is not None
                    row[index] = cell.value
        rows.append(row)
        numbers.append(number)
    return rows, numbers, formulas


def _refusal(error: SandboxError, limits: Limits) -> ReadError:
    """The user's words for what happened in the child; the details go to the log."""
    if error.code == "refused":
        return ReadError(**error.params)
    if error.code == "crashed":
        logger.warning("Workbook could not be read: %s", error.detail)
        return ReadError("damaged_workbook")
    if error.code == "memory":
        return ReadError("needs_too_much_memory")
    return ReadError("takes_too_long", seconds=limits.cpu_seconds)


def _build(kind: str, filename: str, rows: list[list[Cell]], numbers: list[int], header_row: int | None) -> Table:
    """Header, columns and equally wide rows from rows with content."""
    if not rows:
        raise ReadError("no_data")
    header = find_header(rows, numbers, header_row)
    data, data_numbers = rows[header.last + 1 :], numbers[header.last + 1 :]
    columns, overlong, notes = _widen(kind, header, data, data_numbers)
    short = _even_out(data, data_numbers, len(columns))
    if short:
        notes.append(_ragged("rows_short", short))
    if overlong:
        notes.append(_ragged("rows_overlong", list(overlong)))
    if not data:
        notes.append(Message("no_rows_below_header"))
    preamble = tuple(
        (numbers[position], shorten(" ".join(dict.fromkeys(cell_text(cell) for cell in rows[position])), 200))
        for position in range(max(header.first, 0))
    )
    if preamble:
        notes.insert(0, Message("titles_skipped", {"count": len(preamble), "row": numbers[header.first]}))
    number = numbers[header.last] if header.last >= 0 else 0
    table = Table(filename, kind, columns, data, data_numbers, number, preamble=preamble, notes=notes)
    table.overlong = overlong
    return table


def _widen(
    kind: str, header: Header, data: list[list[Cell]], numbers: list[int]
) -> tuple[tuple[Column, ...], dict[int, str], list[Message]]:
    """Columns up to the last one that has a header or content, and the rows that reach beyond the header.

    In a workbook a cell keeps its place whatever stands left of it, so content without a header is one more column. In
    a text file a row that is too long is probably out of step (a delimiter inside a text), unless most rows are.
    """
    texts = list(header.texts)
    while texts and not texts[-1] and header.last >= 0:
        texts.pop()
    width = len(texts)
    beyond = {
        number: shorten(" ".join(cell_text(cell) for cell in row[width:]))
        for number, row in zip(numbers, data, strict=True)
        if len(row) > width and not all(is_blank(cell) for cell in row[width:])
    }
    if beyond and (kind == "xlsx" or 2 * len(beyond) > len(data)):
        texts += [""] * (max(len(row) for row in data) - width)
        beyond = {}
    columns, notes = name_columns(texts)
    return columns, beyond, header.notes + (notes if header.last >= 0 else [])


def _even_out(data: list[list[Cell]], numbers: list[int], width: int) -> list[int]:
    """Make all rows as wide as the header; returns the numbers of the rows that had cells missing."""
    short = []
    for number, row in zip(numbers, data, strict=True):
        length = len(row)
        if length < width:
            short.append(number)
            row.extend([None] * (width - length))
        elif length > width:
            del row[width:]
    return short


def _ragged(code: str, numbers: list[int]) -> Message:
    named = ", ".join(str(number) for number in numbers[:NAMED_IN_NOTES])
    more = "…" if len(numbers) > NAMED_IN_NOTES else ""
    return Message(code, {"count": len(numbers), "rows": named + more})


def _note_workbook(table: Table, formulas: dict[tuple[int, int], bool], merged: int) -> None:
    """What a workbook hides: several sheets, formulas, merged cells, and why rows look short (they are not)."""
    table.notes = [note for note in table.notes if note.code != "rows_short"]
    last = table.header_row
    table.formulas = {place: stored for place, stored in formulas.items() if place[0] > last}
    if len(table.sheets) > 1:
        table.notes.append(Message("sheet_chosen", {"sheet": table.sheet, "count": len(table.sheets)}))
    stored = sum(table.formulas.values())
    if stored:
        table.notes.append(Message("formulas_stored", {"count": stored}))
    if len(table.formulas) > stored:
        table.notes.append(Message("formulas_without_value", {"count": len(table.formulas) - stored}))
    if merged:
        table.notes.append(Message("merged_filled", {"count": merged}))
