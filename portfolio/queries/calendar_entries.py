"""Due dates of status reports for calendar feeds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pmo.core.access.grants import person_id_of
from pmo.core.access.roles import DELEGATE
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.messages.api import CalendarSource, Entry, register_calendar_source
from portfolio.access import delegated_project_ids
from portfolio.calc.reporting_calendar import periods_between
from portfolio.models import PortfolioItem
from portfolio.queries.reporting_delegates import stands_in
from portfolio.queries.reporting_rules import rules
from projects.models import Project
from projects.models.choices import ProjectStatus
from projects.queries.report_periods import period_label

_AHEAD = datetime.timedelta(days=92)
_BACK = datetime.timedelta(days=31)


def declare() -> None:
    """Let calendar feeds show when one's reports are due."""
    register_calendar_source(CalendarSource("reports", gettext_lazy("My status reports due"), reports_due))


def reports_due(user: Any, first: datetime.date, last: datetime.date) -> Iterable[Entry]:
    """Of running projects the user manages, or whose manager the user stands in for, as long as that lasts.

    A month back and a quarter ahead, since rules and plans change.
    """
    today, calendar, book = org_today(), working_calendar(), rules()
    person = person_id_of(user)
    writes = Q(pm_id=person, pm__isnull=False)
    taken_over = delegated_project_ids(user, frozenset({DELEGATE}))
    if taken_over is not None:
        writes |= Q(pk__in=taken_over)
    mine = Project.objects.visible_to(user).filter(writes, status=ProjectStatus.IN_PROGRESS)
    placed = PortfolioItem.objects.filter(project__in=mine.order_by().values("pk")).select_related(
        "project", "portfolio"
    )
    items = list(placed.order_by("project_id"))
    others = stands_in(user, [item.project for item in items if item.project.pm_id != person], today)
    for item in items:
        rule, until = book.of(item.portfolio.cycle, item.portfolio_id), min(last, today + _AHEAD)
        if item.project_id in others:
            until = min(until, others[item.project_id].ends_on)
        for period in periods_between(rule, max(first, today - _BACK), until, calendar):
            label = period_label(period.start, period.end, get_language() or "zh-hans")
            title = _("Status report due: %(project)s, %(period)s") % {"project": item.project, "period": label}
            uid = f"report-{item.project.uid}-{period.end.isoformat()}"
            url = f"{reverse('report-new')}?project={item.project_id}"
            yield Entry(uid, period.due, title, None, "", url, None)
