"""How pages look in this browser: theme, density, width of the side bar. Kept in cookies, so no page flashes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pmo.core.web import context

_CHOICES = {
    "theme": (context.THEME_COOKIE, context.THEMES),
    "density": (context.DENSITY_COOKIE, context.DENSITIES),
    "nav": (context.NAV_COOKIE, context.NAV_WIDTHS),
    "keys": (context.KEYS_COOKIE, context.KEYS),
}
_A_YEAR = 365 * 24 * 3600


@require_POST
def display_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the posted choices and go back; shell.js does the same without a request. Unknown values are ignored."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for field, (cookie, allowed) in _CHOICES.items():
        value = request.POST.get(field, "")
        if value in allowed:
            response.set_cookie(cookie, value, max_age=_A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
