"""The entries of the side bar as HTML. There are dozens on every page, and they are the same on the next: each is kept."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pmo.core.web.icons import icon_html
from pmo.core.web.nav import NavLink
from pmo.core.web.rag import rag_html

# Kept by type too: text that is marked as safe is not escaped, the same text without the mark is.
KEPT_AT_MOST = 4_096


def links_html(links: Iterable[NavLink]) -> SafeString:
    """`<li>` for each link: its mark, its name, its figure."""
    return mark_safe("".join(map(_link_html, links)))  # noqa: S308


def _link_html(link: NavLink) -> str:
    # The words are in the reader's language here; so is the mark, which names its colour.
    mark = rag_html(link.rag, "shape") if link.rag else icon_html(link.icon)
    return _drawn(str(link.label), link.url, mark, link.count, link.current)


@functools.lru_cache(maxsize=KEPT_AT_MOST, typed=True)
def _drawn(label: str, url: str, mark: SafeString, count: int | None, current: bool) -> SafeString:
    here = mark_safe(' aria-current="page"') if current else ""
    figure = "" if count is None else format_html('<span class="nav-count">{}</span>', count)
    return format_html(
        '<li><a class="nav-link" href="{}" title="{}"{}>{}<span class="nav-label">{}</span>{}</a></li>',
        url,
        label,
        here,
        mark,
        label,
        figure,
    )
