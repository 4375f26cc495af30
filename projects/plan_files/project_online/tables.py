"""The entity sets of saved ProjectData answers as lists of rows, whatever the shape and the number of the files.

Shapes: `{"value": [...]}` (JSON light), `{"d": {"results": [...]}}` and `{"d": [...]}` (verbose), or a bare list; also one file with
several of them under the names of their sets (`{"Projects": [...], "Tasks": {"value": [...]}}`). An entity set may stand in several
files, as the service answers 300 to 2,000 rows a page. Which set a file holds is said by its metadata address, by its name, or by the
columns of its rows.
Source: "ProjectData - Project OData service reference", Microsoft.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from projects.plan_files.detect import PLAN_ENDINGS
from projects.plan_files.errors import DAMAGED_ARCHIVE, PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

Row = dict[str, Any]

# By the column that only rows of this set have; the more telling ones first.
SETS = {
    "TaskBaselines": ("TaskBaselineStartDate", "TaskBaselineWork"),
    "AssignmentBaselines": ("AssignmentBaselineStartDate", "AssignmentBaselineWork"),
    "TimesheetLines": ("TimesheetLineId",),
    "Assignments": ("AssignmentId",),
    "Risks": ("RiskId",),
    "Issues": ("IssueId",),
    "Tasks": ("TaskOutlineLevel", "TaskIndex", "TaskId"),
    "Resources": ("ResourceName", "ResourceStandardRate"),
    "Projects": ("ProjectStartDate", "ProjectFinishDate", "ProjectId"),
}
# Columns of sets that repeat the key of another: who is tied to which task, and work by day.
FOREIGN = {"RelationshipType", "TimeByDay"}
METADATA = re.compile(r"\$metadata#(?:\w+\.)?(\w+)")
MOST_FILES = 2000


@dataclass
class Tables:
    """Rows by entity set, and the files that hold something else."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> list[Row]:
        return self.rows.get(name, [])


def read_tables(path: Path, limits: Limits) -> Tables:
    """All entity sets of a JSON file, or of the JSON files of an archive. Raises PlanFileError."""
    tables = Tables()
    for name, content in _contents(path, limits):
        _take(tables, name, content)
    if not tables.of("Projects") and not tables.of("Tasks"):
        raise PlanFileError("no_projects_in_json")
    return tables


def is_saved(path: Path) -> bool:
    """Whether an archive holds JSON and no plan file of another kind: then it is taken for saved answers."""
    try:
        with zipfile.ZipFile(path) as archive:
            endings = {PurePosixPath(name).suffix.lower() for name in archive.namelist()}
    except DAMAGED_ARCHIVE:
        return False
    return ".json" in endings and not endings & set(PLAN_ENDINGS)


def _contents(path: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the JSON files, counted while they are unpacked."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > limits.file:
            raise PlanFileError("too_large", limit=limits.file // MEGABYTE)
        yield path.name, path.read_bytes()
        return
    left = limits.unpacked
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir() and one.filename.lower().endswith(".json")]
            if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > limits.unpacked:
                raise PlanFileError("unpacks_too_large", limit=limits.unpacked // MEGABYTE)
            for entry in entries:
                with archive.open(entry) as source:
                    content = source.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise PlanFileError("unpacks_too_large", limit=limits.unpacked // MEGABYTE)
                yield PurePosixPath(entry.filename).name, content
    except DAMAGED_ARCHIVE as error:
        raise PlanFileError("archive_damaged") from error
    except RuntimeError as error:  # zipfile says so of a password
        raise PlanFileError("has_password") from error


def _take(tables: Tables, name: str, content: bytes) -> None:
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PlanFileError("json_damaged", name=name) from error
    for part, one in _parts(name, answer).items():
        rows = _rows(one)
        if rows is None:
            raise PlanFileError("json_other", name=part)
        _add(tables, part, one, rows)


def _parts(name: str, answer: Any) -> dict[str, Any]:
    """The answer by the name of its file, or the answers by entity set where one file holds them under their names."""
    if not isinstance(answer, dict) or "value" in answer or "d" in answer or not set(answer) & set(SETS):
        return {name: answer}
    return {part: one for part, one in answer.items() if part in SETS or _rows(one) is not None}


def _add(tables: Tables, name: str, answer: Any, rows: list[Row]) -> None:
    told = _set_of(answer, name, rows)
    if told:
        tables.rows.setdefault(told, []).extend(rows)
    elif rows:
        tables.others[name] = len(rows)


def _rows(answer: Any) -> list[Row] | None:
    """The rows of an answer in any of its shapes; None where it is none."""
    if isinstance(answer, dict):
        answer = answer.get("value", answer.get("d"))
    if isinstance(answer, dict):
        answer = answer.get("results")
    if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
        return None
    return answer


def _set_of(answer: Any, name: str, rows: list[Row]) -> str:
    """Which entity set it is: "" for one that nothing here reads."""
    address = ""
    if isinstance(answer, dict):
        address = str(answer.get("odata.metadata") or answer.get("@odata.context") or "")
    match = METADATA.search(address)
    if match:
        return match.group(1) if match.group(1) in SETS else ""
    stem = re.sub(r"[^a-z]", "", PurePosixPath(name).stem.lower())
    for known in SETS:
        if stem == known.lower() or stem == f"projectdata{known.lower()}":
            return known
    if not rows:
        return ""
    columns = set(rows[0])
    if columns & FOREIGN:
        return ""
    return next((known for known, telling in SETS.items() if telling[0] in columns), "")
