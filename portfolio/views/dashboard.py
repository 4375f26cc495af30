"""The PMO dashboard: the heat map, what changed, watermelons, late reports, the review queue."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, holds_everywhere
from pmo.core.calendars.queries import organisation
from pmo.core.charts.model import Cell
from pmo.core.charts.spark import band_bar
from portfolio import tiles
from portfolio.access import DASHBOARD, RECOMPUTE
from portfolio.boards.declaration import periods_url
from portfolio.heat import health_heat
from portfolio.models import HealthSnapshot
from portfolio.queries import dashboard as figures
from portfolio.queries import scorecard as card
from portfolio.queries.reporting import late_periods
from portfolio.queries.scope import Scope, scopes
from portfolio.queries.time_machine import Time
from portfolio.views.homes.cards import TOTAL
from portfolio.views.scorecard import asked_scope, asked_time
from projects.access import MONEY
from projects.models.choices import Band

SHOWN, CHANGES, ON_A_PAGE = 6, 8, 40
HEADLINES = ("health", "forecast", "cpi", "milestones")
SAYS_AMOUNTS = {"forecast", "cpi"}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard of a scope on the last computed day, or on a past one."""
    scope, options = asked_scope(request, DASHBOARD)
    day, time = asked_time(request)
    if day is None:
        return render(
            request,
            "portfolio/dashboard_empty.html",
            {"scope": scope, "recompute": can(request.user, RECOMPUTE, HealthSnapshot), "time": time},
        )
    context = {"scope": scope, "options": options, "day": day, "past": time.past, "time": time}
    context |= _figures(request, scope, day) | _reports(request, scope, time)
    return render(request, "portfolio/dashboard.html", context)


def _figures(request: HttpRequest, scope: Scope, day: datetime.date) -> dict[str, Any]:
    lang = get_language() or "zh-hans"
    rows = card.roll_ups(scope, day)
    counts = card.counts(scope, day, request.user)
    query = "&".join(part for part in (f"date={day}", scope.query) if part)
    melons = _first(figures.watermelons(scope, day, request.user))
    changed = figures.colour_changes(scope, day, request.user)
    headlines = _headlines(request, scope)
    return {
        "now": rows[-1] if rows else None,
        "tiles": [
            tile for tile in tiles.tiles(rows, scope, organisation().base_currency, lang) if tile.key in headlines
        ],
        **_heat(request, scope, day, sum(counts.values()), query),
        "counts": _by_gravity(counts),
        "bar": band_bar(counts, lang=lang),
        "total": sum(counts.values()),
        "health_url": reverse("register-list", kwargs={"key": "health"}) + f"?{query}",
        "changed": changed[:CHANGES],
        "changed_count": len(changed),
        "watermelons": [figures.HeatRow(row, [], [], None, "") for row in melons],
        "watermelon_count": _total(melons),
        "recompute": can(request.user, RECOMPUTE, HealthSnapshot),
    }


def _reports(request: HttpRequest, scope: Scope, time: Time) -> dict[str, Any]:
    """Late reports on the day, and what waits for the reader's review today. Two statements."""
    late = _first(late_periods(request.user, time.on, scope))
    waiting = [] if time.past else _first(figures.waiting_reports(request.user, scope, time.today))
    narrow = "&".join(part for part in ("state=submitted", scope.query) if part)
    return {
        "late": late,
        "late_count": _total(late),
        "late_url": periods_url(scope, time.on, f"standing_at=late@{time.on}"),
        "waiting": waiting,
        "waiting_count": _total(waiting),
        "waiting_url": reverse("register-list", kwargs={"key": "status-reports"}) + f"?{narrow}",
    }


def _first(rows: Any) -> list[Any]:
    """The first rows, each with the number of all of them. One statement."""
    return list(rows.annotate(**{TOTAL: Window(Count("pk"))})[:SHOWN])


def _total(rows: list[Any]) -> int:
    return int(getattr(rows[0], TOTAL)) if rows else 0


def _headlines(request: HttpRequest, scope: Scope) -> set[str]:
    """The tiles of the page; those that name amounts only where the user may see money in the whole scope."""
    if holds_everywhere(request.user, MONEY):
        return set(HEADLINES)
    return set(HEADLINES) if scope in scopes(request.user, MONEY, scope.name) else set(HEADLINES) - SAYS_AMOUNTS


def _by_gravity(counts: dict[str, int]) -> dict[str, int]:
    """Red first, as exceptions are."""
    return {band: counts[band] for band in (Band.RED.value, Band.AMBER.value, Band.GREEN.value, Band.GREY.value)}


def asked_filter(request: HttpRequest) -> figures.HeatFilter:
    """What the address narrows the heat map to; an unknown colour is 400 and named."""
    band = request.GET.get("band", "")
    if band and band not in Band.values:
        raise BadRequest(_("%(value)s is not a colour; expected green, amber, red or grey.") % {"value": band})
    return figures.HeatFilter(
        band, request.GET.get("watermelon") == "1", request.GET.get("q", "").replace("\x00", "").strip()[:200]
    )


def _heat(request: HttpRequest, scope: Scope, day: datetime.date, total: int, query: str) -> dict[str, Any]:
    """A page of the heat map, its filter, and the list that holds the same rows."""
    narrow = asked_filter(request)
    paginator = Paginator(figures.worst_first(narrow.apply(card.snapshots(scope, day, request.user))), ON_A_PAGE)
    if not narrow.narrows:
        paginator.count = total
    page = paginator.get_page(request.GET.get("page"))
    heat = figures.heat_rows(list(page.object_list), day)
    asked = {"band": narrow.band, "watermelon": "1" if narrow.better else "", "q": narrow.search}
    more = urlencode({name: value for name, value in asked.items() if value})
    url = reverse("register-list", kwargs={"key": "health"}) + "?" + "&".join(part for part in (query, more) if part)
    return {
        "heat": heat,
        "heat_page": page,
        "heat_figure": health_heat(heat, more=Cell(_("All rows"), url)),
        "narrow": narrow,
        "bands": Band.choices,
    }
