"""The page of early warnings: the numbers it says are the rows it leads to, today and on a past date."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portfolio.models import EarlyWarning, PortfolioItem
from portfolio.queries.warnings import warning_rows
from portfolio.services.upkeep.daily import judge_warnings
from projects.models import Project
from tests.conftest import UserClient
from tests.warnings.conftest import LAST, SUNDAYS

pytestmark = pytest.mark.django_db


def test_the_count_is_the_list_it_leads_to_on_any_date(pmo_admin: UserClient, company: list[Project]) -> None:
    for day in (LAST, SUNDAYS[7]):
        for weeks in (4, 12):
            page = pmo_admin.get(reverse("warnings"), {"date": str(day), "weeks": weeks})
            total = page.context["total"]
            assert total == warning_rows(pmo_admin.user, day, weeks).count()
            assert len(page.context["rows"]) == total
            listed = pmo_admin.get("/api/v1/early-warnings/?" + page.context["list_url"].partition("?")[2])
            assert len(listed.json()["results"]) == total
    assert EarlyWarning.objects.filter(date=LAST).exists()


def test_a_portfolio_narrows_page_and_list(pmo_admin: UserClient, company: list[Project]) -> None:
    Project.objects.filter(pk=company[0].pk).update(visibility="private")
    home = PortfolioItem.objects.get(project=company[0]).portfolio
    page = pmo_admin.get(reverse("warnings"), {"scope": home.code, "weeks": 12})
    assert page.context["total"] == EarlyWarning.objects.filter(date=LAST).count()
    assert f"portfolio={home.pk}" in page.context["list_url"]
    listed = pmo_admin.get("/api/v1/early-warnings/?" + page.context["list_url"].partition("?")[2])
    assert len(listed.json()["results"]) == page.context["total"]


def test_the_page_says_why_and_how_good_it_has_been(pmo_admin: UserClient, company: list[Project]) -> None:
    judge_warnings(day=LAST)
    pmo_admin.cookies["bw_language"] = "en"
    html = pmo_admin.get(reverse("warnings"), {"weeks": 12}).content.decode()
    assert "a week." in html and "How good the warnings have been here" in html and "Precision" in html
    assert EarlyWarning.objects.filter(date=LAST)[0].project.code in html


def test_without_history_it_says_so(pmo_admin: UserClient) -> None:
    pmo_admin.cookies["bw_language"] = "en"
    assert "No health has been computed yet" in pmo_admin.get(reverse("warnings")).content.decode()


@pytest.mark.parametrize("query", ["weeks=3", "weeks=x", "date=yesterday"])
def test_a_wrong_address_is_named(pmo_admin: UserClient, query: str) -> None:
    assert pmo_admin.get(f"/warnings/?{query}").status_code == 400
