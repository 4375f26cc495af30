"""Status reports: write, submit, return, publish, read."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import StaleRecord
from projects.access import MONEY, REVIEW, SUBMIT
from projects.forms.reports import ReportForm, ReviewForm, rating_forms, ratings_of
from projects.models import Project, ReportRating, StatusReport
from projects.services import reports as services

COPIED = ("declared", "comment", "summary", "achievements", "next_period", "help_needed", "forecast_finish", "forecast_cost")


def _project(request: HttpRequest) -> Project:
    raw = request.GET.get("project", "")
    if not raw.isdigit():
        raise Http404(_("Say which project the report is about."))
    project: Project = get_or_refuse(request.user, Project, int(raw))
    return project


def _prefilled(project: Project, today: datetime.date, copy: bool) -> StatusReport:
    """A new report with everything that is known: the period after the last report, the project's forecast."""
    last = StatusReport.objects.filter(project=project, source=StatusReport.Source.FORM).order_by("-period_end").first()
    start = last.period_end + datetime.timedelta(days=1) if last else today - datetime.timedelta(days=today.weekday())
    end = max(start, today + datetime.timedelta(days=6 - today.weekday()))
    report = StatusReport(project=project, period_start=start, period_end=end)
    report.forecast_finish, report.forecast_cost = project.forecast_finish, project.forecast_cost
    if copy and last:
        for name in COPIED:
            setattr(report, name, getattr(last, name))
    return report


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponseBase:
    """Write a report for `?project=`; `copy=1` begins with the last one's text."""
    project = _project(request)
    report = _prefilled(project, org_today(), request.GET.get("copy") == "1")
    can(request.user, "add", report).or_raise()
    return _edit(request, report)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft or a returned report."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, "change")
    if report.state not in services.EDITABLE:
        messages.error(request, _("This report is on file and can no longer be changed."))
        return redirect("report-page", pk=report.pk)
    return _edit(request, report)


def _edit(request: HttpRequest, report: StatusReport) -> HttpResponseBase:
    money = bool(can(request.user, MONEY, report.project))
    data = request.POST if request.method == "POST" else None
    form, ratings = ReportForm(data, instance=report, money=money), rating_forms(report, data)
    valid = data is not None and form.is_valid() and all(one.is_valid() for _label, one in ratings)
    status = 200 if data is None else 422
    if valid:
        try:
            saved = _save(request, report, form, ratings)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except StaleRecord as stale:
            form.add_error(None, _("Not saved: this report was changed by somebody else in the meantime. Your text is kept below; their version is the stored one."))
            status = 409
            form.data = _with_version(request, stale.current.version)
        else:
            messages.success(request, _("Saved.") if saved.state in services.EDITABLE else _("Submitted to the PMO."))
            return redirect("report-page", pk=saved.pk)
    return render(request, "projects/report_form.html", {"form": form, "ratings": ratings, "project": report.project, "report": report}, status=status)


def _with_version(request: HttpRequest, version: int) -> Any:
    """What was typed, now against the version that is stored: saving again overwrites knowingly."""
    data = request.POST.copy()
    data["version"] = str(version)
    return data


def _save(request: HttpRequest, report: StatusReport, form: ReportForm, ratings: Any) -> StatusReport:
    actor = request_actor(request)
    values = {name: form.cleaned_data[name] for name in form.fields if name != "version"}
    with transaction.atomic():
        if report.pk is None:
            report = services.create_report(actor=actor, row=report)
        else:
            stored: StatusReport = StatusReport.objects.get(pk=report.pk)
            report = services.update_report(actor=actor, row=stored, values=values, expected_version=form.cleaned_data["version"])
        services.rate_dimensions(actor=actor, report=report, ratings=ratings_of(ratings))
        if "submit" in request.POST:
            can(request.user, SUBMIT, report).or_raise()
            services.submit_report(actor=actor, report=report)
    return report


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report; the PMO reviews a submitted one here."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk)
    return render(request, "projects/report.html", _page(request, report, ReviewForm(initial={"reviewed": report.declared})))


def _page(request: HttpRequest, report: StatusReport, review: ReviewForm) -> dict[str, Any]:
    return {
        "report": report, "project": report.project, "review": review,
        "ratings": list(ReportRating.objects.filter(report=report).order_by("pk")),
        "money": bool(can(request.user, MONEY, report.project)),
        "editable": report.state in services.EDITABLE, "can_change": can(request.user, "change", report),
        "can_submit": can(request.user, SUBMIT, report), "can_review": can(request.user, REVIEW, report),
    }


@require_POST
def submit_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the report to the PMO."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, SUBMIT)
    return _act(request, report, lambda: services.submit_report(actor=request_actor(request), report=report), _("Submitted to the PMO."))


@require_POST
def return_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the report back to its author with a comment."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    comment = request.POST.get("comment", "")
    return _act(request, report, lambda: services.return_report(actor=request_actor(request), report=report, comment=comment), _("Returned to the author."))


@require_POST
def publish_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Publish the report with the PMO's colour."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    reviewed, comment = request.POST.get("reviewed", ""), request.POST.get("comment", "")
    return _act(
        request, report,
        lambda: services.publish_report(actor=request_actor(request), report=report, reviewed=reviewed, comment=comment), _("Published."),
    )


def _act(request: HttpRequest, report: StatusReport, act: Any, done: str) -> HttpResponseBase:
    """Run a transition; what is wrong is said on the page, with the typed text kept."""
    try:
        act()
    except ValidationError as error:
        review = ReviewForm(request.POST)
        review.is_valid()
        for message in error.messages:
            review.add_error(None, message)
        return render(request, "projects/report.html", _page(request, report, review), status=422)
    messages.success(request, done)
    return redirect("report-page", pk=report.pk)
