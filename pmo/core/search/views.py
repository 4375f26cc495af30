"""The page of search, the suggestions below the search box, the command palette, the help on keys."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.registers.declaration import all_registers
from pmo.core.search import places
from pmo.core.search.content import indexed_registers
from pmo.core.search.hits import hits_of, recent_hits
from pmo.core.search.queries import COUNTED, counts, find

PAGE, IN_GROUP, SUGGESTED = 20, 5, 8
# Rows that only join others are many and alike.
IN_JOINS = 2
LONGEST = 120
_RECENT = re.compile(r"([a-z0-9-]{1,60})/(\d{1,12})")
_MOST_RECENT = 6
_FRAGMENT = "HX-Request"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What `?q=` finds, in groups by kind, the best group first; `?kind=` lists one kind, page by page."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    titles = {one.key: one.title for one in indexed_registers()}
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in titles else ""
    found = find(request.user, query, [kind], most=COUNTED) if kind else find(request.user, query)
    numbers, capped = counts(request.user, found)
    context: dict[str, Any] = {
        "query": query,
        "kind": kind,
        "meant": found.meant,
        "meant_query": _meant(query, found.meant),
    }
    context |= {
        "kinds": [(key, titles[key], number) for key, number in _by_number(numbers) if key in titles],
        "total": sum(numbers.values()),
        "capped": capped,
        "most": COUNTED,
        "words": found.asked.words,
    }
    if kind:
        page = Paginator(found.entries, PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": hits_of(request.user, list(page))}
    else:
        context["groups"] = _groups(request, found.entries, numbers)
    return render(request, "search/page.html", context)


def _by_number(numbers: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def _meant(query: str, meant: dict[str, str]) -> str:
    """The query with the words that were searched instead."""
    for typed, word in meant.items():
        query = re.sub(re.escape(typed), word, query, flags=re.IGNORECASE)
    return query


def _groups(request: HttpRequest, entries: list[Any], numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The first hits of each kind, kinds in the order of their best hit."""
    by_kind: dict[str, list[Any]] = {}
    for entry in entries:
        by_kind.setdefault(entry.register, []).append(entry)
    shown = [entry for rows in by_kind.values() for entry in rows[: IN_GROUP if rows[0].code else IN_JOINS]]
    groups: dict[str, dict[str, Any]] = {}
    for hit in hits_of(request.user, shown):
        group = groups.setdefault(hit.register.key, {"register": hit.register, "hits": []})
        group["hits"].append(hit)
    for key, group in groups.items():
        group["number"] = max(numbers.get(key, 0), len(by_kind[key]))
        group["more"] = group["number"] > len(group["hits"])
    return list(groups.values())


@require_safe
def search_suggest(request: HttpRequest) -> HttpResponse:
    """At most eight rows below the search box, as options of its list."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    hits = hits_of(request.user, _few(find(request.user, query).entries), extracts=False)
    options = [{"title": "", "options": [_row_option(hit) for hit in hits]}] if hits else []
    return render(request, "search/options.html", {"groups": options, "query": query, "prefix": "hint"})


def _few(entries: list[Any]) -> list[Any]:
    """The best for a short list; of the rows that only join others, a few of each register."""
    joins: Counter[str] = Counter()
    kept = []
    for entry in entries:
        joins[entry.register] += 0 if entry.code else 1
        if entry.code or joins[entry.register] <= IN_JOINS:
            kept.append(entry)
    return kept[:SUGGESTED]


def _row_option(hit: Any) -> dict[str, Any]:
    note = _(", ").join(str(part) for part in (hit.register.singular, hit.project) if part)
    return {"url": hit.url, "icon": hit.register.icon, "pieces": hit.title, "code": hit.code, "note": note}


def _place_option(place: places.Place) -> dict[str, Any]:
    return {"url": place.url, "icon": place.icon, "pieces": [(place.label, False)], "note": place.note}


@require_safe
def search_palette(request: HttpRequest) -> HttpResponse:
    """The command palette: a page where there is no script, a dialog that htmx puts in its slot, or with `list` its options alone."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    context = {"groups": _palette(request, query), "query": query, "prefix": "cmd"}
    if _FRAGMENT not in request.headers:
        return HttpResponseRedirect(f"{reverse('search')}")
    return render(request, "search/options.html" if "list" in request.GET else "search/palette.html", context)


def _palette(request: HttpRequest, query: str) -> list[dict[str, Any]]:
    """Pages, new rows, and rows: those found, or those looked at last."""
    if query:
        entries = _few(find(request.user, query).entries)
        rows, title = hits_of(request.user, entries, extracts=False), _("Found")
    else:
        rows, title = recent_hits(request.user, _recent(request)), _("Looked at last")
    groups = [
        (_("Go to"), [_place_option(place) for place in places.pages(request, query)]),
        (title, [_row_option(hit) for hit in rows]),
        (_("Create"), [_place_option(place) for place in places.new_rows(request, query)]),
    ]
    if not query:
        groups = [groups[1], groups[2], groups[0]]
    return [{"title": title, "options": options} for title, options in groups if options]


def _recent(request: HttpRequest) -> list[tuple[str, int]]:
    """What this browser says was looked at last; whether it may be seen is decided here."""
    known = {one.key for one in all_registers()}
    pairs = [(key, int(pk)) for key, pk in _RECENT.findall(request.GET.get("recent", "")[:600]) if key in known]
    return pairs[:_MOST_RECENT]


@require_safe
def go(request: HttpRequest, letter: str) -> HttpResponse:
    """Where `g` and a letter lead; a letter that leads nowhere opens the help on keys."""
    return HttpResponseRedirect(places.go_url(request, letter) or reverse("keyboard"))


@require_safe
def keyboard(request: HttpRequest) -> HttpResponse:
    """What the keys do, and the switch that turns them off; a dialog for htmx."""
    template = "search/keys_dialog.html" if _FRAGMENT in request.headers else "search/keys.html"
    return render(request, template, {"letters": places.letters(request)})
