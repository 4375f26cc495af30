"""Plan files of several projects at once: each finds its project by its name, one table shows where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from pmo.core.access.api import has_any, refusal, scoped_q
from pmo.core.audit.actor import request_actor
from pmo.core.files.storing import MEGABYTE
from projects.access import IMPORT_PLAN
from projects.features import require_import
from projects.forms.plan_files import accept
from projects.models import Project
from projects.models.plan import PlanFile
from projects.queries.plans.targets import Candidate, candidates, matches
from projects.services.plans import files
from projects.services.plans.files import BUSY, State
from projects.views.plan_files.common import TONES

MOST_FILES = 200
_LISTED = 100


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
def plan_import_many(request: HttpRequest) -> HttpResponseBase:
    """Upload plan files of several projects, and see where the own files stand."""
    if not has_any(request.user, IMPORT_PLAN):
        refusal(IMPORT_PLAN).or_raise()
    require_import()
    code = request.POST.get("code", "").replace("\x00", "").strip()
    refused: list[Refused] = []
    if request.method == "POST":
        refused, taken = _take(request, code)
        if taken:
            text = ngettext("%(n)s file is being read.", "%(n)s files are being read.", taken)
            messages.success(request, text % {"n": taken})
        if not refused:
            return redirect("plan-import-many")
    rows = list(_own(request)[:_LISTED])
    for one in rows:
        if one.state in BUSY:
            files.settle(one)
    context = {
        "rows": [(one, TONES[State(one.state)]) for one in rows],
        "refused": refused,
        "code": code,
        "accept": accept(),
        "limit": settings.IMPORT_MAX_UPLOAD_BYTES // MEGABYTE,
        "most": MOST_FILES,
    }
    return render(request, "projects/plan/many.html", context, status=422 if refused else 200)


def _own(request: HttpRequest) -> Any:
    """The files that the user uploaded to projects into which he or she may still import."""
    allowed = scoped_q(request.user, "project", IMPORT_PLAN, "project_id")
    rows = PlanFile.objects.filter(allowed, owner_id=request.user.pk, project__deleted_at__isnull=True)
    return rows.select_related("project").defer("sources")


def _take(request: HttpRequest, code: str) -> tuple[list[Refused], int]:
    """Keep every file whose project is found; says which were refused, and how many were taken."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return [Refused("", _("Choose a plan file first."))], 0
    if len(uploads) > MOST_FILES:
        return [Refused("", _("At most %(n)s files at once.") % {"n": MOST_FILES})], 0
    known = candidates(request.user)
    refused, taken = [], 0
    for upload in uploads:
        name = upload.name or ""
        found = _meant(code or name, known, named=bool(code))
        if isinstance(found, str):
            refused.append(Refused(name, found))
            continue
        try:
            project = Project.objects.get(pk=found)
            files.take_file(actor=request_actor(request), project=project, upload=upload, filename=name)
            taken += 1
        except ValidationError as error:
            refused.append(Refused(name, " ".join(error.messages)))
    return refused, taken


def _meant(text: str, known: list[Candidate], *, named: bool) -> int | str:
    """The project, or why none is taken."""
    found = matches(f"{text}.x" if named else text, known)
    if len(found) == 1:
        return found[0]
    if found:
        return _("Several projects fit this name. Give the project's code.")
    return _(
        "No project into which you may import is named by it. Put the project's code into the file's name, or give it above."
    )
