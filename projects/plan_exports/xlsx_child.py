"""Read all sheets of a workbook that holds a plan. Runs in the sandboxed child, so it imports nothing of the product.

Yields `{"names": [...]}` for each sheet, from its second row, then its rows as lists. A cell is null, text, number, boolean
or `{"t": ISO moment}`. A formula is refused: nothing that we write is one.
"""

from __future__ import annotations

import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]

from openpyxl import load_workbook  # noqa: E402
from openpyxl.utils.exceptions import InvalidFileException  # noqa: E402

CHUNK = 1 << 20
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DECLARATIONS = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, KeyError, ValueError, TypeError)


class RefusedError(Exception):
    """The file is refused with a code and parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_sheets(path: str, unpacked_bytes: int, rows: int, columns: int, cells: int, sheets: int) -> Iterator[Any]:
    """Yield the sheets one after the other. Raises RefusedError."""
    try:
        _unpack_once(path, unpacked_bytes)
        with open(path, "rb") as source:
            book = load_workbook(source, read_only=True, data_only=False, keep_links=False)
            left = cells
            for sheet in book.worksheets[:sheets]:
                for line in _sheet(sheet, rows, columns):
                    left -= len(line) if isinstance(line, list) else 0
                    if left < 0:
                        raise RefusedError("too_many_cells", limit=cells)
                    yield line
    except (*BROKEN, InvalidFileException, SyntaxError, AttributeError, IndexError) as error:
        raise RefusedError("damaged") from error


def _unpack_once(path: str, unpacked_bytes: int) -> None:
    """Count what really comes out, and look for document type declarations."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            tail = b""
            with archive.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    total += len(chunk)
                    if total > unpacked_bytes:
                        raise RefusedError("unpacks_too_large", limit=unpacked_bytes // CHUNK)
                    if any(mark in tail + chunk for mark in DECLARATIONS):
                        raise RefusedError("has_entities")
                    tail = chunk[-32:]


def _sheet(sheet: Any, rows: int, columns: int) -> Iterator[Any]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=columns), start=1):
        if number > rows + 2:
            raise RefusedError("too_many_rows", limit=rows)
        line = [_value(cell, number) for cell in row]
        while line and line[-1] is None:
            line.pop()
        if number == 2:
            yield {"names": line}
        elif number > 2 and line:
            yield line


def _value(cell: Any, number: int) -> Any:
    value = cell.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if cell.data_type == "f":
        raise RefusedError("formula", row=number)
    if isinstance(value, str):
        return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), value)
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"t": datetime.combine(value, time()).isoformat()}
    raise RefusedError("damaged")
