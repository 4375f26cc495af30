"""The outline editor by keyboard alone, in both languages: rows come, move, go and come back, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from projects.models.plan import PlanTask, PlanVersion
from projects.services.plans.editing.pasting import paste_rows
from tests import factories
from tests.conftest import client_of
from tests.wbs.conftest import draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def plan(transactional_db: None) -> PlanVersion:
    factories.organisation()
    return draft(factories.project(name_en="Harbour crane"), [1, 2, 2, 1])


@pytest.fixture
def editor(live_server: Any, open_page: Open, plan: PlanVersion) -> Callable[[str], Page]:
    """The editor, with the focus on the name of the first row."""
    session = client_of(factories.user(Role.PMO_ADMIN, username="planner")).cookies[settings.SESSION_COOKIE_NAME].value

    def opened(language: str) -> Page:
        page = open_page(locale=language)
        cookies = {settings.SESSION_COOKIE_NAME: session, "bw_language": language}
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page.goto(f"{live_server.url}/projects/{plan.project_id}/plan/edit/")
        expect(page.locator("#outline")).to_have_attribute("data-ready", str(plan.tasks.count()))
        page.locator('.plan-line [tabindex="0"]').focus()
        return page

    return opened


def names(page: Page) -> Any:
    return page.locator('[data-space] [data-column="name"] > span:not(.plan-twist)')


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_outline_is_built_by_keys(editor: Callable[[str], Page], plan: PlanVersion, language: str) -> None:
    page = editor(language)
    press(page, "ArrowDown", "Insert")
    expect(page.locator(".plan-input")).to_be_focused()
    page.keyboard.type("基础 Foundation")
    press(page, "Enter")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "B", "C", "D"])
    press(page, "Tab")
    expect(page.locator('[aria-level="3"]')).to_have_count(1)
    press(page, "Shift+Tab")
    expect(page.locator('[aria-level="3"]')).to_have_count(0)
    press(page, "Alt+ArrowDown")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "C", "B", "D"])
    press(page, "Delete")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "C", "D"])
    press(page, "Control+z")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "C", "B", "D"])
    page.reload()
    expect(page.locator("#outline")).to_have_attribute("data-ready", "5")
    page.locator('.plan-line [tabindex="0"]').focus()
    press(page, "Control+z")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "B", "C", "D"])
    press(page, "Control+y")
    expect(names(page)).to_have_text(["A", "基础 Foundation", "C", "B", "D"])
    assert PlanTask.objects.filter(plan=plan).count() == 5


def test_tab_goes_on_typing_while_rows_are_saved(editor: Callable[[str], Page], plan: PlanVersion) -> None:
    page = editor("en")

    def field(column: str) -> Any:
        return page.locator(f'[data-space] [data-column="{column}"] .plan-input')

    def undo(words: str) -> None:
        expect(page.locator('[data-tools] [data-act="undo"]').first).to_have_attribute("title", words)

    press(page, "ArrowDown", "Insert")
    page.keyboard.type("Early")
    expect(field("name")).to_have_value("Early")
    press(page, "Tab")
    undo("Change Early")
    expect(field("duration")).to_be_focused()
    page.keyboard.type("3d")
    press(page, "Tab")
    expect(field("start")).to_be_focused()
    press(page, "Tab", "Tab", "Tab")
    page.keyboard.type("50")
    with page.expect_response(lambda answer: "field=percent" in (answer.request.post_data or "")):
        press(page, "Tab")
    expect(field("responsible")).to_be_focused()
    press(page, "Shift+Tab")
    expect(field("percent")).to_have_value("50")
    press(page, "Escape")
    expect(page.locator('[data-space] [data-column="percent"]').nth(1)).to_have_text("50")
    row = PlanTask.objects.get(plan=plan, name="Early")
    assert (row.level, row.duration, row.percent_complete, row.milestone) == (2, 3 * 480, 50, False)
    press(page, "Home", "ArrowUp", "F2", "Tab")
    expect(field("predecessors")).to_be_focused()
    press(page, "Shift+Tab")
    expect(field("name")).to_have_value("A")
    press(page, "Escape")


def test_keys_go_on_when_the_row_is_scrolled_out_of_sight(editor: Callable[[str], Page], plan: PlanVersion) -> None:
    actor = actor_of(factories.user(username="writer"))
    paste_rows(actor=actor, plan=plan, near=None, text="\n".join(f"Step {one}" for one in range(90)))
    page = editor("en")
    grid = page.locator("[data-grid-outline]")
    grid.evaluate("(grid) => { grid.scrollTop = grid.scrollHeight; }")
    expect(page.locator("[data-space]")).to_contain_text("Step 89")
    expect(grid).to_be_focused()
    press(page, "ArrowDown")
    expect(page.locator('.is-at [data-column="name"]')).to_be_focused()
    expect(page.locator(".is-at")).to_contain_text("B")
    page.locator('[data-space] [data-column="name"]', has_text="D").click()
    expect(page.locator(".is-at")).to_contain_text("D")
    expect(page.locator(".plan-input")).to_have_count(0)


def test_what_cannot_be_saved_stays_in_its_cell(editor: Callable[[str], Page], plan: PlanVersion) -> None:
    page = editor("en")
    press(page, "ArrowDown", "ArrowRight", "F2")
    page.keyboard.type("soon")
    press(page, "Enter")
    wrong = page.locator(".is-wrong")
    expect(wrong).to_have_text("soon")
    expect(page.locator("[data-note]")).to_contain_text("Row 2: ")
    expect(page.locator("[data-note]")).to_contain_text("soon")
    press(page, "ArrowUp", "Enter")
    expect(page.locator(".plan-input")).to_have_value("soon")
    page.locator(".plan-input").fill("3d")
    press(page, "Enter")
    expect(wrong).to_have_count(0)
    expect(page.locator('[data-space] [data-column="duration"]').nth(1)).to_have_text("3d")
    expect(page.locator("[data-note]")).to_be_hidden()
    press(page, "ArrowUp", "ArrowUp", "F2")
    fixed = page.locator('[data-space] [data-column="duration"]').first
    expect(page.locator("[data-note]")).to_have_text(
        "Row 1 is a summary row: it takes this value from the rows below it."
    )
    expect(fixed).to_have_attribute("title", "Row 1 is a summary row: it takes this value from the rows below it.")
    expect(fixed).to_have_attribute("aria-readonly", "true")
    expect(page.locator(".plan-input")).to_have_count(0)
    press(page, "ArrowDown", "ArrowDown")
    PlanTask.objects.filter(plan=plan, name="C").update(name="Theirs", version=7)
    press(page, "ArrowLeft", "Enter")
    page.locator(".plan-input").fill("Mine")
    press(page, "Enter")
    expect(page.locator("[data-note]")).to_contain_text("Theirs")
    expect(page.locator(".is-wrong")).to_contain_text("Mine")
