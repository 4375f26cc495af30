"""The navigation: apps register items, the shell asks what a request may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
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


@dataclass(frozen=True)
class NavItem:
    """One entry of the side bar. `count` gives the small figure at its right, or None to show none."""

    key: str
    label: Text
    url_name: str
    icon: str
    group: str
    order: int
    permission: str | None = None
    kwargs: Mapping[str, Any] | None = None
    count: Callable[[HttpRequest], int | None] | None = None


@dataclass(frozen=True)
class NavLink:
    """An entry as the template draws it: an icon, or a RAG shape for followed projects."""

    label: Text
    url: str
    icon: str = ""
    rag: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class NavGroup:
    """Links under one heading; the first group has none."""

    key: str
    label: Text
    links: list[NavLink] = field(default_factory=list)


@dataclass(frozen=True)
class StatusLine:
    """The line at the foot of the side bar. `state` is ok, late or bad."""

    text: Text
    state: str = "ok"
    url: str = ""


SectionSource = Callable[[HttpRequest], Iterable[NavGroup]]

_items: dict[str, NavItem] = {}
_sections: list[SectionSource] = []
_counts: dict[str, Callable[[HttpRequest], int | None]] = {}
_sources: dict[str, Callable[[HttpRequest], Any]] = {}


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


def set_nav_count(key: str, source: Callable[[HttpRequest], int | None]) -> None:
    """Say what small figure an entry that another room declared carries; None shows none."""
    _counts[key] = source


def set_unread_count(source: Callable[[HttpRequest], int]) -> None:
    """Say how many notices the bell shows."""
    _sources["unread"] = source


def status_line(request: HttpRequest) -> StatusLine | None:
    """The line at the foot of the side bar, or None."""
    line: StatusLine | None = _sources["status"](request) if "status" in _sources else None
    return line


def unread_count(request: HttpRequest) -> int:
    """Unread notices of the request's user."""
    return int(_sources["unread"](request)) if "unread" in _sources else 0


def nav_for(request: HttpRequest) -> list[NavGroup]:
    """The groups the user of `request` may see, empty ones left out, the current page marked."""
    shown = [(item, url) for item in _items.values() if (url := _url_of(item)) and _allowed(request, item)]
    shown.sort(key=lambda pair: (_GROUP_KEYS.index(pair[0].group), pair[0].order, pair[0].key))
    current = _current_url(request.path, [url for _item, url in shown])
    groups = []
    for key, label in GROUPS:
        links = [
            NavLink(item.label, url, item.icon, count=_count_of(request, item), current=url == current)
            for item, url in shown
            if item.group == key
        ]
        if links:
            groups.append(NavGroup(key, label, links))
    for source in _sections:
        groups.extend(group for group in source(request) if group.links)
    return groups


def _count_of(request: HttpRequest, item: NavItem) -> int | None:
    source = item.count or _counts.get(item.key)
    return source(request) if source else None


def _url_of(item: NavItem) -> str | None:
    try:
        return reverse(item.url_name, kwargs=dict(item.kwargs) if item.kwargs else None)
    except NoReverseMatch:
        return None


def _allowed(request: HttpRequest, item: NavItem) -> bool:
    if item.permission is None:
        return True
    from pmo.core.access.api import has_any

    return bool(has_any(request.user, item.permission))


def _current_url(path: str, urls: list[str]) -> str | None:
    """The longest item address that the path lies under; the root matches only itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(under, key=len, default=None)
