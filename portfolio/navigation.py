"""The portfolio room in the side bar: its entries, what waits for the reader, and the last nightly run."""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from typing import Any

from django.db.models import CharField, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pmo.core.access.api import has_any
from pmo.core.calendars.queries import organisation
from pmo.core.jobs.api import Job
from pmo.core.jobs.queries import VIEW_ALL
from pmo.core.people.models import User
from pmo.core.web.formats import format_date, format_datetime
from pmo.core.web.nav import NavItem, StatusLine, register_nav, set_nav_count, set_status_facts
from portfolio.access import DASHBOARD, SCORECARD, START_EMPTY
from portfolio.models import HealthSnapshot
from portfolio.queries.dashboard import waiting_reports
from portfolio.queries.scope import has_scope
from portfolio.services.health.nightly import KIND
from projects.access import REVIEW
from projects.models import Decision


def declare() -> None:
    """Scorecard, dashboard and own work stand before everything else."""
    for key, label, icon, order, permission in (
        ("scorecard", gettext_lazy("Executive scorecard"), "bars", 10, SCORECARD),
        ("dashboard", gettext_lazy("Portfolio dashboard"), "grid", 20, DASHBOARD),
    ):
        opens = functools.partial(has_scope, permission=permission)
        register_nav(NavItem(key, label, key, icon, "home", order, permission, opens=opens))
    register_nav(NavItem("home", gettext_lazy("Home"), "home", "home", "home", 5))
    register_nav(NavItem("my-work", gettext_lazy("My work"), "my-work", "check", "home", 30))
    register_nav(
        NavItem(
            "health-model",
            gettext_lazy("Health model"),
            "health-model",
            "scale",
            "administration",
            30,
            "portfolio.healthmodel.view",
        )
    )
    register_nav(
        NavItem("start-empty", gettext_lazy("Start empty"), "start-empty", "folder", "administration", 90, START_EMPTY)
    )
    set_nav_count("decisions", open_decisions)
    _declare_reporting()
    set_nav_count("reporting-queue", reports_to_review)
    set_status_facts(last_figures, last_run)


def _declare_reporting() -> None:
    """The PMO's queue, who is late, and how many reports come in time."""
    for key, label, icon, group, order, permission, about in (
        (
            "reporting-queue",
            gettext_lazy("Reports to review"),
            "eye",
            "home",
            25,
            REVIEW,
            gettext_lazy("Submitted reports with declared beside computed colours, to publish or return."),
        ),
        (
            "reporting-late",
            gettext_lazy("Late reports"),
            "clock",
            "portfolio",
            42,
            "portfolio.reportperiod.view",
            gettext_lazy("Who owes which report since when."),
        ),
        (
            "reporting-on-time",
            gettext_lazy("On-time rate"),
            "bars",
            "portfolio",
            43,
            "portfolio.reportperiod.view",
            gettext_lazy("How many reports come in time, by portfolio, unit and project manager."),
        ),
    ):
        register_nav(NavItem(key, label, key, icon, group, order, permission, about=about))


def open_decisions(request: HttpRequest) -> Any:
    """Decisions that are pending in what the reader may see."""
    return Decision.objects.visible_to(request.user).filter(state=Decision.State.OPEN)


def reports_to_review(request: HttpRequest) -> Any:
    """Submitted reports that wait for this reader."""
    return waiting_reports(request.user)


def last_figures(request: HttpRequest) -> Any:
    """The last day with figures and when the last run ended, as texts in one row."""
    runs = Job.objects.filter(kind=KIND, state=Job.State.DONE, finished_at__isnull=False).order_by("-finished_at")
    day = Subquery(HealthSnapshot.objects.order_by("-date").values("date")[:1])
    one_row = User.objects.filter(pk=request.user.pk or 0).order_by()
    return one_row.annotate(
        first_text=Cast(day, CharField()), second_text=Cast(Subquery(runs.values("finished_at")[:1]), CharField())
    )


def last_run(request: HttpRequest, last_day: str, last_end: str) -> StatusLine | None:
    """When health was last computed; late where the night that is due has no figures."""
    day = parse_date(last_day)
    finished = parse_datetime(last_end)
    if day is None:
        return None
    if finished is not None and timezone.is_naive(finished):
        finished = finished.replace(tzinfo=datetime.UTC)
    ours = organisation()
    lang, now = get_language() or "zh-hans", timezone.localtime(timezone=zoneinfo.ZoneInfo(ours.time_zone))
    url = reverse("job-list") if has_any(request.user, VIEW_ALL) else ""
    if _late(day, now, ours.nightly_time):
        return StatusLine(
            _("Health is as of %(date)s") % {"date": format_date(day, lang, now.date(), weekday=False)}, "late", url
        )
    if finished is None:
        return StatusLine(
            _("Health as of %(date)s") % {"date": format_date(day, lang, now.date(), weekday=False)}, "ok", url
        )
    moment = timezone.localtime(finished, now.tzinfo)
    shown = f"{moment:%H:%M}" if moment.date() == now.date() else format_datetime(moment, lang, now.date())
    return StatusLine(_("Health computed %(time)s") % {"time": shown}, "ok", url)


def _late(day: datetime.date, now: datetime.datetime, nightly: datetime.time) -> bool:
    """Whether the date that the last night should have computed is missing; the run has an hour."""
    moment = now - datetime.timedelta(hours=1)
    nights = 1 if moment.time() >= nightly else 2
    return day < moment.date() - datetime.timedelta(days=nights)
