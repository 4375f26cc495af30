"""Reminders go out once, on their working day, to the right person; then the PMO is told."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.core.access.decisions import Refused
from pmo.core.access.roles import Role, roles_holding
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.models import CalendarException
from pmo.core.jobs.api import run_job_now
from pmo.core.messages.api import Notification
from pmo.core.records.services import create_record
from portfolio.models import ReportDelegation, ReportingRule, ReportPeriod, ReportReminder
from portfolio.services.reporting import nightly
from portfolio.services.reporting.periods import settle_periods
from portfolio.services.reporting.reminders import remind_now, send_reminders
from tests import factories
from tests.reporting import build
from tests.reporting.build import DUE, LAST, TODAY

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def sent_for(row: object) -> list[tuple[str, int, datetime.date]]:
    rows = ReportReminder.objects.filter(project=row, period_end=LAST[1]).order_by("sent_on", "pk")
    return [(one.kind, one.offset, one.sent_on) for one in rows]


def test_reminders_before_on_and_after_the_due_date_then_the_pmo_each_once() -> None:
    world = build.world()
    today = day("2026-11-10")
    while today <= day("2026-11-26"):
        settle_periods(day=today)
        send_reminders(day=today)
        send_reminders(day=today)
        today += datetime.timedelta(days=1)
    # due on Monday the 16th; two working days before is Thursday the 12th, three after Thursday the 19th
    assert sent_for(world.silent) == [
        ("planned", -2, day("2026-11-12")),
        ("planned", 0, DUE),
        ("planned", 1, day("2026-11-17")),
        ("planned", 3, day("2026-11-19")),
        ("escalation", 0, day("2026-11-20")),
    ]
    # handed in on the 16th: its submission stands in the table from the start, so nothing was sent at all
    assert sent_for(world.prompt) == []


def test_a_reminder_says_what_is_due_and_leads_to_the_form() -> None:
    world = build.world()
    send_reminders(day=day("2026-11-17"))
    told = Notification.objects.get(user=world.other, event="report.late")
    assert told.url == f"/reports/new/?project={world.silent.pk}" or told.url.endswith(f"?project={world.silent.pk}")
    assert told.about_id == world.silent.pk
    assert not Notification.objects.filter(user=world.pm, about_id=world.prompt.pk).exists()


def test_the_pmo_gets_one_note_for_all_that_is_missing() -> None:
    world = build.world()
    build.project("Mute", world.group, world.pm)
    result = send_reminders(day=day("2026-11-20"))
    assert result["escalations"] == 2
    note = Notification.objects.get(user=world.pmo, event="report.missing")
    assert note.params["count"] == 2
    assert note.url == "/reporting/late/"
    assert send_reminders(day=day("2026-11-20"))["escalations"] == 0
    assert send_reminders(day=day("2026-11-21"))["escalations"] == 0


def test_who_stands_in_is_reminded_in_place_of_the_manager() -> None:
    world = build.world()
    standing_in = factories.user()
    create_record(
        actor=SYSTEM,
        row=ReportDelegation(
            from_person=world.other.person,
            to_person=standing_in.person,
            starts_on=day("2026-11-17"),
            ends_on=day("2026-11-17"),
            reason="Leave",
        ),
    )
    send_reminders(day=DUE)
    send_reminders(day=day("2026-11-17"))
    send_reminders(day=day("2026-11-19"))
    people = ReportReminder.objects.filter(project=world.silent, period_end=LAST[1]).order_by("sent_on")
    assert [row.person for row in people] == [world.other.person, standing_in.person, world.other.person]


def test_after_nights_without_a_run_only_the_newest_reminder_is_sent() -> None:
    world = build.world()
    assert send_reminders(day=day("2026-11-19"))["reminders"] >= 1
    assert sent_for(world.silent) == [("planned", 3, day("2026-11-19"))]


def test_a_make_up_saturday_is_a_day_to_remind_and_a_holiday_is_not() -> None:
    world = build.world()
    CalendarException.objects.create(day=day("2026-11-14"), factor=1)
    CalendarException.objects.create(day=DUE, factor=0)
    # due on Tuesday the 17th; the working day before is Saturday the 14th, two before Friday the 13th
    send_reminders(day=day("2026-11-12"))
    assert sent_for(world.silent) == []
    send_reminders(day=day("2026-11-13"))
    assert sent_for(world.silent) == [("planned", -2, day("2026-11-13"))]


def test_a_rule_without_reminders_and_notes_sends_nothing() -> None:
    world = build.world()
    create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly", reminders="", escalate=False))
    for number in range(10, 30):
        send_reminders(day=datetime.date(2026, 11, number))
    assert sent_for(world.silent) == []


def test_reminding_by_hand_once_a_day_by_the_pmo_only_and_audited() -> None:
    world = build.world()
    settle_periods(day=TODAY)
    period = ReportPeriod.objects.get(project=world.silent, period_end=LAST[1])
    actor = actor_of(world.pmo)
    assert remind_now(actor=actor, period=period, day=TODAY) == world.other.person
    entry = AuditEntry.objects.get(action="remind")
    assert (entry.object_id, entry.project_id) == (period.pk, world.silent.pk)
    with pytest.raises(ValidationError):
        remind_now(actor=actor, period=period, day=TODAY)
    with pytest.raises(Refused):
        remind_now(actor=actor_of(world.pm), period=period, day=TODAY)
    assert ReportReminder.objects.filter(kind="manual").count() == 1
    assert Notification.objects.filter(user=world.other, event="report.late").count() == 1


def test_the_nightly_job_does_both_and_is_due_once_the_hour_has_come() -> None:
    build.world()
    zone = datetime.timezone(datetime.timedelta(hours=8))
    assert nightly.day_due(datetime.datetime(2026, 11, 18, 1, 59, tzinfo=zone)) is None
    key = nightly.day_due(datetime.datetime(2026, 11, 18, 2, 0, tzinfo=zone))
    assert key == "2026-11-18"
    job = nightly.start(key)
    assert nightly.start(key).pk == job.pk
    run_job_now(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.result["made"] == 20
    assert job.result["reminders"] > 0


@pytest.mark.parametrize("text", ["x", "1, 1", "99", "1.5"])
def test_wrong_reminders_are_refused_by_field(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ReportingRule(cycle="weekly", reminders=text).full_clean()
    assert list(caught.value.message_dict) == ["reminders"]


def test_two_rules_for_one_cycle_are_refused() -> None:
    create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly"))
    with pytest.raises(ValidationError):
        create_record(actor=SYSTEM, row=ReportingRule(cycle="weekly"))


def test_only_the_pmo_keeps_the_rules() -> None:
    assert roles_holding("portfolio.reportingrule.change") == {Role.PMO_ADMIN, Role.PMO_ANALYST}
