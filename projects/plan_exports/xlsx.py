"""A plan as a workbook: one sheet a table, labels for people in the first row, names for programs in the second.

Every text is written as text, so nothing in a plan can become a formula; formulas in a workbook that comes back are refused.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from pmo.core.imports.export_safe import LONGEST_CELL, XLSX_WRITER_OPTIONS
from pmo.core.imports.limits import DEFAULT_LIMITS, Limits
from pmo.core.imports.sandbox import SandboxError, run_isolated
from projects.calc.plan.document import Plan, Remark
from projects.plan_exports.cells import Cell
from projects.plan_exports.labels import TITLES, label_of
from projects.plan_exports.tables import COLUMNS, NotAPlan, Table, plan_of, tables_of
from projects.plan_files.errors import PlanFileError

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("xlsx_child.py")
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = datetime.date(1900, 3, 1)  # the leap day of 1900 in workbooks never was
_WIDTHS = {"name": 40, "notes": 40, "moment": 17, "text": 14, "value": 30}


class _Cut:
    """Counts texts that no cell can hold whole."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, text: str) -> str:
        clean = _UNWRITABLE.sub("", text)
        if len(clean) > LONGEST_CELL or len(clean) < len(text):
            self.names.append(clean[:60])
        return clean[:LONGEST_CELL]

    def remarks(self) -> tuple[Remark, ...]:
        return (Remark("file", "text_cut", len(self.names), tuple(self.names[:5])),) if self.names else ()


def xlsx_limits(plan: Plan) -> tuple[Remark, ...]:
    """What a workbook of the plan cannot say, without writing it."""
    cut = _Cut()
    *tables, _report = tables_of(plan)
    for table in tables:
        for row in table.rows:
            for cell in row:
                if isinstance(cell, str):
                    cut(cell)
    return cut.remarks()


def write_xlsx(plan: Plan, stream: BinaryIO) -> tuple[Remark, ...]:
    """Write the workbook; returns what it cannot say, which stands in its report too."""
    cut = _Cut()
    *tables, _report = tables_of(plan)
    with xlsxwriter.Workbook(stream, {**XLSX_WRITER_OPTIONS, "constant_memory": True}) as book:
        formats = _Formats(book)
        for table in tables:
            _write_table(book, formats, table, cut)
        remarks = cut.remarks()
        *_tables, report = tables_of(plan, remarks)
        _write_table(book, formats, report, cut)
    return remarks


class _Formats:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#F1F3F6", "text_wrap": True, "valign": "top"})
        self.names = book.add_format({"font_color": "#7A828E", "font_size": 8, "bottom": 1})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})


def _write_table(book: Any, formats: _Formats, table: Table, cut: Callable[[str], str]) -> None:
    sheet = book.add_worksheet(str(TITLES[table.key])[:31])
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.name, _WIDTHS.get(column.kind, 11)))
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, label_of(table.key, column.name), formats.head)
    for place, column in enumerate(table.columns):
        sheet.write_string(1, place, f"{table.key}.{column.name}", formats.names)
    for line, row in enumerate(table.rows, start=2):
        for place, cell in enumerate(row):
            if cell is not None and cell != "":
                _write_cell(sheet, line, place, cell, formats, cut)
    sheet.freeze_panes(2, 0)


def _write_cell(sheet: Any, line: int, place: int, cell: Cell, formats: _Formats, cut: Callable[[str], str]) -> None:
    """Numbers and moments as such where the workbook keeps them exactly, otherwise as text."""
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, datetime.datetime):
        if cell.date() >= _FIRST_DAY and not cell.microsecond:
            sheet.write_datetime(line, place, cell, formats.moment)
        else:
            sheet.write_string(line, place, cell.isoformat())
    elif isinstance(cell, int | float | Decimal):
        kept = f"{float(cell):.15G}"
        if Decimal(kept) == (cell if isinstance(cell, Decimal) else Decimal(repr(cell))):
            sheet.write_number(line, place, float(cell))
        else:
            sheet.write_string(line, place, str(cell))
    else:
        sheet.write_string(line, place, cut(cell or ""))


def read_xlsx(path: Path, limits: Limits = DEFAULT_LIMITS) -> Plan:
    """The plan of a workbook that `write_xlsx` wrote. Raises PlanFileError."""
    arguments = {
        "path": str(path.resolve()),
        "unpacked_bytes": limits.unpacked_bytes,
        "rows": limits.rows,
        "columns": limits.columns,
        "cells": limits.cells,
        "sheets": 2 * len(COLUMNS),
    }
    found: dict[str, tuple[list[str], list[list[Cell]]]] = {}
    try:
        with run_isolated(
            CHILD,
            "read_sheets",
            arguments,
            wall_seconds=limits.wall_seconds,
            cpu_seconds=limits.cpu_seconds,
            memory_bytes=limits.memory_bytes,
            output_bytes=2 * limits.unpacked_bytes,
            object_hook=_moment,
        ) as answer:
            rows: list[list[Cell]] | None = None
            for line in answer:
                if isinstance(line, dict):
                    rows = _open_sheet(found, line["names"])
                elif rows is not None:
                    rows.append(line)
        return plan_of(found)
    except SandboxError as error:
        raise _refusal(error, limits) from error
    except NotAPlan as error:
        raise PlanFileError("bad_table" if error.place else "unknown_format", place=error.place) from error


def _open_sheet(found: dict[str, tuple[list[str], list[list[Cell]]]], names: list[Any]) -> list[list[Cell]] | None:
    """Where the rows of a sheet go; None for a sheet that is not ours."""
    parts = [str(name or "").partition(".") for name in names]
    key = parts[0][0] if parts else ""
    if key not in COLUMNS or key in found:
        return None
    found[key] = ([name if of == key else "" for of, _dot, name in parts], [])
    return found[key][1]


def _moment(data: dict[str, Any]) -> Any:
    return datetime.datetime.fromisoformat(data["t"]) if "t" in data else data


def _refusal(error: SandboxError, limits: Limits) -> PlanFileError:
    if error.code == "refused":
        return PlanFileError(error.params.pop("code"), **error.params)
    if error.code == "memory":
        return PlanFileError("memory", detail=error.detail)
    if error.code == "time":
        return PlanFileError("time", detail=error.detail, limit=limits.cpu_seconds)
    return PlanFileError("damaged", detail=error.detail)
