"""What holds for a signed-in request: its session was seen, and what must be done first is done first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.core.sign_in.origin import client_address
from pmo.core.sign_in.services.entering import FIRST_PAGES, first_page, is_confirmed

_ALWAYS = {"logout", "set_language", "display_preferences", "healthz", "readyz"}

# Pages of other rooms whose form makes a secret: it is sent only by who has just proven who they are.
_PROVEN = {"token-list"}


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks who sits there once more, and from there back to the empty form."""
    messages.info(request, _("Confirm first that it is you; then create the token once more."))
    return redirect(f"{reverse('account-confirm')}?{urlencode({'next': request.path})}")


class SignInMiddleware:
    """Leads a user who must change the password or set up a second factor there, whatever page was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.session.note_seen(client_address(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """The page to see first, instead of the one asked for."""
        if not request.user.is_authenticated:
            return None
        page = first_page(request)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if page is None and name in _PROVEN and request.method == "POST" and not is_confirmed(request):
            return ask_again(request)
        if page is None or name in _ALWAYS or name in FIRST_PAGES[page]:
            return None
        if request.path.startswith("/api/"):
            text = _("Sign in to the pages first: something must be done before you go on.")
            return JsonResponse({"title": text, "status": 403}, status=403, content_type="application/problem+json")
        return redirect(page)
