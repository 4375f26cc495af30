"""How many reports come in time: by month, portfolio, unit and project manager."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today
from portfolio.models import ReportPeriod
from portfolio.queries.reporting import USUAL_PERIODS, Rate, on_time_by_month, on_time_rate
from portfolio.views.scorecard import asked_day

CHOICES = (3, 6, 13)
MONTHS = 6


@require_safe
def on_time(request: HttpRequest) -> HttpResponse:
    """On-time rates on the day asked for, over the last periods."""
    can(request.user, "view", ReportPeriod).or_raise()
    day, last = asked_day(request) or org_today(), _asked_periods(request)
    whole = on_time_rate(request.user, day, periods=last)[0]
    links = _Links(day, last)
    tables = [
        {"key": key, "title": title, "rates": [_line(rate, key, links) for rate in rates]}
        for key, title, rates in (
            ("portfolio", _("By portfolio"), on_time_rate(request.user, day, "portfolio", last)),
            ("unit", _("By unit"), on_time_rate(request.user, day, "unit", last)),
            ("owner", _("By project manager"), on_time_rate(request.user, day, "owner", last)),
        )
    ]
    context = {
        "day": day,
        "past": asked_day(request) is not None,
        "last": last,
        "choices": CHOICES,
        "whole": _line(whole, "", links),
        "months": [_month(rate, day) for rate in on_time_by_month(request.user, day, MONTHS)],
        "tables": tables,
    }
    return render(request, "portfolio/reporting/on_time.html", context)


def _asked_periods(request: HttpRequest) -> int:
    raw = request.GET.get("last", str(USUAL_PERIODS))
    if not raw.isdecimal() or int(raw) not in CHOICES:
        raise BadRequest(_("%(value)s is not one of 3, 6 or 13 periods.") % {"value": raw[:40]})
    return int(raw)


class _Links:
    """Addresses of exactly the rows behind a figure."""

    def __init__(self, day: datetime.date, last: int) -> None:
        self.mark = "" if day == org_today() else f"@{day.isoformat()}"
        self.last = last

    def url(self, where: dict[str, str], standing: str = "") -> str:
        """The register narrowed to the rows."""
        query = {"window": f"{self.last}{self.mark}", **where}
        if standing:
            query["standing_at"] = f"{standing}{self.mark}"
        return f"{reverse('register-list', kwargs={'key': 'report-periods'})}?{urlencode(query)}"


def _line(rate: Rate, by: str, links: _Links) -> dict[str, Any]:
    where: dict[str, str] = {}
    if by:
        where = {by: str(rate.key)} if rate.key is not None else {f"{by}__isnull": "true"}
    return {
        "rate": rate,
        "label": rate.label or _("None"),
        "percent": None if rate.share is None else 100 * rate.share,
        "url": links.url(where),
        "on_time_url": links.url(where, "on_time"),
    }


def _month(rate: Rate, day: datetime.date) -> dict[str, Any]:
    first = datetime.date.fromisoformat(f"{rate.label}-01")
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    query = {"due_on__gte": first.isoformat(), "due_on__lt": min(following, day).isoformat()}
    url = f"{reverse('register-list', kwargs={'key': 'report-periods'})}?{urlencode(query)}"
    return {"rate": rate, "first": first, "percent": None if rate.share is None else 100 * rate.share, "url": url}
