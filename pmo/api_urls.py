"""The REST API under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

# Registers come last: their addresses take any key, and answer every unknown address with a problem.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pmo.core.search.api_urls")),
    path("", include("pmo.core.messages.api_urls")),
    path("", include("pmo.core.report_builder.api_urls")),
    path("", include("pmo.core.activity.api_urls")),
    path("", include("pmo.core.registers.api.urls")),
]
