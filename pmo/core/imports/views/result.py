"""Preview, start, result, undo: the pages that say what an import would do, does and did."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.audit.actor import request_actor
from pmo.core.imports import services
from pmo.core.imports.export_safe import safe_csv_cell
from pmo.core.imports.models import ImportBatch, ImportRow
from pmo.core.imports.shown import reason_label, refusal_text, shown_sample
from pmo.core.imports.targets import ImportTarget, get_target
from pmo.core.imports.texts import say_stored
from pmo.core.imports.undo import edited_since
from pmo.core.imports.views.common import State, check_then, find_batch, frame, not_open, open_batch, page_url
from pmo.core.imports.views.upload import TONES
from pmo.core.jobs.models import Job

_PAGE = 50
_ROWS = 25
_SAMPLES = 15
_LOOKED_AT_BEFORE_UNDO = 20_000
_BOM = "\ufeff"


# -- preview --------------------------------------------------------------------------------------


@require_safe
def import_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the import would do, with every refused cell."""
    batch = find_batch(request, pk)
    elsewhere = not_open(request, batch)
    if elsewhere is not None:
        return elsewhere
    if not batch.preview or batch.preview.get("stale"):
        return check_then(request, batch, "preview")
    preview, target = batch.preview, get_target(batch.target)
    outcomes = [name for name in ("created", "updated", "unchanged") if preview["counts"][name]]
    tab = request.GET.get("show", "")
    tab = tab if tab in outcomes else next(iter(outcomes), "")
    lang = get_language() or "zh-hans"
    samples = [shown_sample(target, row, lang) for row in preview["samples"].get(tab, [])[:_SAMPLES]]
    counts = preview["counts"]
    context = {
        **frame(batch, "preview"),
        "preview": preview,
        "counts": counts,
        "writes": counts["created"] + counts["updated"],
        "tabs": [(name, ImportRow.Outcome(name).label, counts[name]) for name in outcomes],
        "tab": tab,
        "samples": samples,
        "notes": [say_stored(note) for note in [*batch.table["notes"], *preview["notes"]]],
        "dates": [(datetime.date.fromisoformat(day), rows) for day, rows in preview["dates"]],
        "parents": [(target.directory(kind).label, number) for kind, number in preview["parents"].items()],
        "undecided": sum(1 for words in preview["words"].values() for word in words if not word[2]),
        **_refused(request, batch),
    }
    return render(request, "imports/preview.html", context)


def _refused(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """The refused cells that the filters in the address leave, page by page."""
    rows = batch.refusals.all()
    reasons = [
        (code, reason_label(code), number)
        for code, number in rows.order_by().values_list("code").annotate(n=Count("id")).order_by("-n")
    ]
    columns = list(rows.exclude(column="").order_by("column").values_list("column", flat=True).distinct())
    reason, column, text = (request.GET.get(name, "").strip() for name in ("reason", "column", "q"))
    if "\x00" in f"{reason}{column}{text}":
        # No cell holds it, and not every database can be asked for it.
        rows = rows.none()
        reason, column, text = (one.replace("\x00", "") for one in (reason, column, text))
    if reason:
        rows = rows.filter(code=reason)
    if column:
        rows = rows.filter(column=column)
    if text:
        rows = rows.filter(row=int(text)) if text.isdecimal() and len(text) < 9 else rows.filter(value__icontains=text)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "reasons": reasons,
        "columns": columns,
        "reason": reason,
        "column": column,
        "q": text,
        "refusals": [(one, refusal_text(get_target(batch.target), one)) for one in page.object_list],
    }


@require_safe
def import_refused_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every refused cell as CSV."""
    batch = find_batch(request, pk)
    response = StreamingHttpResponse(_csv_lines(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.pk}.csv"'
    return response


class _Echo:
    """A file for csv.writer that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(batch: ImportBatch) -> Iterator[str]:
    lang = get_language()
    writer = csv.writer(_Echo())
    yield _BOM + writer.writerow([_("Row"), _("Column"), _("Value"), pgettext("refusal", "Reason"), _("Refused")])
    cell, whole = _("Cell"), _("Whole row")
    target = get_target(batch.target)
    from django.utils import translation

    for one in batch.refusals.iterator(chunk_size=2000):
        with translation.override(lang):
            reason = refusal_text(target, one)
        texts = (one.column, one.value, reason, whole if one.whole_row else cell)
        yield writer.writerow([one.row, *(safe_csv_cell(text) for text in texts)])


