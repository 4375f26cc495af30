"""Data gaps of a past day: the same conditions read from versions, the same rows behind each number."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import delete_record, update_record
from portfolio.models import PortfolioItem
from portfolio.queries.data_quality import GapFilter, gap_counts, gap_rows
from projects.models import Action, BudgetLine, Milestone
from tests import factories
from tests.boards.conftest import PAST, TODAY
from tests.conftest import client_of
from tests.health import build

pytestmark = pytest.mark.django_db


def found(counts: dict[str, int]) -> dict[str, int]:
    return {code: number for code, number in counts.items() if number}


def test_versions_of_today_give_what_the_records_give(peopled: Any) -> None:
    """One condition, two readings: for everybody and for each way of narrowing."""
    pm = peopled.readers["manager"].person.pk
    for user in (peopled.readers["pmo"], peopled.readers["manager"]):
        for narrow in (
            GapFilter(),
            GapFilter(portfolio=peopled.group.pk),
            GapFilter(pm=pm),
            GapFilter(unit_path=peopled.Late.unit.path),
        ):
            now = gap_counts(user, TODAY, narrow)
            assert gap_counts(user, TODAY, narrow, past=True) == now
            for code, number in now.items():
                assert gap_rows(user, code, TODAY, narrow, past=True).count() == number, code
    assert len(found(gap_counts(peopled.readers["pmo"], TODAY))) > 8


def test_what_is_mended_or_deleted_later_was_missing_then(peopled: Any) -> None:
    user, day = peopled.readers["pmo"], TODAY
    then = gap_counts(user, PAST, past=True)
    assert then != gap_counts(user, TODAY)
    for row in Action.objects.all():
        delete_record(actor=SYSTEM, row=row, day=day)
    for row in Milestone.objects.filter(actual_date__isnull=True):
        update_record(actor=SYSTEM, row=row, values={"actual_date": day}, day=day)
    for row in BudgetLine.objects.all():
        delete_record(actor=SYSTEM, row=row, day=day)
    item = PortfolioItem.objects.get(project=peopled.Good)
    update_record(actor=SYSTEM, row=item, values={"portfolio": peopled.other}, day=day)
    update_record(actor=SYSTEM, row=peopled.Late, values={"planned_finish": None, "pm": None}, day=day)
    assert gap_counts(user, PAST, past=True) == then
    assert gap_counts(user, TODAY)["no_plan"] == then["no_plan"] + 1


def test_the_page_of_a_past_day_lists_the_rows_and_offers_nothing_to_do(peopled: Any) -> None:
    build.milestone(peopled.Good, "Undated", None)
    client = client_of(factories.user(Role.PMO_ADMIN))
    client.cookies["bw_language"] = "en"
    counts = found(gap_counts(client.user, PAST, past=True))
    for code, number in counts.items():
        page = client.get(reverse("data-quality"), {"rule": code, "date": str(PAST)})
        assert page.context["number"] == len(page.context["gaps"]) == number, code
        body = page.content.decode()
        assert "as it stood at the end of 2026-09-30" in body and reverse("data-quality-put-off") not in body
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("data-quality"), {"rule": code, "date": str(PAST)})
    assert len(captured) <= 20
    export = client.get(reverse("data-quality-export"), {"date": str(PAST)})
    lines = b"".join(export.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len([line for line in lines if "P-" in line]) == sum(counts.values())
    assert client.get(reverse("data-quality"), {"date": "soon"}).status_code == 400
