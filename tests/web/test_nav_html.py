"""Entries of the side bar and icons are kept as HTML: each by all it shows."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from pmo.core.web.icons import icon_html
from pmo.core.web.nav import NavLink
from pmo.core.web.nav_html import links_html


def test_an_entry_shows_its_mark_its_name_and_its_figure(english: None) -> None:
    plain, current = NavLink("Risks", "/r/risks/?a=1&b=2", "flag", count=0), NavLink("X", "/x/", "x", current=True)
    drawn = Template("{% load bw %}{% nav_links links %}").render(Context({"links": [plain, current]}))
    assert drawn == (
        '<li><a class="nav-link" href="/r/risks/?a=1&amp;b=2" title="Risks">'
        '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#flag"/></svg>'
        '<span class="nav-label">Risks</span><span class="nav-count">0</span></a></li>'
        '<li><a class="nav-link" href="/x/" title="X" aria-current="page">'
        '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#x"/></svg>'
        '<span class="nav-label">X</span></a></li>'
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"label": "Other"},
        {"url": "/other/"},
        {"icon": "list"},
        {"rag": "red"},
        {"count": 4},
        {"current": True},
    ],
)
def test_whatever_changes_in_an_entry_is_drawn_anew(changed: dict[str, object], english: None) -> None:
    values: dict[str, object] = {"label": "Risks", "url": "/r/", "icon": "flag", "count": 3}
    before = links_html([NavLink(**values)])  # type: ignore[arg-type]
    assert links_html([NavLink(**values)]) == before  # type: ignore[arg-type]
    assert links_html([NavLink(**{**values, **changed})]) != before  # type: ignore[arg-type]


def test_an_entry_is_in_the_readers_language() -> None:
    link = NavLink(gettext_lazy("Favourites"), "/favourites/", rag="green")
    with override("en"):
        assert "Favourites" in links_html([link]) and "On track" in links_html([link])
    with override("zh-hans"):
        assert "Favourites" not in links_html([link]) and "On track" not in links_html([link])


def test_text_is_escaped_even_where_the_same_text_was_safe_before() -> None:
    word = "<b>R&D</b>"
    assert word in links_html([NavLink(mark_safe(word), "/a/", "flag")])
    assert word not in links_html([NavLink(word, "/a/", "flag")])
    assert word in icon_html("flag", label=mark_safe(word))
    assert word not in icon_html("flag", label=word)


def test_icons_move_with_the_static_files() -> None:
    before = icon_html("flag")
    with override_settings(STATIC_URL="/elsewhere/"):
        assert 'href="/elsewhere/img/icons.svg#flag"' in icon_html("flag")
    assert icon_html("flag") == before
