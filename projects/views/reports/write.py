"""Write a status report: choose the project, fill in, save as one types, copy the last one, hand in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.access.api import can, get_or_refuse, permission_of, scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import is_id
from projects.access import SUBMIT
from projects.models import Project, StatusReport
from projects.models.choices import ProjectStatus
from projects.queries.report_prefill import new_report_for
from projects.services import reports as services
from projects.views.reports.drafting import Drafting

LIVE = (ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED, ProjectStatus.NOT_STARTED)
MOST_PROJECTS = 100


def asked_project(request: HttpRequest) -> Project:
    """The project of `?project=`. Raises Http404 for none, or for one the user may not see."""
    raw = request.GET.get("project", "")
    if not is_id(raw):
        raise Http404(_("Say which project the report is about."))
    project: Project = get_or_refuse(request.user, Project, int(raw))
    return project


def open_draft(project: Project) -> StatusReport | None:
    """A draft or returned report of the project, which is to be finished before another one is begun."""
    rows = StatusReport.objects.filter(project=project, source=StatusReport.Source.FORM, state__in=services.EDITABLE)
    found: StatusReport | None = rows.order_by("-period_end", "-pk").first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponseBase:
    """Write a report for `?project=` (without it: choose one). An open draft is continued instead of a second one."""
    if not request.GET.get("project"):
        return _choose(request)
    project = asked_project(request)
    report = new_report_for(project, org_today())
    can(request.user, "add", report).or_raise()
    draft = open_draft(project) if request.method != "POST" else None
    if draft is not None and can(request.user, "change", draft):
        messages.info(request, _("This project already has a draft; here it is."))
        return redirect("report-edit", pk=draft.pk)
    return _edit(request, report)


def _choose(request: HttpRequest) -> HttpResponseBase:
    """The projects the user may write a report for, their own first; a single one needs no choice."""
    person, query = grants_of(request.user).person_id, request.GET.get("q", "").replace("\x00", "").strip()
    rows = Project.objects.filter(
        scoped_q(request.user, "project", permission_of(StatusReport, "add"), "pk"), status__in=LIVE
    )
    if query:
        rows = rows.filter(Q(code__icontains=query) | Q(name_zh__icontains=query) | Q(name_en__icontains=query))
    found = sorted(
        rows.select_related("pm").order_by("code")[: MOST_PROJECTS + 1], key=lambda row: (row.pm_id != person, row.code)
    )
    if len(found) == 1 and not query:
        return redirect(f"{reverse('report-new')}?project={found[0].pk}")
    context = {"projects": found[:MOST_PROJECTS], "more": len(found) > MOST_PROJECTS, "query": query}
    return render(request, "projects/report_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft or a returned report."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, "change")
    if report.state not in services.EDITABLE:
        messages.error(request, _("This report is on file and can no longer be changed."))
        return redirect("report-page", pk=report.pk)
    return _edit(request, report)


def _edit(request: HttpRequest, report: StatusReport) -> HttpResponseBase:
    """The form of a report and its answer."""
    data = request.POST if request.method == "POST" else None
    page = Drafting(request, report, data)
    if data is None:
        if request.GET.get("copy") == "1" and report.pk is None:
            page.bind(_initial_data(page))
            _copy(request, page)
            page.form.errors.clear()
        return _form(request, page)
    if "copy" in data:
        _copy(request, page)
        return _form(request, page)
    if not page.is_valid():
        return _form(request, page, 422)
    try:
        saved = _save(request, page)
    except ValidationError as error:
        page.add_errors(error)
        return _form(request, page, 422)
    except StaleRecord as stale:
        return _conflict(request, page, stale)
    if saved.state in services.EDITABLE:
        messages.success(request, _("Saved."))
        return redirect("report-edit", pk=saved.pk)
    messages.success(request, _("Submitted to the PMO."))
    return redirect("report-page", pk=saved.pk)


def _initial_data(page: Drafting) -> Any:
    """What a browser would post of the untouched form."""
    data = QueryDict(mutable=True)
    for name in page.form.fields:
        value = page.form[name].value()
        data[name] = "" if value is None else str(value)
    for name, form in page.ratings.items():
        data[f"{name}-declared"], data[f"{name}-comment"] = form["declared"].value(), form["comment"].value() or ""
    return data


def _copy(request: HttpRequest, page: Drafting) -> None:
    if page.copy_last() is None:
        messages.info(request, _("There is no published report to copy yet."))
    else:
        messages.info(
            request, _("Copied from the last report where you had not written anything. Nothing is saved yet.")
        )


def _form(request: HttpRequest, page: Drafting, status: int = 200) -> HttpResponse:
    return render(request, "projects/report_form.html", page.context(), status=status)


def _conflict(request: HttpRequest, page: Drafting, stale: StaleRecord) -> HttpResponse:
    """The typed text again, now against the stored version: saving once more overwrites knowingly."""
    page.form.add_error(
        None,
        _(
            "Not saved: this report was changed by somebody else in the meantime. Your text is kept below; their version is the stored one."
        ),
    )
    data = request.POST.copy()
    data["version"] = str(stale.current.version)
    page.form.data = data
    return _form(request, page, 409)


def _save(request: HttpRequest, page: Drafting) -> StatusReport:
    with transaction.atomic():
        report = page.store()
        if "submit" in request.POST:
            can(request.user, SUBMIT, report).or_raise()
            services.submit_report(actor=request_actor(request), report=report)
    return report


@require_POST
def autosave_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep what was typed into a project's report that is not stored yet: the answer names the draft's own addresses."""
    project: Project = get_or_refuse(request.user, Project, pk)
    report = new_report_for(project, org_today())
    can(request.user, "add", report).or_raise()
    draft = open_draft(project)
    if draft is not None:
        return _refusal(_("This project has a draft meanwhile; open it and put your text there."), draft)
    return _autosave(request, report)


@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep what was typed into a draft. 409 where somebody else changed it: nothing is overwritten."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, "change")
    if report.state not in services.EDITABLE:
        return _refusal(_("This report is on file and can no longer be changed."), report)
    return _autosave(request, report)


def _autosave(request: HttpRequest, report: StatusReport) -> JsonResponse:
    page = Drafting(request, report, request.POST)
    complete = page.is_valid()
    try:
        saved = page.store()
    except ValidationError as error:
        return JsonResponse({"text": " ".join(error.messages)}, status=422)
    except StaleRecord as stale:
        return _refusal(
            _(
                "Not saved: somebody else changed this report meanwhile. Your text is kept here; compare before you overwrite."
            ),
            stale.current,
        )
    saved_at = timezone.localtime().strftime("%H:%M")
    text = _("Saved %(time)s") if complete else _("Saved %(time)s, except what is marked")
    return JsonResponse(
        {
            "version": saved.version,
            "text": text % {"time": saved_at},
            "errors": page.unsaved(),
            "edit": reverse("report-edit", kwargs={"pk": saved.pk}),
            "autosave": reverse("report-autosave", kwargs={"pk": saved.pk}),
        }
    )


def _refusal(text: str, current: StatusReport) -> JsonResponse:
    """Nothing was stored: why, and where the stored version can be read."""
    url = reverse("report-page", kwargs={"pk": current.pk})
    return JsonResponse({"text": text, "version": current.version, "url": url}, status=409)
