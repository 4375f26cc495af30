"""Searching articles, lessons and templates."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from knowledge.calc.words import words as words_of
from knowledge.models import Article, Lesson, Template
from knowledge.queries import search as queries
from knowledge.queries.projects import name_projects

PAGE = 20
LONGEST = 200
_NAMES = {"article": Article, "lesson": Lesson, "template": Template}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Hits of `?q=`, the best first; `?kind=` keeps articles, lessons or templates."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    words = words_of(query)
    kind = request.GET.get("kind", "")
    kind = kind if kind in queries.KINDS else ""
    context: dict[str, Any] = {"query": query, "kind": kind, "numbers": [], "hits": [], "page": None, "words": words}
    if words:
        entries = queries.visible_entries(request.user)
        found = queries.search(entries, words)
        counts = found.order_by().aggregate(**{name: Count(f"{name}_id") for name in queries.KINDS})
        if kind:
            found = found.filter(**{f"{kind}__isnull": False})
        page = Paginator(queries.with_rows(found), PAGE).get_page(request.GET.get("page"))
        language = get_language() or "zh-hans"
        numbers = [(name, _NAMES[name]._meta.verbose_name_plural, counts[name]) for name in queries.KINDS]
        hits = [queries.hit_of(entry, words, language) for entry in page]
        name_projects(request.user, [hit.row for hit in hits if hit.kind == "lesson"])
        context |= {
            "numbers": numbers,
            "total": sum(counts.values()),
            "page": page,
            "hits": hits,
        }
    return render(request, "knowledge/search.html", context)
