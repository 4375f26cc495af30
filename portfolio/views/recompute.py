"""Health on demand: starts the nightly job for everything, one portfolio or one project."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmo.core.access.api import can, get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today
from pmo.core.registers.values import is_id
from portfolio.access import RECOMPUTE
from portfolio.models import HealthSnapshot, Portfolio
from portfolio.services.health.nightly import request_recompute
from projects.models import Project


@require_POST
def recompute_now(request: HttpRequest) -> HttpResponseRedirect:
    """Enqueue a run and show its progress: all projects, those of `portfolio` (id) or one `project` (id), as of `date` or today."""
    can(request.user, RECOMPUTE, HealthSnapshot).or_raise()
    raw = request.POST.get("date", "").strip()
    today = org_today()
    try:
        day = datetime.date.fromisoformat(raw) if raw else today
    except ValueError:
        return _refused(
            request, _("Date: received %(received)s, expected a date such as 2026-11-20.") % {"received": raw}
        )
    if day > today:
        return _refused(request, _("%(day)s has not come yet.") % {"day": day.isoformat()})
    portfolio, project = _scope(request, Portfolio, "portfolio"), _scope(request, Project, "project")
    job = request_recompute(
        actor=request_actor(request),
        day=day,
        portfolio_id=portfolio,
        project_ids=None if project is None else [project],
    )
    return redirect("job-detail", uid=job.uid)


def _scope(request: HttpRequest, model: type[Any], name: str) -> int | None:
    """The id posted under the name, if any; 404 where it is not visible."""
    raw = request.POST.get(name, "")
    if not raw:
        return None
    return int(get_or_refuse(request.user, model, int(raw) if is_id(raw) else 0).pk)


def _refused(request: HttpRequest, message: str) -> HttpResponseRedirect:
    messages.error(request, message)
    return redirect("register-list", key="health")
