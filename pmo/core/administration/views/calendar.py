"""The working calendar by year, and the official holidays of a country to take over."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import can
from pmo.core.administration import official
from pmo.core.audit.actor import request_actor
from pmo.core.calendars.models import CalendarException
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.calendars.year import HOLIDAY, MAKE_UP, SHORT, months_of


def _year(text: str) -> int:
    today = org_today().year
    return (
        int(text)
        if text.isascii() and text.isdigit() and official.FIRST_YEAR <= int(text[:6]) <= official.LAST_YEAR
        else today
    )


@require_safe
def working_calendar_page(request: HttpRequest) -> HttpResponse:
    """Twelve months with holidays, make-up days and shortened days; `?country=` shows its official days beside them."""
    can(request.user, "view", CalendarException).or_raise()
    year, region = _year(request.GET.get("year", "")), request.GET.get("region", "")[:40]
    rows = list(CalendarException.objects.filter(day__year=year, region__in={"", region}).order_by("region", "day"))
    months = months_of(year, working_calendar(region), rows)
    days = [day for month in months for week in month.weeks for day in week if day is not None and day.row is not None]
    add = can(request.user, "add", CalendarException)
    context = {
        "year": year,
        "region": region,
        "regions": sorted(
            set(CalendarException.objects.exclude(region="").order_by().values_list("region", flat=True).distinct())
        ),
        "months": months,
        "weekdays": [str(WEEKDAYS_ABBR[number]).removeprefix("星期") for number in range(7)],
        "working": (working := round(sum(month.working for month in months), 2)),
        "working_places": 0 if working == int(working) else 1,
        "kinds": {kind: sum(day.kind == kind for day in days) for kind in (HOLIDAY, MAKE_UP, SHORT)},
        "exceptions": rows,
        "countries": sorted(((code, str(name)) for code, name in official.COUNTRIES.items()), key=lambda pair: pair[1]),
        "add": add,
        "today": org_today(),
        "year_start": datetime.date(year, 1, 1),
        "year_end": datetime.date(year, 12, 31),
        **_official(request, year, region),
    }
    return render(request, "administration/calendar.html", context)


def _official(request: HttpRequest, year: int, region: str) -> dict[str, Any]:
    """The official days asked for, or why there are none."""
    country, part = request.GET.get("country", ""), request.GET.get("part", "")
    if not country:
        return {"country": ""}
    try:
        found = official.proposals(country, year, part, region)
        parts = official.subdivisions(country)
    except ValidationError as error:
        return {"country": "", "problem": " ".join(error.messages)}
    return {
        "country": country,
        "country_name": official.COUNTRIES[country],
        "part": part,
        "parts": parts,
        "found": found,
        "new": sum(one.standing == official.NEW for one in found),
        "different": sum(one.standing == official.DIFFERENT for one in found),
        "no_make_up": official.has_make_up(country) and not any(one.official.factor for one in found),
    }


@require_POST
def take_holidays(request: HttpRequest) -> HttpResponse:
    """Put the ticked official days into the calendar."""
    can(request.user, "add", CalendarException).or_raise()
    can(request.user, "change", CalendarException).or_raise()
    year, region = _year(request.POST.get("year", "")), request.POST.get("region", "").strip()[:40]
    country, part = request.POST.get("country", ""), request.POST.get("part", "")
    chosen = {day for text in request.POST.getlist("day") if (day := _day(text)) is not None}
    back = f"{reverse('working-calendar')}?{urlencode([('year', str(year)), ('region', region)])}"
    try:
        found = official.proposals(country, year, part, region)
        added, changed = official.take_over(actor=request_actor(request), found=found, days=chosen, region=region)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    told = ngettext(
        "%(added)s day was added, %(changed)s changed.", "%(added)s days were added, %(changed)s changed.", added
    )
    messages.success(request, told % {"added": added, "changed": changed})
    return redirect(back)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
