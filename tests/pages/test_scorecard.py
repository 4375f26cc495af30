"""The scorecard says what the rows say, to those who may see them, in both languages."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from portfolio.models import HealthSnapshot, PortfolioMember
from portfolio.queries.scope import Kind, Scope
from portfolio.queries.scorecard import exceptions, money_by_unit, roll_ups
from portfolio.services.health.recompute import recompute
from portfolio.tiles import tiles
from projects.models import Decision
from projects.models.choices import Dimension
from tests.health import build

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def tile_values(scope, day) -> dict[str, str]:
    return {tile.key: tile.value for tile in tiles(roll_ups(scope, day), scope, "CNY", "en")}


def test_every_tile_equals_an_independent_recount(computed):
    scope = Scope(Kind.PORTFOLIO, computed.group.pk, computed.group.code, "Group")
    rows = list(HealthSnapshot.objects.filter(date=computed.day, project__portfolio_items__portfolio=computed.group))
    assert len(rows) == 4
    shown = tile_values(scope, computed.day)
    assert shown["off_track"] == str(sum(row.band == "red" for row in rows))
    money = [row for row in rows if row.bac is not None and row.eac is not None]
    bac, eac = sum(row.bac for row in money), sum(row.eac for row in money)
    assert shown["forecast"] == f"{100 * (eac - bac) / bac:+.1f}".replace("-", "−")
    spent = [row for row in rows if row.ac]
    assert shown["cpi"] == f"{sum(row.ev for row in spent) / sum(row.ac for row in spent):.2f}"
    assert shown["milestones"] == "100"
    assert (
        shown["watermelons"]
        == f"{100 * sum(row.band in ('red', 'amber') and row.declared == 'green' for row in rows) / 3:.0f}"
    )


def test_portfolios_units_themes_and_months_are_compared(computed, executive):
    page = executive.get(reverse("scorecard"), {"scope": computed.group.code, "date": str(computed.day)})
    assert [one.tile.key for one in page.context["compared"]] == ["by-portfolio", "months", "by-unit", "by-theme"]
    addresses = re.findall(r'hx-get="([^"]+)"', page.content.decode().split('id="compared"')[1])
    assert len(addresses) == 4
    for address in addresses:
        part = executive.get(html.unescape(address), headers={"HX-Request": "true"})
        assert part.status_code == 200 and f"scope={computed.group.code}" in html.unescape(address)
        # The projects of this world have neither unit nor theme: those tiles say so.
        assert ("<table" in part.content.decode()) == any(name in address for name in ("portfolio/", "months/"))


def test_an_exception_is_one_sentence_from_the_figures(computed, executive):
    page = text_of(executive.get(reverse("scorecard"), {"scope": computed.group.code}))
    assert "Start of production is expected on 1 Mar 2027" in page
    assert "Declared on track, computed" in page
    assert "over budget" in page
    assert "Good" not in re.search(r"Exceptions(.*?)Decisions needed", page).group(1)


def test_a_project_that_outlived_its_plan_without_a_forecast_has_a_cause(computed, executive):
    build.project("Overrun", portfolio=computed.group, planned_finish=build.date("2026-06-30"), status="in_progress")
    recompute(actor=SYSTEM, day=computed.day)
    page = text_of(executive.get(reverse("scorecard"), {"scope": computed.group.code}))
    assert re.search(r"Overrun Finish is expected on 20 Nov, \d+ working days later than planned\.", page)


def test_the_page_speaks_chinese(computed, executive):
    executive.cookies["bw_language"] = "zh-hans"
    page = text_of(executive.get(reverse("scorecard"), {"scope": computed.group.code}))
    assert "“Start of production”预计 2027-03-01 达成，比基线晚" in page
    assert "项目经理报绿，系统算" in page


def test_exceptions_come_worst_first_and_only_from_the_scope(computed, executive):
    scope = Scope(Kind.PORTFOLIO, computed.group.pk, computed.group.code, "Group")
    found = exceptions(scope, computed.day, executive.user)
    assert {row.snapshot.project_id for row in found} == {computed.late.pk, computed.dear.pk}
    assert [row.snapshot.overall for row in found] == sorted(row.snapshot.overall for row in found)


def test_money_by_unit_adds_up_to_the_snapshots(computed, executive):
    scope = Scope(Kind.ALL, 0, "", "All")
    rows = money_by_unit(scope, computed.day, executive.user)
    total = HealthSnapshot.objects.filter(date=computed.day, eac__isnull=False, bac__isnull=False).aggregate(
        a=Sum("bac"), b=Sum("ac"), c=Sum("eac")
    )
    assert sum((row.budget for row in rows), Decimal(0)) == total["a"]
    assert sum((row.actual for row in rows), Decimal(0)) == total["b"]
    assert sum((row.forecast for row in rows), Decimal(0)) == total["c"]


def test_decisions_are_listed_by_due_date_and_mine_are_marked(computed, executive):
    build.add("decision", computed.late, title="Later", needed_by="2026-12-20", delay_cost=Decimal(5000))
    build.add("decision", computed.late, title="Sooner", needed_by="2026-11-22")
    mine = build.add("decision", computed.dear, title="Mine", needed_by="2026-12-01")
    Decision.objects.filter(pk=mine.pk).update(decider=executive.user.person)
    build.add("decision", computed.foreign, title="Elsewhere", needed_by="2026-11-21")
    page = text_of(executive.get(reverse("scorecard"), {"scope": computed.group.code}))
    assert page.index("Sooner") < page.index("Mine") < page.index("Later")
    assert "Elsewhere" not in page
    assert "1 of them yours" in page


def test_a_past_date_shows_that_day(computed, executive):
    page = executive.get(reverse("scorecard"), {"scope": computed.group.code, "date": "2026-11-14"})
    assert page.context["day"].isoformat() == "2026-11-13"
    assert "You are looking at a past date" in text_of(page)


@pytest.mark.parametrize("wrong", ["2026-13-01", "yesterday"])
def test_a_wrong_date_is_refused_and_named(computed, executive, wrong):
    response = executive.get(reverse("scorecard"), {"date": wrong})
    assert response.status_code == 400
    assert wrong in text_of(response)


def test_a_portfolio_member_sees_only_that_portfolio(computed, client_for):
    member = client_for()
    assert member.get(reverse("scorecard")).status_code == 403
    PortfolioMember.objects.create(portfolio=computed.other, person=member.user.person, role="executive")
    page = member.get(reverse("scorecard"))
    assert [option.code for option in page.context["options"]] == [computed.other.code]
    assert member.get(reverse("scorecard"), {"scope": computed.group.code}).status_code == 404


def test_the_dashboard_lists_the_worst_first_with_a_cell_for_every_dimension(computed, pmo_analyst):
    page = pmo_analyst.get(reverse("dashboard"), {"scope": computed.group.code})
    bands = [row.snapshot.band for row in page.context["heat"]]
    assert bands == sorted(bands, key=["red", "amber", "grey", "green"].index)
    measured = [
        name
        for name in Dimension.values
        if any(
            getattr(row, name) is not None
            for row in HealthSnapshot.objects.filter(
                date=computed.day, project__portfolio_items__portfolio=computed.group
            )
        )
    ]
    drawing = page.context["heat_figure"].drawing
    assert list(drawing.dimensions) == [str(Dimension(name).label) for name in measured]
    shown = [[cell.score for cell in line.cells] for line in drawing.lines]
    assert shown == [[getattr(row.snapshot, name) for name in measured] for row in page.context["heat"]]
    text = text_of(page)
    assert all(str(Dimension(name).label) in text for name in Dimension.values), "a dimension without data is named"
    assert {row.snapshot.project_id for row in page.context["watermelons"]} == {computed.late.pk, computed.dear.pk} & {
        row.project_id for row in HealthSnapshot.objects.filter(date=computed.day, band__in=["red", "amber"])
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "late"}, {"Late"}),
        ({"q": "no such"}, set()),
        ({"band": "grey"}, {"Empty"}),
        ({"watermelon": "1"}, {"Late", "Dear"}),
    ],
)
def test_the_heat_map_is_narrowed_and_its_list_shows_the_same_rows(computed, pmo_analyst, query, names):
    page = pmo_analyst.get(reverse("dashboard"), {"scope": computed.group.code, **query})
    found = {str(row.snapshot.project) for row in page.context["heat"]}
    assert found <= names and (found == names or "watermelon" in query)
    listed = pmo_analyst.get(page.context["heat_figure"].more.href)
    assert listed.context["listing"].total == len(found)


def test_an_unknown_colour_is_refused_and_named(computed, pmo_analyst):
    response = pmo_analyst.get(reverse("dashboard"), {"band": "purple"})
    assert response.status_code == 400 and "purple" in text_of(response)


def test_the_heat_map_has_pages(computed, pmo_analyst, monkeypatch):
    monkeypatch.setattr("portfolio.views.dashboard.ON_A_PAGE", 2)
    pages = [pmo_analyst.get(reverse("dashboard"), {"page": number}).context["heat"] for number in (1, 2, 3)]
    ids = [row.snapshot.project_id for page in pages for row in page]
    assert [len(page) for page in pages] == [2, 2, 1] and len(set(ids)) == 5


@pytest.mark.parametrize("name", ["scorecard", "dashboard", "my-work"])
def test_a_page_takes_as_many_queries_with_many_projects_as_with_few(
    computed, pmo_admin, name, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from pmo.core.audit.actor import SYSTEM
    from portfolio.services.health.recompute import recompute

    pmo_admin.get(reverse(name))
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert pmo_admin.get(reverse(name)).status_code == 200
    for number in range(30):
        row = build.project(f"More {number}", portfolio=computed.group)
        build.budget(row, 500_000)
        build.milestone(row, "Gate", "2026-06-01", "2027-02-01", is_key=True)
        build.report(row, "2026-11-18", "green", "green")
        build.add("decision", row, title=f"D{number}", needed_by="2026-12-20")
    recompute(actor=SYSTEM, day=computed.day)
    with CaptureQueriesContext(connection) as many:
        assert pmo_admin.get(reverse(name)).status_code == 200
    assert len(many) == len(few), [query["sql"] for query in many]
    assert len(many) <= 30
