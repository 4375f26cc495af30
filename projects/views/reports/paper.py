"""A status report as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import organisation_zone
from pmo.core.pdf.printing import language, pdf_response, printed_by, record_pdf
from projects.access import MONEY
from projects.models import ReportSnapshot, StatusReport
from projects.paper import status_report
from projects.queries.report_document import document_of, shown_to


@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as its page shows it to the reader. A published one is the same file whoever prints it when."""
    report: StatusReport = get_or_refuse(request.user, StatusReport, pk)
    money = bool(can(request.user, MONEY, report.project))
    doc = shown_to(document_of(report), language(), money=money)
    frozen = ReportSnapshot.objects.filter(report_id=report.pk).only("sha256", "taken_at").first()
    actor = request_actor(request)
    if frozen is None:
        content = status_report.report_pdf(doc, note=printed_by(actor.name))
    else:
        note = status_report.frozen_note(doc, frozen.sha256)
        day = frozen.taken_at.astimezone(organisation_zone()).date()
        content = status_report.report_pdf(doc, note=note, day=day, sha256=frozen.sha256)
    record_pdf(actor=actor, model=StatusReport._meta.label_lower, label=report.code)
    return pdf_response(content, f"{report.code}-{report.period_end:%Y%m%d}.pdf")
