"""What a file is, by its first bytes: the name and the type that a browser sends may say anything."""

import codecs
from pathlib import Path

from pmo.core.imports.messages import ReadError

HEAD = 4096
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
BINARY_STARTS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
)
MARKUP_STARTS = ("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<workbook")


def kind_of(path: Path) -> str:
    """ "text" or "xlsx". Raises ReadError with the reason for anything that is not a table."""
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError("is_empty")
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(OLE):
        raise ReadError("has_password" if _is_encrypted(path) else "is_old_excel")
    for start, name in BINARY_STARTS:
        if head.startswith(start) and _looks_binary(head):
            raise ReadError("is_other_kind", kind=name)
    _refuse_markup(head)
    return "text"


def _looks_binary(head: bytes) -> bool:
    """A text may begin with the letters BM or MZ; a binary file shows control bytes soon after."""
    return any(byte < 9 or 13 < byte < 32 for byte in head) or head.startswith(b"%PDF")


def _is_encrypted(path: Path) -> bool:
    """A workbook with a password is an OLE container that names its encrypted package in the directory."""
    return ENCRYPTED_PACKAGE in path.read_bytes()


def _refuse_markup(head: bytes) -> None:
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    start = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n").casefold()
    if start.startswith(MARKUP_STARTS):
        raise ReadError("is_markup")
