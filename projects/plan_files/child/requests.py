"""What a request asks for: the projects of a file, or one of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from projects.calc.plan.stored import plan_json
from projects.plan_files.child import guard
from projects.plan_files.child.counts import Inventory
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits
from projects.plan_files.project_online import plans
from projects.plan_files.project_online.tables import is_saved

Tell = Callable[[str, int, int], None]


def answer_of(request: dict[str, Any], limits: Limits, tell: Tell) -> Any:
    """Check the file, then list its projects or read one. Raises PlanFileError."""
    tell("checking", 0, 0)
    with tempfile.TemporaryDirectory(prefix="unpacked-") as folder:
        path, format = Path(request["path"]), request["format"]
        if format == "json" or (format == "zip" and is_saved(path)):
            return _saved(path, request, limits, tell)
        if format == "zip":
            path, format = guard.unpacked(path, Path(folder), limits)
        held = guard.checked(path, format, limits)
        if request["action"] == "projects":
            return [{"key": "", "name": path.stem, "tasks": held.tasks}] if not held.projects else held.listed()
        return _read(path, format, request["source_project"], held, limits, tell)


def _saved(path: Path, request: dict[str, Any], limits: Limits, tell: Tell) -> Any:
    """Saved answers of Project Online need no Java."""
    if request["action"] == "projects":
        return [asdict(one) for one in plans.projects(path, limits)]
    tell("reading", 0, 0)
    return plan_json(plans.read(path, limits, request["source_project"]))


def _read(path: Path, format: str, source: str, held: Inventory, limits: Limits, tell: Tell) -> Any:
    """One project through Java. The Java half is imported here: a refused file never starts it."""
    chosen = held.chosen(source)
    if source and not held.projects:
        raise PlanFileError("no_such_project", project=source, projects=path.stem)
    from projects.plan_files.child.plan import read

    return read(path, format, chosen, held, limits, tell)
