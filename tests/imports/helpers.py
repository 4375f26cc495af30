"""Small files and targets for the tests of the import engine."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.messages import ReadError
from pmo.core.imports.reading import read_table
from pmo.core.imports.standard_fields import PORTFOLIO_FIELDS
from pmo.core.imports.table import Table

TARGET = Target.of(PORTFOLIO_FIELDS)


def read(folder: Path, data: bytes | str, name: str = "table.csv", **options: Any) -> Table:
    """The table in these bytes (text is written as UTF-8)."""
    path = folder / "upload"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path, name, **options)


def refusal(folder: Path, data: bytes | str, name: str = "table.csv", **options: Any) -> ReadError:
    """The reason why these bytes are refused."""
    with pytest.raises(ReadError) as caught:
        read(folder, data, name, **options)
    assert str(caught.value), "the reason must be a sentence"
    return caught.value


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    """An XLSX file that `fill` has worked on."""
    book = Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_of(rows: list[list[Any]]) -> bytes:
    """An XLSX file with one sheet of these rows."""

    def fill(book: Workbook) -> None:
        for row in rows:
            book.active.append(row)

    return workbook(fill)


def repack(data: bytes, changes: dict[str, Callable[[bytes], bytes]], extra: dict[str, bytes] | None = None) -> bytes:
    """The workbook with some of its parts rewritten and some added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, changes.get(entry.filename, lambda same: same)(content))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target.getvalue()


def small_target(*fields: ImportField) -> Target:
    """A target with a code, a name and these fields."""
    return Target.of([ImportField("code", "Code"), ImportField("name", "Name"), *fields])
