"""The navigation: apps register items, the shell asks what a request may see."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

GROUPS: tuple[tuple[str, Text], ...] = (
    ("home", ""),
    ("portfolio", _("Portfolio")),
    ("projects", _("Projects")),
    ("risks", _("Risk")),
    ("resources", _("Resources")),
    ("knowledge", _("Knowledge")),
    ("office", _("PMO")),
    ("organisation", _("Organisation")),
    ("administration", _("Administration")),
)
_GROUP_KEYS = tuple(key for key, _label in GROUPS)
# So many entries of a group stand in sight, the rest behind "More"; a single one more is not hidden.
IN_SIGHT = 4

Count = QuerySet | int | None


@dataclass(frozen=True)
class NavItem:
    """One entry of the side bar.

    `count` gives the small figure at its right: rows to count (all are counted in one statement), a number, or None to
    show none. `about` is the one line that the list of all pages says of it. `opens` answers where holding the permission
    somewhere is not enough for the page to open; it is asked only of those who do not hold it in the whole organisation.
    """

    key: str
    label: Text
    url_name: str
    icon: str
    group: str
    order: int
    permission: str | None = None
    kwargs: Mapping[str, Any] | None = None
    count: Callable[[HttpRequest], Count] | None = None
    about: Text = ""
    opens: Callable[[Any], bool] | None = None
    # Keys of features: the entry shows while one of them is on.
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavLink:
    """An entry as the template draws it: an icon, or a RAG shape for followed projects."""

    label: Text
    url: str
    icon: str = ""
    rag: str = ""
    count: int | None = None
    current: bool = False
    key: str = ""
    about: Text = ""


@dataclass(frozen=True)
class NavGroup:
    """Links under one heading; the first group has none, and shows all it has."""

    key: str
    label: Text
    links: list[NavLink] = field(default_factory=list)

    @property
    def in_sight(self) -> list[NavLink]:
        """The entries that always show."""
        return self.links if not self.label or len(self.links) <= IN_SIGHT + 1 else self.links[:IN_SIGHT]

    @property
    def more(self) -> list[NavLink]:
        """The entries that can be folded away."""
        return self.links[len(self.in_sight) :]

    @property
    def is_here(self) -> bool:
        """Whether the current page is among those that can be folded away: they are open then."""
        return any(link.current for link in self.more)


@dataclass(frozen=True)
class StatusLine:
    """The line at the foot of the side bar. `state` is ok, late or bad."""

    text: Text
    state: str = "ok"
    url: str = ""


SectionSource = Callable[[HttpRequest], Iterable[NavGroup]]

_items: dict[str, NavItem] = {}
_sections: list[SectionSource] = []
_counts: dict[str, Callable[[HttpRequest], Count]] = {}
_sources: dict[str, Callable[..., Any]] = {}


def register_nav(item: NavItem) -> None:
    """Add an item, or replace the one with the same key. Call from `AppConfig.ready()`."""
    if item.group not in _GROUP_KEYS:
        raise ValueError(f"navigation item {item.key!r} names the unknown group {item.group!r}")
    _items[item.key] = item


def register_nav_section(source: SectionSource) -> None:
    """Add groups that differ by user, such as the projects a person follows; they stand after the fixed ones."""
    if source not in _sections:
        _sections.append(source)


def set_status_line(source: Callable[[HttpRequest], StatusLine | None]) -> None:
    """Say what the foot of the side bar tells (the last nightly run)."""
    _sources["status"] = source


def set_status_facts(
    rows: Callable[[HttpRequest], QuerySet], tell: Callable[[HttpRequest, str, str], StatusLine | None]
) -> None:
    """Say what the foot of the side bar tells, from two texts: `rows` gives one row annotated with
    first_text and second_text, which is read in the statement of the frame; `tell` makes the line of them ("" where there is nothing)."""
    _sources["facts"], _sources["tell"] = rows, tell


def status_facts(request: HttpRequest) -> QuerySet | None:
    """The row that the status line is made of, None where no room tells one."""
    found: QuerySet | None = _sources["facts"](request) if "facts" in _sources else None
    return found


def told_status(request: HttpRequest, first: str, second: str) -> StatusLine | None:
    """The line of the two texts."""
    line: StatusLine | None = _sources["tell"](request, first, second)
    return line


def set_nav_count(key: str, source: Callable[[HttpRequest], Count]) -> None:
    """Say what small figure an entry that another room declared carries: rows to count, a number, or None for none."""
    _counts[key] = source


def set_unread_count(source: Callable[[HttpRequest], Count]) -> None:
    """Say how many notices the bell shows."""
    _sources["unread"] = source


def status_line(request: HttpRequest) -> StatusLine | None:
    """The line at the foot of the side bar, or None."""
    line: StatusLine | None = _sources["status"](request) if "status" in _sources else None
    return line


def unread_rows(request: HttpRequest) -> Count:
    """Unread notices of the request's user: rows to count, or their number."""
    found: Count = _sources["unread"](request) if "unread" in _sources else None
    return found


def shown_items(request: HttpRequest) -> list[tuple[NavItem, str]]:
    """Every entry the user may open, with its address, in the order of the side bar. No query beyond the user's roles."""
    from pmo.core.features.api import off_keys

    off = off_keys() if getattr(request.user, "is_authenticated", False) else frozenset()
    shown = [
        (item, url)
        for item in _items.values()
        if not (item.features and off.issuperset(item.features)) and _allowed(request, item) and (url := _url_of(item))
    ]
    shown.sort(key=lambda pair: (_GROUP_KEYS.index(pair[0].group), pair[0].order, pair[0].key))
    return shown


def counts_of(request: HttpRequest, items: Iterable[NavItem]) -> dict[str, QuerySet | int]:
    """What is to be counted for the entries, by their keys."""
    asked = {item.key: source(request) for item in items if (source := item.count or _counts.get(item.key))}
    return {key: found for key, found in asked.items() if found is not None}


def groups_of(
    request: HttpRequest, shown: list[tuple[NavItem, str]], counts: Mapping[str, int | None]
) -> list[NavGroup]:
    """The groups of the entries, empty ones left out, the current page marked."""
    current = _current_url(request.path, [url for _item, url in shown])
    groups = []
    for key, label in GROUPS:
        links = [
            NavLink(
                item.label, url, item.icon, "", counts.get(item.key), url == current, key=item.key, about=item.about
            )
            for item, url in shown
            if item.group == key
        ]
        if links:
            groups.append(NavGroup(key, label, links))
    for source in _sections:
        groups.extend(group for group in source(request) if group.links)
    return groups


def _url_of(item: NavItem) -> str | None:
    """The entry's address. Kept for the process: it depends on the address table alone."""
    return _address(get_urlconf(), item.url_name, tuple(sorted((item.kwargs or {}).items())))


@functools.cache
def _address(urlconf: str | None, name: str, kwargs: tuple[tuple[str, Any], ...]) -> str | None:
    try:
        return reverse(name, urlconf=urlconf or settings.ROOT_URLCONF, kwargs=dict(kwargs) or None)
    except NoReverseMatch:
        return None


def _allowed(request: HttpRequest, item: NavItem) -> bool:
    if item.permission is None:
        return True
    from pmo.core.access.api import has_any, holds_everywhere

    if not has_any(request.user, item.permission):
        return False
    return item.opens is None or holds_everywhere(request.user, item.permission) or item.opens(request.user)


def _current_url(path: str, urls: list[str]) -> str | None:
    """The longest item address that the path lies under; the root matches only itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(under, key=len, default=None)
