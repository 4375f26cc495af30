"""What is done to a plan file: choose, read again, commit, drop, download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import record
from pmo.core.records.services import StaleRecord, act_on
from projects.access import IMPORT_PLAN, MONEY, PUBLISH_PLAN
from projects.features import may_import
from projects.forms.plan_files import PUBLISH as AT_ONCE
from projects.forms.plan_files import CommitForm
from projects.queries.plans import stored
from projects.services.plans import files
from projects.services.plans.files import State
from projects.services.plans.reverting import revert_import
from projects.views.plan_files.common import file_for, file_url
from projects.views.plan_files.page import report_page


def _tried(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Whether the act was done; where it was not, the next page says why."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    except StaleRecord as error:
        messages.error(request, str(error))
        return False
    return True


@require_POST
def plan_file_choose(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Read one of the projects that the file holds."""
    row = file_for(request, pk, file, IMPORT_PLAN)
    key = request.POST.get("source", "")
    _tried(request, lambda: files.choose(actor=request_actor(request), file=row, key=key))
    return redirect(file_url(row))


@require_POST
def plan_file_read(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Read the file once more."""
    row = file_for(request, pk, file, IMPORT_PLAN)
    _tried(request, lambda: files.start_reading(actor=request_actor(request), file=row))
    return redirect(file_url(row))


@require_POST
def plan_file_commit(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Import what the report shows, as one job."""
    row = file_for(request, pk, file, IMPORT_PLAN)
    may_publish = bool(can(request.user, PUBLISH_PLAN, row.project))
    form = CommitForm(request.POST, may_publish=may_publish, draft=stored.draft(row.project))
    if not form.is_valid() and row.state == State.READ:
        return report_page(request, row, form, status=422)
    data, actor = form.cleaned_data, request_actor(request)
    publish, reason, against = data.get("take") == AT_ONCE, data.get("reason", ""), data.get("against")
    _tried(
        request,
        lambda: files.start_commit(actor=actor, file=row, publish=publish, reason=reason, against=against),
    )
    return redirect(file_url(row))


@require_POST
def plan_file_drop(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Throw away a file that was not imported."""
    row = file_for(request, pk, file, IMPORT_PLAN)
    if not _tried(request, lambda: files.drop_file(actor=request_actor(request), file=row)):
        return redirect(file_url(row))
    messages.success(request, _("%(file)s was thrown away; the plan is as it was.") % {"file": row.filename})
    return redirect("plan-import" if may_import(request.user, row.project) else "plan-files", pk=pk)


@require_POST
def plan_file_revert(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Take back an import that was just published."""
    row = file_for(request, pk, file, IMPORT_PLAN)
    can(request.user, PUBLISH_PLAN, row.project).or_raise()
    version = row.versions.select_related("based_on", "source", "project").order_by("-number").first()
    if version is None:
        raise Http404(_("There is no such record, or you may not see it."))
    if _tried(request, lambda: revert_import(actor=request_actor(request), version=version)):
        messages.success(request, _("The import was undone: the version before is the plan again."))
    return redirect(file_url(row))


@require_GET
def plan_file_download(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """The file as it was uploaded, as an attachment. Plan files carry rates and costs: only for who may see money."""
    row = file_for(request, pk, file)
    can(request.user, MONEY, row.project).or_raise()
    if not row.stored:
        raise Http404(_("This file was removed after the time for which plan files are kept."))
    if not default_storage.exists(row.stored):
        raise Http404(_("The file is missing in the storage; tell the PMO."))
    record(actor=request_actor(request), act=act_on(row, "plan_file.download", {}, ""))
    response = FileResponse(
        default_storage.open(row.stored),
        as_attachment=True,
        filename=row.filename,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
