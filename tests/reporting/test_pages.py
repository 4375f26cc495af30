"""The pages of the cycle: what they say, to whom, and that every number is exactly the rows it leads to."""

from __future__ import annotations

import datetime
import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.messages.api import Notification
from pmo.core.records.services import create_record
from portfolio.models import ReportDelegation, ReportPeriod, ReportReminder
from portfolio.services.reporting.periods import settle_periods
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.reporting import build
from tests.reporting.build import DUE, LAST, TODAY

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def world() -> SimpleNamespace:
    found = build.world()
    settle_periods(day=TODAY)
    return found


def browser(user: Any) -> UserClient:
    client = client_of(user)
    client.cookies["bw_language"] = "en"
    return client


def rows_at(client: UserClient, url: str) -> int:
    """How many rows the register has at an address."""
    query = url.partition("?")[2]
    answer = client.get(f"/api/v1/report-periods/?{query}&page_size=200")
    assert answer.status_code == 200, (url, answer.content[:300])
    return len(answer.json()["results"])


@pytest.mark.parametrize("date", ["", "2026-11-10"])
@pytest.mark.parametrize("who", ["pmo", "pm", "executive"])
def test_every_number_of_the_rates_is_the_rows_it_leads_to(world: SimpleNamespace, who: str, date: str) -> None:
    Project.objects.filter(pk=world.silent.pk).update(visibility="private")
    user = factories.user(Role.EXECUTIVE) if who == "executive" else getattr(world, who)
    client = browser(user)
    page = client.get("/reporting/on-time/", {"last": "3", **({"date": date} if date else {})}).content.decode()
    links = re.findall(r'<a href="(/r/report-periods/\?[^"]*)">(\d+)</a>', page)
    assert len(links) >= 9
    for url, number in links:
        assert rows_at(client, unescape(url)) == int(number), url


def test_the_late_list_says_who_since_when_and_offers_the_pmo_to_remind(world: SimpleNamespace) -> None:
    page = browser(world.pmo).get("/reporting/late/").content.decode()
    assert "<b>1 report</b> is late" in page and "5 in a row" in page and "Silent" in page
    period = ReportPeriod.objects.get(project=world.silent, period_end=LAST[1])
    url = reverse("reporting-remind", kwargs={"pk": period.pk})
    assert url in page
    assert url not in browser(world.pm).get("/reporting/late/").content.decode()
    answer = browser(world.pmo).post(url, follow=True).content.decode()
    assert f"{world.other.person} is reminded." in unescape(answer)
    assert "Reminded today already" in answer
    assert ReportReminder.objects.get().person == world.other.person
    assert Notification.objects.filter(user=world.other, event="report.late").count() == 1
    again = browser(world.pmo).post(url, follow=True).content.decode()
    assert "was reminded today already" in again


def test_the_administration_counts_the_reports_that_the_late_list_shows(world: SimpleNamespace) -> None:
    page = browser(factories.user(Role.PMO_ADMIN)).get(reverse("administration")).content.decode()
    card = page[page.index('id="card-cycles"') :]
    assert "1 report overdue" in card[: card.index("</section>")]


def test_the_link_to_the_register_shows_the_late_ones(world: SimpleNamespace) -> None:
    client = browser(world.pmo)
    assert rows_at(client, "?standing=late") == 1
    page = client.get("/r/report-periods/?standing=late").content.decode()
    assert "Silent" in page and "Tardy" not in page.partition("<table")[2]
    assert client.get("/r/report-periods/export.csv?standing=late").status_code == 200


@pytest.mark.parametrize(
    "query", ["window=x", "window=0", "window=6@x", "standing_at=gone", "standing_at=late@2026-13-01"]
)
def test_wrong_filters_are_named(world: SimpleNamespace, query: str) -> None:
    assert browser(world.pmo).get(f"/r/report-periods/?{query}").status_code == 422


@pytest.mark.parametrize("query", ["last=4", "last=x", "date=x"])
def test_wrong_addresses_are_refused(world: SimpleNamespace, query: str) -> None:
    assert browser(world.pmo).get(f"/reporting/on-time/?{query}").status_code == 400


def test_nothing_due_yet_says_so() -> None:
    factories.organisation()
    client = browser(factories.user(Role.PMO_ANALYST))
    assert "No report has fallen due yet." in client.get("/reporting/on-time/").content.decode()
    assert "Every report is up to date." in client.get("/reporting/late/").content.decode()


def test_the_delegate_finds_the_project_among_his_work(world: SimpleNamespace) -> None:
    standing_in = factories.user()
    Project.objects.filter(pk=world.silent.pk).update(planned_start=build.START)
    assert "Silent" not in browser(standing_in).get("/my-work/").content.decode()
    row = ReportDelegation(
        from_person=world.other.person, to_person=standing_in.person, starts_on=DUE, ends_on=TODAY, reason="Leave"
    )
    create_record(actor=SYSTEM, row=row)
    page = browser(standing_in).get("/my-work/").content.decode()
    assert "Silent" in page and f"?project={world.silent.pk}" in page
    late = browser(world.pmo).get("/reporting/late/").content.decode()
    assert str(standing_in.person) in unescape(late)


@pytest.mark.parametrize("path", ["/reporting/on-time/", "/reporting/late/"])
@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(path: str, count: int) -> None:
    factories.organisation()
    group = build.portfolio()
    for number in range(count):
        build.project(f"P{number}", group, factories.user())
    settle_periods(day=TODAY)
    client = browser(factories.user(Role.PMO_ANALYST))
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 20, len(queries)
    assert QUERIES.setdefault(path, len(queries)) == len(queries)


QUERIES: dict[str, int] = {}
