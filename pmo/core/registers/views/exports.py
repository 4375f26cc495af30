"""Exports of a list."""

from __future__ import annotations

import tempfile
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pmo.core.audit.actor import request_actor
from pmo.core.exports.csv_file import csv_stream
from pmo.core.exports.model import ExportTable
from pmo.core.exports.xlsx_file import write_xlsx
from pmo.core.features import api as features
from pmo.core.features.declaration import EXPORTS
from pmo.core.jobs.models import Job
from pmo.core.pdf.document import PDF_TYPE
from pmo.core.pdf.printing import pdf_response
from pmo.core.registers.controls import sentence
from pmo.core.registers.export_job import KIND, start_export
from pmo.core.registers.exporting import MOST_ROWS, export_rows, export_table, record_export
from pmo.core.registers.paper import MOST_AT_ONCE, list_pdf
from pmo.core.registers.preferences import preference
from pmo.core.registers.queries import check_list
from pmo.core.registers.saved_views.queries import read_with_view, view_name
from pmo.core.registers.views.common import list_url, register_or_404

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def register_export(request: HttpRequest, key: str, kind: str) -> Any:
    """The list as a file: csv, xlsx or pdf, with the filters, columns and order of the address."""
    register = register_or_404(key)
    _check_kind(kind)
    check_list(register, request.user)
    features.require(EXPORTS)
    kept = preference(user=request.user, register=register)
    state, opened = read_with_view(register, request.user, request.GET, kept.columns)
    rows = export_rows(state)
    problems = sentence(state.errors)
    count = 0 if problems else rows.count()
    most = MOST_AT_ONCE if kind == "pdf" else MOST_ROWS
    if problems or count > most:
        context = {
            "register": register,
            "errors": problems,
            "count": count,
            "most": most,
            "back": list_url(register),
            "kind": kind,
            "query": request.GET.urlencode(),
        }
        return render(request, "registers/export_refused.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actor = request_actor(request)
    record_export(actor=actor, state=state, kind=kind, count=count)
    name = f"{key}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    if kind == "pdf":
        return pdf_response(list_pdf(state, rows, actor.name, view_name(opened)), name)
    return _WRITERS[kind](export_table(state, rows, count, actor.name, view_name(opened)), name)


def _check_kind(kind: str) -> None:
    """Raises Http404 for a format that is not offered."""
    if kind not in _TYPES:
        raise Http404(_("There is no such file format; csv, xlsx and pdf are offered."))


@require_POST
def register_export_job(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Have a job write the file."""
    register = register_or_404(key)
    _check_kind(kind)
    check_list(register, request.user)
    features.require(EXPORTS)
    kept = preference(user=request.user, register=register)
    job = start_export(
        register=register,
        actor=request_actor(request),
        kind=kind,
        query=request.GET.urlencode(),
        columns=list(kept.columns),
    )
    return HttpResponseRedirect(reverse("job-detail", kwargs={"uid": job.uid}))


@require_GET
def register_export_file(request: HttpRequest, uid: uuid.UUID) -> FileResponse:
    """The file a job wrote: for the one who asked for it."""
    job = Job.objects.filter(uid=uid, kind=KIND, owner_id=request.user.pk, state=Job.State.DONE).first()
    if job is None or not job.result or not default_storage.exists(job.result["file"]):
        raise Http404(_("There is no such file any more; export the list again."))
    kind = job.result["format"]
    name = f"{job.result['register']}-{timezone.localtime(job.finished_at):%Y%m%d-%H%M}.{kind}"
    return FileResponse(
        default_storage.open(job.result["file"]), as_attachment=True, filename=name, content_type=_TYPES[kind]
    )


def _csv(table: ExportTable, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_stream(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def xlsx_response(table: ExportTable, name: str) -> FileResponse | HttpResponse:
    """The table as a workbook to download."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(table, path)
        # The open file outlives its name and is gone when the response is closed.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX_TYPE)


_WRITERS = {"csv": _csv, "xlsx": xlsx_response}
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE, "pdf": PDF_TYPE}
