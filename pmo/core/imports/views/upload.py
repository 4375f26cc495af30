"""The list of imports, a new one, how its file is read, and waiting for what takes longer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.core.access.api import refusal
from pmo.core.audit.actor import request_actor
from pmo.core.imports import services, template_file
from pmo.core.imports.archive import megabytes
from pmo.core.imports.entries import entries_for
from pmo.core.imports.forms import ReadingForm, UploadForm
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.store import limits
from pmo.core.imports.targets import ImportTarget, all_targets, get_target, paged_targets
from pmo.core.imports.texts import say_message, say_stored
from pmo.core.imports.views.common import State, after, allowed_targets, find_batch, frame, page_url, steps
from pmo.core.jobs.models import Job
from pmo.core.jobs.queries import job_row

_PAGE = 50
TONES = {
    "uploaded": "line",
    "mapped": "line",
    "previewed": "accent",
    "committing": "accent",
    "committed": "green",
    "undoing": "accent",
    "undone": "line",
    "failed": "red",
}


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Everything that was or is being imported, newest first, and the named mappings."""
    targets = allowed_targets(request.user)
    if not targets:
        refusal(next(iter(all_targets())).permission).or_raise()
    targets += [one for one in paged_targets() if services.may_import(request.user, one)]
    keys = [one.key for one in targets]
    mine = Q(owner=request.user) | Q(pk__in=ImportBatch.objects.visible_to(request.user).values("pk"))
    rows = (
        ImportBatch.objects.filter(mine, target__in=keys)
        .select_related("owner__person")
        .annotate(unreadable=Q(table__has_key="error", state=State.UPLOADED))
        .defer("table", "preview", "mapping", "choices")
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    labels = {one.key: one.label for one in targets}
    context = {
        "page": page,
        "rows": [(batch, labels[batch.target], TONES[batch.state]) for batch in page.object_list],
        "mappings": ImportMapping.objects.filter(target__in=keys),
        "labels": labels,
        "entries": entries_for(request.user),
    }
    return render(request, "imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponseBase:
    """Upload a file."""
    targets = allowed_targets(request.user)
    if not targets:
        refusal(next(iter(all_targets())).permission).or_raise()
    chosen = _chosen(request)
    if chosen is not None:
        services.require(request_actor(request), chosen)
        targets = [chosen] if "target" in request.GET else targets
    initial = {"target": targets[0].key}
    fixed = "target" in request.GET and chosen is not None
    form = UploadForm(request.POST or None, request.FILES or None, targets=targets, initial=initial, fixed=fixed)
    if request.method == "POST" and form.is_valid():
        batch = _upload(request, form)
        if batch is not None:
            return redirect(_read(request, batch))
    context = {
        "form": form,
        "steps": steps(None, "file"),
        "limit": megabytes(limits().upload_bytes),
        "target": chosen if fixed else None,
        "back": reverse("register-list", kwargs={"key": chosen.register})
        if fixed and chosen and chosen.register
        else "",
        "kinds": template_file.KINDS,
    }
    return render(request, "imports/new.html", context, status=422 if form.is_bound and form.errors else 200)


def _chosen(request: HttpRequest) -> ImportTarget | None:
    """The register that the address or the form names, None where it names none that there is."""
    key = request.POST.get("target") or request.GET.get("target", "")
    return next((one for one in all_targets() if one.key == key), None)


@require_safe
def import_template(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """An empty file to fill in, with a sheet that explains its columns."""
    try:
        target = get_target(key)
    except LookupError:
        raise Http404(_("Nothing can be imported into this register.")) from None
    if kind not in template_file.KINDS:
        raise Http404(_("There is no such file format; csv and xlsx are offered."))
    services.require(request_actor(request), target)
    content, content_type = template_file.template_of(target, request.user, kind)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{key}-template.{kind}") or ""
    return response


def _upload(request: HttpRequest, form: UploadForm) -> ImportBatch | None:
    """Keep the file; None where it is refused, and then the form says why."""
    data: dict[str, Any] = form.cleaned_data
    try:
        return services.upload(
            actor=request_actor(request),
            file=data["file"],
            filename=data["file"].name or "",
            target=data["target"],
            as_of=data.get("as_of"),
        )
    except ReadError as error:
        form.add_error("file", say_message(error.message))
    except ValidationError as error:
        form.add_error("as_of", error.message_dict["as_of"])
    return None


def _read(request: HttpRequest, batch: ImportBatch) -> str:
    """Read the file at once if that is quick, else in a job; returns the page to go to."""
    if not services.describe(batch, quick=True):
        services.start_reading(actor=request_actor(request), batch=batch)
        return page_url("wait", batch)
    return page_url("columns" if "columns" in batch.table else "file", batch)


def _is_read_now(batch: ImportBatch) -> bool:
    job = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    return job is not None and bool(job.live)


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How the file was read, and what overrules it; or why it was refused."""
    batch = find_batch(request, pk)
    if batch.state not in services.OPEN:
        return redirect(page_url("page", batch))
    if not batch.table:
        # Nobody has read it: it is being read, or that ended early (a cancelled job) and begins again.
        return redirect(page_url("wait", batch) if _is_read_now(batch) else _read(request, batch))
    initial = {**batch.reading, "as_of": batch.as_of}
    form = ReadingForm(request.POST or None, batch=batch, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_reading(
                actor=request_actor(request), batch=batch, options=form.options(), as_of=form.cleaned_data["as_of"]
            )
        except ValidationError as error:
            form.add_error("as_of", error.message_dict["as_of"])
        else:
            return redirect(_read(request, batch) if not batch.table else page_url("columns", batch))
    refused = batch.table.get("error")
    context = {
        **frame(batch, "file"),
        "form": form,
        "error": say_stored(refused) if refused else "",
        "notes": [say_stored(note) for note in batch.table.get("notes", [])],
    }
    return render(request, "imports/file.html", context, status=422 if form.errors else 200)


@require_safe
def import_wait(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The progress of the batch's job; goes on by itself when the job has ended."""
    batch = find_batch(request, pk)
    job = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    if job is None or job.state == Job.State.DONE:
        then = str(job.params.get("then", "page")) if job is not None else "page"
        url = page_url(after(batch, then) if then in {"values", "matches", "preview"} else "page", batch)
        if request.htmx:  # type: ignore[attr-defined]
            response = HttpResponse(status=204)
            response["HX-Redirect"] = url
            return response
        return redirect(url)
    context = {**frame(batch, _step_of(batch)), "job": job, "row": job_row(job, timezone.now())}
    template = "imports/_wait.html" if request.htmx else "imports/wait.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def _step_of(batch: ImportBatch) -> str:
    if batch.state in {State.COMMITTING, State.UNDOING, State.FAILED, State.COMMITTED, State.UNDONE}:
        return "page"
    return "preview" if "columns" in batch.table else "file"


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw an import away that was never written."""
    batch = find_batch(request, pk)
    try:
        services.discard(actor=request_actor(request), batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page_url("page", batch))
    messages.success(request, _("%(file)s was thrown away; nothing was imported.") % {"file": batch.filename})
    return redirect("import-list")
