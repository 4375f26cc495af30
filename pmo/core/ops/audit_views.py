"""The page of the checks of the audit trail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import has_any
from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import request_actor
from pmo.core.audit.models import AuditCheck, AuditEntry, AuditSeal
from pmo.core.audit.words import sentence
from pmo.core.ops.audit_check import VIEW, start_check

_SHOWN = 20


def _require(request: HttpRequest) -> None:
    if not has_any(request.user, VIEW):
        raise Refused(_("The audit trail is shown to auditors and the PMO."))


@require_safe
def audit_check(request: HttpRequest) -> HttpResponse:
    """When the trail was checked last, its head, and what was wrong."""
    _require(request)
    checks = list(AuditCheck.objects.all()[:_SHOWN])
    last = checks[0] if checks else None
    seal = AuditSeal.objects.order_by("-last_entry_id").first()
    context: dict[str, Any] = {
        "checks": checks,
        "last": last,
        "seal": seal,
        "unsealed": AuditEntry.objects.filter(id__gt=seal.last_entry_id if seal else 0).count(),
        "findings": [(sentence(one["code"], one["count"]), one["ids"]) for one in last.findings] if last else [],
    }
    return render(request, "ops/audit_check.html", context)


@require_POST
def audit_check_run(request: HttpRequest) -> HttpResponseRedirect:
    """Check now."""
    _require(request)
    job = start_check(actor=request_actor(request))
    return redirect("job-detail", uid=job.uid)
