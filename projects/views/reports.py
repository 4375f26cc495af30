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
from pmo.core.registers.values import is_id
from projects.access import MONEY, REVIEW, SUBMIT
from projects.forms.reports import RatingForm, ReportForm, ReviewForm, rating_forms, ratings_of
from projects.models import Project, ReportRating, StatusReport
from projects.models.choices import Band
from projects.queries.computed import Computed, Mark, computed_of
from projects.services import reports as services

COPIED = (
    "declared",
    "comment",
    "summary",
    "achievements",
    "next_period",
    "help_needed",
    "forecast_finish",
    "forecast_cost",
)


def _project(request: HttpRequest) -> Project:
    raw = request.GET.get("project", "")
    if not is_id(raw):
        raise Http404(_("Say which project the report is about."))
    project: Project = get_or_refuse(request.user, Project, int(raw))
    return project


def _prefilled(project: Project, today: datetime.date, copy: bool) -> StatusReport:
    """A new report with everything that is known: the period after the last report, the project's forecast."""
    last = _last_report(project)
    start = last.period_end + datetime.timedelta(days=1) if last else today - datetime.timedelta(days=today.weekday())
    latest = max(start, today)
    end = latest + datetime.timedelta(days=6 - latest.weekday())
    report = StatusReport(project=project, period_start=start, period_end=end)
    report.forecast_finish, report.forecast_cost = project.forecast_finish, project.forecast_cost
    if copy and last:
        for name in COPIED:
            setattr(report, name, getattr(last, name))
    return report


def _last_report(project: Project) -> StatusReport | None:
    rows = StatusReport.objects.filter(project=project, source=StatusReport.Source.FORM)
    last: StatusReport | None = rows.order_by("-period_end", "-pk").first()
    return last


def _open_draft(project: Project) -> StatusReport | None:
    """A draft or returned report of the project, which is to be finished before another one is begun."""
    rows = StatusReport.objects.filter(project=project, source=StatusReport.Source.FORM, state__in=services.EDITABLE)
    found: StatusReport | None = rows.order_by("-period_end", "-pk").first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponseBase:
    """Write a report for `?project=`; `copy=1` begins with the last one's text. An open draft is continued instead."""
    project = _project(request)
    copy = request.GET.get("copy") == "1"
    report = _prefilled(project, org_today(), copy)
    can(request.user, "add", report).or_raise()
    draft = _open_draft(project) if request.method != "POST" else None
    if draft is not None and can(request.user, "change", draft):
        messages.info(request, _("This project already has a draft; here it is."))
        return redirect("report-edit", pk=draft.pk)
    return _edit(request, report, _last_report(project) if copy else None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft or a returned report."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk, "change")
    if report.state not in services.EDITABLE:
        messages.error(request, _("This report is on file and can no longer be changed."))
        return redirect("report-page", pk=report.pk)
    return _edit(request, report)


def _edit(request: HttpRequest, report: StatusReport, model: StatusReport | None = None) -> HttpResponseBase:
    """The form of a report and its answer; a new one's dimensions start from `model`'s, else from the computed colours."""
    money = bool(can(request.user, MONEY, report.project))
    data = request.POST if request.method == "POST" else None
    computed = computed_of(report.project_id, org_today())
    form, ratings = ReportForm(data, instance=report, money=money), rating_forms(model or report, data)
    if model is None:
        _start_from(computed, ratings)
    valid = data is not None and form.is_valid() and all(one.is_valid() for _label, one in ratings)
    status = 200 if data is None else 422
    if valid:
        try:
            saved = _save(request, report, form, ratings)
        except ValidationError as error:
            _add_errors(form, error)
        except StaleRecord as stale:
            form.add_error(
                None,
                _(
                    "Not saved: this report was changed by somebody else in the meantime. Your text is kept below; their version is the stored one."
                ),
            )
            status = 409
            form.data = _with_version(request, stale.current.version)
        else:
            messages.success(request, _("Saved.") if saved.state in services.EDITABLE else _("Submitted to the PMO."))
            return redirect("report-page", pk=saved.pk)
    context = {
        "form": form,
        "ratings": _rated(ratings, computed),
        "project": report.project,
        "report": report,
        "computed": computed,
    }
    return render(request, "projects/report_form.html", context, status=status)


def _start_from(computed: Computed | None, ratings: list[tuple[str, RatingForm]]) -> None:
    """Declare what is computed where nothing is stored yet, so that the author touches only what they see otherwise."""
    for _label, one in ratings:
        mark = computed.dimensions.get(str(one.prefix)) if computed else None
        if mark is not None and not one.initial:
            one.initial = {"declared": mark.band, "comment": ""}


def _rated(
    ratings: list[tuple[str, RatingForm]], computed: Computed | None
) -> list[tuple[str, RatingForm, Mark | None, bool]]:
    """(label, form, computed mark, whether it starts open): what differs from the figures or is wrong is open."""
    rows = []
    for label, one in ratings:
        mark = computed.dimensions.get(str(one.prefix)) if computed else None
        declared = one["declared"].value()
        differs = mark is not None and declared != mark.band
        rows.append((label, one, mark, differs or bool(one.errors) or bool(one["comment"].value())))
    return rows


def _add_errors(form: ReportForm, error: ValidationError) -> None:
    """Put each error at its field, and those of fields that the form does not show at its head."""
    for name, found in _by_field(error).items():
        form.add_error(name if name in form.fields else None, found)


def _by_field(error: ValidationError) -> dict[str, Any]:
    """The messages of an error by field; "" for those without one."""
    return dict(error.error_dict) if hasattr(error, "error_dict") else {"": error.error_list}


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
            report = services.update_report(
                actor=actor, row=stored, values=values, expected_version=form.cleaned_data["version"]
            )
        services.rate_dimensions(actor=actor, report=report, ratings=ratings_of(ratings))
        if "submit" in request.POST:
            can(request.user, SUBMIT, report).or_raise()
            services.submit_report(actor=actor, report=report)
    return report


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report; the PMO reviews a submitted one here."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk)
    return render(
        request, "projects/report.html", _page(request, report, ReviewForm(initial={"reviewed": report.declared}))
    )


def _page(request: HttpRequest, report: StatusReport, review: ReviewForm) -> dict[str, Any]:
    computed = computed_of(report.project_id, report.published_on or report.submitted_on or org_today())
    ratings = list(ReportRating.objects.filter(report=report).order_by("pk"))
    marks = computed.dimensions if computed else {}
    return {
        "report": report,
        "project": report.project,
        "review": review,
        "computed": computed,
        "ratings": [(row, marks.get(row.dimension)) for row in ratings if row.declared != Band.GREY or row.comment],
        "money": bool(can(request.user, MONEY, report.project)),
        "editable": report.state in services.EDITABLE,
        "can_change": can(request.user, "change", report),
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


def _act(request: HttpRequest, report: StatusReport, act: Any, done: str) -> HttpResponseBase:
    """Run a transition; what is wrong is said on the page, with the typed text kept."""
    try:
        act()
    except ValidationError as error:
        review = ReviewForm(request.POST)
        review.is_valid()
        for name, found in _by_field(error).items():
            review.add_error("comment" if name == "review_comment" else name if name in review.fields else None, found)
        return render(request, "projects/report.html", _page(request, report, review), status=422)
    messages.success(request, done)
    return redirect("report-page", pk=report.pk)
