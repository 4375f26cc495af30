"""All pages a person may open, by group, with one line on each: the way to what the side bar folds away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pmo.core.web import nav


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The page; `?q=` keeps the entries whose name, group or line contains every word. Nothing is counted."""
    groups = nav.groups_of(request, nav.shown_items(request), {})
    words = request.GET.get("q", "").casefold().split()[:8]
    found = [
        nav.NavGroup(group.key, group.label, links)
        for group in groups
        if (links := [link for link in group.links if _matches(group, link, words)])
    ]
    context = {
        "found": found,
        "query": request.GET.get("q", "").strip(),
        "total": sum(len(group.links) for group in groups),
        "shown": sum(len(group.links) for group in found),
        "group_count": len(groups),
    }
    return render(request, "web/directory.html", context)


def _matches(group: nav.NavGroup, link: nav.NavLink, words: list[str]) -> bool:
    text = f"{group.label} {link.label} {link.about} {link.key}".casefold()
    return all(word in text for word in words)
