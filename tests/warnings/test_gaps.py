"""Data gaps: every rule finds its row and no other, counts equal the rows behind them, and what is put off is left out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from portfolio.models import PortfolioItem, ReportPeriod, Snooze
from portfolio.queries.data_quality import GapFilter, gap_counts, gap_rows, gaps, total_gaps
from portfolio.queries.gap_rules import BY_CODE, RULES
from portfolio.services.upkeep.gaps import put_off
from projects.models import Action, Decision, Issue, Milestone, Project, StatusReport
from resources.models import Allocation, ResourceRole
from risks.models import Risk
from tests import factories
from tests.conftest import UserClient, client_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def days(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are judged on the same day as everything else."""
    monkeypatch.setattr("portfolio.queries.reporting.org_today", lambda: DAY)


def late_report(row: Project) -> Project:
    """The report of the last period is due and was not handed in."""
    ReportPeriod.objects.create(
        project=row,
        portfolio=row.portfolio_items.get().portfolio,
        cycle="monthly",
        period_start=days(-50),
        period_end=days(-20),
        due_on=days(-1),
    )
    return row


def sound(**values: Any) -> Project:
    """A project in progress that breaks no rule."""
    n = factories.number()
    unit, pm = factories.unit(), factories.person()
    row = factories.project(
        **{
            "status": "in_progress",
            "pm": pm,
            "sponsor": factories.person(),
            "unit": unit,
            "name_en": f"Sound {n}",
            "name_zh": f"健全{n}",
            "planned_start": days(-200),
            "actual_start": days(-200),
            "planned_finish": days(100),
            "forecast_finish": days(110),
            "percent_complete": Decimal(50),
            "forecast_cost": Decimal(1000),
            **values,
        }
    )
    factories.portfolio_item(factories.portfolio(cycle="monthly"), row)
    factories.budget_line(row, 900)
    factories.cost_line(row, 500, booked_on=days(-3))
    factories.milestone(row, baseline_date=days(20), forecast_date=days(25))
    StatusReport.objects.create(
        project=row,
        code=f"SR{n}",
        period_start=days(-20),
        period_end=days(-6),
        published_on=days(-5),
        state="published",
        declared="green",
    )
    return row


def stone(row: Project, **values: Any) -> Milestone:
    return factories.milestone(row, **values)


def risk(row: Project, **values: Any) -> Risk:
    defaults = {"owner": row.pm, "strategy": "mitigate", "response": "Act", "review_on": days(9)}
    return Risk.objects.create(project=row, code=f"R{factories.number()}", title="Risk", **{**defaults, **values})


def allocation(row: Project) -> Allocation:
    role = ResourceRole.objects.create(code="DEV", name_en="Developer")
    return Allocation.objects.create(
        project=row,
        code="A1",
        person=factories.person(),
        role=role,
        starts_on=days(10),
        ends_on=days(180),
        percent=50,
        state="committed",
    )


def change(**values: Any) -> Callable[[Project], Any]:
    def do(row: Project) -> Project:
        Project.objects.filter(pk=row.pk).update(**values)
        return row

    return do


def no(name: str) -> Callable[[Project], Any]:
    def do(row: Project) -> Project:
        getattr(row, name).all().delete()
        return row

    return do


