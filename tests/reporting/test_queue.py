"""The PMO's queue: order, flags, publishing, returning, all at once, in the browser."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from portfolio.queries.reporting import review_queue
from portfolio.queries.review_items import BETTER, HELP, LATE, RED, WORSE, queue_items
from portfolio.services.reporting.queue import publish_unflagged
from projects.models import ReportSnapshot, StatusReport
from tests import factories
from tests.conftest import client_of
from tests.reporting import build
from tests.reporting.build import BEFORE, DUE, LAST, TODAY

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


class World:
    """Reports that wait: clear (green), melon (green, computed red), part (a dimension better), worse, asking."""

    def __init__(self) -> None:
        factories.organisation()
        self.pmo, self.pm = factories.user(Role.PMO_ANALYST), factories.user()
        self.group = build.portfolio()
        self.clear = self.waiting("Clear", "green", "green")
        self.melon = self.waiting("Melon", "green", "red")
        self.part = self.waiting("Part", "green", "green", schedule=40.0)
        build.rating(self.part, "schedule", "green", "Will catch up")
        self.worse = self.waiting("Worse", "amber", "amber", comment="Late parts")
        build.report(self.worse.project, BEFORE, datetime.date(2026, 11, 9), "published", "green")
        self.asking = self.waiting("Asking", "green", "green", help_needed="A tester")

    def waiting(self, name: str, declared: str, computed: str, **values: Any) -> StatusReport:
        scores = {key: values.pop(key) for key in ("schedule", "cost") if key in values}
        project = build.project(name, self.group, self.pm)
        build.snapshot(project, datetime.date(2026, 11, 15), computed, **scores)
        build.snapshot(project, datetime.date(2026, 11, 17), "green")
        return build.report(project, LAST, DUE, declared=declared, summary="As said.", **values)

    def browser(self) -> Any:
        client = client_of(self.pmo)
        client.cookies["bw_language"] = "en"
        return client


@pytest.fixture
def world() -> World:
    return World()


def test_watermelons_come_first_then_the_worst_then_the_oldest(world: World) -> None:
    names = [row.project.name_en for row in review_queue(world.pmo)]
    assert names == ["Melon", "Worse", "Clear", "Part", "Asking"]
    assert list(review_queue(world.pm)) == []


def test_the_computed_colour_is_that_of_the_day_of_the_hand_in_not_a_later_one(world: World) -> None:
    item = next(item for item in queue_items(world.pmo) if item.report == world.melon)
    assert (item.computed, item.better) == ("red", True)


def test_flags_say_what_to_look_at(world: World) -> None:
    StatusReport.objects.filter(pk=world.asking.pk).update(due_on=LAST[1])
    found = {item.report.project.name_en: item.flags for item in queue_items(world.pmo)}
    assert found == {
        "Clear": frozenset(),
        "Melon": {BETTER, RED},
        "Part": {BETTER},
        "Worse": {WORSE},
        "Asking": {HELP, LATE},
    }


def test_only_what_carries_no_flag_is_published_at_once(world: World) -> None:
    ids = list(StatusReport.objects.filter(state="submitted").values_list("pk", flat=True))
    result = publish_unflagged(actor=actor_of(world.pmo), ids=ids, day=TODAY)
    assert result.done == 1
    assert {row.project.name_en for row in result.left} == {"Melon", "Part", "Worse", "Asking"}
    assert StatusReport.objects.get(pk=world.clear.pk).state == "published"
    assert ReportSnapshot.objects.filter(report=world.clear).exists()
    assert StatusReport.objects.filter(state="submitted").count() == 4


def test_who_does_not_review_publishes_nothing_at_once(world: World) -> None:
    assert publish_unflagged(actor=actor_of(world.pm), ids=[world.clear.pk]).done == 0
    assert client_of(world.pm).post("/reporting/queue/publish/", {"report": [world.clear.pk]}).status_code == 403
    assert StatusReport.objects.get(pk=world.clear.pk).state == "submitted"


def test_the_page_shows_the_evidence_and_publishes_with_one_click(world: World) -> None:
    client = world.browser()
    page = client.get("/reporting/queue/").content.decode()
    assert "<b>5 reports</b> wait for your review" in page
    assert "Declared better than computed" in page and "Publish as computed" in page
    assert "Will catch up" in page
    answer = client.post(f"/reporting/queue/{world.melon.pk}/publish/", {"reviewed": "red"}, follow=True)
    row = StatusReport.objects.get(pk=world.melon.pk)
    assert (row.state, row.declared, row.reviewed) == ("published", "green", "red")
    assert "Melon: published as Red" in answer.content.decode() or "published as" in answer.content.decode()
    again = client.post(f"/reporting/queue/{world.melon.pk}/publish/", follow=True).content.decode()
    assert "Only a submitted report can be published." in again


def test_returning_needs_a_comment_and_keeps_what_was_typed(world: World) -> None:
    client = world.browser()
    refused = client.post(f"/reporting/queue/{world.worse.pk}/return/", {"comment": "  "})
    assert refused.status_code == 422
    assert "Say what has to change." in refused.content.decode()
    assert StatusReport.objects.get(pk=world.worse.pk).state == "submitted"
    client.post(f"/reporting/queue/{world.worse.pk}/return/", {"comment": "Name the date"})
    row = StatusReport.objects.get(pk=world.worse.pk)
    assert (row.state, row.review_comment, row.reviewer) == ("returned", "Name the date", world.pmo.person)


def test_an_empty_queue_leads_to_the_late_list(world: World) -> None:
    StatusReport.objects.all().delete()
    page = world.browser().get("/reporting/queue/").content.decode()
    assert "No report waits for a review." in page and "/reporting/late/" in page


def test_several_clear_ones_are_offered_together(world: World) -> None:
    world.waiting("Second", "green", "green")
    client = world.browser()
    page = client.get("/reporting/queue/").content.decode()
    assert "Publish all 2 without a flag" in page
    ids = [world.clear.pk, world.melon.pk, StatusReport.objects.get(project__name_en="Second").pk, "x"]
    answer = client.post("/reporting/queue/publish/", {"report": ids}, follow=True).content.decode()
    assert "2 reports are published." in answer and "Left in the queue" in answer


@pytest.mark.parametrize("count", [3, 18])
def test_the_number_of_queries_does_not_grow(world: World, count: int) -> None:
    StatusReport.objects.all().delete()
    for number in range(count):
        report = world.waiting(f"P{number}", "green", "red", schedule=30.0, cost=80.0)
        build.rating(report, "schedule", "green", "Fine")
        build.report(report.project, BEFORE, datetime.date(2026, 11, 9), "published", "green")
    client = world.browser()
    client.get("/reporting/queue/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/reporting/queue/").content.decode()
    assert page.count("data-review-item") >= count
    assert len(queries) <= 20, len(queries)
    assert QUERIES.setdefault("queue", len(queries)) == len(queries)


QUERIES: dict[str, int] = {}
