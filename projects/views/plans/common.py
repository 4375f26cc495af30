"""What the pages of a plan share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.access.api import can, get_or_refuse
from projects.access import EDIT_PLAN, VIEW_PLAN
from projects.models import Project
from projects.models.plan import PlanVersion
from projects.queries.plans import stored


def project_for(request: HttpRequest, pk: int, permission: str = VIEW_PLAN) -> Project:
    """The project for an act on its plan: 404 where it is not visible, 403 where the act is not allowed."""
    project: Project = get_or_refuse(request.user, Project, pk)
    can(request.user, permission, project).or_raise()
    return project


def draft_for(request: HttpRequest, pk: int, permission: str = EDIT_PLAN) -> PlanVersion:
    """The draft of the project's plan. Raises Http404 where there is none."""
    project = project_for(request, pk, permission)
    draft = stored.draft(project)
    if draft is None:
        raise Http404(_("This project has no draft of its plan."))
    draft.project = project
    return draft


def tab_url(project: int) -> str:
    """The address of the plan tab."""
    return reverse("register-tab", kwargs={"key": "projects", "pk": project, "tab": "plan"})


def number_of(data: Any, name: str) -> int | None:
    """A whole number out of what was sent, None for anything else."""
    text = str(data.get(name) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
