"""Use, completeness and upkeep: who was there, which projects are kept, on any date, with nothing more kept than a flag."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from pmo.core.jobs.models import Job
from pmo.core.jobs.services import run_job_now
from pmo.core.records.services import update_record
from portfolio.models import SignInDay, UpkeepSnapshot
from portfolio.queries.adoption import KEEP_DAYS, active_by_week, active_now, completeness_trend, kept_projects
from portfolio.queries.completeness import ITEMS, item_filters, missing_counts, upkeep
from portfolio.services.upkeep.daily import date_due, keep_upkeep, run_day, start
from portfolio.services.upkeep.use import forget_old_days, note_sign_in
from tests import factories
from tests.conftest import UserClient
from tests.health import build

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def days(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


def test_signing_in_leaves_one_flag_a_day_and_nothing_else() -> None:
    factories.organisation()
    user = factories.user(Role.PMO_ANALYST)
    for _n in range(2):
        client = Client()
        answer = client.post(reverse("login"), {"username": user.username, "password": factories.PASSWORD})
        assert answer.status_code == 302
    assert list(SignInDay.objects.values_list("user_id", "day")) == [(user.pk, org_today())]
    assert {field.name for field in SignInDay._meta.concrete_fields} == {"id", "user", "day"}
    Client().post(reverse("login"), {"username": user.username, "password": "wrong"})
    assert SignInDay.objects.count() == 1


def test_flags_older_than_thirteen_months_go() -> None:
    user = factories.user()
    for back in (0, KEEP_DAYS - 1, KEEP_DAYS, KEEP_DAYS + 40):
        note_sign_in(user=user, day=days(-back))
    assert forget_old_days(today=DAY) == 2
    assert SignInDay.objects.count() == 2


def test_a_person_counts_once_a_week() -> None:
    first, second = factories.user(Role.EXECUTIVE), factories.user(Role.EXECUTIVE)
    for user, back in ((first, 0), (first, 1), (second, 4), (second, 5), (second, 12)):
        note_sign_in(user=user, day=days(-back))
    weeks = active_by_week(DAY, 3)  # Friday: this week began on the 16th
    assert [(week.week.day, week.active) for week in weeks] == [(2, 1), (9, 1), (16, 2)]
    groups = active_now(DAY)
    assert [(group.key, group.people, group.active) for group in groups["role"]] == [("executive", 2, 2)]
    assert [(group.key, group.people, group.active) for group in groups["unit"]] == [("", 2, 2)]
    assert active_now(days(8))["role"][0].active == 0


def test_roles_that_people_hold_by_their_projects_count_too() -> None:
    manager, sponsor, writer = factories.user(), factories.user(), factories.user()
    running = build.project("Running", portfolio=build.portfolio("Home"), pm=manager.person, sponsor=sponsor.person)
    build.project("Over", status="terminated", pm=writer.person)
    factories.member(running, writer.person, Role.COORDINATOR)
    factories.member(running, manager.person, Role.COORDINATOR)
    note_sign_in(user=manager, day=DAY)
    found = {group.key: (group.people, group.active) for group in active_now(DAY)["role"]}
    assert found["project_manager"] == (1, 1) and found["sponsor"] == (1, 0) and found["coordinator"] == (2, 1)


def whole() -> build.Project:
    """A project of which every item is known."""
    build.organisation()
    row = build.project(
        "Whole",
        portfolio=build.portfolio("Home", cycle="monthly"),
        pm=factories.person(),
        sponsor=factories.person(),
        unit=factories.unit(),
        planned_start=days(-100),
        planned_finish=days(100),
        forecast_finish=days(100),
        percent_complete=Decimal(10),
        status="in_progress",
    )
    build.budget(row, 100)
    build.milestone(row, "One", "2027-01-04")
    build.report(row, "2026-11-10")
    from risks.models import Risk

    build.create_record(actor=SYSTEM, row=Risk(project=row, code="R1", title="Risk"), day=build.START)
    return row


def test_completeness_counts_the_items_as_they_were_on_the_day() -> None:
    row = whole()
    assert [(one.filled, one.score) for one in upkeep(DAY)] == [(len(ITEMS), 100.0)]
    assert set(item_filters(DAY)) == set(ITEMS)
    assert not any(missing_counts(DAY).values())
    update_record(actor=SYSTEM, row=row, values={"pm": None, "forecast_finish": None}, day=days(1))
    build.milestone(row, "Two", None, day=days(1))
    assert upkeep(days(1))[0].filled == len(ITEMS) - 3
    assert {name for name, number in missing_counts(days(1)).items() if number} == {
        "pm",
        "forecast_finish",
        "milestones",
    }
    assert upkeep(DAY)[0].filled == len(ITEMS)
    assert upkeep(days(40))[0].filled == len(ITEMS) - 4  # the report is older than 45 days


def test_a_project_is_kept_while_something_is_entered_within_its_cycle() -> None:
    row = whole()
    assert upkeep(DAY)[0].last_entry == datetime.date(2026, 11, 10)
    assert upkeep(DAY)[0].cycle_days == 31
    assert upkeep(datetime.date(2026, 12, 10))[0].maintained
    assert not upkeep(datetime.date(2026, 12, 11))[0].maintained
    build.cost(row, 5, "2026-12-11", day=datetime.date(2026, 12, 11))
    assert upkeep(datetime.date(2026, 12, 11))[0].maintained
    update_record(actor=SYSTEM, row=row, values={"status": "closed"}, day=datetime.date(2026, 12, 12))
    assert upkeep(datetime.date(2026, 12, 12)) == []


def test_the_upkeep_of_a_date_is_written_once_and_can_be_written_again() -> None:
    row = whole()
    keep_upkeep(day=DAY)
    stored = list(UpkeepSnapshot.objects.values_list("unit_ref", "projects", "filled", "expected", "maintained"))
    assert stored == [(row.unit_id, 1, len(ITEMS), len(ITEMS), 1)]
    keep_upkeep(day=DAY)
    assert UpkeepSnapshot.objects.count() == 1
    update_record(actor=SYSTEM, row=row, values={"unit": None}, day=days(7))
    keep_upkeep(day=days(7))
    trend = completeness_trend(days(7))
    assert [(point.date, round(point.completeness, 1)) for point in trend] == [(DAY, 100.0), (days(7), 91.7)]


def test_queries_do_not_grow() -> None:
    user = factories.user(Role.PMO_ADMIN)
    whole()
    for number in range(2):
        build.project(f"More {number}")
    kept_projects(user, DAY)
    with CaptureQueriesContext(connection) as few:
        kept_projects(user, DAY)
    for number in range(27):
        build.project(f"Many {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(kept_projects(user, DAY)) == 30
    assert len(few) == len(many) == 3


def test_the_nightly_job_does_the_day() -> None:
    whole()
    now = datetime.datetime(2026, 11, 21, 3, 0)
    assert date_due(now.replace(hour=0, minute=10)) is None
    key = date_due(now)
    assert key == "2026-11-20"
    (job,) = start(key)
    run_job_now(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["units"], job.result["judged"]) == (Job.State.DONE, 1, True)
    assert run_day(day=DAY)["judged"] is False


def test_the_page_says_who_was_there_and_what_is_kept(pmo_admin: UserClient, executive: UserClient) -> None:
    whole()
    today = org_today()
    note_sign_in(user=executive.user, day=today)
    keep_upkeep(day=today)
    page = pmo_admin.get(reverse("adoption"))
    assert page.context["projects"] == 1
    assert page.context["people"] == 2
    assert page.context["use"].table.rows[0][1] == "1"
    assert "Whole" in page.content.decode() or page.context["stale"] == 0
    assert executive.get(reverse("adoption")).status_code == 403


def test_pages_take_no_more_statements_for_more_projects(pmo_admin: UserClient) -> None:
    whole()

    def statements(name: str) -> int:
        pmo_admin.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            assert pmo_admin.get(reverse(name)).status_code == 200
        return len(captured)

    for number in range(2):
        build.project(f"More {number}", pm=factories.person(), unit=factories.unit())
    few = {name: statements(name) for name in ("warnings", "data-quality", "adoption")}
    for number in range(27):
        build.project(f"Many {number}")
    many = {name: statements(name) for name in few}
    assert many == few
    assert max(many.values()) <= 20
