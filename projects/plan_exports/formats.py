"""The formats that plans are exported in, and those of them that are read back without Java."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from projects.calc.plan.document import Plan, Remark
from projects.plan_exports.csv_file import read_csv, write_csv
from projects.plan_exports.mspdi import write_mspdi
from projects.plan_exports.mspdi_limits import limits_of
from projects.plan_exports.xlsx import read_xlsx, write_xlsx, xlsx_limits
from projects.plan_files.errors import PlanFileError
from projects.plan_files.reading import register_reader

Writer = Callable[[Plan, BinaryIO], tuple[Remark, ...]]

WRITERS: dict[str, Writer] = {"mspdi": write_mspdi, "xlsx": write_xlsx, "csv": write_csv}
LIMITS: dict[str, Callable[[Plan], tuple[Remark, ...]]] = {
    "mspdi": limits_of,
    "xlsx": xlsx_limits,
    "csv": lambda _plan: (),
}
"""What each writer would report of a plan, without writing it."""
ENDINGS = {"mspdi": "xml", "xlsx": "xlsx", "csv": "csv"}
CONTENT_TYPES = {
    "mspdi": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def register_readers() -> None:
    """Let plan files in XLSX and CSV be read as every other plan file."""
    register_reader("xlsx", lambda path, _name, source, _progress: _one(read_xlsx, path, source))
    register_reader("csv", lambda path, _name, source, _progress: _one(read_csv, path, source))


def _one(read: Callable[[Path], Any], path: Path, source: str | None) -> Plan:
    """Such a file holds one plan."""
    if source:
        raise PlanFileError("no_such_project", project=source[:100], projects="")
    plan: Plan = read(path)
    return plan
