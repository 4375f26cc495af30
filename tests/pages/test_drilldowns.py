"""Each figure of the scorecard and the dashboard opens exactly its rows."""

from __future__ import annotations

import datetime
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from portfolio.tiles import MEASURES, projects_on
from projects.models import StatusReport
from tests.health import build

pytestmark = pytest.mark.django_db

# What the rows behind each tile must count to, read from the roll-up the tile shows.
ROWS = {
    "health": projects_on,
    "off_track": lambda row: row.red,
    "milestones": lambda row: row.milestones_due,
    "reports": lambda row: row.late,
    "watermelons": lambda row: row.watermelons,
}


@pytest.fixture
def told(computed):
    """With decisions in and outside the group, and a closed project whose milestones no longer count."""
    closed = build.project("Closed", portfolio=computed.group, status="closed")
    build.milestone(closed, "Long ago", "2026-06-01", "2026-06-01", "2026-06-01")
    build.add("decision", computed.late, title="Open", needed_by="2026-12-20")
    build.add("decision", computed.dear, title="Open too", needed_by="2026-12-01")
    build.add("decision", computed.dear, title="Taken", needed_by="2026-11-01", state="decided")
    build.add("decision", computed.foreign, title="Elsewhere", needed_by="2026-11-21")
    return computed


def rows_behind(client, url: str) -> int:
    """The total of the register that the address opens."""
    response = client.get(html.unescape(url))
    assert response.status_code == 200, url
    total: int = response.context["listing"].total
    return total


@pytest.mark.parametrize("everything", [True, False])
@pytest.mark.parametrize("name", ["scorecard", "dashboard"])
def test_each_tile_opens_as_many_rows_as_it_counts(told, pmo_admin, name, everything):
    page = pmo_admin.get(reverse(name), {} if everything else {"scope": told.group.code})
    now = page.context["now"]
    assert projects_on(now) == (5 if everything else 4)
    for tile in page.context["tiles"]:
        total = rows_behind(pmo_admin, tile.url)
        if tile.key in ROWS:
            assert total == ROWS[tile.key](now), tile.key
        else:
            assert 0 < total <= projects_on(now), tile.key


def test_the_counts_are_not_all_alike(told, pmo_admin):
    """Otherwise the test above could not tell one drill-down from another."""
    now = pmo_admin.get(reverse("scorecard")).context["now"]
    assert now.red >= 1 and now.late >= 1 and now.watermelons >= 1
    assert len({key for key in (projects_on(now), now.red, now.milestones_due)}) >= 2
    assert set(ROWS) < {measure.key for measure in MEASURES}


@pytest.mark.parametrize("everything", [True, False])
def test_each_colour_and_list_of_the_dashboard_opens_its_rows(told, pmo_admin, everything):
    StatusReport.objects.filter(project=told.good).update(state="submitted")
    page = pmo_admin.get(reverse("dashboard"), {} if everything else {"scope": told.group.code})
    context, url = page.context, page.context["health_url"]
    assert rows_behind(pmo_admin, url) == context["total"] == len(context["heat"])
    for band, number in context["counts"].items():
        assert rows_behind(pmo_admin, f"{url}&band={band}") == number
    assert rows_behind(pmo_admin, f"{url}&watermelon=1") == context["watermelon_count"]
    assert rows_behind(pmo_admin, context["late_url"]) == context["late_count"] == (3 if everything else 2)
    assert rows_behind(pmo_admin, f"{url}&changed=colour") == context["changed_count"]
    assert rows_behind(pmo_admin, context["waiting_url"]) == context["waiting_count"] == 2


def test_the_decisions_of_the_lead_are_the_open_ones_of_the_choice(told, pmo_admin):
    for query, number in (({}, 3), ({"scope": told.group.code}, 2)):
        context = pmo_admin.get(reverse("scorecard"), query).context
        assert context["decision_count"] == number
        assert rows_behind(pmo_admin, context["decisions_url"]) == number


@pytest.mark.parametrize("name", ["scorecard", "dashboard", "my-work"])
def test_every_link_of_the_page_opens(told, pmo_admin, name):
    page = pmo_admin.get(reverse(name))
    main = page.content.decode().split("<main", 1)[1]
    links = {html.unescape(link) for link in re.findall(r'href="([^"#][^"]*)"', main)}
    assert links
    for link in sorted(links):
        target = link if link.startswith("/") else reverse(name) + link
        assert pmo_admin.get(target).status_code in {200, 302}, link


def test_a_past_date_drills_to_that_date(told, pmo_admin):
    page = pmo_admin.get(reverse("scorecard"), {"date": "2026-11-14"})
    for tile in page.context["tiles"]:
        query = parse_qs(urlsplit(tile.url).query)
        dates = {day for values in query.values() for value in values for day in re.findall(r"\d{4}-\d\d-\d\d", value)}
        assert dates == {datetime.date(2026, 11, 13).isoformat()}, tile.key
        assert pmo_admin.get(tile.url).status_code == 200


def test_health_history_opens_on_the_latest_date_with_its_filter_in_sight(told, pmo_admin):
    url = reverse("register-list", kwargs={"key": "health"})
    page = pmo_admin.get(url)
    assert page.context["listing"].total == 5
    assert [chip.text for chip in page.context["listing"].bar.chips], "the filter is shown and can be taken away"
    assert "date=2026-11-20" in page.context["exports"][0][1], "the export holds the same rows"
    everything = pmo_admin.get(url, headers={"HX-Request": "true"})
    assert everything.context["listing"].total == 10
