"""What a request asks for: the projects of a file, or one of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects.plan_files.child import guard
from projects.plan_files.child.counts import Inventory
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits

Tell = Callable[[str, int, int], None]


def answer_of(request: dict[str, Any], limits: Limits, tell: Tell) -> Any:
    """Check the file, then list its projects or read one. Raises PlanFileError."""
    tell("checking", 0, 0)
    with tempfile.TemporaryDirectory(prefix="unpacked-") as folder:
        path, format = Path(request["path"]), request["format"]
        if format == "zip":
            path, format = guard.unpacked(path, Path(folder), limits)
        held = guard.checked(path, format, limits)
        if request["action"] == "projects":
            return [{"key": "", "name": path.stem, "tasks": held.tasks}] if not held.projects else held.listed()
        return _read(path, format, request["source_project"], held, limits, tell)


def _read(path: Path, format: str, source: str, held: Inventory, limits: Limits, tell: Tell) -> Any:
    """One project through Java. The Java half is imported here: a refused file never starts it."""
    chosen = held.chosen(source)
    if source and not held.projects:
        raise PlanFileError("no_such_project", project=source, projects=path.stem)
    from projects.plan_files.child.plan import read

    return read(path, format, chosen, held, limits, tell)
