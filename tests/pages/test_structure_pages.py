"""The front pages of portfolios and programmes: the figures equal the rows, money is for those who may see it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.trees import create_in_tree
from portfolio.models import HealthSnapshot, Programme
from portfolio.services.health.recompute import recompute
from portfolio.structure_figures import budget_bridge
from projects.models import Project
from projects.models.choices import Visibility
from tests import factories
from tests.health import build
from tests.health.build import START, date

pytestmark = pytest.mark.django_db


def url(key: str, row) -> str:
    return reverse("register-detail", kwargs={"key": key, "pk": row.pk})


def inner(client, address: str):
    """The front tab's own context."""
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_the_bridge_leads_from_the_budgets_to_the_forecasts(computed):
    rows = HealthSnapshot.objects.filter(date=computed.day, bac__isnull=False, eac__isnull=False)
    fig = budget_bridge(list(rows.select_related("project")), "CNY", "en")
    totals = rows.aggregate(bac=Sum("bac"), eac=Sum("eac"))
    amounts = [row[1][0].text for row in fig.table.body]
    assert amounts[0] == f"{totals['bac'] / Decimal(10**6):.1f}"
    assert amounts[-1] == f"{totals['eac'] / Decimal(10**6):.1f}"
    assert len(fig.table.body) == len(fig.drawing.bars)


@pytest.mark.usefixtures("english")
def test_no_project_with_both_figures_is_said(computed):
    fig = budget_bridge([], "CNY", "en")
    assert fig.table.rows == [] and fig.takeaway == "No project has a budget and a forecast yet."


def test_the_page_of_a_portfolio_shows_its_projects_worst_first(computed, pmo_admin):
    Project.objects.filter(pk=computed.late.pk).update(
        planned_finish=date("2026-12-31"), forecast_finish=date("2027-01-10")
    )
    body = inner(pmo_admin, url("portfolios", computed.group)).content.decode()
    heat = body.split('id="fig-heat"')[1].split("</figure>")[0]
    names = [row.project.name for row in HealthSnapshot.objects.filter(date=computed.day).select_related("project")]
    assert "Foreign" not in heat and {name for name in names if f">{name}<" in heat} == {
        "Good",
        "Late",
        "Dear",
        "Empty",
    }
    assert "1 of 1 projects finishes later than planned; Late slips most, 10 days." in body
    assert 'id="fig-bridge"' in body and 'id="fig-trend"' in body and 'id="figures"' in body


def test_money_and_the_whole_are_only_for_those_who_may_see_them(computed, client_for):
    reader = client_for()
    Project.objects.exclude(pk=computed.good.pk).update(visibility=Visibility.PRIVATE)
    factories.member(computed.good, reader.user)
    body = inner(reader, url("portfolios", computed.group)).content.decode()
    assert 'id="fig-bridge"' not in body and 'id="figures"' not in body and 'id="fig-trend"' not in body
    heat = body.split('id="fig-heat"')[1].split("</figure>")[0]
    assert ">Good<" in heat and ">Late<" not in heat


def test_a_programme_has_its_page(computed, pmo_admin):
    row = Programme(name_en="Outer", portfolio=computed.group)
    programme = create_in_tree(actor=SYSTEM, row=row, day=START)
    build.in_programme(computed.late, programme)
    recompute(actor=SYSTEM, day=computed.day)
    body = inner(pmo_admin, url("programmes", programme)).content.decode()
    heat = body.split('id="fig-heat"')[1].split("</figure>")[0]
    assert ">Late<" in heat and ">Dear<" not in heat


def test_a_long_purpose_leads_with_its_first_sentence_and_stands_in_full_below(computed, pmo_admin):
    computed.group.purpose = "Ships see the harbour. " + "And harbours see ships. " * 12
    computed.group.save(update_fields=["purpose"])
    body = inner(pmo_admin, url("portfolios", computed.group)).content.decode()
    lead, rest = body.split('<p class="lead">')[1].split("</p>", 1)
    assert "Ships see the harbour." in lead and "And harbours" not in lead and 'href="#whole"' in lead
    assert rest.split('id="whole"')[1].count("And harbours see ships.") == 12
    computed.group.purpose = "Ships see the harbour."
    computed.group.save(update_fields=["purpose"])
    body = inner(pmo_admin, url("portfolios", computed.group)).content.decode()
    assert "Ships see the harbour." in body and 'id="whole"' not in body


def test_before_the_first_run_the_page_says_so(db, pmo_admin):
    build.organisation()
    body = inner(pmo_admin, url("portfolios", build.portfolio("Empty"))).content.decode()
    assert "Health has not been computed yet" in body


def test_many_projects_take_as_many_queries_as_few(computed, pmo_admin):
    address = url("portfolios", computed.group)
    pmo_admin.get(address)
    with CaptureQueriesContext(connection) as few:
        pmo_admin.get(address)
    for number in range(20):
        row = build.project(f"More {number}", portfolio=computed.group)
        build.budget(row, 500_000)
        build.milestone(row, "Gate", "2026-06-01", "2027-02-01", is_key=True)
    recompute(actor=SYSTEM, day=computed.day)
    with CaptureQueriesContext(connection) as many:
        pmo_admin.get(address)
    assert len(many) == len(few) <= 20


def test_the_points_of_the_overview_add_up_to_the_score(computed, pmo_admin):
    from portfolio.figures import points_figure
    from portfolio.queries.scorecard import explanation_of

    row = HealthSnapshot.objects.select_related("model").get(project=computed.dear, date=computed.day)
    fig = points_figure(explanation_of(row), computed.dear.pk, "en")
    lost = sum(Decimal(cells[3][0].text.replace("−", "-")) for cells in fig.table.body)
    assert 100 + lost == Decimal(str(round(row.overall, 1)))
    assert 'id="fig-points"' in inner(pmo_admin, url("projects", computed.dear)).content.decode()
