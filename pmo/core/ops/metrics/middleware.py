"""Counting requests by the name of their route, never by their address: addresses hold ids."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from pmo.core.web.access_log import route_of

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Takes itself out of the chain where metrics are off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.METRICS_TOKEN or settings.METRICS_NETWORKS):
            raise MiddlewareNotUsed
        from pmo.core.ops.metrics.exposition import observe

        self.get_response, self._observe = get_response, observe

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in _METHODS else "OTHER"
        self._observe(
            route=route_of(request),
            method=str(method),
            status=response.status_code,
            seconds=time.perf_counter() - begun,
        )
        return response
