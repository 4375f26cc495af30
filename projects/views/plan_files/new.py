"""New projects from plan files: uploaded without a project, read, and the project's own form filled from what was read."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.files.storing import MEGABYTE
from pmo.core.jobs.api import Job
from pmo.core.jobs.queries import job_row
from pmo.core.registers.views.common import register_or_404
from pmo.core.registers.views.edits import Beginning, create_page
from projects.features import require_import
from projects.forms.plan_files import accept
from projects.models.plan import PlanFile
from projects.queries.plans.proposed import Proposed, proposed
from projects.services.plans import proposals
from projects.views.plan_files.common import file_url
from projects.views.plan_files.many import MOST_FILES, Refused

_LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponseBase:
    """Upload plan files of projects that are not registered yet, and see where the own ones stand."""
    proposals.may_begin(request.user).or_raise()
    require_import()
    refused: list[Refused] = []
    if request.method == "POST":
        refused, taken = _take(request)
        if not refused:
            return redirect(f"{reverse('plan-new')}?file={taken[0].uid}" if len(taken) == 1 else reverse("plan-new"))
    context = _context(request) | {"refused": refused}
    if request.htmx:  # type: ignore[attr-defined]
        return _living(request, context)
    return render(request, "projects/plan/new.html", context, status=422 if refused else 200)


def _living(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The list again; a file that was uploaded alone leads on to its form when it was read."""
    wanted = request.GET.get("file", "")
    for job, found, _row in context["rows"]:
        if str(job.uid) == wanted and len(found) == 1 and found[0]["file"] is None:
            done = HttpResponse(status=204)
            done["HX-Redirect"] = found[0]["url"]
            return done
    response = render(request, "projects/plan/_new_list.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _context(request: HttpRequest) -> dict[str, Any]:
    jobs = list(proposals.own_jobs(request.user)[:_LISTED])
    used = proposals.taken(jobs)
    now = timezone.now()
    return {
        "rows": [(job, _projects(job, used), job_row(job, now)) for job in jobs],
        "busy": any(job.live for job in jobs),
        "asked": request.GET.get("file", "")[:36],
        "accept": accept(),
        "limit": settings.IMPORT_MAX_UPLOAD_BYTES // MEGABYTE,
        "most": MOST_FILES,
    }


def _projects(job: Job, used: dict[tuple[int, str], PlanFile]) -> list[dict[str, Any]]:
    """The projects that were found in a file, each with the project that was made of it."""
    if job.state != Job.State.DONE or not job.result:
        return []
    return [
        {
            "name": one["values"].get("name_zh") or one["values"].get("name_en") or one["name"],
            "url": reverse("plan-new-project", kwargs={"uid": job.uid, "place": place}),
            "file": used.get((job.pk, one["key"])),
        }
        for place, one in enumerate(job.result["projects"])
    ]


def _take(request: HttpRequest) -> tuple[list[Refused], list[Job]]:
    """Keep every file; says which were refused."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return [Refused("", _("Choose a plan file first."))], []
    if len(uploads) > MOST_FILES:
        return [Refused("", _("At most %(n)s files at once.") % {"n": MOST_FILES})], []
    refused, taken = [], []
    for upload in uploads:
        name = upload.name or ""
        try:
            job = proposals.take_unassigned(actor=request_actor(request), upload=upload, filename=name)
            taken.append(job)
        except ValidationError as error:
            refused.append(Refused(name, " ".join(error.messages)))
    if taken and (refused or len(taken) > 1):
        text = ngettext("%(n)s file is being read.", "%(n)s files are being read.", len(taken))
        messages.success(request, text % {"n": len(taken)})
    return refused, taken


@require_http_methods(["GET", "POST"])
def plan_new_project(request: HttpRequest, uid: uuid.UUID, place: int) -> HttpResponse:
    """The form of a new project, filled from the file; saving it takes the file into the project."""
    proposals.may_begin(request.user).or_raise()
    require_import()
    job = _job(request, uid)
    found = job.result["projects"] if job.state == Job.State.DONE and job.result else []
    if place >= len(found):
        raise Http404(_("This file was not read. Upload it again."))
    known = proposed(found[place]["values"], request_actor(request))
    beginning = Beginning(
        lead=" ".join(_lead(job.params["filename"], known)),
        values=known.values,
        then=lambda row: proposals.take_into(actor=request_actor(request), project=row, job=job, place=place),
        url=_file_of,
        back=reverse("plan-new"),
    )
    return create_page(request, register_or_404("projects"), beginning)


def _lead(filename: str, known: Proposed) -> list[str]:
    told = [_("Filled in from %(file)s. Check the fields and save; then the plan is read into the project.")]
    if known.taken:
        told.append(_("The file's code %(code)s belongs to another project already."))
    if known.manager:
        told.append(_("The file names %(name)s as project manager; nobody here has this name."))
    values = {"file": filename, "code": known.taken, "name": known.manager}
    return [one % values for one in told]


def _file_of(project: Any) -> str:
    file = PlanFile.objects.filter(project=project).order_by("-pk").first()
    return (
        file_url(file) if file is not None else reverse("register-detail", kwargs={"key": "projects", "pk": project.pk})
    )


@require_POST
def plan_new_drop(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Forget a file of which no project is to be made."""
    proposals.may_begin(request.user).or_raise()
    job = _job(request, uid)
    try:
        proposals.drop(actor=request_actor(request), job=job)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(file)s is forgotten.") % {"file": job.params["filename"]})
    return redirect("plan-new")


def _job(request: HttpRequest, uid: uuid.UUID) -> Job:
    job = proposals.own_job(request.user, uid)
    if job is None:
        raise Http404(_("There is no such record, or you may not see it."))
    return job
