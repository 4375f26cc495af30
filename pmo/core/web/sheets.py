"""Which style sheets a page needs: found by the classes it uses, so that no page loads what it does not show."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# In the order of their links; the sheet every page has comes before, a page's own sheet after.
SHEETS = (
    "register",
    "filters",
    "forms",
    "parts",
    "dash",
    "heat",
    "charts",
    "pages",
    "project",
    "report",
    "plan",
    "activity",
    "bare",
)
PLACE = "<!--sheets-->"
_CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
_USED = re.compile(r'class="([^"]+)"')


def needed(html: str) -> list[str]:
    """Names of the sheets of which the page uses a class."""
    used = {name for names in set(_USED.findall(html)) for name in names.split()}
    return [sheet for sheet, names in _marks().items() if not names.isdisjoint(used)]


def links(html: str) -> SafeString:
    """The links of the sheets a page or a part of one needs; one that it links itself is not linked again."""
    found = ((static(f"css/{name}.css"),) for name in needed(html))
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((url,) for (url,) in found if url not in html))


def with_links(html: str) -> SafeString:
    """The page with the links at their place in its head."""
    return SafeString(html.replace(PLACE, links(html), 1))


def with_own_links(part: str) -> SafeString:
    """A part that a page fetches later, with its links before it."""
    return format_html("{}{}", links(part), SafeString(part))


def _marks() -> dict[str, frozenset[str]]:
    return _read() if not settings.DEBUG else _read.__wrapped__()


@functools.cache
def _read() -> dict[str, frozenset[str]]:
    """Per sheet the classes its rules begin with, without those that every page has styles for."""
    common = _classes("app")
    return {name: _classes(name) - common for name in SHEETS}


def _classes(name: str) -> frozenset[str]:
    path = finders.find(f"css/{name}.css")
    if path is None:
        raise FileNotFoundError(f"css/{name}.css")
    text = re.sub(r"/\*.*?\*/|\{[^{}]*\}", ",", Path(str(path)).read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = re.split(r"[,{}](?![^(]*\))", text)
    return frozenset(first.group(1) for part in selectors if (first := _CLASS.search(part)))
