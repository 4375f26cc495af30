"""Look at a zip archive's directory before anything is unpacked: entries, sizes, ratio, overlaps, passwords, kind."""

import zipfile
from pathlib import Path

from pmo.core.imports.limits import Limits
from pmo.core.imports.messages import ReadError

ENCRYPTED = 0x1
LOCAL_HEADER = 30
OTHER_KINDS = {
    "xl/workbook.bin": "xlsx_is_binary",
    "word/document.xml": "is_word",
    "ppt/presentation.xml": "is_powerpoint",
    "content.xml": "is_opendocument",
}


def check_workbook_archive(path: Path, limits: Limits) -> None:
    """Raise ReadError unless the directory describes an XLSX workbook of acceptable size.

    The directory may lie; the child that unpacks counts the bytes again.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, UnicodeError) as error:
        raise ReadError("damaged_workbook") from error
    _check_sizes(entries, limits)
    _check_overlaps(entries)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ReadError("has_password")
    _check_kind({entry.filename for entry in entries})


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.zip_entries:
        raise ReadError("too_many_entries", count=len(entries), limit=limits.zip_entries)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise ReadError("unpacks_too_large", size=megabytes(unpacked), limit=megabytes(limits.unpacked_bytes))
    if unpacked > limits.ratio_from_bytes and unpacked > limits.compression_ratio * max(packed, 1):
        ratio = unpacked // max(packed, 1)
        raise ReadError("compressed_too_much", ratio=ratio, limit=limits.compression_ratio)


def _check_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are the newer kind of zip bomb: each looks harmless, together they are not."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ReadError("damaged_workbook")
        end = entry.header_offset + LOCAL_HEADER + entry.compress_size


def _check_kind(names: set[str]) -> None:
    if any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        return
    for name, code in OTHER_KINDS.items():
        if name in names:
            raise ReadError(code)
    raise ReadError("is_other_archive")


def megabytes(size: int) -> int:
    """Bytes as whole megabytes, rounded up, for messages."""
    return -(-size // (1024 * 1024))
