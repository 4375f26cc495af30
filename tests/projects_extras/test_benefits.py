"""Benefits: their rules, the start that moves with the finish, and what the tab adds up."""

import datetime
from decimal import Decimal

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from projects.calc.benefit_timing import add_months, expected_finish, last_ended_month, weeks_between
from projects.models import Benefit, BenefitLine
from projects.queries.extras import benefit_figures
from projects.services import benefits as services
from tests import factories
from tests.projects_extras.build import DAY, Cast, benefit, line, project

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def cast():
    with translation.override("en"):
        yield Cast()


def days(*values):
    return np.array(values, dtype="datetime64[D]")


def test_months_are_added_to_the_last_day_where_there_is_no_such_day():
    moved = add_months(days("2026-01-31", "2024-01-31", "2026-11-30", None), np.array([1, 1, 3, 2]))
    assert moved.astype(str).tolist() == ["2026-02-28", "2024-02-29", "2027-02-28", "NaT"]


def test_an_open_project_finishes_today_at_the_earliest():
    found = expected_finish(
        days("2026-03-01", "2026-03-01", "2026-09-01", "2026-03-01", None),
        days("2026-04-01", None, None, None, None),
        days(None, None, None, "2026-02-20", None),
        D(2026, 5, 10),
    )
    assert found.astype(str).tolist() == ["2026-05-10", "2026-05-10", "2026-09-01", "2026-02-20", "NaT"]
    assert np.allclose(
        weeks_between(days("2026-03-01", None), days("2026-03-15", "2026-01-01")), [2, np.nan], equal_nan=True
    )


@pytest.mark.parametrize(
    ("day", "month"),
    [(D(2026, 3, 30), D(2026, 2, 1)), (D(2026, 3, 31), D(2026, 3, 1)), (D(2026, 1, 1), D(2025, 12, 1))],
)
def test_a_month_is_over_on_its_last_day(day, month):
    assert last_ended_month(day) == month


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"currency": ""}, "currency"),
        ({"monetary": False, "currency": ""}, "unit"),
        ({"anchor": "date"}, "starts_on"),
        ({"offset_months": None}, "offset_months"),
        ({"manner": "level"}, "manner"),
        ({"manner": "level", "monetary": False, "unit": "days"}, "baseline"),
        ({"manner": "level", "monetary": False, "unit": "days", "baseline": 45, "direction": "up"}, "planned_total"),
    ],
)
def test_a_benefit_says_all_it_needs(cast, values, field):
    given = {"name": "B", "currency": "CNY", "planned_total": Decimal(20), "offset_months": 1, **values}
    with pytest.raises(ValidationError) as refused:
        Benefit(project=cast.project, **given).full_clean()
    assert field in refused.value.message_dict


def test_money_without_a_currency_is_in_the_projects(cast):
    of = project(currency="USD")
    row = services.create_benefit(
        actor=SYSTEM, row=Benefit(project=of, name="B", planned_total=Decimal(5), offset_months=0)
    )
    assert row.currency == "USD"
    part = services.create_line(actor=SYSTEM, row=BenefitLine(project=of, benefit=row, period=D(2026, 1, 1)))
    assert part.currency == "USD"
    with pytest.raises(ValidationError, match="has periods already"):
        services.update_benefit(actor=SYSTEM, row=row, values={"currency": "EUR"})


def test_a_period_is_a_month_of_the_same_project(cast):
    row = benefit(cast.project)
    with pytest.raises(ValidationError, match="first day of a month"):
        line(row, D(2026, 1, 5))
    with pytest.raises(ValidationError, match="another project"):
        BenefitLine(project=project(), benefit=row, period=D(2026, 1, 1)).full_clean()


def test_the_start_moves_with_the_finish_and_a_fixed_one_does_not(cast):
    of = project(planned_finish=D(2026, 6, 30), forecast_finish=D(2026, 8, 31))
    benefit(of, code="B1", offset_months=2)
    benefit(of, code="B2", anchor="date", starts_on=D(2026, 7, 1))
    moved, fixed = benefit_figures(of, D(2026, 5, 1)).rows
    assert (moved.planned_start, moved.expected_start) == (D(2026, 8, 30), D(2026, 10, 31))
    assert moved.slip == 62
    assert fixed.slip == 0


