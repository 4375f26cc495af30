"""My recent changes: what can still be taken back, what a bulk change did, and the button that takes it back."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.jobs.models import Job
from pmo.core.registers.declaration import Register, UnknownRegisterError, get_register
from pmo.core.registers.undo.jobs import start_undo
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import AT_ONCE, UndoRefusedError, entry_of, may_undo, undo

PER_PAGE = 50
NAMED_ROWS = 200


@dataclass(frozen=True)
class Line:
    """One change of the page."""

    entry: UndoEntry
    register: Register | None
    can: bool
    minutes: int


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """My changes of the last week, newest first."""
    mine = UndoEntry.objects.filter(user_id=int(request.user.pk or 0)).order_by("-id")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    lines = [_line(entry) for entry in page.object_list]
    return render(request, "changes/list.html", {"page": page, "lines": lines, "open": sum(line.can for line in lines)})


@require_GET
def change_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What one change did: how many rows, which were refused and why."""
    entry = _mine(request, uid)
    job = Job.objects.filter(uid=entry.job_uid).first() if entry.job_uid else None
    rows = list(entry.rows.order_by("pk")[:NAMED_ROWS])
    context = {
        "line": _line(entry),
        "entry": entry,
        "job": job,
        "rows": rows,
        "more": max(0, entry.changed - len(rows)),
    }
    return render(request, "changes/detail.html", context)


@require_POST
def change_undo(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take the change back: at once, or as a job where it is long."""
    entry = _mine(request, uid)
    actor = request_actor(request)
    try:
        if entry.changed > AT_ONCE:
            with transaction.atomic():
                job = start_undo(actor=actor, entry=entry)
            return _go(request, reverse("job-detail", kwargs={"uid": job.uid}))
        undo(actor=actor, entry=entry)
    except UndoRefusedError as refused:
        return _told(request, entry, refused.reason, "error")
    if not entry.kept:
        return _told(request, entry, _("Taken back: %(title)s") % {"title": entry.title}, "success")
    messages.warning(request, kept_text(entry))
    return _go(request, reverse("change-detail", kwargs={"uid": entry.uid}))


def kept_text(entry: UndoEntry) -> str:
    """How many rows could not be taken back, and which the first is."""
    count = len(entry.kept)
    first = entry.kept[0]
    text = ngettext("%(count)s row stays as it is.", "%(count)s rows stay as they are.", count) % {"count": count}
    return f"{text} {first['label']}: {first['reason']}"


def _told(request: HttpRequest, entry: UndoEntry, text: str, tone: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        events = {"bw:toast": {"text": text, "tone": tone}, "bw:list-changed": {}}
        response["HX-Trigger"] = json.dumps(events)
        return response
    (messages.error if tone == "error" else messages.success)(request, text)
    return _go(request, _place(entry))


def _place(entry: UndoEntry) -> str:
    """Where one sees that it is as before: the list."""
    try:
        return reverse("register-list", kwargs={"key": get_register(entry.register).key})
    except UnknownRegisterError:
        return reverse("change-list")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def _mine(request: HttpRequest, uid: uuid.UUID) -> UndoEntry:
    entry = entry_of(request.user, uid)
    if entry is None:
        raise Http404(_("There is no such change of yours."))
    return entry


def _line(entry: UndoEntry) -> Line:
    try:
        register: Register | None = get_register(entry.register)
    except UnknownRegisterError:
        register = None
    left: Any = entry.expires_at - timezone.now()
    return Line(entry, register, may_undo(entry), max(1, round(left.total_seconds() / 60)))
