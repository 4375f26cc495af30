"""Each kind of page in both languages, themes and widths: accessible, quiet, within its width, and talking to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from portfolio.services.health.recompute import recompute
from projects.models import StatusReport
from tests import factories
from tests.browser import demo_pages
from tests.conftest import client_of
from tests.health import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
DAY = build.DAY
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
# Whether the element that has the focus shows it, by an outline or a shadow that it does not have otherwise.
SHOWS_FOCUS = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nothing has the focus";
  const seen = [at, at.matches("input[type=radio], .seg input") && at.closest("label")].some((one) => {
    const style = one && getComputedStyle(one);
    return style && style.opacity !== "0" && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return seen ? "" : `${at.outerHTML.slice(0, 120)} does not show its focus`;
}
"""


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """Two projects with history, reports in each state, decisions, and a PMO administrator."""
    build.organisation()
    group = build.portfolio("Group")
    late, good = (
        build.project(name, portfolio=group, name_zh=zh)
        for name, zh in (("Harbour crane", "港口起重机"), ("Depot", "仓库改造"))
    )
    for row in (late, good):
        build.budget(row, 1_000_000)
        build.cost(row, 900_000, "2026-06-01")
        build.milestone(row, "Survey", "2026-06-01", "2026-06-01", "2026-06-01")
        build.milestone(row, "Handover", "2026-10-01", "2027-03-01", is_key=True)
        build.report(row, "2026-11-18", "green", "green")
        build.add("decision", row, title="Rent a second crane", needed_by="2026-11-22")
        build.add("issue", row, title="Pile driver is broken")
    for day in (DAY.replace(day=13), DAY):
        recompute(actor=SYSTEM, day=day)
    sent = build.add(
        "report", good, period_start="2026-11-16", period_end="2026-11-22", declared="amber", comment="Late by a week"
    )
    StatusReport.objects.filter(pk=sent.pk).update(state=StatusReport.State.SUBMITTED)
    admin = client_of(factories.user(Role.PMO_ADMIN, username="admin"))
    return SimpleNamespace(late=late, good=good, sent=sent, session=admin.cookies[settings.SESSION_COOKIE_NAME].value)


def addresses(world: SimpleNamespace) -> dict[str, str]:
    """Each kind of page by name."""
    project = f"/r/projects/{world.late.pk}/"
    tabs = ("health", "schedule", "cost", "issues", "decisions", "people", "reports", "details", "history")
    return {
        "scorecard": "/scorecard/",
        "dashboard": "/dashboard/",
        "my work": "/my-work/",
        "list": "/r/milestones/",
        "project": project,
        **{f"tab {key}": f"{project}tab/{key}/" for key in tabs},
        "form": "/r/milestones/new/",
        "report form": f"/reports/new/?project={world.late.pk}",
        "report": f"/reports/{world.sent.pk}/",
        "jobs": "/jobs/",
        "imports": "/imports/",
        "style guide": "/styleguide",
        "tokens": "/account/tokens",
        "error": "/no-such-page/",
    }


# A board is looked at when its tiles have come: what moves while it is measured is measured wrong.
ARRIVED = "() => !document.querySelector('.htmx-request, .tile-wait')"
# Colours are judged when the page has come to rest: a toast that is fading in has no contrast yet.
AT_REST = """
() => Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => null)))
"""


class Visitor:
    """A browser of one language, theme and width that notes what is wrong with the pages it opens."""

    def __init__(self, page: Page, base: str, axe: Axe | None) -> None:
        self.page, self.base, self.axe, self.wrong, self._now = page, base, axe, [], ""
        page.add_init_script(WATCH)
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.wrong.append(f"{self._now}: {error}"))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"{self._now} asks {url}")

    def _said(self, kind: str, text: str) -> None:
        expected = self._now == "error" and "404" in text
        if kind in {"error", "warning"} and not expected:
            self.wrong.append(f"{self._now} says {text}")

    def open(self, name: str, path: str) -> None:
        """Open the page and look at it."""
        self._now = name
        response = self.page.goto(self.base + path)
        if response is None or response.status != (404 if name == "error" else 200):
            self.wrong.append(f"{name} answers {response and response.status}")
            return
        self.look(name)

    def look(self, name: str) -> None:
        """Look at the page that is open."""
        self._now = name
        refused = self.page.evaluate("window.refused")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.wrong += [f"{name}: refused {text}" for text in refused]
        if wide > 0:
            self.wrong.append(f"{name} is {wide} px too wide")
        if self.axe is not None:
            self.page.wait_for_function(ARRIVED)
            self.page.evaluate(AT_REST)
            for found in self.axe.run(self.page).response["violations"]:
                nodes = "; ".join(" ".join(map(str, node["target"])) for node in found["nodes"][:3])
                self.wrong.append(f"{name}: {found['id']} {nodes}")


