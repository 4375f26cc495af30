"""Health for machines: no sign-in, no secrets, no translation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pmo.core.ops import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where every part works, 503 with the names of those that do not."""
    found = health.checks(timezone.now())
    body: dict[str, Any] = {
        "ready": all(check.ok for check in found),
        "wrong": [f"{check.name}: {check.detail}" for check in found if not check.ok],
        "parts": {check.name: {"ok": check.ok, "age_seconds": check.age_seconds} for check in found},
    }
    return JsonResponse(body, status=200 if body["ready"] else 503)
