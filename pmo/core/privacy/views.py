"""The pages of personal data: one's own, and for the PMO administrator those of a person with both steps of an erasure."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import has_any
from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import request_actor
from pmo.core.jobs.api import Job
from pmo.core.people.models import Person
from pmo.core.privacy import services
from pmo.core.privacy.jobs import EXPORT
from pmo.core.privacy.models import PersonErasure
from pmo.core.privacy.preview import preview
from pmo.core.privacy.rewriting import rewriting
from pmo.core.privacy.subjects import Pseudonym, subject_of_person, subject_of_user


def _require_administrator(request: HttpRequest) -> None:
    if not has_any(request.user, services.ERASE_PEOPLE):
        raise Refused(_("Personal data of others is handled by the PMO administrator."))


def _exports(request: HttpRequest) -> list[Job]:
    return list(Job.objects.filter(kind=EXPORT, owner_id=request.user.pk).order_by("-id")[:5])


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is kept about me, and how to have it."""
    lines = preview(subject_of_user(request.user))
    context = {"lines": lines, "rows": sum(line.count for line in lines), "exports": _exports(request)}
    return render(request, "privacy/mine.html", context)


@require_POST
def mine_export(request: HttpRequest) -> HttpResponseRedirect:
    """Begin the export of my data."""
    job = services.start_own_export(actor=request_actor(request))
    return redirect("job-detail", uid=job.uid)


@require_safe
def export_file(request: HttpRequest, uid: uuid.UUID) -> FileResponse:
    """The ZIP, for whoever asked for it."""
    job = Job.objects.filter(uid=uid, kind=EXPORT, owner_id=request.user.pk, state=Job.State.DONE).first()
    if job is None or not job.result or not default_storage.exists(job.result["file"]):
        raise Http404
    response = FileResponse(default_storage.open(job.result["file"]), as_attachment=True, filename="personal-data.zip")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept about a person, what an erasure would do, and its two steps."""
    _require_administrator(request)
    return _person_page(request, get_object_or_404(Person, pk=pk))


def _person_page(request: HttpRequest, row: Person, errors: Any = None, status: int = 200) -> HttpResponse:
    lines = preview(subject_of_person(row))
    erasures = list(PersonErasure.objects.filter(person=row).select_related("asked_by__person"))
    done = next((one for one in erasures if one.state == PersonErasure.State.DONE), None)
    waiting = services.open_erasure(row)
    second = waiting is not None and services.takes_second_step(waiting)
    context = {
        "person": row,
        "going": [line for line in lines if line.goes],
        "staying": [line for line in lines if not line.goes],
        "done": done,
        "waiting": waiting,
        "pseudonym": Pseudonym(waiting.pk) if waiting else None,
        "rewriting": rewriting(subject_of_person(row), Pseudonym(waiting.pk)) if waiting and second else None,
        "second": second,
        "is_me": row.user_id == request.user.pk,
        "errors": errors,
    }
    return render(request, "privacy/person.html", context, status=status)


@require_POST
def person_export(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Begin the export of a person's data."""
    _require_administrator(request)
    job = services.start_export(actor=request_actor(request), person=get_object_or_404(Person, pk=pk))
    return redirect("job-detail", uid=job.uid)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The first step of an erasure."""
    _require_administrator(request)
    row = get_object_or_404(Person, pk=pk)
    try:
        services.ask_erasure(actor=request_actor(request), person=row, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return _person_page(request, row, error.messages, status=400)
    return redirect("privacy-person", pk=pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second step: begins the erasure."""
    _require_administrator(request)
    row = get_object_or_404(Person, pk=pk)
    waiting = services.open_erasure(row)
    if waiting is None:
        raise Http404
    try:
        job = services.confirm_erasure(
            actor=request_actor(request), erasure=waiting, typed=request.POST.get("typed", "")
        )
    except ValidationError as error:
        return _person_page(request, row, error.messages, status=400)
    return redirect("job-detail", uid=job.uid)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Withdraw the erasure before its second step."""
    _require_administrator(request)
    waiting = services.open_erasure(get_object_or_404(Person, pk=pk))
    if waiting is not None and services.drop_erasure(actor=request_actor(request), erasure=waiting):
        messages.success(request, _("The erasure was withdrawn."))
    return redirect("privacy-person", pk=pk)