# -- start ----------------------------------------------------------------------------------------


@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write it, as one job; or go on with one that was interrupted."""
    batch = find_batch(request, pk)
    try:
        services.start_commit(actor=request_actor(request), batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page_url("page", batch))
    return redirect(page_url("wait", batch))


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what an undo would leave alone; then take the import back, as one job."""
    batch = find_batch(request, pk)
    if batch.state not in {State.COMMITTED, State.FAILED}:
        return redirect(page_url("page", batch))
    if request.method == "POST":
        try:
            services.start_undo(actor=request_actor(request), batch=batch)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(page_url("page", batch))
        return redirect(page_url("wait", batch))
    written = batch.changes.filter(undone=False).count()
    looked = written <= _LOOKED_AT_BEFORE_UNDO
    kept = [_with_link(get_target(batch.target), one.as_json()) for one in edited_since(batch)] if looked else []
    return render(
        request, "imports/undo.html", {**frame(batch, "page"), "kept": kept, "looked": looked, "written": written}
    )


# -- result ---------------------------------------------------------------------------------------


@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The batch where it stands: the next step, its progress, or what it did."""
    batch = open_batch(request, pk)
    own = get_target(batch.target).page
    if own:
        return redirect(own, pk=batch.pk)
    job = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    if job is not None and job.live:
        return redirect(page_url("wait", batch))
    if batch.state in services.OPEN:
        return redirect(page_url(_open_page(batch), batch))
    return _result_page(request, batch, job)


def _open_page(batch: ImportBatch) -> str:
    if "columns" not in batch.table:
        return "file"
    return "preview" if batch.preview and not batch.preview.get("stale") else "columns"


def _result_page(request: HttpRequest, batch: ImportBatch, job: Job | None) -> HttpResponse:
    target = get_target(batch.target)
    outcome = request.GET.get("show", "")
    rows = batch.rows.all()
    counts = dict.fromkeys(ImportRow.Outcome.values, 0) | dict(
        rows.order_by().values_list("outcome").annotate(n=Count("id"))
    )
    if outcome in ImportRow.Outcome.values:
        rows = rows.filter(outcome=outcome)
    listed = Paginator(rows, _ROWS).get_page(request.GET.get("rows"))
    result = batch.result
    context = {
        **frame(batch, "page"),
        "counts": counts,
        "tone": TONES[batch.state],
        "show": outcome,
        "listed": listed,
        "outcomes": [(value, label, counts[value]) for value, label in ImportRow.Outcome.choices if counts[value]],
        "rows": [(one, record_url(target, one.object_id)) for one in listed.object_list],
        "panels": _panels(target, batch),
        "parents": _parents(target, result.get("parents", {})),
        "kept": [_with_link(target, one) for one in result.get("kept", [])],
        "job": job,
        "dates": [datetime.date.fromisoformat(day) for day in result.get("dates", [])],
        "stopped": batch.state == State.FAILED,
        "can_undo": batch.state in {State.COMMITTED, State.FAILED},
        "can_go_on": batch.state == State.FAILED and not result,
        **_refused(request, batch),
    }
    return render(request, "imports/result.html", context)


def _panels(target: ImportTarget, batch: ImportBatch) -> list[Any]:
    if batch.state != State.COMMITTED:
        return []
    return [panel for show in target.panels if (panel := show(batch)) is not None]


def _parents(target: ImportTarget, created: dict[str, int]) -> list[tuple[Any, int]]:
    labels = {one.model._meta.label_lower: one.label for one in target.directories}
    return [(labels.get(model, model), number) for model, number in created.items()]


def record_url(target: ImportTarget, pk: int | None) -> str:
    """The page of an imported record, "" where it has none."""
    if not pk or not target.register:
        return ""
    try:
        return reverse("register-detail", kwargs={"key": target.register, "pk": pk})
    except NoReverseMatch:
        return ""


def _with_link(target: ImportTarget, kept: dict[str, Any]) -> dict[str, Any]:
    main = kept["model"] == target.model._meta.label_lower
    return {**kept, "url": record_url(target, kept["id"]) if main else ""}
