"""Status reports beside their register: who writes saves, copies, and fills in the Excel form; who publishes freezes."""

from __future__ import annotations

from typing import Any

from projects.models import StatusReport
from tests.access.rights import Rights

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_WRITERS = "ANCP"
ROUTES: dict[str, dict[str, Any]] = {
    "report-autosave": {
        "post": _WRITERS,
        "args": "report_draft",
        "hidden": "X",
        "form": {"version": 1, "summary": "Typed"},
    },
    "report-autosave-new": {"post": _WRITERS, "args": "report_project", "hidden": "X", "form": {"summary": "Typed"}},
    "report-form-file": {"get": _WRITERS, "args": "project", "hidden": "X"},
    "report-form-upload": {"get": _WRITERS, "args": "project", "hidden": "X"},
    "report-reopen": {"post": _WRITERS, "args": "report_published", "hidden": "X"},
}


def rows(world: Any) -> dict[str, Any]:
    """None of its own."""
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """None of its own."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The report of the world, brought into the state that the route asks for."""
    if not args.startswith("report_"):
        return None
    report = world.rows["status-reports"]
    if args == "report_project":
        StatusReport.objects.filter(pk=report.pk).update(state="published")
        return {"pk": world.project.pk}
    StatusReport.objects.filter(pk=report.pk).update(version=1, state=args.removeprefix("report_"))
    return {"pk": report.pk}
