"""Read a status report, hand it in, return it, publish it, open it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from projects.access import MONEY, REVIEW, SUBMIT
from projects.forms.reports import ReviewForm
from projects.models import ReportSnapshot, StatusReport
from projects.queries.report_document import document_of, shown_to
from projects.services import reports as services
from projects.views.reports.drafting import by_field

State = StatusReport.State


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report; the PMO reviews a submitted one here."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk)
    return render(
        request, "projects/report.html", _page(request, report, ReviewForm(initial={"reviewed": report.declared}))
    )


def _page(request: HttpRequest, report: StatusReport, review: ReviewForm) -> dict[str, Any]:
    money = bool(can(request.user, MONEY, report.project))
    frozen = ReportSnapshot.objects.filter(report_id=report.pk).only("sha256", "taken_at").first()
    later = StatusReport.objects.filter(replaces_id=report.pk, state=State.PUBLISHED).order_by("-pk").first()
    return {
        "report": report,
        "project": report.project,
        "doc": shown_to(document_of(report), get_language() or "zh-hans", money=money),
        "review": review,
        "frozen": frozen,
        "later": later,
        "editable": report.state in services.EDITABLE,
        "can_change": can(request.user, "change", report),
        "can_add": can(request.user, "add", report),
        "can_submit": can(request.user, SUBMIT, report),
        "can_review": can(request.user, REVIEW, report),
    }


@require_POST
def submit_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the report to the PMO."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, SUBMIT)
    return _act(
        request,
        report,
        lambda: services.submit_report(actor=request_actor(request), report=report),
        _("Submitted to the PMO."),
    )


@require_POST
def return_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the report back to its author with a comment."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    comment = request.POST.get("comment", "").replace("\x00", "")
    return _act(
        request,
        report,
        lambda: services.return_report(actor=request_actor(request), report=report, comment=comment),
        _("Returned to the author."),
    )


@require_POST
def publish_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Publish the report with the PMO's colour."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, REVIEW)
    reviewed, comment = request.POST.get("reviewed", ""), request.POST.get("comment", "").replace("\x00", "")
    return _act(
        request,
        report,
        lambda: services.publish_report(
            actor=request_actor(request), report=report, reviewed=reviewed, comment=comment
        ),
        _("Published."),
    )


@require_POST
def reopen_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a new report that replaces a published one."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk)
    can(request.user, "add", report).or_raise()
    try:
        draft = services.reopen_report(actor=request_actor(request), report=report)
    except ValidationError as error:
        return _refused(request, report, error)
    messages.success(request, _("This draft replaces the published report once it is published itself."))
    return redirect("report-edit", pk=draft.pk)


def _act(request: HttpRequest, report: StatusReport, act: Callable[[], Any], done: str) -> HttpResponseBase:
    """Run a transition; what is wrong is said on the page, with the typed text kept."""
    try:
        act()
    except ValidationError as error:
        return _refused(request, report, error)
    except StaleRecord:
        stored = StatusReport.objects.get(pk=report.pk)
        told = ValidationError(_("Somebody else was faster: this is the report as it stands now."))
        return _refused(request, stored, told, status=409)
    messages.success(request, done)
    return redirect("report-page", pk=report.pk)


def _refused(request: HttpRequest, report: StatusReport, error: ValidationError, status: int = 422) -> HttpResponse:
    review = ReviewForm(request.POST)
    review.is_valid()
    for name, found in by_field(error).items():
        review.add_error("comment" if name == "review_comment" else name if name in review.fields else None, found)
    return render(request, "projects/report.html", _page(request, report, review), status=status)
