"""What kind of plan file it is, by what is in it: names and endings are only asked where content leaves two answers."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from projects.plan_files.errors import DAMAGED_ARCHIVE, PlanFileError

HEAD = 65_536
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROOTS = {"Project": "mspdi", "APIBusinessObjects": "pmxml", "project": "gan"}
# What may stand before the root element: declarations, comments, a document type (refused later, by name).
PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\])?[^>]*>\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL
)
PLAN_ENDINGS = (".mpp", ".mpt", ".xml", ".xer", ".pmxml", ".mpx", ".gan")
TABLE_ENDINGS = (".csv", ".tsv", ".txt")


def detect(path: Path, name: str) -> str:
    """mpp, mspdi, xer, pmxml, mpx, gan, xlsx, csv, json, or zip for an archive. Raises PlanFileError."""
    try:
        with path.open("rb") as source:
            head = source.read(HEAD)
    except FileNotFoundError as error:
        raise PlanFileError("not_found") from error
    if not head.strip(b"\x00 \t\r\n"):
        raise PlanFileError("empty")
    if head.startswith(OLE):
        return _ole(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    found = _text(head, name)
    if found is None:
        raise PlanFileError("unknown_format")
    return found


def _ole(path: Path) -> str:
    """Word, Excel and Project share one container: Project writes its name or its property streams into it."""
    marks = (b"MSProject", "Props9".encode("utf-16-le"), "Props12".encode("utf-16-le"), "Props14".encode("utf-16-le"))
    tail = b""
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            if any(mark in tail + chunk for mark in marks):
                return "mpp"
            tail = chunk[-64:]
    raise PlanFileError("unknown_format")


def _archive(path: Path) -> str:
    """A workbook, or an archive with something else in it. Only its directory is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except DAMAGED_ARCHIVE as error:
        raise PlanFileError("archive_damaged") from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "zip"


def _text(head: bytes, name: str) -> str | None:
    if head.startswith(b"ERMHDR"):
        return "xer"
    if head.startswith((b"MPX,", b"MPX;", b"MPX\t")):
        return "mpx"
    text = _decoded(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        match = PROLOG.match(start)
        return ROOTS.get(match.group(1)) if match else None
    if start.startswith(("{", "[")):
        return "json"
    return "csv" if name.lower().endswith(TABLE_ENDINGS) else None


def _decoded(head: bytes) -> str | None:
    """The beginning as text; Latin letters and tags are all that is looked for, so any single-byte code will do."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    return head.decode("utf-8-sig", errors="replace")
