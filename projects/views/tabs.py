"""The tabs of a project page, by knowledge area."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.registers.declaration import Tab, contribute_tabs
from projects.access import MONEY, VIEW_PLAN
from projects.charts import monthly_figure
from projects.models import Action, Decision, Issue, Milestone, Project, ProjectMember, Stakeholder, StatusReport
from projects.models.choices import CostCategory
from projects.models.ridac import WorkState
from projects.queries import overview
from projects.queries.report_document.shown import shown_to
from projects.queries.report_document.strip import project_strip
from projects.queries.report_periods import on_time, period_label
from projects.views.plans import plan_tab


def schedule(request: HttpRequest, row: Project) -> HttpResponse:
    """Milestones with slip in working days."""
    today = org_today()
    lines = overview.milestone_lines(row.pk, working_calendar(), today)
    context = {
        "project": row,
        "lines": lines,
        "late": sum(line.late for line in lines),
        "can_add": can(request.user, "add", Milestone(project=row)),
    }
    return render(request, "projects/tab_schedule.html", context)


def cost(request: HttpRequest, row: Project) -> HttpResponse:
    """Budget and actual by category and month."""
    lines = overview.money_by_category(row.pk)
    labels = dict(CostCategory.choices)
    months = overview.money_by_month(row.pk)
    context = {
        "project": row,
        "lines": [(labels.get(line.key, line.key), line) for line in lines],
        "figure": monthly_figure(months, row.currency, get_language() or "zh-hans"),
        "others": sorted({line.currency for line in lines} - {row.currency}),
    }
    return render(request, "projects/tab_cost.html", context)


def issues(request: HttpRequest, row: Project) -> HttpResponse:
    """Open issues first, then closed."""
    rows = list(Issue.objects.filter(project=row).select_related("owner").order_by("state", "severity", "due_on")[:200])
    opened = [item for item in rows if item.state in {WorkState.OPEN, WorkState.DOING}]
    context = {
        "project": row,
        "open": opened,
        "closed": [item for item in rows if item not in opened],
        "today": org_today(),
        "can_add": can(request.user, "add", Issue(project=row)),
    }
    return render(request, "projects/tab_issues.html", context)


def decisions(request: HttpRequest, row: Project) -> HttpResponse:
    """Decisions and actions."""
    context = {
        "project": row,
        "today": org_today(),
        "decisions": Decision.objects.filter(project=row)
        .select_related("decider")
        .order_by("-state", "needed_by")[:200],
        "actions": Action.objects.filter(project=row).select_related("owner").order_by("-state", "due_on")[:200],
        "can_decide": can(request.user, "add", Decision(project=row)),
        "can_act": can(request.user, "add", Action(project=row)),
    }
    return render(request, "projects/tab_decisions.html", context)


def people(request: HttpRequest, row: Project) -> HttpResponse:
    """Stakeholders and members."""
    context = {
        "project": row,
        "stakeholders": Stakeholder.objects.filter(project=row)
        .select_related("person")
        .order_by("-is_key", "-power")[:200],
        "members": ProjectMember.objects.filter(project=row)
        .select_related("person", "person__unit")
        .order_by("role")[:200],
        "can_add": can(request.user, "add", Stakeholder(project=row)),
        "can_member": can(request.user, "add", ProjectMember(project=row)),
    }
    return render(request, "projects/tab_people.html", context)


def reports(request: HttpRequest, row: Project) -> HttpResponse:
    """The strip of the last nine reports, then all of them, the newest first. Three queries."""
    today, lang = org_today(), get_language() or "zh-hans"
    rows = list(StatusReport.objects.filter(project=row).select_related("author").order_by("-period_end", "-pk")[:60])
    for one in rows:
        one.period_label = period_label(one.period_start, one.period_end, lang)
        one.on_time = on_time(one.due_on, one.first_submitted_on or one.submitted_on, today)
    context = {
        "project": row,
        "reports": rows,
        "strip": shown_to(project_strip(row.pk), lang, money=False),
        "can_add": can(request.user, "add", StatusReport(project=row)),
    }
    return render(request, "projects/tab_reports.html", context)


def contribute() -> None:
    """Add the tabs to the project register's detail page."""
    contribute_tabs(
        "projects",
        [
            Tab("schedule", _("Schedule"), view=schedule, permission="projects.milestone.view", order=20),
            Tab("plan", pgettext_lazy("schedule", "Plan"), view=plan_tab, permission=VIEW_PLAN, order=25),
            Tab("cost", _("Cost"), view=cost, permission=MONEY, order=30),
            Tab("issues", _("Issues"), view=issues, permission="projects.issue.view", order=40),
            Tab("decisions", _("Decisions and actions"), view=decisions, permission="projects.decision.view", order=45),
            Tab("people", _("Stakeholders"), view=people, permission="projects.stakeholder.view", order=50),
            Tab("reports", _("Status reports"), view=reports, permission="projects.statusreport.view", order=55),
        ],
    )
