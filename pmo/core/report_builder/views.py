"""The report builder: making, keeping, reading, exporting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from pmo.core.access.api import has_any, permission_of
from pmo.core.audit.actor import request_actor
from pmo.core.audit.services import Act, record
from pmo.core.pdf.printing import pdf_response
from pmo.core.records.services import StaleRecord
from pmo.core.registers.cells import CellMaker
from pmo.core.registers.controls import filter_bar
from pmo.core.registers.declaration import Register, all_registers, get_register
from pmo.core.registers.queries import check_list
from pmo.core.registers.views.common import register_or_404
from pmo.core.registers.views.exports import XLSX_TYPE, xlsx_response
from pmo.core.report_builder import paper, services
from pmo.core.report_builder.answer import Answer, answer
from pmo.core.report_builder.figures import export_table, figure
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.queries import listed, may_change, visible_reports
from pmo.core.report_builder.question import (
    CHARTS,
    OF,
    PDF,
    SENT_AS,
    TABLE,
    TITLE,
    XLSX,
    Question,
    dimensions,
    measures,
    read_question,
)
from pmo.core.web.nav import GROUPS

__all__ = ["XLSX_TYPE", "builder", "report_delete", "report_keep", "report_list", "report_page", "report_restore"]


def _registers(user: Any) -> list[tuple[Any, list[Register]]]:
    """Registers whose list the user may open, in the groups of the navigation, by name."""
    found = [
        one for one in all_registers() if one.visible is not None or has_any(user, permission_of(one.model, "view"))
    ]
    known = sorted((one for one in found if dimensions(one)), key=lambda one: str(one.title))
    groups = [(label or _("Home"), [one for one in known if one.group == key]) for key, label in GROUPS]
    return [(label, rows) for label, rows in groups if rows]


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """All reports the user has."""
    return render(request, "report_builder/list.html", {"reports": listed(request.user)})


@require_GET
def builder(request: HttpRequest) -> HttpResponse:
    """Making a report: every choice stands in the address."""
    if OF not in request.GET:
        return render(request, "report_builder/start.html", {"groups": _registers(request.user)})
    question = _asked(request, request.GET)
    return _shown(request, question, None)


def _asked(request: HttpRequest, params: QueryDict) -> Question:
    register = register_or_404(params.get(OF, ""))
    register = get_register(register.key)
    check_list(register, request.user)
    return read_question(register, request.user, params)


def _shown(request: HttpRequest, question: Question, report: BuiltReport | None, **more: Any) -> HttpResponse:
    found = answer(question, request.user)
    problems = [*question.errors, *([found.problem] if found.problem else [])]
    lang = get_language() or "zh-hans"
    context = {
        "question": question,
        "report": report,
        "fig": figure(question, found, lang, report.name if report else ""),
        "table_only": question.chart == TABLE or found.several_currencies,
        "problems": problems,
        "dimensions": dimensions(question.register),
        "measures": measures(question.register),
        "charts": CHARTS,
        "carried": [(name, text) for name, texts in question.filters.lists() for text in texts],
        "chips": filter_bar(question.state, CellMaker(question.register)).chips,
        "sharings": BuiltReport.Sharing.choices,
        "schedules": BuiltReport.Schedule.choices,
        "sent_as": SENT_AS.items(),
        "changeable": report is not None and may_change(request.user, report),
        "subscribed": report is not None and report.readers.filter(user_id=request.user.pk or 0).exists(),
        **more,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems or more.get("errors") else HTTPStatus.OK
    return render(request, "report_builder/builder.html", context, status=status)


def _report(request: HttpRequest, pk: int) -> BuiltReport:
    report: BuiltReport | None = visible_reports(request.user).filter(pk=pk).first()
    if report is None:
        raise Http404(_("There is no such report, or it is not shared with you."))
    return report


@require_GET
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept report, as its reader may see it now."""
    report = _report(request, pk)
    return _shown(request, _asked(request, QueryDict(report.query)), report)


@require_POST
def report_keep(request: HttpRequest) -> HttpResponse:
    """Keep what the builder shows, as a new report or (with `report`) in place of one."""
    query = request.POST.get("query", "")[:4000]
    question = _asked(request, QueryDict(query))
    if request.POST.get("send") in SENT_AS:
        question = replace(question, send=request.POST["send"])
    values = {name: request.POST.get(name, "") for name in ("name", "sharing", "schedule")}
    actor = request_actor(request)
    replaced = request.POST.get("report", "")
    report = _report(request, int(replaced)) if replaced.isascii() and replaced.isdigit() else None
    try:
        if report is None:
            report = services.keep_report(actor=actor, query=question.query, **values)
        else:
            version = request.POST.get("version", "")
            expected = int(version[:9]) if version.isascii() and version.isdigit() else 0
            services.change_report(
                actor=actor, report=report, expected_version=expected, query=question.query, **values
            )
    except ValidationError as error:
        return _shown(request, question, report, errors=error.messages, typed=values)
    except StaleRecord:
        told = [_("Somebody changed this report in the meantime. Look at it, then save again.")]
        return _shown(request, question, _report(request, report.pk) if report else None, errors=told, typed=values)
    messages.success(request, _("“%(name)s” is kept.") % {"name": report.name})
    return HttpResponseRedirect(reverse("built-report", args=[report.pk]))


@require_POST
def report_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a report to the trash; the toast offers to bring it back."""
    report = _report(request, pk)
    services.delete_report(actor=request_actor(request), report=report)
    undo = reverse("built-report-restore", args=[report.pk])
    messages.success(request, _("“%(name)s” was deleted.") % {"name": report.name}, extra_tags=undo)
    return HttpResponseRedirect(reverse("built-reports"))


@require_POST
def report_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a deleted report back: only who may change it."""
    report = BuiltReport.all_objects.filter(pk=pk, deleted_at__isnull=False).first()
    if report is None or not may_change(request.user, report):
        raise Http404(_("There is no such report, or it is not shared with you."))
    services.restore_report(actor=request_actor(request), report=report)
    return HttpResponseRedirect(reverse("built-report", args=[report.pk]))


@require_POST
def report_subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the report sent to oneself (`on=1`), or no longer."""
    report = _report(request, pk)
    services.subscribe(actor=request_actor(request), report=report, on=request.POST.get("on") == "1")
    return HttpResponseRedirect(reverse("built-report", args=[report.pk]))


@require_safe
def report_export(request: HttpRequest) -> Any:
    """What the builder shows as a workbook; the address is the builder's."""
    return _file(request, XLSX, lambda made: xlsx_response(export_table(*made[:3], made.name), made.file))


@require_safe
def report_pdf(request: HttpRequest) -> Any:
    """What the builder shows as a PDF; the address is the builder's."""
    return _file(request, PDF, lambda made: pdf_response(paper.report_pdf(*made[:3], made.name), made.file))


class _Made(NamedTuple):
    question: Question
    answer: Answer
    title: str
    name: str
    file: str


def _file(request: HttpRequest, kind: str, write: Callable[[_Made], Any]) -> Any:
    question = _asked(request, request.GET)
    found = answer(question, request.user)
    if question.errors or found.problem or question.by is None:
        return _shown(request, question, None)
    title = request.GET.get(TITLE, "")[:80] or question.measure.label
    actor = request_actor(request)
    changes = {"format": kind, "rows": len(found.rows), "query": question.query[:1000]}
    label = question.register.model._meta.label_lower
    record(actor=actor, act=Act("export", label, None, question.register.key, None, changes))
    name = f"{question.register.key}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    return write(_Made(question, found, title, actor.name, name))
