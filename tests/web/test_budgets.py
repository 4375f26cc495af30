"""What a page may weigh: style sheets and scripts as they are served, by kind of page."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from pmo.core.registers.declaration import all_registers
from pmo.core.web.storage import lean_css
from portfolio.services.health.models import ensure_default_model
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db

CSS_MOST, SCRIPT_MOST = 14_000, 40_000
_SHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"?]+)"')
_SCRIPT = re.compile(r'<script src="/static/([^"?]+)"')
# Swagger's own files: a page for programmers, out of the package as it is.
_FOREIGN = "drf_spectacular_sidecar/"


def _served(name: str) -> int:
    """Bytes of a file as the product serves it: sheets lean, everything gzip."""
    path = finders.find(name)
    assert path, name
    content = Path(str(path)).read_bytes()
    if name.startswith("css/") and name.endswith(".css"):
        content = lean_css(content.decode()).encode()
    return len(gzip.compress(content, 9))


def weigh(html: str) -> tuple[dict[str, int], dict[str, int]]:
    """Sheets and scripts that a page links, with their sizes."""
    found = [
        {name: _served(name) for name in dict.fromkeys(kind.findall(html)) if not name.startswith(_FOREIGN)}
        for kind in (_SHEET, _SCRIPT)
    ]
    return found[0], found[1]


def check(html: str, what: str) -> None:
    sheets, scripts = weigh(html)
    assert "css/app.css" in sheets, what
    assert sum(sheets.values()) <= CSS_MOST, (what, sum(sheets.values()), sheets)
    assert sum(scripts.values()) <= SCRIPT_MOST, (what, sum(scripts.values()), scripts)


PAGES = (
    "home", "my-work", "scorecard", "dashboard", "job-list", "notifications", "import-list", "import-new", "token-list",
    "health-model", "health-model-edit", "directory", "favourites", "login",
)  # fmt: skip


@pytest.fixture
def project(pmo_admin: UserClient) -> object:
    ensure_default_model()
    row = factories.project(name_en="The project")
    factories.milestone(row)
    return row


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_light(pmo_admin: UserClient, project: object, name: str) -> None:
    response = pmo_admin.get(reverse(name))
    assert response.status_code in {200, 302}, name
    if response.status_code == 200:
        check(response.content.decode(), name)


@pytest.mark.long
def test_lists_and_forms_of_every_register_are_light(pmo_admin: UserClient, project: object) -> None:
    for register in all_registers():
        url = reverse("register-list", kwargs={"key": register.key})
        check(pmo_admin.get(url).content.decode(), url)
        if register.creatable and not register.read_only and register.form_fields:
            url = reverse("register-create", kwargs={"key": register.key})
            check(pmo_admin.get(url).content.decode(), url)


def test_every_tab_of_a_project_is_light(pmo_admin: UserClient, project: object) -> None:
    page = pmo_admin.get(reverse("register-detail", kwargs={"key": "projects", "pk": project.pk}))  # type: ignore[attr-defined]
    html = page.content.decode()
    check(html, "overview")
    for url in re.findall(r'hx-get="([^"]+)" hx-target="#tab-panel"', html):
        check(pmo_admin.get(url).content.decode(), url)
        part = pmo_admin.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "css/app.css" not in part
