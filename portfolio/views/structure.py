"""The front pages of portfolios and programmes: what they are like as a whole, and what makes them so."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.api import scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import organisation
from pmo.core.charts.model import Cell
from portfolio import charts, tiles
from portfolio.access import DASHBOARD, SCORECARD
from portfolio.boards.groups import BOTH
from portfolio.calc.gist import gist
from portfolio.heat import health_heat
from portfolio.models import Portfolio, Programme
from portfolio.queries import dashboard as figures
from portfolio.queries import scorecard as card
from portfolio.queries.scope import Kind, Scope
from portfolio.queries.structure_page import plans_of
from portfolio.queries.time_machine import Time
from portfolio.structure_figures import budget_bridge, roadmap_figure
from portfolio.views.homes.roles import OWNER, home_named, homes_of
from portfolio.views.scorecard import asked_time, lead_parts
from projects.access import MONEY

PORTFOLIO_TILES = ("health", "off_track", "forecast", "cpi", "milestones", "reports")
PROGRAMME_TILES = ("health", "off_track", "forecast", "milestones")
SAYS_AMOUNTS = frozenset({"forecast", "cpi"})
IN_HEAT = 16
PURPOSES: dict[str, str] = {Kind.PORTFOLIO: "purpose", Kind.PROGRAMME: "outcome"}


def portfolio_page(request: HttpRequest, row: Portfolio) -> HttpResponse:
    """The tab that opens a portfolio."""
    scope = Scope(Kind.PORTFOLIO, row.pk, row.code, str(row), row.purpose)
    homes = homes_of(request.user) if row.owner_id and row.owner_id == grants_of(request.user).person_id else []
    extra = {"homes": homes, "chosen": home_named(homes, OWNER) if homes else None}
    return _page(request, scope, row, row.pk, PORTFOLIO_TILES, extra | {"override": None})


def programme_page(request: HttpRequest, row: Programme) -> HttpResponse:
    """The tab that opens a programme."""
    scope = Scope(Kind.PROGRAMME, row.pk, row.code, str(row), row.outcome)
    return _page(request, scope, row, row.portfolio_id, PROGRAMME_TILES, {"homes": [], "chosen": None})


def _page(
    request: HttpRequest, scope: Scope, row: Any, portfolio_id: int, shown: tuple[str, ...], extra: dict[str, Any]
) -> HttpResponse:
    day, time = asked_time(request)
    short = gist(scope.purpose)
    # What the lead leaves out, or has no place for before health was computed, stands in full below.
    whole = scope.purpose if day is None or short != " ".join(scope.purpose.split()) else ""
    context: dict[str, Any] = {"row": row, "scope": scope, "day": day, "time": time, "figures": [], **extra}
    context |= {"gist": short, "whole": whole, "whole_title": row._meta.get_field(PURPOSES[scope.kind]).verbose_name}
    if day is not None:
        context |= _figures(request, scope, day, time, portfolio_id, shown)
    return render(request, "portfolio/tab_structure.html", context)


def _figures(
    request: HttpRequest,
    scope: Scope,
    day: datetime.date,
    time: Time,
    portfolio_id: int,
    shown: tuple[str, ...],
) -> dict[str, Any]:
    user, currency, lang = request.user, organisation().base_currency, get_language() or "zh-hans"
    then = time.on if time.past else None
    dated = f"&date={then}" if then else ""
    card_too, board_too, money = (_may(user, permission, portfolio_id) for permission in (SCORECARD, DASHBOARD, MONEY))
    whole = card_too or board_too
    snapshots = list(figures.worst_first(card.snapshots(scope, day, user)))
    plans, left_out = plans_of(snapshots, user, on=then)
    rolled = card.roll_ups(scope, day) if whole else []
    drawn = [tile for tile in tiles.tiles(rolled, scope, currency, lang) if tile.key in shown]
    health = _health_url(scope, day)
    url = reverse("dashboard") + f"?scope={scope.code}{dated}" if board_too else health
    more = Cell(_("All %(n)s projects") % {"n": len(snapshots)}, url)
    return {
        "now": rolled[-1] if rolled else None,
        "lead": lead_parts(rolled, lang) if money else {**lead_parts(rolled, lang), "over": None} if rolled else {},
        "total": len(snapshots),
        "scorecard_url": reverse("scorecard") + f"?scope={scope.code}{dated}" if card_too else "",
        "tiles": [tile for tile in drawn if money or tile.key not in SAYS_AMOUNTS],
        "heat": health_heat(figures.heat_rows(snapshots[:IN_HEAT], day), title=_("Projects, worst first"), more=more),
        "roadmap": roadmap_figure(plans, time.on, lang, left_out=left_out, dated=then),
        "bridge": budget_bridge(snapshots, currency, lang, f"{health}&{BOTH}") if money else None,
        "trend": charts.trend_figure(rolled, lang, time.today) if rolled else None,
    }


def _may(user: Any, permission: str, portfolio_id: int) -> bool:
    """Whether the user holds the permission in the portfolio. One query."""
    rows = Portfolio.objects.filter(scoped_q(user, "portfolio", permission, "pk"), pk=portfolio_id)
    return bool(rows.exists())


def _health_url(scope: Scope, day: datetime.date) -> str:
    return reverse("register-list", kwargs={"key": "health"}) + f"?date={day}&{scope.query}"
