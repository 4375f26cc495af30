"""Linked tables through the browser: a file that is no zip is told before it is sent, a zip goes on to its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pmo.core.access.roles import Role
from tests import factories
from tests.conftest import client_of
from tests.linked.build import archive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(
    open_page: Callable[..., Page], live_server: Any, transactional_db: None, settings: Any, tmp_path: Path
) -> Page:
    """The browser of a PMO administrator."""
    settings.MEDIA_ROOT = tmp_path / "media"
    factories.organisation()
    client = client_of(factories.user(Role.PMO_ADMIN))
    opened = open_page()
    name = settings.SESSION_COOKIE_NAME
    opened.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return opened


def test_what_is_no_zip_is_told_before_it_is_sent(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/imports/linked/")
    chosen = page.locator("#id_file")
    chosen.set_input_files({"name": "bureau.csv", "mimeType": "text/csv", "buffer": b"node_id,Code,Name\n"})
    told = "This is no zip archive. Put the linked tables (CSV or XLSX) into one zip and upload that."
    expect(chosen).to_have_js_property("validationMessage", told)
    chosen.set_input_files({"name": "tables.zip", "mimeType": "application/zip", "buffer": archive()})
    expect(chosen).to_have_js_property("validationMessage", "")
    page.get_by_role("button", name="Upload and read").click()
    expect(page.locator(".lead")).to_contain_text("19 rows would come in new")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