@pytest.fixture
def visitor(live_server: Any, open_page: Open) -> Callable[..., Visitor]:
    """Makes a visitor: visitor("zh-hans", "dark", 375, session, axe)."""

    def made(language: str, theme: str, width: int, session: str = "", axe: Axe | None = None) -> Visitor:
        page = open_page("zh-CN" if language == "zh-hans" else "en-GB", width, color_scheme=theme)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "bw_theme": theme}
        if session:
            cookies[settings.SESSION_COOKIE_NAME] = session
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        return Visitor(page, live_server.url, axe)

    return made


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        ("zh-hans", "light", 1280),
        ("en", "dark", 1280),
        ("zh-hans", "dark", 375),
        ("en", "light", 375),
    ],
)
def test_pages_pass_axe_and_keep_to_themselves(
    world: SimpleNamespace, visitor: Callable[..., Visitor], language: str, theme: str, width: int
) -> None:
    seen = visitor(language, theme, width, world.session, Axe())
    for name, path in addresses(world).items():
        seen.open(name, path)
    stranger = visitor(language, theme, width, axe=Axe())
    stranger.open("login", "/login")
    assert "\n".join(seen.wrong + stranger.wrong) == ""


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        ("zh-hans", "dark", 1280),
        ("en", "light", 1280),
        ("zh-hans", "light", 375),
        ("en", "dark", 375),
        ("en", "light", 768),
    ],
)
def test_pages_keep_their_width(
    world: SimpleNamespace, visitor: Callable[..., Visitor], language: str, theme: str, width: int
) -> None:
    seen = visitor(language, theme, width, world.session)
    for name, path in addresses(world).items():
        seen.open(name, path)
    assert "\n".join(seen.wrong) == ""


SIZES = [(theme, width) for theme in ("light", "dark") for width in (1280, 375)]
OPPOSITE = {"light": "dark", "dark": "light", 1280: 375, 375: 1280}


def share(pages: dict[str, str], language: str, theme: str, width: int) -> dict[str, str]:
    """The quarter of the pages for this combination: each page gets it, and the one that differs in everything."""
    quarter = SIZES.index((theme, width) if language == "en" else (OPPOSITE[theme], OPPOSITE[width]))
    return {name: path for number, (name, path) in enumerate(pages.items()) if number % len(SIZES) == quarter}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_type_of_page_passes_axe_on_the_demo(
    transactional_db: None, visitor: Callable[..., Visitor], language: str
) -> None:
    demo = demo_pages.company()
    main, rest = demo_pages.main_pages(demo), demo_pages.other_pages(demo)
    wrong: list[str] = []
    for theme, width in SIZES:
        seen = visitor(language, theme, width, demo.sessions["suqing"], Axe())
        for name, path in (main | share(rest, language, theme, width)).items():
            seen.open(name, path)
        for name in share(demo_pages.HOMES, language, theme, width).values():
            home = visitor(language, theme, width, demo.sessions[name], Axe())
            home.open(f"home of {name}", "/")
            wrong += home.wrong
        if (theme, width) in {("light", 375), ("dark", 1280)}:
            seen.open("home before the tour", "/")
            with seen.page.expect_navigation():
                seen.page.locator("form[action='/tour/start/'] button").first.evaluate("(button) => button.click()")
            seen.look("tour step")
        wrong += [f"{theme} {width}: {text}" for text in seen.wrong]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize(("language", "theme", "width"), [("zh-hans", "dark", 375), ("en", "light", 1280)])
