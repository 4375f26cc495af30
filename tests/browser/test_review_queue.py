"""The PMO's review queue in a real browser: by keyboard alone in both languages, and by touch on a phone."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from projects.models import StatusReport
from tests import factories
from tests.conftest import client_of
from tests.reporting import build
from tests.reporting.build import DUE, LAST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """A watermelon, a report that is worse, one without a flag."""
    factories.organisation()
    group, pm = build.portfolio(), factories.user()
    found = {}
    for name, declared, computed in (
        ("Melon", "green", "red"),
        ("Worse", "amber", "amber"),
        ("Clear", "green", "green"),
    ):
        row = build.project(name, group, pm)
        build.snapshot(row, datetime.date(2026, 11, 15), computed)
        found[name.lower()] = build.report(row, LAST, DUE, declared=declared, comment="Because", summary="As said.")
    return SimpleNamespace(pmo=factories.user(Role.PMO_ANALYST, username="pmo"), **found)


@pytest.fixture
def visit(live_server: Any, open_page: Open, world: SimpleNamespace) -> Callable[..., Page]:
    """The queue as the PMO sees it."""
    session = client_of(world.pmo).cookies[settings.SESSION_COOKIE_NAME].value

    def go(language: str = "en", **options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
                {"name": "bw_language", "value": language, "url": live_server.url},
            ]
        )
        page.goto(live_server.url + "/reporting/queue/")
        return page

    return go


def state(row: StatusReport) -> str:
    return str(StatusReport.objects.values_list("state", flat=True).get(pk=row.pk))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_queue_is_worked_off_by_keyboard_alone(visit: Any, world: SimpleNamespace, language: str) -> None:
    page = visit(language)
    items = page.locator("[data-review-item]")
    expect(items).to_have_count(3)
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("r")
    expect(items.nth(0).locator("textarea")).to_be_focused()
    page.keyboard.type("jak?")
    expect(items.nth(0).locator("textarea")).to_have_value("jak?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(items).to_have_count(2)
    page.wait_for_load_state("load")
    assert state(world.melon) == "returned"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(items).to_have_count(1)
    page.wait_for_load_state("load")
    assert (state(world.worse), state(world.clear)) == ("submitted", "published")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{world.worse.pk}/**")


def test_who_switched_the_keys_off_types_in_vain(visit: Any, world: SimpleNamespace) -> None:
    page = visit()
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("[data-review-item]:focus")).to_have_count(0)
    assert state(world.melon) == state(world.clear) == "submitted"


def test_on_a_phone_nothing_is_cut_off_and_one_tap_publishes(visit: Any, world: SimpleNamespace) -> None:
    page = visit("zh-hans", width=375, height=740, has_touch=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    button = page.locator(f"#report-{world.clear.pk} [data-review-publish]")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 44
    button.tap()
    expect(page.locator("[data-review-item]")).to_have_count(2)
    assert state(world.clear) == "published"
