"""What is owed: periods are settled once by what held then, and their standing follows from reports."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record, update_record
from portfolio.models import ReportingRule, ReportPeriod
from portfolio.queries import reporting
from portfolio.queries.reporting_rules import period_to_report
from portfolio.services.reporting.periods import settle_periods
from tests import factories
from tests.reporting import build
from tests.reporting.build import BEFORE, DUE, LAST, TODAY

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def standings(user: Any, day: datetime.date = TODAY) -> dict[tuple[str, datetime.date], str]:
    rows = reporting.periods_on(user, day).select_related("project")
    return {(row.project.name_en, row.period_end): row.standing for row in rows}


def test_settling_makes_a_row_for_each_project_and_period_since_it_was_placed_and_only_once() -> None:
    world = build.world()
    first = settle_periods(day=TODAY)
    # five weeks from 12 October to 15 November, four projects
    assert first["made"] == 5 * 4
    row = ReportPeriod.objects.get(project=world.silent, period_end=LAST[1])
    assert (row.period_start, row.due_on, row.cycle) == (LAST[0], DUE, "weekly")
    assert (row.portfolio, row.owner) == (world.group, world.other.person)
    assert settle_periods(day=TODAY)["made"] == 0
    assert ReportPeriod.objects.count() == 20


def test_the_standing_of_each_report() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    found = standings(world.pmo)
    assert found["Prompt", LAST[1]] == "on_time"
    assert found["Tardy", LAST[1]] == "after"
    assert found["Silent", LAST[1]] == "late"
    assert found["Silent", BEFORE[1]] == "missed"
    assert found["Ended", LAST[1]] == "missed"
    # On the due date itself nothing is late yet; the reports of the 17th were still to come.
    before = standings(world.pmo, DUE)
    assert before["Silent", LAST[1]] == before["Tardy", LAST[1]] == "due"
    assert before["Prompt", LAST[1]] == "on_time"


def test_the_first_hand_in_counts_and_a_return_does_not_make_it_late() -> None:
    world = build.world()
    row = build.report(world.silent, submitted=DUE, state="returned")
    settle_periods(day=TODAY)
    row.submitted_on, row.state = TODAY, "submitted"
    row.save()
    assert ReportPeriod.objects.get(project=world.silent, period_end=LAST[1]).handed_in_on == DUE
    assert standings(world.pmo)["Silent", LAST[1]] == "on_time"


def test_a_report_over_several_weeks_answers_for_all_of_them() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    build.report(world.silent, (BEFORE[0], LAST[1]), submitted=TODAY)
    found = standings(world.pmo)
    assert found["Silent", LAST[1]] == found["Silent", BEFORE[1]] == "after"


def test_a_new_manager_portfolio_or_rule_moves_no_past_period() -> None:
    world = build.world()
    create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly", due_after=2), day=LAST[0])
    update_record(actor=SYSTEM, row=world.silent, values={"pm": world.pm.person}, day=datetime.date(2026, 11, 10))
    settle_periods(day=TODAY)
    new = ReportPeriod.objects.get(project=world.silent, period_end=LAST[1])
    old = ReportPeriod.objects.get(project=world.silent, period_end=BEFORE[1])
    assert (new.owner, new.due_on) == (world.pm.person, datetime.date(2026, 11, 17))
    assert (old.owner, old.due_on) == (world.other.person, datetime.date(2026, 11, 9))


def test_a_rule_of_the_portfolio_goes_before_that_of_the_cycle() -> None:
    world = build.world()
    create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly", due_after=2))
    create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly", due_after=3, portfolio=world.group))
    period = period_to_report(world.silent.pk, TODAY)
    assert period is not None
    assert (period.start, period.end, period.due) == (*LAST, datetime.date(2026, 11, 18))


def test_the_period_to_report_is_the_last_one_until_it_is_handed_in() -> None:
    world = build.world()
    owed, done = period_to_report(world.silent.pk, TODAY), period_to_report(world.prompt.pk, TODAY)
    assert owed is not None and done is not None
    assert (owed.start, owed.end, owed.due) == (*LAST, DUE)
    assert (done.start, done.end) == (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    assert period_to_report(factories.project().pk, TODAY) is None


def test_late_reports_say_since_when_and_how_many_in_a_row() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    (late,) = reporting.late_reports(world.pmo, TODAY)
    assert late.period.project == world.silent
    assert (late.since, late.in_a_row) == (datetime.date(2026, 10, 19), 5)
    assert late.delegate is None and late.reminded_on is None
    assert reporting.late_reports(world.pmo, DUE) == []


def test_on_time_rates_are_recounts_of_the_rows() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    (whole,) = reporting.on_time_rate(world.pmo, TODAY, periods=3)
    # three weeks of four projects fell due before the 18th: 2 and 9 and 16 November
    assert (whole.on_time, whole.due) == (3, 12)
    by_owner = {rate.label: (rate.on_time, rate.due) for rate in reporting.on_time_rate(world.pmo, TODAY, "owner", 3)}
    assert by_owner == {str(world.pm.person): (3, 6), str(world.other.person): (0, 6)}
    assert sum(rate.due for rate in reporting.on_time_rate(world.pmo, TODAY, "portfolio", 3)) == 12
    (without_unit,) = reporting.on_time_rate(world.pmo, TODAY, "unit", 3)
    assert without_unit.key is None
    months = {rate.label: (rate.on_time, rate.due) for rate in reporting.on_time_by_month(world.pmo, TODAY, 2)}
    assert months == {"2026-10": (0, 8), "2026-11": (3, 12)}


def test_rates_of_a_past_day_know_nothing_of_what_came_later() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    (then,) = reporting.on_time_rate(world.pmo, datetime.date(2026, 11, 10), periods=1)
    assert (then.on_time, then.due) == (2, 4)
    build.report(world.silent, BEFORE, submitted=datetime.date(2026, 11, 12))
    assert reporting.on_time_rate(world.pmo, datetime.date(2026, 11, 10), periods=1) == [then]


def test_who_sees_no_project_sees_no_figure() -> None:
    world = build.world()
    for row in (world.prompt, world.tardy, world.silent, world.ended):
        type(row).objects.filter(pk=row.pk).update(visibility="private")
    settle_periods(day=TODAY)
    stranger = factories.user()
    assert reporting.on_time_rate(stranger, TODAY)[0].due == 0
    assert reporting.late_reports(stranger, TODAY) == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(count: int) -> None:
    factories.organisation()
    pmo, group = factories.user("pmo_analyst"), build.portfolio()
    for number in range(count):
        build.project(f"P{number}", group, factories.user())
    with CaptureQueriesContext(
        connection,
    ) as settled:
        settle_periods(day=TODAY)
    assert len(settled) <= 5 * 14 + 10
    with CaptureQueriesContext(connection) as queries:
        assert len(reporting.late_reports(pmo, TODAY)) == count
    assert len(queries) <= 8
    with CaptureQueriesContext(connection) as queries:
        reporting.on_time_rate(pmo, TODAY, "owner")
    assert len(queries) <= 4