def test_what_opens_over_a_page_passes_axe(
    world: SimpleNamespace, visitor: Callable[..., Visitor], language: str, theme: str, width: int
) -> None:
    """The palette, the help on keys, the bell, a return with a comment, the people to mention, how a tile is calculated."""
    seen = visitor(language, theme, width, world.session, Axe())
    page = seen.page
    seen.open("list", "/r/milestones/")
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    seen.look("command palette")
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    page.keyboard.press("?")
    page.locator("#keys-help[open]").wait_for()
    seen.look("help on keys")
    page.keyboard.press("Escape")
    with page.expect_response(lambda answer: "/notifications/panel" in answer.url):
        page.locator(".bell > summary").click()
    seen.look("bell")
    seen.open("queue", "/reporting/queue/")
    page.locator("[data-review-return]").first.click()
    page.locator(".queue-return textarea").first.wait_for()
    seen.look("return with a comment")
    seen.open("activity", f"/r/projects/{world.late.pk}/tab/activity/")
    page.fill("#say", "@admin")
    page.locator(".mention-option").first.wait_for()
    seen.look("people to mention")
    seen.open("board", "/boards/role/pmo/")
    page.locator(".tile-how summary").first.click()
    seen.look("how a tile is calculated")
    assert "\n".join(seen.wrong) == ""


# The thing one comes to a page for, reached with the Tab key alone.
MAIN_ACTIONS = {
    "scorecard": "main .kpi-label",
    "dashboard": "main form[action$='recompute/'] button",
    "my work": "main a",
    "list": "main a[href$='/new/']",
    "report form": "main button[name=submit]",
    "report": "main form[action$='/publish/'] button:not([formaction])",
    "project": "main a[href$='/edit/']",
}
# The same of the rooms, on the demo.
ROOM_ACTIONS = {
    "risk matrix": "main table a",
    "risk form": "main form button:not([type=button])",
    "capacity": "main table a",
    "equipment grid": "main table a",
    "knowledge": "main input[name=q]",
    "article form": "main form button:not([type=button])",
    "office": "main a[href*='/office/']",
    "assessment form": "main form button:not([type=button])",
    "project charter": "main a, main button",
    "import columns": "main form button:not([type=button])",
    "matrix cells": "main form button:not([type=button])",
    "favourites": "main a, main button",
}


def reach(seen: Visitor, wanted: str) -> str:
    """What keeps the Tab key from the element, or "": each stop on the way must show its focus."""
    page = seen.page
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('.skip')"):
        return "the first stop skips to the content"
    page.keyboard.press("Enter")
    for _step in range(160):
        page.keyboard.press("Tab")
        unseen = page.evaluate(SHOWS_FOCUS)
        if unseen:
            return str(unseen)
        if page.evaluate("(selector) => document.activeElement.matches(selector)", wanted):
            return ""
    return f"{wanted} is not reached"


@pytest.mark.parametrize("name", list(MAIN_ACTIONS))
def test_the_keyboard_reaches_the_main_action_and_is_always_seen(
    world: SimpleNamespace, visitor: Callable[..., Visitor], name: str
) -> None:
    seen = visitor("en", "light", 1280, world.session)
    seen.open(name, addresses(world)[name])
    assert reach(seen, MAIN_ACTIONS[name]) == ""


def test_the_keyboard_reaches_the_main_action_of_every_room(
    transactional_db: None, visitor: Callable[..., Visitor]
) -> None:
    demo = demo_pages.company()
    pages = demo_pages.main_pages(demo) | demo_pages.other_pages(demo)
    seen = visitor("en", "light", 1280, demo.sessions["suqing"])
    for name, wanted in ROOM_ACTIONS.items():
        seen.open(name, pages[name])
        kept = reach(seen, wanted)
        seen.wrong += [f"{name}: {kept}"] if kept else []
    assert "\n".join(seen.wrong) == ""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_scorecard_prints_on_one_sheet(
    world: SimpleNamespace, visitor: Callable[..., Visitor], language: str
) -> None:
    seen = visitor(language, "dark", 1280, world.session)
    seen.open("scorecard", "/scorecard/")
    sheet = seen.page.pdf(prefer_css_page_size=True, print_background=True)
    assert sheet.count(b"/Type /Page") - sheet.count(b"/Type /Pages") == 1
