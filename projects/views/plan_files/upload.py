"""Uploading a plan file, and the list of a project's files and versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.files.storing import MEGABYTE
from projects.access import IMPORT_PLAN, MONEY, VIEW_PLAN
from projects.features import may_import, require_import
from projects.forms.plan_files import PlanUploadForm
from projects.models import Project
from projects.models.plan import PlanFile, PlanVersion
from projects.services.plans import files
from projects.services.plans.files import BUSY, State
from projects.views.plan_files.common import TONES, file_url, plan_url, project_for

_MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Upload a plan file; it is read in the background, and nothing is imported before its report was seen."""
    project = project_for(request, pk, IMPORT_PLAN)
    require_import()
    form = PlanUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = PlanUploadForm(request.POST, request.FILES)
        file = _take(request, project, form) if form.is_valid() else None
        if file is not None:
            return redirect(file_url(file))
    waiting = PlanFile.objects.filter(project=project).exclude(state=State.COMMITTED).select_related("owner__person")
    context = {
        "project": project,
        "form": form,
        "limit": settings.IMPORT_MAX_UPLOAD_BYTES // MEGABYTE,
        "endings": [f".{one}" for one in files.endings()],
        "plan_url": plan_url(project),
        "waiting": [(one, TONES[State(one.state)]) for one in _settled(list(waiting[:5]))],
    }
    return render(request, "projects/plan/import.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, project: Project, form: PlanUploadForm) -> PlanFile | None:
    """Keep the file; None where it is refused, and then the form says why."""
    upload: Any = form.cleaned_data["file"]
    try:
        return files.take_file(actor=request_actor(request), project=project, upload=upload, filename=upload.name or "")
    except ValidationError as error:
        form.add_error("file", error.message_dict.get("file", error.messages))
    return None


def _settled(rows: list[PlanFile]) -> list[PlanFile]:
    for one in rows:
        if one.state in BUSY:
            files.settle(one)
    return rows


@require_safe
def plan_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Every plan file of the project with what became of it, and every version of its plan."""
    project = project_for(request, pk, VIEW_PLAN)
    keeper, may = can(request.user, IMPORT_PLAN, project), may_import(request.user, project)
    rows = PlanFile.objects.filter(project=project).select_related("owner__person").defer("sources")
    if not keeper:
        published = PlanVersion.objects.filter(project=project).exclude(state=PlanVersion.State.DRAFT)
        rows = rows.filter(state=State.COMMITTED, pk__in=published.filter(source__isnull=False).values("source_id"))
    versions = PlanVersion.objects.filter(project=project).select_related("source", "published_by__person")
    if not keeper:
        versions = versions.exclude(state=PlanVersion.State.DRAFT)
    context = {
        "project": project,
        "rows": [(one, TONES[State(one.state)]) for one in _settled(list(rows[:_MOST]))],
        "versions": versions.defer("fields", "kept", "lost").order_by("-number")[:_MOST],
        "may_import": may,
        "money": can(request.user, MONEY, project),
        "plan_url": plan_url(project),
    }
    return render(request, "projects/plan/files.html", context)
