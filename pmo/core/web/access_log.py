"""One line for each request: who (by number), which route, how long, with what status."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("bellwether.request")
# Asked every few seconds by monitors, or a dozen times for one page.
_QUIET = frozenset({"healthz", "readyz", "metrics", "static"})
UNKNOWN = "(none)"


def route_of(request: HttpRequest) -> str:
    """The name of the request's route; files of the site are `static`, addresses that lead nowhere are all the same."""
    if request.path_info.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
        return "static"
    match = request.resolver_match
    return (match.view_name or match.route) if match is not None else UNKNOWN


class AccessLogMiddleware:
    """Writes the line after the answer; the login is named only where the request has read it anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        if route not in _QUIET and log.isEnabledFor(logging.INFO):
            user = getattr(request, "_cached_user", None)
            facts = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - begun) * 1000, 1),
                "user_id": user.pk if user is not None and user.is_authenticated else None,
            }
            log.info("%(method)s %(route)s %(status)s %(duration_ms)s ms", facts, extra=facts)
        return response
