"""The tables of one zip archive, read safely: what it unpacks to is looked at before anything is unpacked."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pmo.core.imports.archive import LOCAL_HEADER, megabytes
from pmo.core.imports.limits import DEFAULT_LIMITS, Limits
from pmo.core.imports.messages import ReadError
from pmo.core.imports.reading import read_table
from pmo.core.imports.table import Table
from pmo.core.imports.texts import in_all_languages
from portfolio.linked import texts
from projects.plan_files.errors import DAMAGED_ARCHIVE

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
MOST_FILES = 200
_ENCRYPTED = 0x1
_CHUNK = 1 << 20

__all__ = ["TABLES", "Archive", "check_archive", "read_archive", "texts"]


@dataclass
class Archive:
    """Tables by the names of their files in small letters without ending, and the files that are no tables."""

    tables: dict[str, Table] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_archive(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Archive:
    """Every table of the archive. Raises ReadError in words for what is no zip, is damaged, locked, too large or a bomb."""
    with (
        _opened(path, limits) as (archive, entries),
        tempfile.TemporaryDirectory(prefix="linked-") as folder,
    ):
        return _read(archive, entries, Path(folder), limits)


def check_archive(source: IO[bytes], *, limits: Limits = DEFAULT_LIMITS) -> None:
    """What the directory alone gives away: raises ReadError as `read_archive` does, and unpacks nothing.

    The file stands at its beginning afterwards.
    """
    try:
        with _opened(source, limits):
            pass
    finally:
        source.seek(0)


@contextmanager
def _opened(source: Path | IO[bytes], limits: Limits) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """The archive and its files, once its directory was looked at."""
    if not zipfile.is_zipfile(source):
        raise ReadError("linked_not_zip")
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            _check(entries, limits)
            yield archive, entries
    except DAMAGED_ARCHIVE as error:
        raise ReadError("linked_damaged") from error


def _check(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > MOST_FILES:
        raise ReadError("linked_entries", count=len(entries), limit=MOST_FILES)
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    # All tables together may be as large as one that comes alone: they stand in memory at once.
    if unpacked > limits.upload_bytes:
        raise ReadError("linked_unpacks", size=megabytes(unpacked), limit=megabytes(limits.upload_bytes))
    if unpacked > limits.ratio_from_bytes and unpacked > limits.compression_ratio * packed:
        raise ReadError("linked_ratio", ratio=unpacked // packed, limit=limits.compression_ratio)
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ReadError("linked_damaged")
        end = entry.header_offset + LOCAL_HEADER + entry.compress_size
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise ReadError("linked_password")


def _read(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], folder: Path, limits: Limits) -> Archive:
    found = Archive()
    for number, entry in enumerate(entries):
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if "__MACOSX" in name.parts or name.name.startswith("."):
            continue
        if name.suffix.lower() not in TABLES:
            found.unread.append(str(name)[:200])
            continue
        key = name.stem.lower()
        if key in found.tables:
            raise ReadError("linked_twice", name=name.name)
        copy = folder / f"{number}{name.suffix.lower()}"
        _unpack(archive, entry, copy)
        found.tables[key] = _table(copy, name.name, limits)
        copy.unlink()
    if not found.tables:
        raise ReadError("linked_no_tables")
    return found


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path) -> None:
    """The entry as a file. The directory may lie, but no more bytes come than it says; a wrong check sum is refused."""
    try:
        with archive.open(entry) as source, to.open("wb") as sink:
            shutil.copyfileobj(source, sink, _CHUNK)
    except (RuntimeError, zipfile.LargeZipFile) as error:
        raise ReadError("linked_damaged") from error


def _table(path: Path, name: str, limits: Limits) -> Table:
    """The table of one file; what is wrong with it is told with its name."""
    try:
        return read_table(path, name, limits=limits, header_row=1)
    except ReadError as error:
        message: Any = error.message
        detail = in_all_languages(lambda: str(message))
        raise ReadError("linked_table", file=name, detail=detail) from error
