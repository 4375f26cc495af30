"""What the pages of plan files share: the project and file of the address, and the frame."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.api import can, get_or_refuse
from projects.access import IMPORT_PLAN, VIEW_PLAN
from projects.features import off_reason
from projects.models import Project
from projects.models.plan import PlanFile, PlanVersion
from projects.services.plans import files
from projects.services.plans.files import State

TONES = {
    State.UPLOADED: "line",
    State.READING: "accent",
    State.CHOOSING: "amber",
    State.READ: "amber",
    State.COMMITTING: "accent",
    State.COMMITTED: "green",
    State.FAILED: "red",
}


def project_for(request: HttpRequest, pk: int, permission: str) -> Project:
    """The project of the address. Raises Http404 where it is not visible, Refused where this is not allowed on it."""
    project: Project = get_or_refuse(request.user, Project, pk)
    can(request.user, permission, project).or_raise()
    return project


def file_for(request: HttpRequest, pk: int, file: int, permission: str = "") -> PlanFile:
    """The plan file of the address, with its state settled.

    What was imported is read by everybody who sees the plan; what is on its way or a draft, by those who may import.
    """
    project: Project = get_or_refuse(request.user, Project, pk)
    row: PlanFile | None = PlanFile.objects.filter(project=project, pk=file).select_related("owner__person").first()
    needed = permission or (VIEW_PLAN if row is not None and is_shown(row) else IMPORT_PLAN)
    can(request.user, needed, project).or_raise()
    if row is None:
        raise Http404(_("There is no such record, or you may not see it."))
    row.project = project
    files.settle(row)
    return row


def is_shown(file: PlanFile) -> bool:
    """Whether everybody who sees the plan may see the file: it became a version that was published."""
    alive = file.versions.filter(deleted_at__isnull=True)
    return file.state == State.COMMITTED and alive.exclude(state=PlanVersion.State.DRAFT).exists()


def file_url(file: PlanFile, name: str = "plan-file") -> str:
    """The address of one of the file's pages."""
    return reverse(name, kwargs={"pk": file.project_id, "file": file.pk})


def plan_url(project: Project) -> str:
    """Where the project's plan is read."""
    return reverse("register-tab", kwargs={"key": "projects", "pk": project.pk, "tab": "plan"})


def frame(file: PlanFile) -> dict[str, Any]:
    """Context of every page of a file."""
    return {
        "project": file.project,
        "file": file,
        "tone": TONES[State(file.state)],
        "plan_url": plan_url(file.project),
        "off": "" if file.state == State.COMMITTED else off_reason(),
    }
