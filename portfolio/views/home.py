"""The first page after signing in, by role; and everybody's own work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from pmo.core.access.api import has_any, held_anywhere
from pmo.core.access.roles import Role
from pmo.core.calendars.queries import org_today
from portfolio.access import DASHBOARD, SCORECARD
from portfolio.queries import mywork
from portfolio.queries.scope import snapshot_day

PMO = {Role.PMO_ADMIN.value, Role.PMO_ANALYST.value}
LEADERS = {Role.EXECUTIVE.value, Role.PORTFOLIO_OWNER.value, Role.AUDITOR.value}


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """PMO staff begin on the dashboard, executives on the scorecard, everybody else on their own work."""
    roles = held_anywhere(request.user)
    if roles & PMO and has_any(request.user, DASHBOARD):
        return redirect("dashboard")
    if roles & LEADERS and has_any(request.user, SCORECARD):
        return redirect("scorecard")
    return redirect("my-work")


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Reports due, late milestones, and what I own."""
    user, today = request.user, org_today()
    projects = mywork.my_projects(user, today, snapshot_day())
    context = {
        "today": today,
        "projects": projects,
        "due": [row for row in projects if row.report_due and row.report_due <= today],
        "milestones": list(mywork.late_milestones(user, today)),
        "actions": list(mywork.my_actions(user)),
        "issues": list(mywork.my_issues(user)),
        "decisions": list(mywork.my_decisions(user)),
    }
    return render(request, "portfolio/my_work.html", context)
