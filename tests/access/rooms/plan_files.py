"""Plan files: who keeps the plan imports it; who sees the plan sees what was imported, the file itself with its costs needs money."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pmo.core.jobs.models import Job
from projects.calc.plan.document import Entry
from projects.models.plan import PlanFile, PlanVersion
from projects.services.plans import shelf
from projects.services.plans.shelf import PROPOSE_JOB
from projects.services.plans.working import report_of
from tests.access.rights import INSIDE, Rights
from tests.plan_pages.build import small_plan

RIGHTS: dict[str, Rights] = {}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_KEEPERS = "ANCP"
ROUTES: dict[str, dict[str, Any]] = {
    "plan-import-many": {"get": _KEEPERS},
    # Who makes projects and imports plans; a file that no project was made of is its uploader's.
    "plan-new": {"get": "AN"},
    "plan-new-project": {"get": "A", "args": "plan_new", "hidden": "N"},
    "plan-new-drop": {"post": "A", "args": "plan_new_drop", "hidden": "N"},
    "plan-import": {"get": _KEEPERS, "args": "plan_project", "hidden": "X"},
    "plan-exports": {"get": INSIDE, "args": "plan_exports", "hidden": "X"},
    "plan-export": {"get": INSIDE, "args": "plan_export", "hidden": "X"},
    "plan-files": {"get": INSIDE, "args": "plan_project", "hidden": "X"},
    "plan-file": {"get": _KEEPERS, "args": "plan_file_read", "hidden": "X"},
    "plan-file-rows": {"get": INSIDE, "args": "plan_file_committed", "hidden": "X"},
    "plan-file-timesheets": {"get": "ANEOPSU", "args": "plan_file_committed", "hidden": "X"},
    "plan-file-choose": {"post": _KEEPERS, "args": "plan_file_choosing", "hidden": "X", "form": {"source": "A"}},
    "plan-file-read": {"post": _KEEPERS, "args": "plan_file_failed", "hidden": "X"},
    "plan-file-commit": {"post": _KEEPERS, "args": "plan_file_read", "hidden": "X", "form": {"take": "publish"}},
    "plan-file-drop": {"post": _KEEPERS, "args": "plan_file_read", "hidden": "X"},
    "plan-file-revert": {"post": _KEEPERS, "args": "plan_file_committed", "hidden": "X"},
    "plan-file-download": {"get": "ANEOPSU", "args": "plan_file_committed", "hidden": "X"},
}


def rows(world: Any) -> dict[str, Any]:
    """None of its own."""
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """None of its own."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """A file of the project in the state that the route asks for."""
    if args in {"plan_new", "plan_new_drop"}:
        params = {"filename": "new.xml", "name": "plans/none", "sha256": "0", "size": 1}
        result = {"filename": "new.xml", "sources": [], "projects": [{"key": "", "name": "New", "values": {}}]}
        job, _made = Job.objects.get_or_create(
            kind=PROPOSE_JOB, owner=world.users["A"], state="done", params=params, result=result
        )
        return {"uid": job.uid} | ({"place": 0} if args == "plan_new" else {})
    if args == "plan_project":
        return {"pk": world.project.pk}
    if args in {"plan_export", "plan_exports"}:
        PlanVersion.objects.get_or_create(
            project=world.project, state=PlanVersion.State.PUBLISHED, defaults=_version(world, 90)
        )
        return {"pk": world.project.pk} | ({"kind": "csv"} if args == "plan_export" else {})
    if not args.startswith("plan_file_"):
        return None
    plan = replace(small_plan(), entries=(Entry("timesheet_lines", "l1", {"ActualWorkBillable": "8"}),))
    kept = shelf.CONTENTS.keep(SimpleUploadedFile("plan.xml", b"<Project/>"))
    file, _made = PlanFile.objects.update_or_create(
        uid=uuid.UUID(int=1),
        defaults={
            "project": world.project,
            "filename": "plan.xml",
            "stored": kept.name,
            "size": kept.size,
            "sha256": kept.sha256,
            "owner": world.users["P"],
            "state": args.removeprefix("plan_file_"),
            "report": report_of(plan),
            "sources": [{"key": "A", "name": "A", "tasks": 1, "stub": False}],
        },
    )
    PlanVersion.objects.get_or_create(source=file, defaults={**_version(world, 91), "state": "superseded"})
    shelf.keep_plan(file, plan)
    return {"pk": world.project.pk, "file": file.pk}


def _version(world: Any, number: int) -> dict[str, Any]:
    """A version beside those that another room may have made."""
    return {"project": world.project, "number": number}
