"""The scorecard's PDF: one page, the page's own figures, its rights."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils.safestring import mark_safe

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from portfolio.paper import scorecard as paper
from portfolio.paper.scorecard import plain
from portfolio.services.health.recompute import recompute
from projects.models import Decision
from tests import factories
from tests.conftest import client_of
from tests.health import build
from tests.pdf.reading import STANDARD, fonts_used, pages, squeezed, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
URL = "/scorecard/scorecard.pdf"


@pytest.fixture
def world() -> Any:
    build.organisation()
    group = build.portfolio("Group")
    for number in range(12):
        name = f"Project {number} <b>& co</b>"
        project = build.project(name, portfolio=group, status="in_progress", code=f"P-{number}")
        build.budget(project, 1_000_000 + number)
        build.cost(project, 900_000, "2026-06-01")
        build.milestone(project, "Late", "2026-06-01", "2027-06-01")
        title = f"Decide {number} " + "at length " * 12
        Decision.objects.create(project=project, code=f"D-{number}", title=title, delay_cost=5000, needed_by=build.DAY)
    recompute(actor=SYSTEM, day=build.DAY)
    return group


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_is_one_page_whatever_there_is_to_say(world: Any, language: str) -> None:
    client = client_of(factories.user(Role.EXECUTIVE, language=language))
    answer = client.get(URL)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    found = pages(answer.content)
    assert len(found) == 1 and fonts_used(answer.content) <= STANDARD
    assert f"{build.DAY:%Y-%m-%d}" in squeezed(found[0])


def test_its_figures_are_those_of_the_page(world: Any) -> None:
    client = client_of(factories.user(Role.EXECUTIVE))
    page, found = client.get("/scorecard/"), text(client.get(URL).content)
    for tile in page.context["tiles"]:
        assert squeezed(f"{tile.label}") in found and squeezed(f"{tile.value} {tile.unit}") in found
        assert squeezed(plain(tile.why)) in found
    assert "12decisionsarepending" in found and "<b>&co</b>" in found and "more" in found


def test_before_the_first_computation_there_is_no_file() -> None:
    assert client_of(factories.user(Role.EXECUTIVE)).get(URL).status_code == 404


def test_a_past_day_and_a_wrong_one(world: Any) -> None:
    client = client_of(factories.user(Role.EXECUTIVE))
    assert client.get(f"{URL}?date={build.DAY}").status_code == 200
    assert client.get(f"{URL}?date={build.DAY - datetime.timedelta(days=900)}").status_code == 404
    assert client.get(f"{URL}?date=soon").status_code == 400


def test_marks_become_words() -> None:
    shown = mark_safe(
        '<span class="rag"><svg><path d="M0 0"/></svg><span class="sr">Red</span><b>5</b></span> a &amp; b'
    )
    assert plain(shown) == "Red 5 a & b"
    assert paper._MARKUP.sub("", "x") == "x"
