"""A headless Chromium for the tests that need a browser, without anything that would call home."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database in a file, as an installation has it: every thread of the live server works on a connection of its own.

    In memory all of them would work on the connection of the test, in the middle of its transactions and it in theirs.
    """
    ours = connections["default"].settings_dict
    if ours["ENGINE"] == "django.db.backends.sqlite3":
        ours["TEST"]["NAME"] = str(tmp_path_factory.mktemp("browser") / "test.sqlite3")
        ours["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        # Generous, because tests run beside each other; a passing test does not wait.
        expect.set_options(timeout=30_000)
        # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own: open_page(locale="zh-CN", width=375)."""
    contexts = []

    def opened(locale: str = "en-GB", width: int = 1280, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(locale=locale, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    wait_for_answers()


def wait_until_bound(field: Locator) -> None:
    """Waits until htmx has taken the form of the field in hand, a moment after it stands there; nobody types faster."""
    field.page.wait_for_function(
        "(field) => field.form['htmx-internal-data']?.initHash !== undefined", arg=field.element_handle()
    )


def wait_for_answers(most_seconds: float = 20.0) -> None:
    """Waits until the live server has answered what the closed pages still asked for.

    A page may save by itself in the very moment its test ends; on SQLite in memory the server works on the connection of
    the test, which cannot be emptied under it.
    """
    end, quiet = time.monotonic() + most_seconds, 0
    while quiet < 3:
        busy = [one for one in threading.enumerate() if "process_request_thread" in one.name]
        quiet = 0 if busy else quiet + 1
        assert time.monotonic() < end, f"the live server still works {most_seconds:.0f} s after the last page: {busy}"
        time.sleep(0.01)