BREAKS: dict[str, Callable[[Project], Any]] = {
    "no_pm": change(pm=None),
    "no_sponsor": change(sponsor=None),
    "no_unit": change(unit=None),
    "no_plan": change(planned_finish=None),
    "no_forecast": change(forecast_finish=None),
    "no_start": change(actual_start=None),
    "finish_past": change(forecast_finish=days(-1)),
    "complete_open": change(percent_complete=100),
    "eac_below_actual": change(forecast_cost=Decimal("499.99")),
    "no_portfolio": lambda row: PortfolioItem.objects.filter(project=row).delete() and row,
    "no_milestones": no("milestones"),
    "no_budget": no("budget_lines"),
    "never_reported": no("reports"),
    "costs_old": lambda row: row.cost_lines.update(booked_on=days(-36)) and row,
    "report_stale": lambda row: late_report(row),
    "twin_names": lambda row: sound(name_zh=row.name_zh, name_en="Another") and row,
    "milestone_past": lambda row: stone(row, baseline_date=days(-20), forecast_date=days(-1)),
    "milestone_no_baseline": lambda row: stone(row, baseline_date=None, forecast_date=None),
    "milestone_outside": lambda row: stone(row, baseline_date=days(101), forecast_date=days(101)),
    "risk_no_owner": lambda row: risk(row, owner=None),
    "risk_no_response": lambda row: risk(row, strategy="", response=""),
    "risk_review_overdue": lambda row: risk(row, review_on=days(-1)),
    "action_overdue_no_owner": lambda row: Action.objects.create(project=row, code="A", title="A", due_on=days(-1)),
    "action_no_due": lambda row: Action.objects.create(project=row, code="A", title="A", owner=row.pm),
    "issue_no_owner": lambda row: Issue.objects.create(project=row, code="I", title="I", due_on=days(3)),
    "decision_no_decider": lambda row: Decision.objects.create(project=row, code="D", title="D"),
    "allocation_outside": allocation,
}


def test_every_rule_has_a_case_and_a_sound_project_breaks_none() -> None:
    assert set(BREAKS) == set(BY_CODE)
    sound()
    assert total_gaps(gap_counts(factories.user(Role.PMO_ADMIN), DAY)) == 0


@pytest.mark.parametrize("code", list(BREAKS))
def test_the_rule_finds_its_row_and_nothing_else(code: str) -> None:
    sound()
    broken = BREAKS[code](sound())
    user = factories.user(Role.PMO_ADMIN)
    counts = gap_counts(user, DAY)
    twins = 2 if code == "twin_names" else 1
    assert {name: number for name, number in counts.items() if number} == {code: twins}
    rows = list(gap_rows(user, code, DAY))
    assert broken.pk in {row.pk for row in rows} and len(rows) == twins
    gap = next(one for one in gaps(rows, code) if one.row.pk == broken.pk)
    assert gap.project.pk in {broken.pk, getattr(broken, "project_id", None)}
    assert client_of(user).get(gap.url.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("code", ["no_forecast", "risk_no_owner"])
def test_projects_that_are_over_have_no_gaps(code: str) -> None:
    row = sound()
    BREAKS[code](row)
    Project.objects.filter(pk=row.pk).update(status="closed")
    assert total_gaps(gap_counts(factories.user(Role.PMO_ADMIN), DAY)) == 0


def test_filters_keep_exactly_their_projects() -> None:
    first, second = sound(forecast_finish=None), sound(forecast_finish=None)
    user = factories.user(Role.PMO_ADMIN)
    stone(second, baseline_date=days(-9), forecast_date=None)
    item = PortfolioItem.objects.get(project=first)
    for narrow in (
        GapFilter(portfolio=item.portfolio_id),
        GapFilter(unit_path=first.unit.path),
        GapFilter(pm=first.pm_id),
    ):
        assert gap_counts(user, DAY, narrow)["no_forecast"] == 1
        assert gap_counts(user, DAY, narrow)["milestone_past"] == 0
        assert [row.pk for row in gap_rows(user, "no_forecast", DAY, narrow)] == [first.pk]


def test_only_what_one_may_see_is_counted() -> None:
    sound(forecast_finish=None, visibility="private")
    assert gap_counts(factories.user(Role.PMO_ADMIN), DAY)["no_forecast"] == 1
    assert gap_counts(factories.user(), DAY)["no_forecast"] == 0


def test_queries_do_not_grow() -> None:
    user = factories.user(Role.PMO_ADMIN)
    for _n in range(3):
        sound(forecast_finish=None)
    gap_counts(user, DAY)
    with CaptureQueriesContext(connection) as few:
        gap_counts(user, DAY)
        gaps(gap_rows(user, "no_forecast", DAY), "no_forecast")
    for _n in range(27):
        sound(forecast_finish=None)
    with CaptureQueriesContext(connection) as many:
        counts = gap_counts(user, DAY)
        gaps(gap_rows(user, "no_forecast", DAY), "no_forecast")
    assert counts["no_forecast"] == 30
    assert len(many) == len(few) == 8


def test_a_gap_put_off_comes_back_on_its_day() -> None:
    row = sound(forecast_finish=None)
    user = factories.user(Role.PMO_ADMIN)
    actor = actor_of(user)
    entries = AuditEntry.objects.count()
    made = put_off(actor=actor, rule="no_forecast", row_id=row.pk, until=days(7), reason="Supplier answers", today=DAY)
    assert made.project_id == row.pk and AuditEntry.objects.count() == entries + 1
    assert gap_counts(user, DAY)["no_forecast"] == 0
    assert gap_counts(user, days(6))["no_forecast"] == 0
    assert gap_counts(user, days(7))["no_forecast"] == 1
    again = put_off(actor=actor, rule="no_forecast", row_id=row.pk, until=days(9), reason="Later still", today=DAY)
    assert again.pk == made.pk and Snooze.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"until": DAY}, "until"),
        ({"until": days(93)}, "until"),
        ({"reason": "  "}, "reason"),
        ({"rule": "no_such"}, "rule"),
        ({"rule": "no_pm"}, "rule"),
    ],
)
def test_what_cannot_be_put_off_is_named(values: dict[str, Any], field: str) -> None:
    row = sound(forecast_finish=None)
    asked = {"rule": "no_forecast", "row_id": row.pk, "until": days(7), "reason": "Because", **values}
    with pytest.raises(ValidationError) as refused:
        put_off(actor=actor_of(factories.user(Role.PMO_ADMIN)), today=DAY, **asked)
    assert field in refused.value.message_dict
    assert not Snooze.objects.exists()


