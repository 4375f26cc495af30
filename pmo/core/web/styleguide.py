"""/styleguide: every part of the house in every state, and whole pages to copy from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from pmo.core.web import styleguide_data

PAGES = ("parts", "register", "dashboard", "detail", "form", "wizard")


def styleguide(request: HttpRequest) -> HttpResponse:
    """`?page=` chooses parts or one of the composed pages. The figures are samples of the guide, not of any project."""
    page = request.GET.get("page", "parts")
    if page not in PAGES:
        raise Http404
    context = {"pages": PAGES, "page": page, **styleguide_data.sample(get_language() or "zh-hans")}
    return render(request, f"styleguide/{page}.html" if page != "parts" else "styleguide.html", context)
