"""The tools of every list in a real browser: choosing rows, a bulk edit of 500 rows undone, views, undo by keyboard, and axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_many
from pmo.core.registers.undo.models import UndoEntry
from projects.models import Milestone
from tests import factories
from tests.conftest import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def rows(transactional_db: None) -> list[Milestone]:
    project = factories.project(name_en="Harbour crane")
    return create_many(
        actor=SYSTEM,
        rows=[
            Milestone(project=project, code=f"B-{n:03d}", name=f"Row {n}", baseline_date="2026-05-01", weight=n)
            for n in range(500)
        ],
    )


@pytest.fixture
def visit(live_server: Any, open_page: Open, rows: list[Milestone]) -> Callable[..., Page]:
    """Opens an address as a PMO administrator; complaints of the page fail the test."""
    session = client_of(factories.user(Role.PMO_ADMIN, username="admin")).cookies[settings.SESSION_COOKIE_NAME].value
    complaints: list[str] = []

    def go(path: str, **options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    go.complaints = complaints  # type: ignore[attr-defined]
    return go


def axe(page: Page) -> list[Any]:
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
    return [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found]


def test_choosing_rows_with_shift_the_page_and_all_that_match(visit: Any, rows: list[Milestone]) -> None:
    page = visit("/r/milestones/?columns=name&sort=code&page_size=50")
    bar = page.locator("#bulk-form")
    expect(bar).to_be_hidden()
    page.check(f"#row-{rows[2].pk} [data-select]")
    page.locator(f"#row-{rows[6].pk} [data-select]").click(modifiers=["Shift"])
    expect(bar.locator("[data-selected]")).to_have_text("5 selected")
    page.check("[data-select-all]")
    expect(bar.locator("[data-selected]")).to_have_text("50 selected")
    page.check("[data-select-matching]")
    expect(bar.locator("[data-selected]")).to_have_text("500 selected")
    page.locator("[data-select-none]").click()
    expect(bar).to_be_hidden()
    assert axe(page) == []
    assert visit.complaints == []


def test_a_bulk_edit_of_500_rows_is_undone(visit: Any, rows: list[Milestone]) -> None:
    before = list(Milestone.objects.order_by("pk").values_list("pk", "name", "weight", "is_key", "baseline_date"))
    page = visit("/r/milestones/?sort=code")
    page.check(f"#row-{rows[0].pk} [data-select]")
    page.check("[data-select-matching]")
    page.get_by_role("button", name="Bulk edit").click()
    page.wait_for_load_state("load")
    page.fill("[name=days-baseline_date]", "14")
    expect(page.locator("select[name=op-baseline_date]")).to_have_value("shift")
    page.check("[name=is_key]")
    assert axe(page) == []
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("main")).to_contain_text("500 rows match")
    assert axe(page) == []
    page.set_default_timeout(120_000)
    page.get_by_role("button", name="Change these rows").click(timeout=120_000)
    expect(page.locator(".lead")).to_contain_text("500 rows changed.", timeout=120_000)
    assert Milestone.objects.filter(is_key=True, baseline_date="2026-05-15").count() == 500
    page.locator("main").get_by_role("button", name="Undo").click(timeout=120_000)
    page.wait_for_url("**/jobs/**", timeout=120_000)
    expect(page.locator("main")).to_contain_text("500 rows were put back.", timeout=120_000)
    after = list(Milestone.objects.order_by("pk").values_list("pk", "name", "weight", "is_key", "baseline_date"))
    assert after == before
    page.goto(page.url.split("/jobs/")[0] + f"/changes/{UndoEntry.objects.get().uid}/")
    assert axe(page) == []


def test_undo_by_keyboard_from_the_toast(visit: Any, rows: list[Milestone]) -> None:
    page = visit("/r/milestones/?columns=name&sort=code&page_size=20")
    cell = page.locator(f"#row-{rows[0].pk} [data-field=name]")
    cell.focus()
    page.keyboard.press("Enter")
    expect(cell.locator("input[name=name]")).to_be_focused()
    page.keyboard.type("Typed")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Typed")
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    page.wait_for_timeout(9000)
    expect(undo).to_be_visible()
    for _step in range(60):
        page.keyboard.press("Tab")
        if undo.evaluate("element => element === document.activeElement"):
            break
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#row-{rows[0].pk} [data-field=name]")).to_have_text("Row 0")
    assert Milestone.objects.get(pk=rows[0].pk).name == "Row 0"


def test_a_view_is_saved_changed_and_kept(visit: Any, rows: list[Milestone]) -> None:
    page = visit("/r/milestones/?name__icontains=row+1&sort=-code&columns=code,name")
    page.get_by_role("link", name="Save as view").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("[name=name]")).to_be_visible()
    assert axe(page) == []
    dialog.locator("[name=name]").fill("Ones")
    dialog.locator("[name=favourite]").check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    current = page.locator(".views [aria-current]")
    expect(current).to_contain_text("Ones")
    assert page.url.endswith("?view=1") or "view=" in page.url
    page.fill("#filter-q", "Row 11")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".view-changed")).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".view-changed")).to_have_count(0)
    expect(current).to_contain_text("Ones")
    expect(page.locator("tr[data-number]")).to_have_count(11)
    page.get_by_role("link", name="Settings of the view").click()
    page.locator("dialog[open]").get_by_role("button", name="Delete").click()
    expect(page.locator(".views")).not_to_contain_text("Ones")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(current).to_contain_text("Ones")
    assert visit.complaints == []


def test_everything_works_without_script(visit: Any, rows: list[Milestone]) -> None:
    page = visit("/r/milestones/?sort=code&page_size=20", java_script_enabled=False)
    page.check(f"#row-{rows[3].pk} [data-select]")
    page.get_by_role("button", name="Bulk edit").click()
    page.select_option("select[name=op-name]", "set")
    page.fill("[name=name]", "Without script")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Change these rows").click()
    expect(page.locator(".lead")).to_contain_text("1 row changed.")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Undo").click()
    assert Milestone.objects.get(pk=rows[3].pk).name == "Row 3"


@pytest.mark.parametrize("path", ["/changes/", "/r/milestones/views/", "/r/milestones/views/new/?sort=code"])
@pytest.mark.parametrize("width", [1280, 375])
def test_pages_are_accessible(visit: Any, path: str, width: int) -> None:
    page = visit(path, width=width)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


CARD = """() => {
  const card = document.querySelector("tr[data-row]");
  const rect = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const box = card.querySelector("[data-select]").getBoundingClientRect();
  const title = rect(card.querySelector(".card-title a"));
  const meets = (one) => one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom;
  return {
    crowded: [...card.children].filter((cell) => !cell.matches(".c-check") && meets(rect(cell))).map((cell) => cell.dataset.field),
    beside: box.top >= title.top - 8 && box.bottom <= title.bottom + 8,
    cut: [...card.children].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.dataset.field),
    order: [...card.querySelectorAll("[data-field]")].sort((a, b) => rect(a).top - rect(b).top).map((cell) => cell.dataset.field).slice(0, 2),
    tags: card.querySelector("[data-field=tags]").textContent.trim(),
  };
}"""


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_card_on_a_phone_has_its_box_beside_its_title(visit: Any, rows: list[Milestone], locale: str) -> None:
    page = visit(
        "/r/milestones/?columns=name,baseline_date,project,tags&sort=code&page_size=20", width=375, locale=locale
    )
    expect(page.locator("tr[data-row]")).to_have_count(20)
    assert page.evaluate(CARD) == {
        "crowded": [],
        "beside": True,
        "cut": [],
        "order": ["name", "project"],
        "tags": "—",
    }
