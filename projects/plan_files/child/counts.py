"""What a text file holds by its own count: against it the reading is checked, so that nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from projects.plan_files.errors import PlanFileError


@dataclass
class HeldProject:
    """One of several projects of a file. Without rows of its own it is a stub: only referred to."""

    key: str
    code: str = ""
    name: str = ""
    rows: Counter[str] = field(default_factory=Counter)
    exported: bool = True

    @property
    def shown(self) -> str:
        return f"{self.code} {self.name}".strip() or self.key

    @property
    def stub(self) -> bool:
        return not self.exported or not self.rows["tasks"] or not (self.name or self.rows["groups"])


@dataclass
class Inventory:
    """Counts by area (tasks, links, …) where the format is text, and of what Plan has no place for by remark code."""

    counts: dict[str, int] = field(default_factory=dict)
    extras: Counter[str] = field(default_factory=Counter)
    projects: list[HeldProject] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)  # of GanttProject, which are read here
    previous: list[dict[str, Any]] = field(default_factory=list)  # of GanttProject: its baselines
    description: str = ""  # of GanttProject
    rows: list[dict[str, str]] = field(default_factory=list)  # of GanttProject: its tasks, notes included
    charset: str = ""  # of formats without a declaration of their own

    @property
    def tasks(self) -> int:
        return self.counts.get("tasks", 0)

    def listed(self) -> list[dict[str, Any]]:
        """As `SourceProject` takes it: real projects first, the one that is read unasked at the head."""
        ordered = sorted(self.projects, key=lambda one: one.stub)
        return [{"key": one.key, "name": one.shown, "tasks": one.rows["tasks"], "stub": one.stub} for one in ordered]

    def chosen(self, source: str) -> HeldProject | None:
        """The project that is meant: by key, or by a code or name that only one has; the first real one unasked."""
        if not self.projects:
            return None
        if not source:
            return next((one for one in self.projects if not one.stub), self.projects[0])
        found = [one for one in self.projects if one.key == source] or [
            one for one in self.projects if source in (one.code, one.name, one.shown)
        ]
        if len(found) != 1:
            names = ", ".join(f"{one.key} ({one.shown})" for one in self.projects[:20])
            raise PlanFileError("no_such_project", project=source[:100], projects=names)
        return found[0]
