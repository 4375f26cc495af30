"""The favourites of the signed-in person: the star of every page, and the page that orders them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo.core.favourites.models import Favourite
from pmo.core.favourites.services import (
    DOWN,
    MOST,
    UP,
    add_favourite,
    favourites_of,
    move_favourite,
    remove_favourite,
    rename_favourite,
)
from pmo.core.web import nav
from pmo.core.web.frame import SHOWN

TitleSource = Callable[[HttpRequest, ResolverMatch], str]

_titles: list[TitleSource] = []


def register_title_source(source: TitleSource) -> None:
    """Say what pages are called that the navigation has no entry for; "" where the source does not know the page."""
    if source not in _titles:
        _titles.append(source)


@require_http_methods(["GET", "HEAD", "POST"])
def favourites(request: HttpRequest) -> HttpResponse:
    """The list. POST with `url` adds the page (or, with act=remove, takes it away) and goes back to `next`."""
    if request.method == "POST":
        return _toggle(request)
    rows = list(favourites_of(request.user))
    return render(request, "web/favourites.html", {"rows": rows, "shown": SHOWN, "most": MOST})


def _toggle(request: HttpRequest) -> HttpResponse:
    url = request.POST.get("url", "")
    if request.POST.get("act") == "remove":
        for pk in favourites_of(request.user).filter(url=url).values_list("pk", flat=True):
            remove_favourite(user=request.user, pk=pk)
        return _back(request)
    try:
        add_favourite(user=request.user, url=url, title=request.POST.get("title", "").strip() or _title(request, url))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if target and allowed else reverse("favourites"))


def _title(request: HttpRequest, url: str) -> str:
    """What the page is called, where the browser did not say: its row, its entry in the side bar, its address."""
    path = url.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return path
    for source in _titles:
        if found := source(request, match):
            return found
    known: dict[str, Any] = {address: item.label for item, address in nav.shown_items(request)}
    return str(known.get(path, path))


@require_POST
def favourite_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move or remove one: `act` is rename (with `title`), up, down or remove."""
    act = request.POST.get("act", "")
    user = request.user
    try:
        if act == "rename":
            rename_favourite(user=user, pk=pk, title=request.POST.get("title", ""))
        elif act in {"up", "down"}:
            move_favourite(user=user, pk=pk, step=UP if act == "up" else DOWN)
        elif favourites_of(user).filter(pk=pk).exists():
            remove_favourite(user=user, pk=pk)
        else:
            raise Favourite.DoesNotExist
    except Favourite.DoesNotExist:
        raise Http404(_("You have no such favourite.")) from None
    except ValidationError:
        messages.error(request, _("A favourite needs a name."))
    return HttpResponseRedirect(f"{reverse('favourites')}#favourite-{pk}")
