"""A template's versions: reading them, uploading the next, taking one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from knowledge.forms.templates import UploadForm
from knowledge.models import Template, TemplateVersion
from knowledge.queries import library as queries
from knowledge.services import templates as services
from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.registers.values import is_id
from projects.models import Project


def versions_tab(request: HttpRequest, row: Template, form: Any = None) -> HttpResponse:
    """Versions with what changed, the form for the next one, and who works with which."""
    today = org_today()
    context = {
        "template": row,
        "library": queries.library(request.user, row, today),
        "projects": queries.own_projects(request.user),
        "today": today,
        "can_upload": can(request.user, "change", row),
        "form": form or UploadForm(initial={"effective_on": today}),
    }
    return render(request, "knowledge/tab_versions.html", context)


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new version; refused, the form comes back with the reason."""
    template: Template = get_or_refuse(request.user, Template, pk, "change")
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid() and _added(request, template, form):
        return redirect("register-detail", key="templates", pk=pk)
    context = {"template": template, "form": form}
    return render(request, "knowledge/upload.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _added(request: HttpRequest, template: Template, form: forms.Form) -> bool:
    upload = form.cleaned_data["file"]
    try:
        version = services.add_version(
            actor=request_actor(request),
            template=template,
            name=upload.name,
            content=upload.read(),
            note=form.cleaned_data["note"],
            effective_on=form.cleaned_data["effective_on"],
        )
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
        return False
    messages.success(request, _("Version %(number)s is kept.") % {"number": version.number})
    return True


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a version as an attachment; who took it, and for which `?project=`, is written down."""
    version: TemplateVersion | None = TemplateVersion.objects.select_related("template").filter(pk=pk).first()
    if version is None:
        raise Http404(_("There is no such record, or you may not see it."))
    get_or_refuse(request.user, Template, version.template_id)
    project = None
    raw = request.GET.get("project", "")
    if raw:
        if not is_id(raw):
            raise Http404(_("There is no such record, or you may not see it."))
        project = get_or_refuse(request.user, Project, int(raw))
    if not default_storage.exists(version.stored):
        messages.error(request, _("The file of this version is missing in the storage; tell the PMO."))
        return redirect(reverse("register-detail", kwargs={"key": "templates", "pk": version.template_id}))
    services.note_download(actor=request_actor(request), version=version, project=project)
    response = FileResponse(
        default_storage.open(version.stored),
        as_attachment=True,
        filename=version.filename,
        content_type=version.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
