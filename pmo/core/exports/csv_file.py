"""CSV: UTF-8 with a byte order mark (so that spreadsheets read Chinese), notes first as lines that begin with #."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from typing import Any

from pmo.core.exports.model import ExportTable, Value
from pmo.core.imports.export_safe import safe_csv_cell

BOM = "\ufeff"


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def csv_stream(table: ExportTable) -> Iterator[str]:
    """The file piece by piece."""
    writer: Any = csv.writer(_Echo(), lineterminator="\r\n")
    yield BOM + writer.writerow([f"# {table.title}"])
    for label, text in table.notes:
        yield writer.writerow([safe_csv_cell(f"# {label}"), safe_csv_cell(text)])
    yield writer.writerow([safe_csv_cell(column.label) for column in table.columns])
    for row in table.rows:
        yield writer.writerow([_text(value) for value in row])


def _text(value: Value) -> str:
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return safe_csv_cell(value)
