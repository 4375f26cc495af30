"""A plan of another program comes in through the browser: read by the real reader, looked at, imported, and exported again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from projects.calc.plan.difference import difference
from projects.models.plan import PlanFile, PlanTask
from projects.plan_exports.mspdi import write_mspdi
from projects.plan_files.reading import read_plan
from projects.queries.plans import stored
from tests import factories
from tests.conftest import UserClient, client_of
from tests.plan_pages.build import small_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(transactional_db: None, settings: Any, tmp_path: Path) -> UserClient:
    """The project manager of a crane."""
    settings.MEDIA_ROOT = tmp_path / "media"
    factories.organisation()
    user = factories.user(username="manager")
    factories.project(code="CRANE-1", name_en="Crane", visibility="private", pm=user.person)
    factories.member(user.person.managed_projects.get(), user, Role.PROJECT_MANAGER)
    return client_of(user)


@pytest.fixture
def page(open_page: Callable[..., Page], live_server: Any, manager: UserClient) -> Page:
    """The manager's browser, with a list of what its console says."""
    opened = open_page()
    name = settings.SESSION_COOKIE_NAME
    opened.context.add_cookies([{"name": name, "value": manager.cookies[name].value, "url": live_server.url}])
    return opened


def test_a_plan_file_from_upload_to_export(page: Page, live_server: Any, manager: UserClient, tmp_path: Path) -> None:
    project = manager.user.person.managed_projects.get()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    file = tmp_path / "crane.xml"
    with file.open("wb") as written:
        write_mspdi(small_plan(), written)
    page.goto(f"{live_server.url}/projects/{project.pk}/plan/import/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload and read").click()
    expect(page.locator(".lead")).to_contain_text("4 tasks were read.")
    expect(page.locator("#lost")).to_be_visible()
    page.get_by_role("link", name="Links with lag or lead").click()
    expect(page.locator("main")).to_contain_text("1.2 Build")
    page.go_back()
    page.get_by_role("link", name="First tasks").click()
    expect(page.locator("main")).to_contain_text("Accepted")
    page.get_by_label("Note").fill("From the crane maker")
    page.get_by_role("button", name="Import this plan").click()
    expect(page.locator(".lead")).to_contain_text("version 1 of the plan")
    version = stored.published(project)
    assert version is not None and version.note == "From the crane maker"
    names = PlanTask.objects.filter(plan=version).order_by("position").values_list("name", flat=True)
    assert list(names) == ["Phase one", "Design", "Build", "Accepted"]
    page.goto(f"{live_server.url}/projects/{project.pk}/plan/files/")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.locator("h1")).to_have_text("Export the plan")
    with page.expect_download() as download:
        page.locator("section", has=page.locator("#format-mspdi")).get_by_role("link", name="Download").click()
    exported = read_plan(Path(download.value.path()), name="crane.xml")
    assert difference(stored.plan_of(version), exported).empty
    assert PlanFile.objects.get().state == "committed"
    assert said == []
