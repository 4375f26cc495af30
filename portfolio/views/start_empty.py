"""How to put the demo aside: what would happen, whether anything but the demo is there, and the command."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.models import Organisation
from portfolio.access import START_EMPTY
from portfolio.queries.demo_only import has_demo, other_work
from portfolio.services.start_empty import is_embedded


@require_safe
def start_empty_page(request: HttpRequest) -> HttpResponse:
    """For the PMO administrator. The page changes nothing: a database is not exchanged under a running server."""
    can(request.user, START_EMPTY, Organisation).or_raise()
    context = {
        "demo": has_demo(),
        "found": other_work(),
        "embedded": is_embedded(),
    }
    return render(request, "portfolio/start_empty.html", context)
