"""Looking at boards: the list, a board, the default of a role, a single tile."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, holds_everywhere, permission_of
from pmo.core.access.grants import grants_of
from pmo.core.web import sheets
from portfolio.boards.declaration import Look, Tile, find
from portfolio.boards.page import Placed, asked, may_have, placed, time_of
from portfolio.models import Board, Personal
from portfolio.queries.boards import HOME_PREFIX, default_board, my_boards
from portfolio.queries.scope import Scope
from portfolio.views.boards.common import board_or_404, home_or_404, layout_of, look_of
from portfolio.views.homes.roles import homes_of


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    """Own boards, those others share, and the defaults of one's roles."""
    found = my_boards(request.user)
    kept = Personal.objects.filter(user=request.user.pk or 0).values_list("home", flat=True).first() or ""
    context = {
        "own": found.own,
        "shared": found.shared,
        "homes": homes_of(request.user),
        "home_pk": kept.removeprefix(HOME_PREFIX) if kept.startswith(HOME_PREFIX) else "",
    }
    return render(request, "portfolio/boards/list.html", context)


@require_safe
def board_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A board, as of today or a past date."""
    row = board_or_404(request, pk)
    home = home_or_404(row.role) if row.role else None
    context = {
        "board": row,
        "title": str(home.label) if home else row.name,
        "role": home,
        "change": can(request.user, "change", row),
        "mine": row.owner_id is not None and row.owner_id == _person(request),
    }
    return _drawn(request, row.layout, context)


@require_safe
def role_board(request: HttpRequest, role: str) -> HttpResponse:
    """The default board of a role: the PMO's, else the product's."""
    home = home_or_404(role)
    known = default_board(role)
    edit = holds_everywhere(request.user, permission_of(Board, "change"))
    context = {"board": known, "title": str(home.label), "role": home, "edit_default": edit}
    return _drawn(request, layout_of(role), context)


def _person(request: HttpRequest) -> int | None:
    return grants_of(request.user).person_id


def _drawn(request: HttpRequest, layout: list[dict[str, Any]], context: dict[str, Any]) -> HttpResponse:
    look, options = look_of(request)
    tiles = placed(layout, look)
    return render(request, "portfolio/boards/board.html", context | _page(request, look, options, tiles))


def _page(request: HttpRequest, look: Look, options: list[Scope], tiles: list[Placed]) -> dict[str, Any]:
    return {
        "look": look,
        "scope": look.scope,
        "options": options,
        "time": time_of(look),
        "tiles": tiles,
        "asked": asked(look),
        "back": back(request),
    }


def back(request: HttpRequest) -> str:
    """The page on which a tile stands: where a form in it leads back to."""
    told = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{told.path}?{told.query}" if told.path else request.get_full_path()


@require_safe
def tile_page(request: HttpRequest, key: str) -> HttpResponse:
    """One tile: a part of a board for htmx, else a page of its own."""
    tile = find(key)
    if tile is None or not may_have(tile, request.user):
        raise Http404(_("There is no such tile, or it is not for you."))
    look, options = look_of(request)
    one = draw(tile, look, request.GET.get("size", ""))
    if request.headers.get("HX-Request"):
        context = {"placed": one, "look": look, "asked": asked(look), "back": back(request)}
        part = render_to_string("portfolio/boards/tile.html", context, request)
        return HttpResponse(sheets.with_own_links(part))
    page = _page(request, look, options, [one])
    return render(request, "portfolio/boards/board.html", page | {"title": tile.title, "single": tile})


def draw(tile: Tile, look: Look, size: str = "") -> Placed:
    """The tile with its data; one that knows today only says so on a past day."""
    width = int(size) if size.isdigit() and int(size) in tile.sizes else tile.size
    data = None if tile.today_only and look.past else tile.data(look)
    return Placed(tile, width, True, data)
