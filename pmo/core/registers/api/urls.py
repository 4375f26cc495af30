"""Addresses of the REST API, resolved by the register's key when asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from pmo.core.registers.api import changes
from pmo.core.registers.api.problems import problem_response
from pmo.core.registers.api.views import known_register, views_of


@csrf_exempt
@login_not_required
def collection(request: HttpRequest, key: str) -> Any:
    """The list of a register. Signing in and CSRF are the API's own business."""
    register = known_register(key)
    return unknown(request) if register is None else views_of(register)[0].as_view()(request)


@csrf_exempt
@login_not_required
def item(request: HttpRequest, key: str, pk: int) -> Any:
    """One row of a register."""
    register = known_register(key)
    return unknown(request) if register is None else views_of(register)[1].as_view()(request, pk=pk)


@csrf_exempt
@login_not_required
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address of the API: a problem, not a page."""
    return problem_response(request, HTTPStatus.NOT_FOUND, _("The API has no such address."))


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The API to read and try, for signed-in people."""
    return render(request, "registers/api_docs.html", {"schema_url": reverse("api-schema")})


# YAML takes four times as long to write: it is for who asks for it.
_JSON = (OpenApiJsonRenderer, OpenApiJsonRenderer2)
_YAML = (OpenApiYamlRenderer, OpenApiYamlRenderer2)

urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[IsAuthenticated], renderer_classes=[*_JSON, *_YAML]),
        name="api-schema",
    ),
    path("docs/", docs, name="api-docs"),
    path("changes/", login_not_required(changes.ChangeList.as_view()), name="api-changes"),
    path("changes/<uuid:uid>/", login_not_required(changes.ChangeItem.as_view()), name="api-change"),
    path("changes/<uuid:uid>/undo/", login_not_required(changes.ChangeUndo.as_view()), name="api-change-undo"),
    path("<slug:key>/", collection, name="api-register-list"),
    path("<slug:key>/<int:pk>/", item, name="api-register-item"),
    path("<path:rest>", unknown),
]
