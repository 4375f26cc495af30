"""The first page after signing in, by role; and everybody's own work."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from pmo.core.access.api import has_any, holds_everywhere
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today, organisation
from pmo.core.decision_rights.governance import governance
from portfolio import tiles
from portfolio.access import SCORECARD
from portfolio.models import Personal, Portfolio
from portfolio.queries import mywork
from portfolio.queries.boards import default_board, home_board
from portfolio.queries.roi import portfolio_roi
from portfolio.queries.scope import Kind, Scope, snapshot_day
from portfolio.queries.scorecard import roll_ups
from portfolio.views.homes.cards import GapCard, Reader, fill, fill_gaps
from portfolio.views.homes.catalogue import GAPS
from portfolio.views.homes.roles import EXECUTIVE, OWNER, PMO, Home, home_named, homes_of
from projects.access import MONEY

HEADLINES = ("health", "roi", "reports")


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The board or home the user chose, else that of the strongest role: the board the PMO made its default, cards, the
    scorecard, or the portfolio's page."""
    homes = homes_of(request.user)
    kept = Personal.objects.filter(user=request.user.pk or 0).values_list("home", flat=True).first()
    board = home_board(request.user, kept or "")
    if board is not None:
        return redirect("board", pk=board.pk)
    chosen = home_named(homes, kept or "")
    if not kept and default_board(chosen.key) is not None:
        return redirect("board-role", role=chosen.key)
    elsewhere = _elsewhere(request, chosen, by_choice=chosen.key == kept)
    if elsewhere is not None:
        return elsewhere
    return render(request, "portfolio/home.html", _page(request, homes, chosen))


@require_POST
def choose_home(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the chosen home and open it; one that is not the user's is ignored."""
    chosen = home_named(homes_of(request.user), request.POST.get("home", ""))
    Personal.objects.update_or_create(user_id=request.user.pk or 0, defaults={"home": chosen.key})
    return redirect("home")


def _elsewhere(request: HttpRequest, chosen: Home, *, by_choice: bool) -> HttpResponseRedirect | None:
    """Executives begin on the scorecard, portfolio owners on their portfolio's page, a strategic PMO on the scorecard too."""
    strategic = chosen.key == PMO and not by_choice and governance().landing == "scorecard"
    if (chosen.key == EXECUTIVE or strategic) and has_any(request.user, SCORECARD):
        return redirect("scorecard")
    if chosen.key == OWNER:
        person = grants_of(request.user).person_id
        mine = Portfolio.objects.filter(owner_id=person).order_by("code").values_list("pk", flat=True).first()
        if mine is not None:
            return redirect("register-detail", key="portfolios", pk=mine)
        return redirect("scorecard") if has_any(request.user, SCORECARD) else None
    return None


def _page(request: HttpRequest, homes: list[Home], chosen: Home) -> dict[str, Any]:
    lang = get_language() or "zh-hans"
    reader = Reader(request.user, org_today(), lang)
    filled = [found for card in chosen.cards if (found := fill(card, reader)) is not None]
    cards = [one for one in filled if one.total or not one.card.quiet]
    return {
        "homes": homes,
        "chosen": chosen,
        "today": reader.today,
        "cards": cards,
        "said": [one.said for one in cards if one.said],
        "gaps": fill_gaps(GAPS, reader) if chosen.gaps else GapCard(),
        "tiles": _headlines(request, reader.health_day, lang) if chosen.headlines else [],
    }


def _headlines(request: HttpRequest, day: datetime.date | None, lang: str) -> list[tiles.Tile]:
    """The figures that a PMO answers for, of everything the user may look at."""
    if day is None or not holds_everywhere(request.user, SCORECARD):
        return []
    scope, currency = Scope(Kind.ALL, 0, "", ""), organisation().base_currency
    found = {tile.key: tile for tile in tiles.tiles(roll_ups(scope, day), scope, currency, lang)}
    if holds_everywhere(request.user, MONEY):
        found |= {tile.key: tile for tile in [tiles.roi_tile(portfolio_roi(day, currency), lang)] if tile is not None}
    return [found[key] for key in HEADLINES if key in found]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Reports due, late milestones, and what I own."""
    user, today = request.user, org_today()
    projects = mywork.my_projects(user, today, snapshot_day())
    context = {
        "today": today,
        "projects": projects,
        "due": [row for row in projects if row.writes and row.report_due and row.report_due <= today],
        "milestones": list(mywork.late_milestones(user, today)),
        "actions": list(mywork.my_actions(user)),
        "issues": list(mywork.my_issues(user)),
        "decisions": list(mywork.my_decisions(user)),
    }
    return render(request, "portfolio/my_work.html", context)
