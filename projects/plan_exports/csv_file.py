"""A plan as one CSV file of several tables: each begins with `#tasks` and its title, then the names of its columns; an
empty line ends it. UTF-8 with a byte order mark, so that spreadsheets read Chinese.

An apostrophe stands before text that a spreadsheet would run (`export_safe`); reading takes it away again.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from pmo.core.imports.export_safe import restore_csv_cell, safe_csv_cell
from projects.calc.plan.document import Plan, Remark
from projects.plan_exports.cells import Cell
from projects.plan_exports.labels import TITLES
from projects.plan_exports.tables import COLUMNS, NotAPlan, plan_of, tables_of
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE

LONGEST_FILE = 128 * MEGABYTE
LONGEST_TEXT = 4 * MEGABYTE


def write_csv(plan: Plan, stream: BinaryIO) -> tuple[Remark, ...]:
    """Write the file. There is nothing that it cannot say."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for table in tables_of(plan):
        writer.writerow([f"#{table.key}", str(TITLES[table.key])])
        writer.writerow([column.name for column in table.columns])
        writer.writerows([_written(cell) for cell in row] for row in table.rows)
        text.write("\r\n")
    text.flush()
    text.detach()
    return ()


def _written(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    return safe_csv_cell(cell)


def read_csv(path: Path) -> Plan:
    """The plan of a file that `write_csv` wrote. Raises PlanFileError."""
    if path.stat().st_size > LONGEST_FILE:
        raise PlanFileError("too_large", limit=LONGEST_FILE // MEGABYTE)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanFileError("unknown_format") from error
    if not text.startswith("#plan"):
        raise PlanFileError("unknown_format")
    found: dict[str, tuple[list[str], list[list[Cell]]]] = {}
    try:
        for key, names, rows in _sections(text):
            if key in COLUMNS and key not in found:
                found[key] = (names, rows)
        return plan_of(found)
    except csv.Error as error:
        raise PlanFileError("damaged", detail=repr(error)) from error
    except NotAPlan as error:
        raise PlanFileError("bad_table" if error.place else "unknown_format", place=error.place) from error


def _sections(text: str) -> Iterator[tuple[str, list[str], list[list[Cell]]]]:
    csv.field_size_limit(LONGEST_TEXT)
    lines = csv.reader(io.StringIO(text, newline=""))
    for head in lines:
        if not head or not head[0].startswith("#"):
            continue
        names = next(lines, [])
        rows: list[list[Cell]] = []
        for row in lines:
            if not any(row):
                break
            rows.append([restore_csv_cell(cell) for cell in row])
        yield head[0].removeprefix("#"), names, rows
