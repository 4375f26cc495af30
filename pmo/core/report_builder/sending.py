"""The file that goes with the mail of a scheduled report: its reader's own figures at the moment of sending."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.urls import Resolver404, resolve

from pmo.core.access.api import can
from pmo.core.audit.actor import actor_of
from pmo.core.exports.xlsx_file import write_xlsx
from pmo.core.messages.api import Attachment
from pmo.core.pdf.document import PDF_TYPE
from pmo.core.report_builder.answer import answer
from pmo.core.report_builder.figures import export_table
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.paper import report_pdf
from pmo.core.report_builder.queries import visible_reports
from pmo.core.report_builder.question import PDF, XLSX
from pmo.core.report_builder.services import question_of

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(url: str, user: Any) -> Attachment | None:
    """PDF or workbook of the report at the address, as its owner chose; None where none is wanted or the reader lost it."""
    report = _report(url, user)
    question = question_of(report, user) if report is not None else None
    if report is None or question is None or question.send not in {PDF, XLSX} or question.errors:
        return None
    register = question.register
    if question.by is None or not (register.visible is not None or can(user, "view", register.model)):
        return None
    found, name = answer(question, user), actor_of(user).name
    file = f"{register.key}-{report.pk}.{question.send}"
    if question.send == PDF:
        return file, report_pdf(question, found, report.name, name), PDF_TYPE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        write_xlsx(export_table(question, found, report.name, name), path)
        return file, path.read_bytes(), _XLSX_TYPE


def _report(url: str, user: Any) -> BuiltReport | None:
    try:
        place = resolve(url)
    except Resolver404:
        return None
    if place.url_name != "built-report":
        return None
    found: BuiltReport | None = visible_reports(user).filter(pk=place.kwargs["pk"]).first()
    return found
