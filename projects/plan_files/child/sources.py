"""Open a file with Java's reader of its format, as one project."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jpype
from jpype import JClass

from projects.plan_files.child.counts import HeldProject, Inventory
from projects.plan_files.errors import PlanFileError

READERS = {
    "mpp": "org.mpxj.mpp.MPPReader",
    "mspdi": "org.mpxj.mspdi.MSPDIReader",
    "mpx": "org.mpxj.mpx.MPXReader",
    "xer": "org.mpxj.primavera.PrimaveraXERFileReader",
    "pmxml": "org.mpxj.primavera.PrimaveraPMFileReader",
    "gan": "org.mpxj.ganttproject.GanttProjectReader",
}
LARGEST_ID = 2**31 - 1


@contextmanager
def errors_of_java() -> Iterator[None]:
    """Whatever Java cannot read, or finds damaged later, is one error of ours."""
    try:
        yield
    except jpype.JException as error:
        words = f"{error.__class__.__name__}: {error}"[:500]
        if "password" in words.lower():
            raise PlanFileError("protected") from error
        raise PlanFileError("damaged", detail=words) from error


def opened(path: Path, format: str, chosen: HeldProject | None, held: Inventory) -> Any:
    """Java's project. Raises PlanFileError, and Java's errors."""
    reader = JClass(READERS[format])()
    if chosen is not None and len(held.projects) > 1:
        if not (chosen.key.isdecimal() and int(chosen.key) <= LARGEST_ID):
            raise PlanFileError("damaged", detail="The id of the project is no number.")
        reader.setProjectID(int(chosen.key))
    if format == "xer":
        # Primavera does not say in which character set it wrote; Java gets UTF-8 whatever it was.
        reader.setCharset(JClass("java.nio.charset.StandardCharsets").UTF_8)
        project = _read_copy(reader, _text(path, held).encode("utf-8"))
    elif format == "mpx":
        project = _read_copy(reader, _mpx(path, held))
    else:
        project = reader.read(str(path))
    if project is None:
        raise PlanFileError("damaged", detail="Java's reader returned nothing.")
    return project


def _text(path: Path, held: Inventory) -> str:
    return path.read_bytes().decode(held.charset, errors="replace")


def _mpx(path: Path, held: Inventory) -> bytes:
    """The file itself, or with Chinese in it the Chinese code page that Java knows, which the first line then names."""
    content = path.read_bytes()
    if held.charset == "cp1252" or content.isascii():
        return content
    text = _text(path, held)
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        head, end, rest = text.partition("\n")
        separator = head[3:4]
        fields = head.rstrip("\r").split(separator)
        named = separator.join([*fields[:3], "ZH"])
        return f"{named}\r{end}{rest}".encode("gb2312", errors="replace")


def _read_copy(reader: Any, content: bytes) -> Any:
    with tempfile.NamedTemporaryFile(suffix=".plan") as copy:
        copy.write(content)
        copy.flush()
        return reader.read(copy.name)
