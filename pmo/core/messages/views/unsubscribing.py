"""Leaving a mail behind: a page that asks, and the one-click POST that mail programs send (RFC 8058)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pmo.core.messages.events import known_kind
from pmo.core.messages.services.choosing import unsubscribe as switch_mail_off
from pmo.core.messages.tokens import read_unsubscribe


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The signed link is the permission, and it can only make things quieter: no sign-in, no CSRF token. Looking changes nothing."""
    found = read_unsubscribe(token)
    if found is None:
        raise Http404(_("This link is not complete. Copy all of it from the mail."))
    user_id, event = found
    kind = known_kind(event)
    if request.method == "POST":
        switch_mail_off(user_id=user_id, event=event)
    context: dict[str, Any] = {"done": request.method == "POST", "what": kind.label if kind else ""}
    return render(request, "messages/unsubscribe.html", context)