def test_the_page_shows_the_counts_and_the_rows_behind_them(pmo_admin: UserClient) -> None:
    today = org_today()
    row = sound(forecast_finish=None)
    page = pmo_admin.get(reverse("data-quality"), {"rule": "no_forecast"})
    html = page.content.decode()
    assert str(row) in html and f"/r/projects/{row.pk}/edit/#id_forecast_finish" in html
    assert page.context["total"] == total_gaps(gap_counts(pmo_admin.user, today))
    response = pmo_admin.post(
        reverse("data-quality-put-off"),
        {
            "rule": "no_forecast",
            "row": row.pk,
            "until": today + datetime.timedelta(days=5),
            "reason": "The supplier answers on Friday",
        },
    )
    assert response.status_code == 302
    assert Snooze.objects.get().by == pmo_admin.user.person
    assert str(row) not in pmo_admin.get(reverse("data-quality"), {"rule": "no_forecast"}).context["gaps"]
    assert gap_counts(pmo_admin.user, today)["no_forecast"] == 0


def test_the_export_holds_the_rows_of_the_page(pmo_admin: UserClient) -> None:
    row = sound(forecast_finish=None)
    risk(row, owner=None)
    total = total_gaps(gap_counts(pmo_admin.user, org_today()))
    text = b"".join(pmo_admin.get(reverse("data-quality-export")).streaming_content).decode("utf-8-sig")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) == 1 + total
    one = b"".join(pmo_admin.get(reverse("data-quality-export"), {"rule": "risk_no_owner"}).streaming_content).decode()
    assert one.count(row.code) == 1


@pytest.mark.parametrize("query", ["rule=nonsense", "portfolio=x", "pm=-1"])
def test_a_wrong_address_is_named(pmo_admin: UserClient, query: str) -> None:
    assert pmo_admin.get(f"/data-quality/?{query}").status_code == 400


def test_each_rule_says_what_it_is() -> None:
    assert all(rule.label and rule.about and rule.severity in {"1_high", "2_medium", "3_low"} for rule in RULES)
    assert [rule.severity for rule in RULES] == sorted(rule.severity for rule in RULES)
