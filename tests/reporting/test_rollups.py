"""Reports that roll up: sums before ratios, never greener than the worst critical project, frozen byte for byte."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from pmo.core.records.trees import create_in_tree
from portfolio.calc.rollup_band import held_by
from portfolio.models import BandOverride, Programme, ProgrammeItem, RollupReport, RollupSnapshot
from portfolio.services.health.recompute import recompute
from portfolio.services.reporting import rollups
from projects.models import Decision, Project, StatusReport
from tests import factories
from tests.conftest import client_of
from tests.health import build as health
from tests.reporting import build

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 25, 4, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 11, 20)
MONTH = (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))
BANDS = ("grey", "red", "amber", "green")


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


class World:
    """A portfolio of three: good and big, dear (spends twice its budget), critical and reported red; dear has no report."""

    def __init__(self) -> None:
        health.organisation()
        self.owner, self.manager = factories.user(), factories.user()
        self.group = health.portfolio("Group", owner=self.owner.person)
        self.good, self.dear, self.critical = (
            health.project(name, portfolio=self.group, critical=name == "Critical", status="in_progress", code=name)
            for name in ("Good", "Dear", "Critical")
        )
        for row, budget, cost in (
            (self.good, 900_000, 400_000),
            (self.dear, 100_000, 95_000),
            (self.critical, 100_000, 40_000),
        ):
            health.budget(row, budget)
            health.cost(row, cost, "2026-06-01")
            health.milestone(row, "First", "2026-06-01", "2026-06-01", "2026-06-01")
            health.milestone(row, "Last", "2027-06-01", "2027-06-01")
        row = Programme(name_en="Programme", portfolio=self.group, manager=self.manager.person)
        self.programme = create_in_tree(actor=SYSTEM, row=row, day=health.START)
        for row in (self.good, self.dear):
            health.create_record(
                actor=SYSTEM, row=ProgrammeItem(programme=self.programme, project=row), day=health.START
            )
        self.report(self.good, "green", "green", summary="All well.")
        self.report(self.critical, "amber", "red", summary="Supplier fails.")
        Decision.objects.create(project=self.dear, code="DEC-1", title="More money?", delay_cost=5000)
        recompute(actor=SYSTEM, day=DAY)

    def report(self, row: Project, declared: str, reviewed: str, **values: Any) -> StatusReport:
        span = (datetime.date(2026, 11, 9), datetime.date(2026, 11, 15))
        made = build.report(row, span, datetime.date(2026, 11, 16), "published", declared, **values)
        StatusReport.objects.filter(pk=made.pk).update(reviewed=reviewed)
        return made

    def draft(self, user: User | None = None, **values: Any) -> RollupReport:
        row = RollupReport(portfolio=self.group, period_start=MONTH[0], period_end=MONTH[1], **values)
        return rollups.create_rollup(actor=actor_of(user or self.owner), row=row)

    def rolled(self) -> RollupSnapshot:
        return RollupSnapshot.objects.get(kind="portfolio", ref_id=self.group.pk, date=DAY)


@pytest.fixture
def world() -> World:
    return World()


def test_money_is_added_first_and_divided_afterwards(world: World) -> None:
    content = rollups.content_of(world.draft(), DAY)
    parts = content["parts"]
    assert Decimal(content["money"]["bac"]) == sum(Decimal(part["bac"]) for part in parts) == 1_100_000
    rolled = world.rolled()
    assert content["money"]["cpi"] == round(float(rolled.ev / rolled.ac), 3)
    each = [part["bac"] for part in parts]
    assert len(each) == 3


def test_the_colour_is_never_better_than_the_worst_critical_project_as_reviewed(world: World) -> None:
    content = rollups.content_of(world.draft(), DAY)
    assert world.rolled().band != "red"
    assert (content["band"], content["held"]) == ("red", True)
    BandOverride.objects.create(
        portfolio=world.group, band="amber", reason="Spare supplier", starts_on=DAY, decided_by=world.owner.person
    )
    assert rollups.content_of(RollupReport.objects.get(), DAY)["band"] == world.rolled().band


def test_missing_reports_and_decisions_are_named(world: World) -> None:
    content = rollups.content_of(world.draft(), DAY)
    assert [part["name_en"] for part in content["missing"]] == ["Dear"]
    assert [line["title"] for line in content["decisions"]] == ["More money?"]
    assert sum(content["counts"].values()) == 3


def test_a_programme_holds_its_own_projects(world: World) -> None:
    row = world.draft(world.manager, programme=world.programme)
    assert {part["name_en"] for part in rollups.content_of(row, DAY)["parts"]} == {"Good", "Dear"}


def test_publishing_freezes_it_byte_for_byte(world: World) -> None:
    row = world.draft(summary="One supplier holds us up.")
    rollups.publish_rollup(actor=actor_of(world.owner), row=row, day=DAY)
    row.refresh_from_db()
    assert (row.state, row.band, row.missing) == ("published", "red", 1)
    assert len(row.digest) == 64 and rollups.is_intact(row)
    client = client_of(world.owner)
    before, page = row.content, client.get(f"/reporting/rollup/{row.pk}/").content.decode()
    Project.objects.filter(pk=world.good.pk).update(name_en="Renamed")
    StatusReport.objects.all().delete()
    Decision.objects.all().delete()
    RollupSnapshot.objects.all().delete()
    row.refresh_from_db()
    assert row.content == before and json.loads(before)["summary"] == "One supplier holds us up."
    assert main_of(client.get(f"/reporting/rollup/{row.pk}/").content.decode()) == main_of(page)
    with pytest.raises(ValidationError):
        rollups.update_rollup(actor=actor_of(world.owner), row=row, values={"summary": "Other"})
    with pytest.raises(ValidationError):
        rollups.delete_rollup(actor=actor_of(world.owner), row=row)
    assert AuditEntry.objects.filter(model="portfolio.rollupreport", action="publish").count() == 1


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_a_changed_content_is_noticed(world: World) -> None:
    row = world.draft(summary="Text.")
    rollups.publish_rollup(actor=actor_of(world.owner), row=row, day=DAY)
    RollupReport.objects.filter(pk=row.pk).update(content=row.content.replace("Text.", "Test."))
    assert not rollups.is_intact(RollupReport.objects.get(pk=row.pk))


def test_publishing_needs_a_text_of_ones_own_and_the_right(world: World) -> None:
    row = world.draft()
    with pytest.raises(ValidationError):
        rollups.publish_rollup(actor=actor_of(world.owner), row=row)
    with pytest.raises(Refused):
        rollups.publish_rollup(actor=actor_of(factories.user(Role.EXECUTIVE)), row=row)
    with pytest.raises(ValidationError):
        world.draft()


def test_who_leads_nothing_reports_on_nothing(world: World) -> None:
    with pytest.raises(ValidationError):
        world.draft(factories.user())
    with pytest.raises(ValidationError):
        world.draft(world.manager)
    assert world.draft(world.manager, programme=world.programme).author == world.manager.person


def test_the_page_shows_money_to_those_who_may_see_it(world: World) -> None:
    row = world.draft(world.manager, programme=world.programme)
    clients = [client_of(who) for who in (world.owner, world.manager)]
    for client in clients:
        client.cookies["bw_language"] = "en"
    seen, hidden = (client.get(f"/reporting/rollup/{row.pk}/").content.decode() for client in clients)
    assert "CNY 1.0 m" in seen
    assert "CNY 1.0 m" not in hidden and "5,000" not in hidden
    assert client_of(factories.user()).get(f"/reporting/rollup/{row.pk}/").status_code == 404
    refused = client_of(world.owner).post(f"/reporting/rollup/{row.pk}/publish/")
    assert refused.status_code == 422


@given(st.sampled_from(BANDS), st.lists(st.sampled_from(BANDS), max_size=5))
def test_no_critical_project_is_worse_than_the_group(band: str, critical: list[str]) -> None:
    found = held_by(band, critical)
    assert BANDS.index(found) <= BANDS.index(band)
    if band != "grey":
        assert all(BANDS.index(found) <= BANDS.index(one) for one in critical if one != "grey")
        assert found in {band, *critical}
