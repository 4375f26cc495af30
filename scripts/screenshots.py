"""Pictures of the product for the README: starts Bellwether on the demo in a temporary folder and photographs its pages.

    make screenshots            both languages into docs/images/
    make screenshots ONLY=en    one language

Needs Debian's chromium (CHROMIUM= names another). Run it after a change that can be seen, and look at what it made.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

Theme = Literal["light", "dark"]
ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
PASSWORD = "bellwether-demo"  # noqa: S105  the demo's public password
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
LANGUAGES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-GB")}
START_SECONDS = 300


@dataclass(frozen=True)
class Shot:
    """A picture: its file name, who looks at which page, in which theme and at which size."""

    name: str
    user: str
    path: str
    theme: Theme = "light"
    width: int = 1280
    height: int = 860


SHOTS = (
    Shot("scorecard", "wangzhiyuan", "/scorecard/"),
    Shot("dashboard", "suqing", "/dashboard/"),
    Shot("project", "zhouqiming", "/r/projects/?q=NEV-01"),
    Shot("projects", "suqing", "/r/projects/?group=unit", "dark"),
    Shot("risk-matrix", "suqing", "/risks/matrix/"),
    Shot("capacity", "pengcheng", "/resources/capacity/"),
    Shot("phone", "zhouqiming", "/my-work/", width=375, height=780),
)


def main(languages: list[str]) -> int:
    """Take every picture in the languages; returns the exit code."""
    unknown = set(languages) - set(LANGUAGES)
    if unknown:
        sys.stderr.write(f"screenshots: unknown language {', '.join(sorted(unknown))}; expected zh or en\n")
        return 2
    with tempfile.TemporaryDirectory() as var, sync_playwright() as playwright:
        port = _free_port()
        environment = {**os.environ, "BELLWETHER_VAR": var, "DJANGO_SETTINGS_MODULE": "pmo.settings"}
        environment.pop("DATABASE_URL", None)
        environment.pop("REDIS_URL", None)
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, server)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for language in languages:
                for shot in SHOTS:
                    _take(browser, base, shot, language)
            browser.close()
        finally:
            server.terminate()
            server.wait(timeout=60)
    return 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if urllib.request.urlopen(f"{base}/healthz", timeout=2).status == 200:  # noqa: S310  loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit("screenshots: Bellwether did not start")


def _take(browser: Browser, base: str, shot: Shot, language: str) -> None:
    code, locale = LANGUAGES[language]
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        locale=locale,
        color_scheme=shot.theme,
        reduced_motion="reduce",
    )
    cookies = {"bw_language": code, "bw_theme": shot.theme}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    page = context.new_page()
    _sign_in(page, base, shot.user)
    page.goto(base + shot.path)
    if shot.name == "project":
        page.click("main tbody a")
    page.wait_for_load_state("networkidle")
    target = IMAGES / f"{shot.name}-{language}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target))
    sys.stdout.write(f"{target.relative_to(ROOT)}\n")
    context.close()


def _sign_in(page: Page, base: str, user: str) -> None:
    page.goto(f"{base}/login")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(LANGUAGES)))
