"""The pages of jobs: a live list, one job with its progress, the notices of what ended."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import has_any
from pmo.core.audit.actor import request_actor
from pmo.core.jobs import queries, services
from pmo.core.jobs.errors import KeyTaken, UnknownKind
from pmo.core.jobs.models import Job
from pmo.core.jobs.services.notices import KEEPERS
from pmo.core.jobs.services.owner_acts import may_manage

_PAGE_SIZE = 50


def _details(request: HttpRequest) -> bool:
    return has_any(request.user, queries.VIEW_ALL)


def _wants_fragment(request: HttpRequest) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def _render(request: HttpRequest, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The fragment for htmx, the page for everybody else."""
    response = render(request, fragment if _wants_fragment(request) else page, context)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Running first; the table renews itself while anything on it is alive."""
    state = request.GET.get("state", "")
    rows = queries.visible_jobs(request.user)
    if state in Job.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, _PAGE_SIZE).get_page(request.GET.get("page"))
    now, details = timezone.now(), _details(request)
    shown = [queries.job_row(job, now, details=details) for job in page.object_list]
    keeper = has_any(request.user, KEEPERS)
    context = {
        "page": page,
        "rows": shown,
        "live": any(row.job.live for row in shown),
        "all": details,
        "keeper": keeper,
        "states": Job.State.choices,
        "state": state,
    }
    return _render(request, "jobs/list.html", "jobs/_table.html", context)


@require_safe
def job_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One job; its progress part renews itself until the job has ended."""
    job = queries.get_job(request.user, uid)
    now = timezone.now()
    if not job.live:
        services.mark_seen(user=request.user, job=job)
    row = queries.job_row(job, now, details=_details(request))
    context = {
        "row": row,
        "job": job,
        "log": queries.attempt_rows(job, now),
        "outcome": queries.outcome_of(job),
        "facts": _plain_facts(job),
        "manage": may_manage(request_actor(request), job),
    }
    response = _render(request, "jobs/detail.html", "jobs/_progress.html", context)
    if _wants_fragment(request) and not job.live:
        text = _("%(job)s: %(state)s") % {"job": row.label, "state": row.state}
        response["HX-Trigger"] = json.dumps({"bw:say": text})
    return response


def _plain_facts(job: Job) -> list[tuple[str, Any]]:
    """The figures and words of a result whose kind does not describe it."""
    if not isinstance(job.result, dict):
        return []
    return [(name, value) for name, value in job.result.items() if isinstance(value, str | int | float)]


@require_safe
def job_json(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """The same as data."""
    job = queries.get_job(request.user, uid)
    response = JsonResponse(queries.as_json(job, timezone.now(), details=_details(request)))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def job_cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponseRedirect:
    """Ask a job to stop."""
    job = queries.get_job(request.user, uid)
    if services.cancel(actor=request_actor(request), job=job):
        messages.success(request, _("The job stops at its next step."))
    else:
        messages.info(request, _("The job had ended already."))
    return redirect("job-detail", uid=uid)


@require_POST
def job_retry(request: HttpRequest, uid: uuid.UUID) -> HttpResponseRedirect:
    """Queue a job again that failed, was cancelled or was given up."""
    job = queries.get_job(request.user, uid)
    try:
        if services.retry(actor=request_actor(request), job=job):
            messages.success(request, _("The job is queued again."))
        else:
            messages.info(request, _("The job is waiting, running or done; there is nothing to repeat."))
    except KeyTaken as error:
        messages.error(request, str(error.message))
    except UnknownKind:
        messages.error(request, _("This version of the product no longer knows this kind of job."))
    return redirect("job-detail", uid=uid)
