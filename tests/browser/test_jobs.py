"""The page of a job lives while the job does: percent, the end announced, and then no more questions to the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from pmo.core.jobs.models import Job
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job() -> Job:
    """A job under way, started by an analyst."""
    owner = factories.user(Role.PMO_ANALYST, username="analyst", language="en")
    now = timezone.now()
    return Job.objects.create(
        kind="portfolio.recompute", owner=owner, owner_name="Analyst", state="running", total=40, done=10, message="10 of 40",
        started_at=now, heartbeat_at=now, attempts=1,
    )  # fmt: skip


def signed_in(open_page: Callable[..., Page], live_server: Any, client_for_login: Any, **options: Any) -> Page:
    page = open_page(**options)
    cookie = client_for_login.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page


@pytest.fixture
def browse(open_page: Callable[..., Page], live_server: Any, client: Any, job: Job) -> Callable[..., Page]:
    """`browse("/jobs/")`: the owner's browser on that page."""
    client.force_login(job.owner)

    def opened(path: str, **options: Any) -> Page:
        page = signed_in(open_page, live_server, client, **options)
        page.goto(live_server.url + path)
        return page

    return opened


def test_the_page_follows_the_job_to_its_end_and_then_rests(browse: Callable[..., Page], job: Job) -> None:
    page = browse(f"/jobs/{job.uid}/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#job")).to_contain_text("25")
    Job.objects.filter(pk=job.pk).update(done=30, message="30 of 40")
    expect(page.locator("#job")).to_contain_text("30 of 40")
    expect(page.locator("#job progress")).to_have_attribute("value", "75")
    Job.objects.filter(pk=job.pk).update(state="done", done=40, message="40 of 40", finished_at=timezone.now())
    expect(page.locator("#live")).to_have_text("Recompute health: Done")
    expect(page.locator("#job-action")).to_be_empty()
    asked.clear()
    page.wait_for_timeout(2500)
    assert asked == []


def test_the_list_follows_too_and_keeps_the_focus(browse: Callable[..., Page], job: Job) -> None:
    page = browse("/jobs/")
    link = page.locator(f"#job-{job.uid}")
    link.focus()
    Job.objects.filter(pk=job.pk).update(done=20, message="20 of 40")
    expect(page.locator("#jobs")).to_contain_text("20 of 40")
    expect(page.locator(f"#job-{job.uid}")).to_be_focused()


def test_stopping_asks_first_and_the_answer_still_counts_after_a_refresh(browse: Callable[..., Page], job: Job) -> None:
    page = browse(f"/jobs/{job.uid}/")
    page.get_by_role("button", name="Stop").click()
    dialog = page.locator("#confirm")
    expect(dialog).to_be_visible()
    page.wait_for_timeout(1500)
    dialog.get_by_role("button", name="Stop").click()
    expect(page.locator("#job-action")).to_contain_text("Stopping")
    job.refresh_from_db()
    assert job.cancel_requested


def test_without_scripts_the_page_tells_the_same(browse: Callable[..., Page], job: Job) -> None:
    page = browse(f"/jobs/{job.uid}/", java_script_enabled=False)
    expect(page.locator("#job")).to_contain_text("10 of 40")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#job-action")).to_contain_text("Stopping")


@pytest.mark.parametrize("path", ["/jobs/", "/notifications"])
def test_no_message_of_the_console(browse: Callable[..., Page], job: Job, path: str) -> None:
    page = browse(path)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    page.wait_for_load_state("networkidle") if path == "/notifications" else page.wait_for_timeout(1000)
    assert said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page_of", ["/jobs/", "/jobs/{}/", "/notifications"])
def test_axe_finds_nothing(browse: Callable[..., Page], job: Job, page_of: str, theme: str) -> None:
    page = browse(page_of.format(job.uid), color_scheme=theme)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found.response["violations"]] == []
