"""Built reports: a report is its owner's (P) and whom it is shown to; everybody makes reports of what they may see."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from pmo.core.report_builder.models import BuiltReport
from tests.access.rights import ROLES, Rights

OTHERS = ROLES.replace("P", "")
QUERY = "_of=projects&_by=status"
RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {
    "built-reports": {"get": ROLES},
    "report-builder": {"get": ROLES},
    "built-report-keep": {"post": ROLES, "form": {"query": QUERY, "name": "Mine", "sharing": "private"}},
    # Without a question there is nothing to export; with one, tests/report_builder asks as different people.
    "built-report-export": {"get": "", "hidden": ROLES},
    "built-report-pdf": {"get": "", "hidden": ROLES},
    "built-report": {"get": "P", "args": "built_report", "hidden": OTHERS},
    "api-built-reports": {"get": ROLES},
    "api-built-report": {"get": "P", "args": "built_report", "hidden": OTHERS},
    "built-report-delete": {"post": "P", "args": "built_report", "hidden": OTHERS},
    "built-report-restore": {"post": "P", "args": "built_report_gone", "hidden": OTHERS},
    "built-report-subscribe": {"post": "P", "args": "built_report", "hidden": OTHERS, "form": {"on": "1"}},
}


def rows(world: Any) -> dict[str, Any]:
    """A private report of the project manager, and one in the trash."""
    made = {"register": "projects", "query": QUERY, "owner": world.users["P"]}
    BuiltReport.objects.create(name="Kept", **made)
    BuiltReport.objects.create(name="Gone", deleted_at=timezone.now(), **made)
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """No register of its own."""
    return {}


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The URL arguments of the routes above."""
    names = {"built_report": "Kept", "built_report_gone": "Gone"}
    return {"pk": BuiltReport.all_objects.get(name=names[args]).pk} if args in names else None