def test_planned_and_actual_to_date_are_recounted_from_the_lines(cast):
    row = benefit(cast.project)
    planned = [100, 200, 300, 400]
    actual = [90, 210, None, None]
    for month, (plan, real) in enumerate(zip(planned, actual, strict=True), start=1):
        line(row, D(2026, month, 1), planned=plan, actual=real)
    # On 20 April March is over but not measured: it waits until April is over.
    found = benefit_figures(cast.project, D(2026, 4, 20)).rows[0]
    assert (found.planned, found.actual, found.last) == (Decimal(300), Decimal(300), D(2026, 2, 1))
    later = benefit_figures(cast.project, D(2026, 4, 30)).rows[0]
    assert (later.planned, later.actual) == (Decimal(600), Decimal(300))
    months = benefit_figures(cast.project, D(2026, 4, 20)).months["CNY"]
    assert [month.planned for month in months] == [100, 300, 600, 1000]
    assert [month.actual for month in months] == [90, 300, None, None]


def test_a_level_counts_by_its_distance_from_the_baseline(cast):
    row = benefit(
        cast.project,
        monetary=False,
        currency="",
        unit="days",
        manner="level",
        direction="down",
        baseline=45,
        planned_total=20,
    )
    line(row, D(2026, 1, 1), planned=40, actual=42)
    line(row, D(2026, 2, 1), planned=30, actual=36)
    found = benefit_figures(cast.project, D(2026, 3, 15)).rows[0]
    assert (found.total, found.planned, found.actual, found.level_now) == (25, 15, 9, 36)
    assert found.share == Decimal("0.6")


def tab(user, of):
    client = Client()
    client.force_login(user)
    client.cookies["bw_language"] = "en"
    return client.get(reverse("register-tab", kwargs={"key": "projects", "pk": of.pk, "tab": "benefits"}))


def test_money_of_benefits_is_for_who_may_see_money(cast):
    # So long that no token, time or key of the page contains it by chance.
    row = benefit(cast.project, name="Savings", planned_total=Decimal(7_771_239_870_000))
    line(row, DAY.replace(day=1), planned=5)
    member = factories.user()
    factories.member(cast.project, member, Role.TEAM_MEMBER)
    hidden, shown = tab(member, cast.project).content.decode(), tab(cast.pm, cast.project).content.decode()
    assert "Savings" in hidden
    assert "7,771.24" not in hidden
    assert "7,771.24" in shown
    client = Client()
    client.force_login(member)
    for kind in ("benefits", "benefit-lines"):
        body = client.get(reverse("api-register-list", kwargs={"key": kind})).content.decode()
        assert "7771239870000" not in body
        assert '"planned":"5' not in body.replace(" ", "")


def test_the_tabs_take_as_many_queries_for_three_rows_as_for_thirty(cast, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.projects_extras.build import deliverable, finding

    def count():
        total = []
        for name in ("benefits", "scope", "charter"):
            client = Client()
            client.force_login(cast.pmo)
            url = reverse("register-tab", kwargs={"key": "projects", "pk": cast.project.pk, "tab": name})
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get(url).status_code == 200
            total.append(len(seen))
        client = Client()
        client.force_login(cast.pmo)
        url = reverse("project-charter", kwargs={"pk": cast.project.pk})
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return [*total, len(seen)]

    cast.charter()
    for _ in range(3):
        line(benefit(cast.project, owner=factories.person()), D(2026, 1, 1), planned=1, actual=1)
        deliverable(cast.project, owner=factories.person(), milestone=factories.milestone(cast.project))
        finding(cast.project, owner=factories.person())
    few = count()
    for _ in range(27):
        line(benefit(cast.project, owner=factories.person()), D(2026, 1, 1), planned=1, actual=1)
        deliverable(cast.project, owner=factories.person(), milestone=factories.milestone(cast.project))
        finding(cast.project, owner=factories.person())
    assert count() == few
