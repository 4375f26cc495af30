"""What the pages of registers share."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from pmo.core.registers.declaration import Register, UnknownRegisterError, get_register


def register_or_404(key: str) -> Register:
    """The register of a key in an address."""
    try:
        return get_register(key)
    except UnknownRegisterError:
        raise Http404(_("There is no such register.")) from None


def wants_fragment(request: Any) -> bool:
    """Whether htmx asks for a part of the page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def vary(response: HttpResponse) -> HttpResponse:
    """Page and fragment share an address: caches must keep them apart."""
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def trigger(response: HttpResponse, events: dict[str, Any]) -> HttpResponse:
    """Send events to the page once the answer stands in it: "bw:toast" shows a message."""
    response["HX-Trigger-After-Settle"] = json.dumps(events)
    return response


def toast(text: str, tone: str = "success", undo: str = "", note: str = "") -> dict[str, Any]:
    """The detail of a toast; `undo` is the address its button posts to."""
    detail: dict[str, Any] = {"text": str(text), "tone": tone, "note": note}
    if undo:
        detail["undo"] = {"url": undo, "label": _("Undo")}
    return detail


def list_url(register: Register) -> str:
    """The address of the list."""
    return reverse("register-list", kwargs={"key": register.key})


def row_url(name: str, register: Register, pk: int) -> str:
    """The address of one of a row's pages."""
    return reverse(name, kwargs={"key": register.key, "pk": pk})


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where the form says to go afterwards, if that is on this site."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and allowed else fallback


def go(request: Any, url: str) -> HttpResponse:
    """Redirect; a fragment request is told to load the page."""
    if wants_fragment(request):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["HX-Redirect"] = iri_to_uri(url)
        return response
    return HttpResponseRedirect(url)
