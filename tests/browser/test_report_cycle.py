"""The week of a report on a phone, in Chinese: the project manager writes and hands in, the PMO reads and publishes.

Every tap and keystroke is counted and printed; the bound is what five minutes of work allow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from portfolio.services.health.recompute import recompute
from projects.models import Decision, ReportSnapshot, StatusReport
from tests import factories
from tests.conftest import UserClient, client_of
from tests.health import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
DAY = build.DAY
MOST_TAPS, MOST_KEYS = 40, 200


@pytest.fixture
def world(transactional_db: None) -> SimpleNamespace:
    """A late and dear project that owes its weekly report, its manager, and an analyst of the PMO."""
    build.organisation()
    manager = factories.user(username="manager", language="zh-hans")
    sponsor = factories.person(name_zh="赵明", name_en="Zhao Ming")
    group = build.portfolio("Group")
    project = build.project(
        "Cashier", portfolio=group, name_zh="无人收银", code="UCK-04", pm=manager.person, sponsor=sponsor
    )
    build.budget(project, 26_500_000)
    build.cost(project, 17_350_000, "2026-06-01")
    build.milestone(project, "方案评审", "2026-06-01", "2026-06-01", "2026-06-01")
    build.milestone(project, "12 家店稳定运行", "2026-10-30", "2026-12-11", is_key=True)
    build.add("issue", project, title="误识率 3.4%，高于目标 2%")
    build.report(
        project, "2026-11-08", "amber", "amber", comment="返工已停，新识别模块 12-01 进店。", summary="扩店暂停。"
    )
    for day in (DAY.replace(day=13), DAY):
        recompute(actor=SYSTEM, day=day)
    analyst = factories.user(Role.PMO_ANALYST, username="analyst", language="zh-hans")
    return SimpleNamespace(project=project, manager=client_of(manager), analyst=client_of(analyst), sponsor=sponsor)


@dataclass
class Hand:
    """One person at a phone: what they tap and type is counted."""

    page: Page
    taps: int = 0
    keys: int = 0
    wrong: list[str] = field(default_factory=list)

    def tap(self, what: Locator) -> None:
        """One touch."""
        what.scroll_into_view_if_needed()
        what.tap()
        self.taps += 1

    def write(self, where: Locator, text: str) -> None:
        """A touch into the field, then the characters."""
        self.tap(where)
        where.press_sequentially(text)
        self.keys += len(text)


@pytest.fixture
def hand(open_page: Open, live_server: object) -> Callable[[UserClient], Hand]:
    """The phone of whoever is signed in."""

    def signed_in(client: UserClient) -> Hand:
        page = open_page(locale="zh-CN", width=375, height=812, has_touch=True, is_mobile=True)
        base = str(live_server)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base},
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": base},
            ]
        )
        found = Hand(page)
        page.on("pageerror", lambda error: found.wrong.append(str(error)))
        page.on("console", lambda said: found.wrong.append(said.text) if said.type == "error" else None)
        page.goto(base + "/")
        return found

    return signed_in


def written_by_manager(me: Hand) -> None:
    """From the home page to the report that is handed in."""
    page = me.page
    me.tap(page.locator("main a[href*='/reports/new/']").first)
    expect(page.locator("form[data-report]")).to_be_visible()
    me.tap(page.locator("button[name=copy]"))
    expect(page.locator("textarea[name=comment]")).to_have_value("返工已停，新识别模块 12-01 进店。")
    for _number in range(10):
        lacking = page.locator(".declared-in.is-missing textarea:visible")
        if not lacking.count():
            break
        me.write(lacking.first, "误识率降到 2% 后恢复，12-11 前复测。")
    me.write(page.locator("input[name='asks-0-title']"), "追加 622 万元，还是停在 12 家店")
    page.locator("select[name='asks-0-decider']").select_option(label="赵明")
    page.locator("input[name='asks-0-needed_by']").fill("2026-11-30")
    me.taps, me.keys = me.taps + 4, me.keys + 8  # the chooser opens and closes, the date is typed
    expect(page.locator("#report-saved")).to_contain_text(":")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    bar = page.locator(".submit-bar").bounding_box()
    assert bar is not None and bar["y"] + bar["height"] <= 813, "the bar stands at the foot of the screen"
    me.tap(page.locator("button[name=submit]"))
    page.wait_for_url("**/reports/*/")


def published_by_pmo(me: Hand) -> None:
    """From the home page of the PMO to the report on file."""
    page = me.page
    report = StatusReport.objects.get(state="submitted")
    entry = page.locator(f"main a[href*='/reports/{report.pk}/']")
    if not entry.count():
        me.tap(page.locator("main a[href*='review']").first)
        entry = page.locator(f"main a[href*='/reports/{report.pk}/']")
    me.tap(entry.first)
    page.wait_for_url("**/reports/*/")
    me.tap(page.locator("label:has(input[name=reviewed][value=red])"))
    me.write(page.locator("textarea[name=comment]"), "与计算一致。")
    me.tap(page.locator("form[action$='/publish/'] button:not([formaction])"))
    expect(page.locator("#report-document")).to_contain_text("与计算一致。")


def test_a_report_on_the_phone_from_the_home_page_to_the_file(
    world: SimpleNamespace, hand: Callable[..., Hand]
) -> None:
    manager = hand(world.manager)
    written_by_manager(manager)
    report = StatusReport.objects.get(state="submitted")
    assert report.author == world.project.pm and report.comment.startswith("返工已停")
    assert Decision.objects.get(project=world.project).decider == world.sponsor
    analyst = hand(world.analyst)
    published_by_pmo(analyst)
    report.refresh_from_db()
    assert (report.state, report.reviewed) == ("published", "red")
    frozen = ReportSnapshot.objects.get(report=report)
    assert "无人收银" in frozen.content

    analyst.page.reload()
    before = analyst.page.locator("#report-document").inner_html()
    type(world.project).objects.filter(pk=world.project.pk).update(name_zh="改名")
    analyst.page.reload()
    assert analyst.page.locator("#report-document").inner_html() == before
    told = {"project manager": manager, "PMO": analyst}
    for who, one in told.items():
        sys.stdout.write(f"\n{who}: {one.taps} taps, {one.keys} keystrokes")
    assert manager.wrong + analyst.wrong == []
    assert manager.taps + analyst.taps < MOST_TAPS and manager.keys + analyst.keys < MOST_KEYS


def test_what_is_typed_without_a_connection_or_a_session_is_not_lost(
    world: SimpleNamespace, hand: Callable[..., Hand], live_server: object
) -> None:
    me = hand(world.manager)
    page = me.page
    page.goto(f"{live_server}/reports/new/?project={world.project.pk}")
    me.write(page.locator("textarea[name=help_needed]"), "一")
    page.wait_for_url("**/edit/")
    page.context.set_offline(True)
    me.write(page.locator("textarea[name=help_needed]"), "二")
    expect(page.locator("#report-trouble")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#report-trouble")).to_be_hidden(timeout=15_000)
    assert StatusReport.objects.get(state="draft").help_needed == "一二", (
        "it is saved as soon as the connection is back"
    )

    page.route("**/autosave/", lambda route: route.abort())
    me.write(page.locator("textarea[name=help_needed]"), "三")
    expect(page.locator("#report-trouble")).to_be_visible()
    page.unroute("**/autosave/")
    page.evaluate("delete document.querySelector('form[data-report]').dataset.dirty")
    page.reload()
    expect(page.locator("textarea[name=help_needed]")).to_have_value("一二三")
    expect(page.locator("#report-saved")).to_contain_text(":")

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    me.write(page.locator("textarea[name=help_needed]"), "四")
    expect(page.locator("#report-trouble [data-login]")).to_be_visible()
    me.tap(page.locator("button[name=submit]"))
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client_of(world.manager.user).cookies[settings.SESSION_COOKIE_NAME].value,
                "url": str(live_server),
            }
        ]
    )
    page.evaluate("delete document.querySelector('form[data-report]').dataset.dirty")
    page.reload()
    expect(page.locator("textarea[name=help_needed]")).to_have_value("一二三四")
    expect(page.locator("#report-saved")).to_contain_text(":")
    assert StatusReport.objects.get(state="draft").help_needed == "一二三四"
