"""Linked tables from one zip: uploaded, their report before anything is written, written, undone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.audit.actor import request_actor
from pmo.core.imports import services
from pmo.core.imports.archive import megabytes
from pmo.core.imports.export_safe import safe_csv_cell
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.store import limits
from pmo.core.imports.targets import get_target
from pmo.core.imports.texts import say, say_message, say_stored
from pmo.core.imports.views.common import State, open_batch
from pmo.core.imports.views.upload import TONES
from pmo.core.jobs.models import Job
from pmo.core.jobs.queries import job_row
from pmo.core.jobs.services.owner_acts import may_manage
from portfolio.imports.linked import TARGET
from portfolio.queries.linked import known_sets, shown_report
from portfolio.services.linked import batches

_PAGE = 50
_LONGEST_TABLE = 60
_BOM = "\ufeff"


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """The import of the address. Raises Http404 where it is another kind or not visible, Refused."""
    batch = open_batch(request, pk)
    if batch.target != TARGET:
        raise Http404(_("There is no such record, or you may not see it."))
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
def linked_new(request: HttpRequest) -> HttpResponseBase:
    """Upload a zip; it is read in the background, and nothing is written before its report was seen."""
    services.require(request_actor(request), get_target(TARGET))
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            error = _("Choose a zip archive first.")
        else:
            try:
                actor = request_actor(request)
                batch = batches.take(actor=actor, file=upload, filename=upload.name or "")
                batches.start_check(actor=actor, batch=batch)
                return redirect("linked-import", pk=batch.pk)
            except ReadError as refused:
                error = say_message(refused.message)
    context = {
        "error": error,
        "limit": megabytes(limits().upload_bytes),
        "not_zip": say("linked_not_zip", {}),
        "sets": known_sets(),
    }
    return render(request, "portfolio/linked/new.html", context, status=422 if error else 200)


@require_safe
def linked_import(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The import where it stands: being worked on, its report before or after it was written, or why it was refused."""
    batch = _batch(request, pk)
    job = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    if job is not None and job.live:
        return _waiting(request, batch, job)
    if request.htmx:  # type: ignore[attr-defined]
        done = HttpResponse(status=204)
        done["HX-Redirect"] = request.path
        return done
    report = batch.result if batch.result.get("tables") else batch.preview
    if not report.get("tables"):
        error = say_stored(batch.table["error"]) if "error" in batch.table else ""
        context = {**_frame(batch), "error": error, "job": job}
        return render(request, "portfolio/linked/failed.html", context)
    return _report(request, batch, report, job)


def _frame(batch: ImportBatch) -> dict[str, Any]:
    return {"batch": batch, "tone": TONES[batch.state], "open": batch.state in services.OPEN}


def _waiting(request: HttpRequest, batch: ImportBatch, job: Job) -> HttpResponse:
    manage = may_manage(request_actor(request), job)
    context = {**_frame(batch), "job": job, "row": job_row(job, timezone.now()), "manage": manage}
    part = bool(request.htmx)  # type: ignore[attr-defined]
    response = render(request, "portfolio/linked/_wait.html" if part else "portfolio/linked/wait.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _report(request: HttpRequest, batch: ImportBatch, report: dict[str, Any], job: Job | None) -> HttpResponse:
    written = batch.state == State.COMMITTED
    context = {
        **_frame(batch),
        **shown_report(batch, report, written=written),
        **_refused(request, batch),
        "report": report,
        "written": written,
        "writes": report["counts"]["created"]
        + report["counts"]["updated"]
        + sum(one["new"] for one in report["relations"]),
        "interrupted": batch.state == State.FAILED,
        "can_commit": batch.state == State.PREVIEWED or (batch.state == State.FAILED and not batch.result),
        "can_undo": written or batch.state == State.FAILED,
        "undone": batch.state == State.UNDONE,
        "job": job,
    }
    return render(request, "portfolio/linked/report.html", context)


def _refused(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """The refused rows and cells, of one table or of all, page by page."""
    rows = batch.refusals.order_by("field", "row", "id")
    names = rows.order_by("field").values_list("field").annotate(n=Count("id"))
    table = request.GET.get("table", "").replace("\x00", "")[:_LONGEST_TABLE]
    if table:
        rows = rows.filter(field=table)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "table": table,
        "refused_tables": list(names),
        "refusals": [(one, say(one.code, one.params)) for one in page.object_list],
    }


@require_safe
def linked_refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every refused row and cell as CSV."""
    batch = _batch(request, pk)
    response = StreamingHttpResponse(_lines(batch, translation.get_language()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.pk}.csv"'
    return response


class _Echo:
    """A file for csv.writer that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _lines(batch: ImportBatch, language: str | None) -> Iterator[str]:
    writer = csv.writer(_Echo())
    with translation.override(language):
        heads = [_("Table"), _("Row"), _("Column"), _("Value"), pgettext("refusal", "Reason"), _("Refused")]
        cell, whole = _("Cell"), _("Whole row")
    yield _BOM + writer.writerow(heads)
    for one in batch.refusals.order_by("field", "row", "id").iterator(chunk_size=2000):
        with translation.override(language):
            reason = say(one.code, one.params)
        texts = (one.column, one.value, reason, whole if one.whole_row else cell)
        yield writer.writerow([safe_csv_cell(one.field), one.row, *(safe_csv_cell(text) for text in texts)])


@require_POST
def linked_check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read the archive once more: what it would do may be another thing by now."""
    return _act(request, pk, batches.start_check)


@require_POST
def linked_commit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write it, as one job."""
    return _act(request, pk, batches.start_commit)


@require_POST
def linked_undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the import back, as one job."""
    return _act(request, pk, services.start_undo)


def _act(request: HttpRequest, pk: int, act: Any) -> HttpResponseBase:
    batch = _batch(request, pk)
    try:
        act(actor=request_actor(request), batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("linked-import", pk=batch.pk)


@require_POST
def linked_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw an import away that was never written."""
    batch = _batch(request, pk)
    try:
        services.discard(actor=request_actor(request), batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("linked-import", pk=batch.pk)
    messages.success(request, _("%(file)s was thrown away; nothing was imported.") % {"file": batch.filename})
    return redirect("import-list")
