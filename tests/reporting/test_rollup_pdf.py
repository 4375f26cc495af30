"""The PDF of a roll-up report: frozen for ever once published, without amounts for who sees none."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from portfolio.models import RollupReport, RollupSnapshot
from portfolio.services.reporting import rollups
from projects.models import Decision, Project, StatusReport
from tests import factories
from tests.conftest import client_of
from tests.pdf.reading import STANDARD, fonts_used, pages, squeezed, text
from tests.reporting.test_rollups import DAY, World, on_the_day, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def pdf(client: Any, row: RollupReport, language: str = "en") -> bytes:
    client.cookies["bw_language"] = language
    answer = client.get(reverse("rollup-pdf", kwargs={"pk": row.pk}))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    content: bytes = answer.content
    assert fonts_used(content) <= STANDARD
    return content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_published_one_is_the_same_file_for_ever(world: World, language: str) -> None:  # noqa: F811
    row = world.draft(summary="One supplier holds us up.")
    rollups.publish_rollup(actor=actor_of(world.owner), row=row, day=DAY)
    row.refresh_from_db()
    before = pdf(client_of(world.owner), row, language)
    assert row.digest[:16] in text(before) and "Printedat" not in text(before)
    Project.objects.filter(pk=world.good.pk).update(name_en="Renamed", name_zh="改名")
    StatusReport.objects.all().delete()
    Decision.objects.all().delete()
    RollupSnapshot.objects.all().delete()
    reader = client_of(factories.user(Role.EXECUTIVE, username="reader"))
    assert pdf(reader, row, language) == before


def test_a_draft_says_what_the_page_says_and_that_it_is_one(world: World) -> None:  # noqa: F811
    row = world.draft(summary="<i>One</i> supplier & co.")
    found = pages(pdf(client_of(world.owner), row))
    assert all("Draft" in page and "Printed" in page for page in found)
    whole = squeezed("".join(found))
    for words in ("<i>One</i> supplier & co.", "More money?", "Supplier fails.", "1 report is missing", "Off track"):
        assert squeezed(words) in whole
    assert "CNY1.1m" in whole


def test_who_sees_no_money_gets_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("portfolio.views.reporting.rollup._sees_money", lambda request, row: False)
    whole = text(pdf(client_of(world.owner), world.draft()))
    assert "CNY" not in whole and "Budget" not in whole.replace("Healthisthebudget", "")
    assert "Dear" in whole


def test_a_stranger_finds_nothing(world: World) -> None:  # noqa: F811
    answer = client_of(factories.user()).get(reverse("rollup-pdf", kwargs={"pk": world.draft().pk}))
    assert answer.status_code == 404
