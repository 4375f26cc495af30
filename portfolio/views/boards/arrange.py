"""Arranging a board: every step is a form of its own; htmx swaps the page's content, without it the page comes anew."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.access.roles import Role
from pmo.core.audit.actor import request_actor
from pmo.core.records.services import StaleRecord
from portfolio.boards.declaration import Tile, all_tiles, find
from portfolio.boards.page import may_have
from portfolio.models import Board, BoardShare
from portfolio.queries.boards import shares_of
from portfolio.services import boards as services
from portfolio.views.boards.common import board_or_404, home_or_404

GROUPS = {
    "portfolio": gettext_lazy("Portfolio"),
    "executive": gettext_lazy("Executive"),
    "work": gettext_lazy("My work"),
    "quality": gettext_lazy("Data quality"),
}
WIDTHS = {
    1: gettext_lazy("One column"),
    2: gettext_lazy("Two columns"),
    3: gettext_lazy("Three columns"),
    4: gettext_lazy("Full width"),
}
STEPS = ("left", "right", "up", "down")


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """The tiles with their handles, the gallery, the name, and with whom the board is shared."""
    row = board_or_404(request, pk, "change")
    if request.method != "POST":
        return _page(request, row, undo=_asked_undo(request, row))
    try:
        undo = _act(request, row)
    except (ValidationError, StaleRecord) as error:
        return _answer(request, row, refused=_words(error))
    return _answer(request, row, undo=undo)


def _words(error: ValidationError | StaleRecord) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _act(request: HttpRequest, row: Board) -> dict[str, Any]:
    """Do the step the form names; what undoes it, {} where the opposite step is at hand. An unknown one is 400."""
    given = request.POST if "action" in request.POST else request.GET
    actor, tile, action = request_actor(request), _tile(given.get("tile", ""), request), given.get("action", "")
    if action in STEPS:
        services.move_tile(actor=actor, row=row, tile=tile.key, direction=action)
    elif action == "place":
        services.place_tile(actor=actor, row=row, tile=tile.key, place=_whole(given.get("place", "")))
    elif action == "size":
        services.resize_tile(actor=actor, row=row, tile=tile.key, size=_size(tile, given.get("size", "")))
    elif action == "add":
        services.add_tile(actor=actor, row=row, tile=tile.key, size=tile.size)
    elif action == "restore":
        size, place = _size(tile, given.get("size", "")), _whole(given.get("place", ""))
        services.add_tile(actor=actor, row=row, tile=tile.key, size=size, place=place)
    elif action == "remove":
        return _remove(actor, row, tile)
    else:
        raise BadRequest(_("%(value)s is no step of arranging a board.") % {"value": action[:40]})
    return {}


def _remove(actor: Any, row: Board, tile: Tile) -> dict[str, Any]:
    places = [(item["tile"], item["size"]) for item in row.layout]
    known = next(((n, size) for n, (key, size) in enumerate(places) if key == tile.key), (0, tile.size))
    services.remove_tile(actor=actor, row=row, tile=tile.key)
    return {"action": "restore", "tile": tile.key, "size": known[1], "place": known[0]}


def _tile(key: str, request: HttpRequest) -> Tile:
    found = find(key)
    if found is None or not may_have(found, request.user):
        raise BadRequest(_("There is no such tile, or it is not for you."))
    return found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise BadRequest(_("A positive whole number is expected."))
    return int(text)


def _size(tile: Tile, text: str) -> int:
    size = _whole(text)
    if size not in tile.sizes:
        raise BadRequest(_("The tile does not come in this width."))
    return size


def _undo_url(row: Board, undo: dict[str, Any]) -> str:
    return reverse("board-arrange", kwargs={"pk": row.pk}) + "?" + urlencode(undo)


def _answer(request: HttpRequest, row: Board, undo: dict[str, Any] | None = None, refused: str = "") -> HttpResponse:
    """The content anew for htmx, with a toast that takes a removal back; else the page."""
    here = reverse("board-arrange", kwargs={"pk": row.pk})
    if not request.headers.get("HX-Request"):
        if refused:
            messages.error(request, refused)
        elif undo:
            return redirect(here + "?" + urlencode({"undo": f"{undo['tile']}.{undo['size']}.{undo['place']}"}))
        return redirect(here)
    if undo is not None and "action" in request.GET:
        return HttpResponse(headers={"HX-Refresh": "true"})
    response = _page(request, Board.objects.get(pk=row.pk))
    if refused:
        response["HX-Trigger"] = json.dumps({"bw:toast": {"text": refused, "tone": "error"}})
    elif undo:
        title = str(_tile(undo["tile"], request).title)
        toast = {
            "text": _("%(tile)s was removed.") % {"tile": title},
            "undo": {"url": _undo_url(row, undo), "label": _("Undo")},
        }
        response["HX-Trigger"] = json.dumps({"bw:toast": toast})
    return response


def _asked_undo(request: HttpRequest, row: Board) -> dict[str, str]:
    """The removal just made, so that the page can offer to take it back."""
    parts = request.GET.get("undo", "").split(".")
    tile = find(parts[0])
    if len(parts) != 3 or tile is None:
        return {}
    undo = {"action": "restore", "tile": tile.key, "size": parts[1], "place": parts[2]}
    return {"text": _("%(tile)s was removed.") % {"tile": tile.title}, "url": _undo_url(row, undo)}


def _page(request: HttpRequest, row: Board, undo: dict[str, str] | None = None) -> HttpResponse:
    on_board = {item["tile"] for item in row.layout}
    items = [
        {"tile": tile, "size": item["size"], "widths": [(n, WIDTHS[n]) for n in sorted(tile.sizes)]}
        for item in row.layout
        if (tile := find(item["tile"])) is not None and may_have(tile, request.user)
    ]
    offered = [tile for tile in all_tiles() if tile.key not in on_board and may_have(tile, request.user)]
    gallery = [(label, [tile for tile in offered if tile.group == key]) for key, label in GROUPS.items()]
    context = {
        "board": row,
        "role": home_or_404(row.role) if row.role else None,
        "items": items,
        "gallery": [(label, tiles) for label, tiles in gallery if tiles],
        "shares": [] if row.role else shares_of(row),
        "kinds": BoardShare.Kind.choices,
        "roles": Role.choices,
        "undo": undo or {},
    }
    part = (
        "portfolio/boards/arrange_part.html" if request.headers.get("HX-Request") else "portfolio/boards/arrange.html"
    )
    return render(request, part, context)


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Another name or purpose."""
    row = board_or_404(request, pk, "change")
    try:
        services.rename_board(
            actor=request_actor(request),
            row=row,
            name=request.POST.get("name", ""),
            about=request.POST.get("about", ""),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("board-arrange", pk=pk)
