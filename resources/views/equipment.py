"""Equipment by week: what is booked, what is free, and which requests stand in each other's way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.people.models import OrgUnit
from pmo.core.web.formats import format_date, format_range, format_week
from resources.models import Equipment, EquipmentBooking
from resources.queries.bookings import Booked, Conflict, Rig, conflicts, read_rigs

WEEKS, STEP, PAGE, SHOWN = 12, 4, 60, 20
_WEEK, _DAY = datetime.timedelta(weeks=1), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """A week of one piece of equipment."""

    text: str
    css: str
    title: str
    url: str = ""


@require_safe
def equipment_grid(request: HttpRequest) -> HttpResponse:
    """The grid of twelve weeks and the conflicts."""
    lang, today = get_language() or "zh-hans", org_today()
    monday = _monday(request.GET.get("from", ""), today)
    units = list(OrgUnit.objects.filter(equipment__isnull=False).distinct().order_by("path"))
    unit, kind = request.GET.get("unit", ""), request.GET.get("kind", "")
    rigs = read_rigs(request.user, min(monday, today), unit_path=_path(unit, units), kind=_kind(kind))
    calendar = working_calendar()
    found = [(rig, conflict) for rig in rigs for conflict in conflicts(rig, today, calendar)]
    found.sort(key=lambda pair: (_priority(pair[1].booked), pair[1].booked.row.starts_on, pair[1].booked.row.pk))
    page = Paginator(rigs, PAGE).get_page(request.GET.get("page"))
    weeks = [(monday + number * _WEEK, monday + (number + 1) * _WEEK - _DAY) for number in range(WEEKS)]
    context = {
        "rows": [(rig, [_cell(rig, first, last) for first, last in weeks], _book_url(rig, today)) for rig in page],
        "page": page,
        "heads": [
            (format_date(first, lang, first, weekday=False), format_week(first, lang), first <= today <= last)
            for first, last in weeks
        ],
        "conflicts": [_said(rig, conflict, lang, today) for rig, conflict in found[:SHOWN]],
        "conflict_count": len(found),
        "lead": _lead(found, lang, today),
        "units": [(row.pk, str(row), str(row.pk) == unit) for row in units],
        "kinds": [(value, label, value == kind) for value, label in Equipment.Kind.choices],
        "first": weeks[0][0],
        "last": weeks[-1][1],
        "before": monday - STEP * _WEEK,
        "after": monday + STEP * _WEEK,
        "moved": "from" in request.GET,
        "can_book": bool(can(request.user, "add", EquipmentBooking)),
        "can_add": bool(can(request.user, "add", Equipment)),
        "filtered": bool(unit or kind),
    }
    return render(request, "resources/equipment.html", context)


def _cell(rig: Rig, first: datetime.date, last: datetime.date) -> Cell:
    capacity = rig.row.capacity
    confirmed, wanted = rig.peaks(first, last)
    if not wanted:
        return Cell("—", "cell cell-free", _("free: %(n)s of %(capacity)s") % {"n": capacity, "capacity": capacity})
    query = {
        "equipment": rig.row.pk,
        "state": ["confirmed", "requested"],
        "starts_on__lte": (last + _reach(rig)).isoformat(),
        "ends_on__gte": (first - _reach(rig)).isoformat(),
    }
    url = f"{reverse('register-list', kwargs={'key': 'equipment-bookings'})}?{urlencode(query, doseq=True)}"
    if wanted > capacity:
        word, css = pgettext("equipment", "conflict"), "cell load-over"
    elif confirmed == capacity:
        word, css = pgettext("equipment", "full"), "cell cell-green"
    else:
        word, css = pgettext("equipment", "partly booked"), "cell"
    title = _("%(word)s: %(confirmed)s confirmed, %(asked)s asked for, %(capacity)s in all") % {
        "word": word,
        "confirmed": confirmed,
        "asked": wanted - confirmed,
        "capacity": capacity,
    }
    asked = f"+{wanted - confirmed}" if wanted > confirmed else ""
    return Cell(f"{confirmed}{asked} / {capacity}", css, title, url)


def _reach(rig: Rig) -> datetime.timedelta:
    """Calendar days by which set-up and tear-down may reach into a week."""
    hours = max(rig.row.setup_hours, rig.row.teardown_hours)
    return datetime.timedelta(days=-(-hours // 8) + 2 if hours else 0)


def _book_url(rig: Rig, today: datetime.date) -> str:
    query = urlencode({"equipment": rig.row.pk, "starts_on": today.isoformat(), "quantity": 1})
    return f"{reverse('register-create', kwargs={'key': 'equipment-bookings'})}?{query}"


def _said(rig: Rig, conflict: Conflict, lang: str, today: datetime.date) -> dict[str, Any]:
    """A conflict as the page tells it."""
    row = conflict.booked.row
    return {
        "rig": rig.row,
        "project": _project(conflict.booked),
        "visible": conflict.booked.project is not None,
        "row": row,
        "dates": format_range(row.starts_on, row.ends_on, lang, today),
        "others": [
            {
                "project": _project(other),
                "dates": format_range(other.row.starts_on, other.row.ends_on, lang, today),
                "row": other.row,
            }
            for other in conflict.in_the_way
        ],
        "free": format_range(*conflict.free, lang, today) if conflict.free else "",
    }


def _project(booked: Booked) -> str:
    return str(booked.project) if booked.project is not None else _("another project")


def _lead(found: list[tuple[Rig, Conflict]], lang: str, today: datetime.date) -> dict[str, Any] | None:
    """The most pressing conflict: of the project of highest priority, the earliest first."""
    return _said(*found[0], lang, today) if found else None


def _priority(booked: Booked) -> str:
    return booked.project.priority if booked.project is not None else "9"


def _monday(raw: str, today: datetime.date) -> datetime.date:
    day = today
    if raw:
        try:
            given = parse_date(raw)
        except ValueError:
            given = None
        if given is None or not 2000 <= given.year <= 2200:
            raise BadRequest(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": raw})
        day = given
    return day - datetime.timedelta(days=day.weekday())


def _path(raw: str, units: list[OrgUnit]) -> str:
    if not raw:
        return ""
    for row in units:
        if str(row.pk) == raw:
            return row.path
    raise BadRequest(_("There is nothing of the id %(value)s to filter by.") % {"value": raw})


def _kind(raw: str) -> str:
    if raw and raw not in Equipment.Kind.values:
        raise BadRequest(
            _("Received %(value)s, expected one of: %(options)s.")
            % {"value": raw, "options": ", ".join(Equipment.Kind.values)}
        )
    return raw
