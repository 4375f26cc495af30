"""Figures equal the rows they lead to, for each reader; reports are kept, shared and sent."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.messages.models import Notification
from pmo.core.people.models import User
from pmo.core.records.services import delete_record
from pmo.core.registers.declaration import get_register
from pmo.core.report_builder.answer import answer
from pmo.core.report_builder.figures import figure, period_end
from pmo.core.report_builder.models import BuiltReport, ReportReader
from pmo.core.report_builder.question import Question, dimensions, measures, read_question
from pmo.core.report_builder.services import due_schedules, keep_report, send_reports, subscribe, summary
from projects.models import BudgetLine, Project
from projects.models.choices import Visibility
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MONDAY = datetime.date(2026, 11, 16)


@pytest.fixture
def projects() -> list[Project]:
    made = []
    for number, (status, country) in enumerate(
        [("in_progress", "CN"), ("in_progress", "DE"), ("closed", "CN"), ("not_started", "")]
    ):
        finish = datetime.date(2026, 3 * number + 1, 5)
        made.append(factories.project(status=status, country=country, planned_finish=finish, currency="CNY"))
    return made


def asked(user: Any, **params: str) -> Question:
    query = QueryDict(urlencode(params))
    return read_question(get_register(params["_of"]), user, query)


@pytest.mark.parametrize("key", ["projects", "issues", "risks", "milestones", "decisions", "health"])
@pytest.mark.parametrize("role", [Role.PMO_ADMIN, Role.EXECUTIVE])
def test_every_count_equals_the_rows_it_leads_to(key: str, role: Role, projects: list[Project]) -> None:
    client = client_of(factories.user(role))
    for project in projects:
        factories.milestone(project)
    for dimension in dimensions(get_register(key)):
        question = asked(client.user, _of=key, _by=dimension.key)
        found = answer(question, client.user)
        shown = figure(question, found, "en")
        if shown is None:
            continue
        for cells in shown.table.body:
            (_name, _c), (number, _column) = cells
            if not number.href:
                continue
            listing = client.get(number.href).context["listing"]
            assert str(listing.total) == number.text, (key, dimension.key, number.href)


def test_two_columns_side_by_side_make_the_whole(projects: list[Project], pmo_admin: UserClient) -> None:
    question = asked(pmo_admin.user, _of="projects", _by="planned_finish:quarter", _across="status")
    found = answer(question, pmo_admin.user)
    assert [row.label for row in found.rows] == ["2026 Q1", "2026 Q2", "2026 Q3", "2026 Q4"]
    assert sum(found.total(row) for row in found.rows) == 4
    shown = figure(question, found, "en")
    assert shown is not None and [cell.text for cell, _c in shown.table.foot_cells][-1] == "4"


def test_money_of_two_currencies_is_never_added(projects: list[Project], pmo_admin: UserClient) -> None:
    for project, currency, amount in zip(projects, ["CNY", "EUR", "CNY", "CNY"], [100, 50, 7, 3], strict=True):
        BudgetLine.objects.create(
            project=project, period=datetime.date(2026, 1, 1), amount=Decimal(amount), currency=currency
        )
    money = next(one for one in measures(get_register("budget-lines")) if one.key.startswith("sum:amount"))
    question = asked(pmo_admin.user, _of="budget-lines", _by="period:year", _measure=money.key)
    found = answer(question, pmo_admin.user)
    assert {(row.currency, found.figure(row)) for row in found.rows} == {("CNY", 110), ("EUR", 50)}
    shown = figure(question, found, "en")
    assert shown is not None and shown.table.foot_cells == []


def test_hidden_money_is_not_in_the_figures(projects: list[Project], client_for: Any) -> None:
    member = client_for()
    factories.member(projects[0], member.user, Role.TEAM_MEMBER)
    for one in measures(get_register("projects")):
        if one.bound is None or not one.bound.protected:
            continue
        question = asked(member.user, _of="projects", _by="status", _measure=one.key)
        assert all(value is None for value, _n in answer(question, member.user).cells.values()), one.key


def test_only_visible_rows_are_counted(projects: list[Project], client_for: Any) -> None:
    Project.objects.update(visibility=Visibility.PRIVATE)
    member = client_for()
    factories.member(projects[0], member.user, Role.TEAM_MEMBER)
    found = answer(asked(member.user, _of="projects", _by="status"), member.user)
    assert [(row.value, found.figure(row)) for row in found.rows] == [("in_progress", 1)]


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("_of=projects&_by=nothing", "Broken down by: nothing"),
        ("_of=projects&_measure=sum:name", "Figure: sum:name"),
        ("_of=projects&status=purple", "purple"),
        ("_of=projects&_by=status&_chart=pie", "Chart: pie"),
    ],
)
def test_what_cannot_be_used_is_named(query: str, part: str, pmo_admin: UserClient) -> None:
    page = pmo_admin.get(f"/built-reports/new/?{query}")
    assert page.status_code == 422 and part in page.content.decode()


def test_an_unknown_register_is_not_there(pmo_admin: UserClient) -> None:
    assert pmo_admin.get("/built-reports/new/?_of=nothing").status_code == 404


def test_a_report_is_kept_shared_and_read_by_others_with_their_own_rows(
    projects: list[Project], pmo_admin: UserClient, client_for: Any
) -> None:
    Project.objects.filter(pk=projects[1].pk).update(visibility=Visibility.PRIVATE)
    form = {"query": "_of=projects&_by=status&country=CN&country=DE", "name": " By  status ", "sharing": "public"}
    assert pmo_admin.post("/built-reports/keep/", form).status_code == 302
    report = BuiltReport.objects.get()
    assert (report.name, report.register) == ("By status", "projects")
    page = reverse("built-report", args=[report.pk])
    mine = [cell.text for row in pmo_admin.get(page).context["fig"].table.body for cell, _c in row]
    other = client_for()
    theirs = [cell.text for row in other.get(page).context["fig"].table.body for cell, _c in row]
    assert mine[1] == "2" and theirs[1] == "1"
    assert other.post(reverse("built-report-delete", args=[report.pk])).status_code == 403
    assert other.post("/built-reports/keep/", {**form, "report": report.pk, "version": "1"}).status_code == 403
    assert other.post("/built-reports/keep/", form).status_code == 403
    assert other.post("/built-reports/keep/", {**form, "sharing": "private", "name": ""}).status_code == 422
    assert BuiltReport.objects.count() == 1


def test_a_faster_change_is_told_and_what_was_typed_stays(pmo_admin: UserClient) -> None:
    form = {"query": "_of=projects&_by=status", "name": "One", "sharing": "private"}
    pmo_admin.post("/built-reports/keep/", form)
    report = BuiltReport.objects.get()
    changed = {**form, "report": str(report.pk), "version": "1"}
    assert pmo_admin.post("/built-reports/keep/", {**changed, "name": "Two"}).status_code == 302
    late = pmo_admin.post("/built-reports/keep/", {**changed, "name": "Three"})
    assert late.status_code == 422 and 'value="Three"' in late.content.decode()
    report.refresh_from_db()
    assert report.name == "Two"


def test_the_workbook_holds_the_figures_as_numbers(projects: list[Project], pmo_admin: UserClient) -> None:
    response = pmo_admin.get("/built-reports/export.xlsx?_of=projects&_by=status&status=in_progress&_title==1")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    assert [cell.value for cell in sheet[2]][1] == 2
    hidden = pmo_admin.get("/built-reports/export.xlsx?_of=projects&_by=nothing")
    assert hidden.status_code == 422


def test_readers_get_their_own_figures_once_a_day(
    projects: list[Project], pmo_admin: UserClient, client_for: Any
) -> None:
    Project.objects.filter(pk=projects[1].pk).update(visibility=Visibility.PRIVATE)
    report = keep_report(
        actor=actor_of(pmo_admin.user), name="R", query="_of=projects&_by=status", sharing="public", schedule="weekly"
    )
    reader = client_for()
    subscribe(actor=actor_of(reader.user), report=report, on=True)
    assert (send_reports(MONDAY), send_reports(MONDAY)) == (2, 0)
    assert send_reports(MONDAY + datetime.timedelta(days=1)) == 0
    notes = {row.user_id: str(row.note) for row in Notification.objects.filter(event="report.built")}
    assert "In progress: 2" in notes[pmo_admin.user.pk] and "In progress: 1" in notes[reader.user.pk]
    BuiltReport.objects.update(sharing="private")
    assert send_reports(MONDAY + datetime.timedelta(weeks=1)) == 1
    delete_record(actor=actor_of(pmo_admin.user), row=report)
    assert send_reports(MONDAY + datetime.timedelta(weeks=2)) == 0


def test_schedules_follow_the_calendar() -> None:
    assert due_schedules(MONDAY) == ["daily", "weekly"]
    assert due_schedules(datetime.date(2026, 11, 1)) == ["monthly"]
    assert due_schedules(datetime.date(2026, 12, 1)) == ["daily", "monthly"]


def test_a_report_whose_register_is_gone_says_so_without_failing(pmo_admin: UserClient) -> None:
    report = BuiltReport.objects.create(name="R", register="gone", query="_of=gone", owner=pmo_admin.user)
    ReportReader.objects.create(report=report, user=User.objects.get(pk=pmo_admin.user.pk))
    assert summary(report, pmo_admin.user) == "There is nothing to show with these filters."
    assert pmo_admin.get(reverse("built-report", args=[report.pk])).status_code == 404


def test_the_same_statements_at_three_rows_and_at_thirty(pmo_admin: UserClient) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert pmo_admin.get("/built-reports/new/?_of=projects&_by=pm&_across=status").status_code == 200
        return len(captured)

    for _number in range(3):
        factories.project(pm=factories.person())
    few = counted()
    for _number in range(27):
        factories.project(pm=factories.person())
    assert counted() == few <= 20


@pytest.mark.parametrize(
    ("first", "part", "last"),
    [
        ("2026-02-01", "month", "2026-02-28"),
        ("2026-10-01", "quarter", "2026-12-31"),
        ("2028-01-01", "year", "2028-12-31"),
    ],
)
def test_a_period_ends_on_its_last_day(first: str, part: str, last: str) -> None:
    assert period_end(datetime.date.fromisoformat(first), part).isoformat() == last


@pytest.mark.django_db
def test_the_beginning_offers_registers_in_the_groups_of_the_navigation(pmo_admin: UserClient) -> None:
    groups = dict(pmo_admin.get("/built-reports/new/").context["groups"])
    keys = {str(label): [register.key for register in rows] for label, rows in groups.items()}
    assert "milestones" in keys["Projects"] and "risks" in keys["Risk"] and "decisions" in keys["Home"]
    assert all(keys.values())


@pytest.mark.django_db
def test_a_choice_that_is_not_offered_is_named_as_on_the_page(pmo_admin: UserClient) -> None:
    answer = pmo_admin.get("/built-reports/new/?_of=risks&_by=colour&_chart=pie")
    assert answer.status_code == 422
    assert "Broken down by: colour is not offered here." in answer.context["problems"]
    assert "Chart: pie is not offered here." in answer.context["problems"]
