"""Health on demand: the button of the dashboard starts the nightly job for today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from pmo.core.access.api import can
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from portfolio.access import RECOMPUTE
from portfolio.models import HealthSnapshot
from portfolio.services.health.nightly import request_recompute


@require_POST
def recompute_now(request: HttpRequest) -> HttpResponseBase:
    """Enqueue the computation of today and show its progress."""
    can(request.user, RECOMPUTE, HealthSnapshot).or_raise()
    job = request_recompute(actor=request_actor(request), day=org_today())
    return redirect("job-detail", uid=job.uid)
