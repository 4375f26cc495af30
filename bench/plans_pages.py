"""A project manager at the pages of plan files, in a headless Chromium: upload, progress, choice, fidelity report, import, export."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_MS = 120_000
RESTING = "#choose-title, #take-title, main .banner"


@dataclass
class Seen:
    """What the pages said of one file: counts before and after the import, lines of the report, the stages of the progress."""

    counts: dict[str, int] = field(default_factory=dict)
    counts_after: dict[str, int] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    problem: str = ""


class Manager:
    """The manager's browser; `console` is everything that it wrote into the console."""

    def __init__(self, address: str, page: Page) -> None:
        self.address, self.page = address, page
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def sign_in(self, user: str, password: str) -> Self:
        """Through the page, as a person does."""
        self.page.goto(f"{self.address}/login")
        self.page.fill("input[name=username]", user)
        self.page.fill("input[name=password]", password)
        self.page.locator("form", has=self.page.locator("input[name=username]")).get_by_role("button").click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def import_file(self, project: int, path: Path, source: int, saved: Path) -> Seen:
        """Upload the file into the project, import it, and export the plan into `saved`; which project of several by its place."""
        seen = Seen()
        self.page.goto(f"{self.address}/projects/{project}/plan/import/")
        self.page.set_input_files("input[type=file]", path)
        self.page.get_by_role("button", name="Upload and read").click()
        self._wait(seen)
        if self.page.locator("#choose-title").count():
            self._choose(seen, source)
        if not self.page.locator("#take-title").count():
            seen.problem = self.page.locator("main").inner_text()
            return seen
        seen.counts, seen.lost, seen.kept = self._counts(), self._lines("lost"), self._lines("kept")
        self.page.get_by_role("button", name="Import this plan").click()
        expect(self.page.locator(".lead")).to_contain_text("This file is version 1 of the plan.")
        seen.counts_after = self._counts()
        self._look_at_the_plan(seen)
        self._export(project, saved)
        return seen

    def _wait(self, seen: Seen) -> None:
        """Until the file is read, noting what the page says meanwhile."""
        self.page.wait_for_selector(f"#wait, {RESTING}")
        while self.page.locator("#wait").count():
            # The page replaces this part every second, and itself at the end.
            with contextlib.suppress(Error):
                lines = self.page.locator("#wait .card-body > p:not(.muted)").all_inner_texts()
                seen.stages += [line for line in lines if line not in seen.stages]
            self.page.wait_for_timeout(100)
        self.page.wait_for_selector(RESTING)

    def _choose(self, seen: Seen, source: int) -> None:
        """The `source`-th of the projects that may be chosen."""
        seen.sources = self.page.locator("tbody label").all_inner_texts()
        self.page.locator("input[name=source]:enabled").nth(source).check()
        self.page.get_by_role("button", name="Read this project").click()
        self._wait(seen)

    def _counts(self) -> dict[str, int]:
        labels = self.page.locator(".kpis .kpi-label").all_inner_texts()
        figures = self.page.locator(".kpis .kpi-figure").all_inner_texts()
        return {
            label.strip().lower(): int(re.sub(r"\D", "", figure)) for label, figure in zip(labels, figures, strict=True)
        }

    def _lines(self, part: str) -> list[str]:
        rows = self.page.locator(f"#{part} li summary")
        return [" ".join(row.split()) for row in rows.all_inner_texts()]

    def _look_at_the_plan(self, seen: Seen) -> None:
        """The plan's own page, with as many rows as one page of it shows."""
        self.page.get_by_role("link", name="Open the plan").click()
        self.page.wait_for_selector("main h1")
        if seen.counts["tasks"]:
            expect(self.page.locator("main table tbody tr").first).to_be_visible()

    def _export(self, project: int, saved: Path) -> None:
        self.page.goto(f"{self.address}/projects/{project}/plan/files/")
        self.page.get_by_role("link", name="Export", exact=True).click()
        with self.page.expect_download() as download:
            self.page.locator("section", has=self.page.locator("#format-mspdi")).get_by_role(
                "link", name="Download"
            ).click()
        download.value.save_as(saved)


@contextlib.contextmanager
def manager(address: str, user: str, password: str) -> Iterator[Manager]:
    """A browser of their own, signed in; closed afterwards."""
    expect.set_options(timeout=MOST_MS)
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(MOST_MS)
        try:
            yield Manager(address, page).sign_in(user, password)
        finally:
            browser.close()
