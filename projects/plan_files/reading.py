"""Read plan files: which kind, which projects, and one project as a Plan."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from projects.calc.plan.document import Plan, SourceProject
from projects.calc.plan.holdable import Cleaning
from projects.calc.plan.stored import plan_json, plan_of
from projects.plan_files.detect import detect
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits
from projects.plan_files.process import Progress, ReadingProcess

log = logging.getLogger(__name__)

Reader = Callable[[Path, str, str | None, Progress | None], Plan]
"""Called with the path, the uploaded name, the chosen project and who is told the progress."""
Lister = Callable[[Path, str], list[SourceProject]]

CHILD_FORMATS = ("mpp", "mspdi", "xer", "pmxml", "mpx", "gan", "json", "zip")
SEVERAL = ("xer", "pmxml", "json", "zip")
READERS: dict[str, Reader] = {}
LISTERS: dict[str, Lister] = {}

__all__ = ["detect", "known_formats", "projects_of", "read_plan", "register_reader"]


def register_reader(format: str, read: Reader, projects: Lister | None = None) -> None:
    """Let another module read a format that `detect` tells apart: xlsx, csv, json."""
    READERS[format] = read
    if projects is not None:
        LISTERS[format] = projects


def known_formats() -> tuple[str, ...]:
    return (*(one for one in CHILD_FORMATS if one != "zip"), *READERS)


def projects_of(path: Path, *, name: str) -> list[SourceProject]:
    """The projects that a file holds, the one that is read unasked first.

    Only XER and PMXML hold several. Other files give one entry with the key "", without a look at its tasks. Raises PlanFileError.
    """
    format = detect(path, name)
    if format in LISTERS:
        return LISTERS[format](path, name)
    if format in READERS:
        return [SourceProject("", Path(name).stem, 0)]
    if format not in SEVERAL:
        return [SourceProject("", Path(name).stem, 0)]
    found = _asked(path, name, format, {"action": "projects"}, None, Limits())
    return [SourceProject(**one) for one in Cleaning().clean(found)]


def read_plan(
    path: Path,
    *,
    name: str,
    source_project: str | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Plan:
    """One project of the file, with the remarks of what was kept elsewhere and lost.

    `source_project` is a key of `projects_of`, or a code or name that only one of them has; without it the first real
    project is read. Raises PlanFileError, and lets through what `progress` raises: then the reading process is ended.
    """
    format = detect(path, name)
    if format in READERS:
        return plan_as_read(plan_json(READERS[format](path, name, source_project, progress)))
    request = {"action": "read", "source_project": source_project or ""}
    return plan_as_read(_asked(path, name, format, request, progress, limits or Limits()))


def plan_as_read(answer: Any) -> Plan:
    """The plan that the process wrote. Raises PlanFileError where a damaged file led to values that no plan has."""
    cleaning = Cleaning()
    try:
        plan = plan_of(cleaning.clean(answer))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        log.warning("Plan file read, but not understood: %r", error)
        raise PlanFileError("damaged", detail=repr(error)) from error
    removed = cleaning.remarks()
    return replace(plan, lost=(*plan.lost, *removed)) if removed else plan


def _asked(
    path: Path, name: str, format: str, request: dict[str, Any], progress: Progress | None, limits: Limits
) -> Any:
    """Ask one process of its own for one file."""
    with ReadingProcess(limits) as process:
        return ask(process, path, name, format, request, progress)


def ask(
    process: ReadingProcess, path: Path, name: str, format: str, request: dict[str, Any], progress: Progress | None
) -> Any:
    """Put the request to the process: the same way for one file and, where a benchmark reads a thousand, for many."""
    if format not in CHILD_FORMATS:
        raise PlanFileError("no_reader", format=format)
    if path.stat().st_size > process.limits.file:
        raise PlanFileError("too_large", limit=process.limits.file // MEGABYTE)
    try:
        return process.ask({"path": str(path.resolve()), "name": name, "format": format, **request}, progress)
    except PlanFileError as error:
        if error.detail:
            log.warning("Plan file not read: %s. %s", error.code, error.detail)
        raise
