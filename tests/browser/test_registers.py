"""Registers in a real browser: cells by keyboard, conflicts, filters, the API page, without script, and axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import update_record
from projects.models import Milestone
from tests import factories
from tests.browser.conftest import wait_until_bound
from tests.conftest import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture
def milestones(transactional_db: None) -> list[Milestone]:
    project = factories.project(name_en="Harbour crane")
    names = ("Keel", "Mast", "Rudder", "Anchor", "Sail", "Deck")
    return [factories.milestone(project, name=name, owner=factories.person()) for name in names]


@pytest.fixture
def visit(live_server: Any, open_page: Open, milestones: list[Milestone]) -> Callable[..., Page]:
    """Opens an address as a PMO administrator; complaints of the page fail the test."""
    session = client_of(factories.user(Role.PMO_ADMIN, username="admin")).cookies[settings.SESSION_COOKIE_NAME].value
    complaints: list[str] = []

    def go(path: str, **options: Any) -> Page:
        page = open_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    go.complaints = complaints  # type: ignore[attr-defined]
    return go


def cell(page: Page, row: Milestone, field: str) -> Any:
    return page.locator(f"#row-{row.pk} [data-field={field}]")


def test_a_row_is_edited_by_keyboard_alone(visit: Any, milestones: list[Milestone]) -> None:
    page = visit("/r/milestones/?columns=name,is_key,weight&sort=code")
    first = milestones[0]
    cell(page, first, "name").focus()
    page.keyboard.press("Enter")
    expect(cell(page, first, "name").locator("input[name=name]")).to_be_focused()
    page.keyboard.type("Keel laid")
    page.keyboard.press("Tab")
    expect(cell(page, first, "name")).to_have_text("Keel laid")
    expect(cell(page, first, "is_key").locator("input[type=checkbox]")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(cell(page, first, "is_key")).to_contain_text("Yes")
    expect(cell(page, first, "is_key")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, milestones[1], "weight")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(page, milestones[1], "weight").locator("input[name=weight]")).to_be_focused()
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(cell(page, milestones[1], "weight")).to_contain_text("—")
    first.refresh_from_db()
    milestones[1].refresh_from_db()
    assert (first.name, first.is_key, milestones[1].weight) == ("Keel laid", True, None)
    assert page.evaluate("window.refused") == []
    assert visit.complaints == []


def test_a_conflict_in_a_cell_keeps_the_text(visit: Any, milestones: list[Milestone]) -> None:
    page = visit("/r/milestones/?columns=name&sort=code")
    row = milestones[2]
    cell(page, milestones[0], "name").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    box = cell(page, row, "name").locator("input[name=name]")
    expect(box).to_be_focused()
    update_record(actor=SYSTEM, row=Milestone.objects.get(pk=row.pk), values={"name": "Theirs"})
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    expect(cell(page, row, "name")).to_contain_text("the value is now “Theirs”")
    expect(box).to_have_value("Mine")
    expect(box).to_be_focused()
    wait_until_bound(box)
    box.press("Enter")
    expect(cell(page, row, "name")).to_have_text("Mine")
    row.refresh_from_db()
    assert row.name == "Mine"


def test_filters_swap_the_list_and_back_brings_the_whole_page(visit: Any, milestones: list[Milestone]) -> None:
    page = visit("/r/milestones/")
    page.locator("input[name=owner]").focus()
    expect(page.locator("#options-owner option")).to_have_count(6)
    page.fill("#filter-q", "anchor")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("tr[data-number]")).to_have_count(1)
    assert page.url.endswith("/r/milestones/?q=anchor")
    page.go_back()
    expect(page.locator("tr[data-number]")).to_have_count(6)
    expect(page.locator("#side")).to_have_count(1)


def test_lists_and_forms_work_without_script(visit: Any, milestones: list[Milestone]) -> None:
    page = visit("/r/milestones/", java_script_enabled=False)
    page.fill("#filter-q", "sail")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("tr[data-number]")).to_have_count(1)
    cell(page, milestones[4], "owner").click(position={"x": 4, "y": 4})
    assert page.url.endswith(f"/r/milestones/{milestones[4].pk}/edit/#field-owner")
    page.fill("input[name=name]", "Without script")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("Without script")


def test_the_api_page_draws_under_the_policy(visit: Any) -> None:
    page = visit("/api/v1/docs/")
    expect(page.locator("#operations-tag-milestones")).to_be_visible()
    page.locator("#operations-tag-milestones").click()
    expect(page.locator("#operations-milestones-milestones_list")).to_be_visible()
    assert page.evaluate("window.refused") == []


@pytest.mark.parametrize(
    "path", ["/r/milestones/", "/r/milestones/?group=project", "/r/milestones/new/", "/account/tokens"]
)
@pytest.mark.parametrize("width", [1280, 375])
def test_pages_are_accessible(visit: Any, path: str, width: int) -> None:
    page = visit(path, width=width)
    found = [
        violation
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert [(violation["id"], [node["html"][:120] for node in violation["nodes"]][:3]) for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
