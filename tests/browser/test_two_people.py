"""Two people at one row, each in a browser of their own: nothing that was typed is lost, in a cell, a form and a bulk edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from projects.models import Milestone
from tests import factories
from tests.browser.conftest import wait_until_bound
from tests.conftest import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def milestones(transactional_db: None) -> list[Milestone]:
    project = factories.project(name_en="Harbour crane")
    rows = [factories.milestone(project, name=name) for name in ("Keel", "Mast", "Rudder")]
    for place, row in enumerate(rows):
        row.code_place = place
    return rows


@pytest.fixture
def two(live_server: Any, open_page: Open, milestones: list[Milestone]) -> Callable[[str], tuple[Page, Page]]:
    """Both people at the same address."""
    sessions = [
        client_of(factories.user(Role.PMO_ADMIN, username=name)).cookies[settings.SESSION_COOKIE_NAME].value
        for name in ("anna", "boris")
    ]

    def opened(path: str) -> tuple[Page, Page]:
        pages = []
        for session in sessions:
            page = open_page()
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
            page.goto(live_server.url + path)
            pages.append(page)
        return pages[0], pages[1]

    return opened


def cell(page: Page, row: Milestone, field: str) -> Any:
    return page.locator(f"#row-{row.pk} [data-field={field}]")


def begin(page: Page, row: Milestone, text: str) -> Any:
    """Open the cell by keyboard and type, without saving."""
    page.locator("tr[data-number] [data-field=name]").first.focus()
    for _step in range(row.code_place):  # type: ignore[attr-defined]
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    box = cell(page, row, "name").locator("input[name=name]")
    expect(box).to_be_focused()
    page.keyboard.type(text)
    return box


def test_two_people_in_one_cell(two: Any, milestones: list[Milestone]) -> None:
    first, second = two("/r/milestones/?columns=name&sort=code")
    row = milestones[0]
    mine = begin(second, row, "Boris wrote this")
    begin(first, row, "Anna was faster")
    first.keyboard.press("Enter")
    expect(cell(first, row, "name")).to_have_text("Anna was faster")
    second.keyboard.press("Enter")
    expect(cell(second, row, "name")).to_contain_text("the value is now “Anna was faster”")
    expect(mine).to_have_value("Boris wrote this")
    wait_until_bound(mine)
    mine.press("Enter")
    expect(cell(second, row, "name")).to_have_text("Boris wrote this")
    row.refresh_from_db()
    assert row.name == "Boris wrote this"
    undo = first.locator("#toasts").get_by_role("button", name="Undo")
    undo.click()
    first.wait_for_url("**/changes/*/")
    expect(first.locator("main")).to_contain_text("Changed since by")
    row.refresh_from_db()
    assert row.name == "Boris wrote this"


def test_two_people_in_one_form(two: Any, milestones: list[Milestone]) -> None:
    row = milestones[1]
    first, second = two(f"/r/milestones/{row.pk}/edit/")
    second.fill("[name=name]", "Boris renamed it")
    second.fill("[name=note]", "A note that took Boris an hour")
    first.fill("[name=name]", "Anna renamed it")
    first.fill("[name=weight]", "4")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("h1")).to_have_text("Anna renamed it")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator("[role=alert]")).to_contain_text("Your text is kept.")
    expect(second.locator("[name=note]")).to_have_value("A note that took Boris an hour")
    expect(second.locator("[name=name]").last).to_have_value("Boris renamed it")
    second.get_by_role("button", name="Save again").click()
    expect(second.locator("h1")).to_have_text("Boris renamed it")
    row.refresh_from_db()
    assert (row.name, row.note, row.weight) == ("Boris renamed it", "A note that took Boris an hour", 4)


def test_a_bulk_edit_leaves_the_row_of_somebody_faster_alone(two: Any, milestones: list[Milestone]) -> None:
    first, second = two("/r/milestones/?columns=name,weight&sort=code")
    for row in milestones:
        second.check(f"#row-{row.pk} [data-select]")
    second.get_by_role("button", name="Bulk edit").click()
    second.wait_for_load_state("load")
    second.fill("[name=weight]", "7")
    second.get_by_role("button", name="Preview").click()
    expect(second.locator(".lead")).to_contain_text("3 rows will change.")
    begin(first, milestones[1], "Anna was faster")
    first.keyboard.press("Enter")
    expect(cell(first, milestones[1], "name")).to_have_text("Anna was faster")
    second.get_by_role("button", name="Change these rows").click()
    expect(second.locator(".lead")).to_contain_text("2 rows changed. 1 row was refused and is as before.")
    expect(second.locator("main")).to_contain_text("Somebody changed it after you looked at it")
    found = list(Milestone.objects.order_by("code").values_list("name", "weight"))
    assert found == [("Keel", 7), ("Anna was faster", None), ("Rudder", 7)]
