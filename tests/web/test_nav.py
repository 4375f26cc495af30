"""Who sees which entry of the side bar, in which order, and which one is current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

from pmo.core.access import api
from pmo.core.web import nav
from pmo.core.web.nav import NavGroup, NavItem, NavLink, StatusLine


def _page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", _page, name="t-home"),
    path("projects/", _page, name="t-projects"),
    path("projects/reports/", _page, name="t-reports"),
    path("r/<slug:key>/", _page, name="t-register"),
]


@pytest.fixture(autouse=True)
def _empty_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(nav, "_sections", [])
    monkeypatch.setattr(nav, "_sources", {})
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _request(address: str = "/") -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


def _groups(request: HttpRequest) -> list[NavGroup]:
    shown = nav.shown_items(request)
    counts = nav.counts_of(request, [item for item, _url in shown])
    return nav.groups_of(request, shown, {key: found for key, found in counts.items() if isinstance(found, int)})


def _item(key: str, url_name: str, group: str, order: int = 10, **more: Any) -> NavItem:
    return NavItem(key, key.title(), url_name, "flag", group, order, **more)


def test_groups_and_items_stand_in_order_and_empty_groups_are_left_out() -> None:
    nav.register_nav(_item("reports", "t-reports", "projects", 20))
    nav.register_nav(_item("projects", "t-projects", "projects", 10))
    nav.register_nav(_item("home", "t-home", "home"))
    groups = _groups(_request())
    assert [(group.key, [str(link.label) for link in group.links]) for group in groups] == [
        ("home", ["Home"]),
        ("projects", ["Projects", "Reports"]),
    ]


def test_an_item_without_a_page_is_left_out() -> None:
    nav.register_nav(_item("gone", "t-gone", "home"))
    assert _groups(_request()) == []


def test_kwargs_make_the_address() -> None:
    nav.register_nav(_item("risks", "t-register", "risks", kwargs={"key": "risks"}))
    assert _groups(_request())[0].links[0].url == "/r/risks/"


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="cellar"):
        nav.register_nav(_item("x", "t-home", "cellar"))


def test_a_permission_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def has_any(user: object, permission: str) -> bool:
        asked.append(permission)
        return permission == "projects.project.view"

    monkeypatch.setattr(api, "has_any", has_any)
    nav.register_nav(_item("projects", "t-projects", "projects", permission="projects.project.view"))
    nav.register_nav(_item("reports", "t-reports", "projects", permission="projects.report.view"))
    nav.register_nav(_item("home", "t-home", "home"))
    assert [link.url for group in _groups(_request()) for link in group.links] == ["/", "/projects/"]
    assert sorted(asked) == ["projects.project.view", "projects.report.view"]


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", "/"),
        ("/projects/", "/projects/"),
        ("/projects/7/edit", "/projects/"),
        ("/projects/reports/", "/projects/reports/"),
        ("/projects/reports/3", "/projects/reports/"),
        ("/projectsx", None),
        ("/elsewhere", None),
    ],
)
def test_the_longest_match_is_current(address: str, current: str | None) -> None:
    for key, name in (("home", "t-home"), ("projects", "t-projects"), ("reports", "t-reports")):
        nav.register_nav(_item(key, name, "projects"))
    marked = [link.url for group in _groups(_request(address)) for link in group.links if link.current]
    assert marked == ([current] if current else [])


def test_counts_are_asked_only_for_shown_items() -> None:
    def never(request: HttpRequest) -> int:
        raise AssertionError("asked for a hidden item")

    nav.register_nav(_item("gone", "t-gone", "home", count=never))
    nav.register_nav(_item("home", "t-home", "home", count=lambda request: 7))
    nav.register_nav(_item("projects", "t-projects", "home", count=lambda request: None))
    assert [link.count for link in _groups(_request())[0].links] == [7, None]


def test_sections_follow_the_fixed_groups_once() -> None:
    def following(request: HttpRequest) -> list[NavGroup]:
        return [NavGroup("following", "Following", [NavLink("CRM", "/p/1", rag="green")]), NavGroup("none", "None")]

    nav.register_nav_section(following)
    nav.register_nav_section(following)
    nav.register_nav(_item("home", "t-home", "home"))
    assert [group.key for group in _groups(_request())] == ["home", "following"]


def test_status_line_and_unread_count_come_from_their_sources() -> None:
    request = _request()
    assert nav.status_line(request) is None
    assert nav.unread_rows(request) is None
    nav.set_status_line(lambda request: StatusLine("Nightly run 02:14", "late"))
    nav.set_unread_count(lambda request: 5)
    line = nav.status_line(request)
    assert line is not None and line.state == "late"
    assert nav.unread_rows(request) == 5
