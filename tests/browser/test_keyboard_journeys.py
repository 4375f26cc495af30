"""Ten journeys without a mouse, in both languages: every step is a key, and what has the focus shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.registers.saved_views.models import SavedView
from pmo.core.search.services import rebuild
from portfolio.models import Board
from portfolio.services.health.recompute import recompute
from projects.models import Milestone, StatusReport
from risks.models import Risk
from tests import factories
from tests.browser.test_pages import SHOWS_FOCUS
from tests.conftest import client_of
from tests.health import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = build.DAY
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """A project with milestones, a red forecast and a report of last week; its manager and the PMO; the index built."""
    build.organisation()
    admin, manager = factories.user(Role.PMO_ADMIN, username="admin"), factories.user(username="manager")
    group = build.portfolio("Group")
    crane = build.project("Harbour crane", portfolio=group, name_zh="港口起重机更换", pm=manager.person)
    build.project("Depot", portfolio=group, name_zh="仓库改造")
    build.budget(crane, 1_000_000)
    build.cost(crane, 300_000, "2026-06-01")
    for name in ("Keel", "Mast", "Rudder", "Anchor"):
        build.milestone(crane, name, "2026-12-01", "2026-12-11", is_key=name == "Keel")
    build.report(crane, "2026-11-15", "green", "green", comment="On course.")
    for day in (DAY.replace(day=13), DAY):
        recompute(actor=SYSTEM, day=day)
    rebuild()
    return SimpleNamespace(crane=crane, admin=admin, manager=manager)


class Hands:
    """Somebody at a keyboard. `reach` walks with Tab and looks that the focus shows."""

    def __init__(self, page: Page, base: str, language: str) -> None:
        self.page, self.base, self.zh, self.wrong = page, base, language.startswith("zh"), []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text) if not text.isascii() else self.page.keyboard.type(text)

    def sees_focus(self) -> None:
        assert self.page.evaluate(SHOWS_FOCUS) == ""

    def reach(self, selector: str, most: int = 160) -> None:
        """Tab until the element has the focus."""
        for _step in range(most):
            if self.page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
                self.sees_focus()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab on {self.page.url}")

    def skip(self) -> None:
        """The first Tab of a page offers its content."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("a.skip")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#main")).to_be_focused()

    def go(self, letter: str, path: str) -> None:
        """`g` and a letter."""
        self.press("g", letter)
        self.page.wait_for_url(self.base + path)

    def arrive(self, pattern: str) -> None:
        self.page.wait_for_url(pattern)

    def enter(self) -> None:
        """Enter on what leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture(params=LANGUAGES)
def hands(
    request: Any, live_server: Any, open_page: Callable[..., Page], world: SimpleNamespace
) -> Iterator[Callable[..., Hands]]:
    """`hands("admin")` is signed in at home; without a name, at the sign-in page."""
    made: list[Hands] = []

    def at(name: str = "", path: str = "/") -> Hands:
        page = open_page("zh-CN" if request.param == "zh-hans" else "en-GB")
        cookies = {settings.LANGUAGE_COOKIE_NAME: request.param}
        if name:
            session = client_of(getattr(world, name)).cookies[settings.SESSION_COOKIE_NAME].value
            cookies[settings.SESSION_COOKIE_NAME] = session
        page.context.add_cookies(
            [{"name": key, "value": value, "url": live_server.url} for key, value in cookies.items()]
        )
        found = Hands(page, live_server.url, request.param)
        page.goto(live_server.url + path)
        made.append(found)
        return found

    yield at
    assert [text for one in made for text in one.wrong] == []


def test_sign_in_and_open_a_project_by_its_pinyin(hands: Any, world: SimpleNamespace) -> None:
    me = hands()
    me.reach("input[name=username]")
    me.type("admin")
    me.press("Tab")
    me.type(factories.PASSWORD)
    me.press("Enter")
    me.arrive(me.base + "/")
    me.press("/")
    expect(me.page.locator("[data-search-key]")).to_be_focused()
    me.sees_focus()
    me.type("gangkouqizhong")
    first = me.page.locator("#search-hints [role=option]").first
    expect(first.locator("mark")).to_have_text("港口起重")
    me.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(me.page.locator("[data-search-key]")).to_have_attribute("aria-activedescendant", "hint-0-0")
    me.press("Enter")
    me.arrive(f"**/r/projects/{world.crane.pk}/")
    expect(me.page.locator("h1")).to_have_text("港口起重机更换" if me.zh else "Harbour crane")


def test_move_the_date_of_a_milestone(hands: Any, world: SimpleNamespace) -> None:
    me = hands("manager")
    me.go("m", "/r/milestones/")
    me.press("j", "j", "k", "j")
    line = me.page.locator("tr[data-number='2']")
    expect(line.locator("a:focus")).to_have_count(1)
    me.sees_focus()
    row = int(line.get_attribute("id").removeprefix("row-"))
    me.press("e")
    me.arrive(f"**/r/milestones/{row}/edit/")
    me.reach("input[name=forecast_date]")
    me.press("ArrowUp")
    chosen = me.page.locator("input[name=forecast_date]").input_value()
    assert chosen != "2026-12-11"
    me.enter()
    assert str(Milestone.objects.get(pk=row).forecast_date) == chosen


def test_a_new_risk_from_the_palette(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin")
    me.press("Control+k")
    box = me.page.locator("#palette [data-combo]")
    expect(box).to_be_focused()
    me.sees_focus()
    me.type("新建风险" if me.zh else "new risk")
    expect(me.page.locator("#palette [aria-selected=true]")).to_have_attribute("href", "/r/risks/new/")
    me.press("Enter")
    me.arrive("**/r/risks/new/")
    project = me.page.locator("[name=project]")
    me.reach("[name=project]")
    if project.evaluate("(field) => field.tagName") == "SELECT":
        me.press("ArrowDown")
    else:
        me.type(world.crane.code)
    me.reach("[name=title]")
    me.type("吊装窗口缩短" if me.zh else "Shorter lifting window")
    me.press("Enter")
    me.page.wait_for_url(lambda url: "/new/" not in url)
    assert Risk.objects.get(title="吊装窗口缩短" if me.zh else "Shorter lifting window").project_id


def test_what_is_typed_the_moment_the_palette_opens_is_looked_for(hands: Any) -> None:
    """Typed in the first turn of the event loop after htmx put the palette in its place."""
    me = hands("admin")
    words = "新建风险" if me.zh else "new risk"
    me.page.evaluate(
        """(words) => document.body.addEventListener("htmx:afterSwap", () => setTimeout(() => {
            const box = document.querySelector("#palette [data-combo]");
            box.value = words;
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }), { once: true })""",
        words,
    )
    me.press("Control+k")
    expect(me.page.locator("#palette [data-combo]")).to_have_value(words)
    expect(me.page.locator("#palette [aria-selected=true]")).to_have_attribute("href", "/r/risks/new/")


def test_keys_go_to_the_page_the_moment_the_palette_is_closed(hands: Any) -> None:
    """Before the next frame is drawn, in which a browser would take the focus from the hidden box by itself."""
    me = hands("admin", "/my-work/")
    me.press("Control+k")
    expect(me.page.locator("#palette [data-combo]")).to_be_focused()
    focused = me.page.evaluate(
        """() => {
            const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
            document.querySelector("#palette [data-combo]").dispatchEvent(key);
            return document.activeElement.tagName;
        }"""
    )
    assert focused == "BODY"
    me.press("?")
    expect(me.page.locator("#keys-help")).to_be_visible()


def test_choose_rows_and_change_them_together(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin", "/r/milestones/?sort=code")
    me.press("j", "x", "j", "x")
    expect(me.page.locator("[data-select]:checked")).to_have_count(2)
    me.reach("#bulk-form button[value=edit]", 400)
    me.enter()
    expect(me.page.locator("table[data-bulk]")).to_be_visible()
    me.reach("input[name='days-forecast_date']", 300)
    me.type("7")
    me.reach("form[data-guard] .btn-primary", 300)
    me.enter()
    me.reach("main form .btn-primary", 300)
    me.enter()
    assert Milestone.objects.filter(forecast_date="2026-12-18").count() == 2


def test_filter_a_list_and_keep_it_as_a_view(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin", "/r/milestones/")
    me.skip()
    me.reach("#filter-q")
    me.type("rudd")
    me.press("Enter")
    expect(me.page.locator("tr[data-number]")).to_have_count(1)
    me.reach("a[href*='/views/new/']", 300)
    me.press("Enter")
    expect(me.page.locator("dialog[open] [name=name]")).to_be_visible()
    me.reach("dialog[open] [name=name]")
    me.type("第二步" if me.zh else "Second step")
    me.press("Enter")
    expect(me.page.locator(".views [aria-current]")).to_contain_text("第二步" if me.zh else "Second step")
    assert SavedView.objects.get().register == "milestones"


def test_hand_in_a_report(hands: Any, world: SimpleNamespace) -> None:
    me = hands("manager", f"/reports/new/?project={world.crane.pk}")
    me.skip()
    me.reach("button[name=copy]", 300)
    me.press("Enter")
    expect(me.page.locator("textarea[name=comment]")).to_have_value("On course.")
    for _number in range(10):
        lacking = me.page.locator(".declared-in.is-missing textarea:visible")
        if not lacking.count():
            break
        me.reach(f"textarea[name='{lacking.first.get_attribute('name')}']", 300)
        me.type("Back on course by the end of December.")
    me.reach("button[name=submit]", 300)
    me.press("Enter")
    me.page.wait_for_url(lambda url: "/edit/" not in url and "/new/" not in url)
    assert StatusReport.objects.get(project=world.crane, state="submitted").comment == "On course."


def test_read_a_report_and_publish_it(hands: Any, world: SimpleNamespace) -> None:
    report = build.add("report", world.crane, period_start="2026-11-16", period_end="2026-11-22", declared="green")
    StatusReport.objects.filter(pk=report.pk).update(state="submitted", comment="Steady.")
    me = hands("admin", f"/reports/{report.pk}/")
    me.skip()
    me.reach("input[name=reviewed], label:has(input[name=reviewed])", 200)
    me.press("ArrowRight", "ArrowLeft")
    me.reach("textarea[name=comment]", 200)
    me.type("与计算一致。" if me.zh else "Agrees with what is computed.")
    me.reach("form[action$='/publish/'] button:not([formaction])", 200)
    me.enter()
    expect(me.page.locator("form[action$='/publish/']")).to_have_count(0)
    assert StatusReport.objects.get(pk=report.pk).state == "published"


def test_print_the_scorecard(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin")
    me.go("s", "/scorecard/")
    me.page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    me.reach("[data-print]", 200)
    me.press("Enter")
    assert me.page.evaluate("window.printed") == 1


def test_move_a_tile_of_a_board(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin", "/boards/")
    me.skip()
    me.reach("#board-name")
    me.type("我的看板" if me.zh else "Mine")
    me.press("Tab", "ArrowDown")
    me.press("Tab")
    me.enter()
    board = Board.objects.get(name="我的看板" if me.zh else "Mine")
    if not me.page.url.endswith("/arrange/"):
        me.reach("main a[href$='/arrange/']", 200)
        me.press("Enter")
        me.arrive("**/arrange/")
    before = me.page.locator("[data-tile]").evaluate_all("(all) => all.map((one) => one.dataset.tile)")
    assert len(before) > 1
    me.reach(f"[data-tile='{before[0]}']", 200)
    me.press("ArrowRight")
    expect(me.page.locator("[data-tile]").first).to_have_attribute("data-tile", before[1])
    board.refresh_from_db()


def test_switch_the_keys_off_and_sign_out(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin", "/my-work/")
    me.press("?")
    expect(me.page.locator("#keys-help")).to_be_visible()
    me.reach("#keys-help button[name=keys]", 20)
    me.enter()
    expect(me.page.locator("html")).to_have_attribute("data-keys", "off")
    me.press("g", "p", "/", "?", "Control+k")
    me.page.wait_for_timeout(400)
    assert me.page.url.endswith("/keyboard/")
    expect(me.page.locator("dialog[open]")).to_have_count(0)
    assert me.page.evaluate("document.activeElement === document.body")
    me.reach("button[name=keys][value=on]", 200)
    me.enter()
    expect(me.page.locator("html")).to_have_attribute("data-keys", "on")
    me.go("h", "/")
    me.reach("summary.user", 200)
    me.press("Enter")
    me.reach("form[action$='/logout'] button", 30)
    me.enter()
    me.page.goto(me.base + "/r/projects/")
    assert "/login" in me.page.url


def test_keys_do_nothing_while_one_types(hands: Any, world: SimpleNamespace) -> None:
    me = hands("admin", "/r/milestones/")
    me.reach("#filter-q", 200)
    me.type("gp/?jxe")
    expect(me.page.locator("#filter-q")).to_have_value("gp/?jxe")
    assert me.page.url.endswith("/r/milestones/")
    expect(me.page.locator("dialog[open], [data-select]:checked")).to_have_count(0)
