"""All addresses of the product."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pmo.core.sign_in.urls")),
    path("language", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("pmo.api_urls")),
    path("", include("pmo.core.registers.urls")),
    path("", include("pmo.core.activity.urls")),
    path("", include("pmo.core.custom_fields.urls")),
    path("", include("pmo.core.report_builder.urls")),
    path("", include("pmo.core.web.urls")),
    path("", include("pmo.core.administration.urls")),
    path("", include("pmo.core.ops.urls")),
    path("", include("pmo.core.privacy.urls")),
    path("", include("pmo.core.jobs.urls")),
    path("", include("pmo.core.messages.urls")),
    path("", include("pmo.core.imports.urls")),
    path("", include("pmo.core.search.urls")),
    path("", include("pmo.core.registers.undo.urls")),
    path("", include("projects.urls")),
    path("", include("risks.urls")),
    path("", include("knowledge.urls")),
    path("", include("resources.urls")),
    path("", include("portfolio.urls")),
    path("", include("office.urls")),
]
handler400 = "pmo.core.web.errors.bad_request"
handler403 = "pmo.core.web.errors.forbidden"
handler404 = "pmo.core.web.errors.not_found"
handler500 = "pmo.core.web.errors.server_error"
