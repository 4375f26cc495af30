"""Who owes which report since when, with a reminder at hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import allowed_q, can
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.queries import org_today, working_calendar
from portfolio.access import REMIND
from portfolio.calc.reporting_calendar import working_days_late
from portfolio.models import ReportPeriod
from portfolio.queries.reporting import late_reports
from portfolio.services.reporting.reminders import remind_now

ON_A_PAGE = 50


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Late reports of what the reader sees, the longest silence first."""
    can(request.user, "view", ReportPeriod).or_raise()
    today, calendar = org_today(), working_calendar()
    found = late_reports(request.user, today)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"late": row, "days": working_days_late(row.period.due_on, today, calendar), "again": row.reminded_on == today}
        for row in page.object_list
    ]
    context = {
        "today": today,
        "page": page,
        "rows": rows,
        "total": len(found),
        "silent": sum(row.in_a_row > 1 for row in found),
        "remind": can(request.user, REMIND, ReportPeriod),
    }
    return render(request, "portfolio/reporting/late.html", context)


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remind who owes the report."""
    visible = ReportPeriod.objects.filter(allowed_q(request.user, ReportPeriod, "view"), pk=pk)
    period = visible.select_related("project__pm").first()
    if period is None:
        raise Http404(_("There is no such record, or you may not see it."))
    try:
        person = remind_now(actor=request_actor(request), period=period, day=org_today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(person)s is reminded.") % {"person": person})
    return redirect("reporting-late")
