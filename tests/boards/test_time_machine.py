"""As of a past date: the same as on that day, whatever came later; what knows today only says so; where history begins is told."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.boards.declaration import all_tiles
from portfolio.boards.page import time_of
from portfolio.models import Board, HealthSnapshot, PortfolioItem, RollupSnapshot
from portfolio.queries.scope import Kind, Scope
from portfolio.queries.time_machine import month_end
from portfolio.registers.past import KEYS
from portfolio.services import boards as services
from portfolio.services.health.recompute import recompute
from projects.models import Action, Decision, Milestone
from tests import factories
from tests.boards.conftest import DAYS, PAST, TODAY
from tests.boards.recount import recount, same
from tests.boards.test_numbers import look_for, numbers_of
from tests.conftest import client_of
from tests.health import build

pytestmark = pytest.mark.django_db


def said(look: Any) -> dict[str, list[tuple[str, Any]]]:
    return {key: [(number.key, number.value) for number in numbers] for key, numbers in numbers_of(look).items()}


def upheaval(peopled: Any) -> None:
    """Everything that later days may bring: moved, closed, deleted, re-planned, spent."""
    day = datetime.date(2026, 11, 22)
    for row in Decision.objects.all():
        update_record(actor=SYSTEM, row=row, values={"state": "decided"}, day=day)
    for action in Action.objects.all():
        delete_record(actor=SYSTEM, row=action, day=day)
    for stone in Milestone.objects.filter(actual_date__isnull=True):
        update_record(actor=SYSTEM, row=stone, values={"forecast_date": datetime.date(2028, 1, 1)}, day=day)
    build.cost(peopled.Good, 5_000_000, "2026-11-22", day=day)
    create_record(actor=SYSTEM, row=Milestone(project=peopled.Good, name="New", baseline_date=PAST), day=day)


def test_a_past_day_says_the_same_after_whatever_came_later_and_after_a_recompute(peopled: Any) -> None:
    before = {reader: said(look_for(peopled, reader, True)) for reader in peopled.readers}
    now = said(look_for(peopled, "pmo", False))
    upheaval(peopled)
    HealthSnapshot.objects.all().delete()
    RollupSnapshot.objects.all().delete()
    for day in (*DAYS, TODAY):
        recompute(actor=SYSTEM, day=day)
    assert {reader: said(look_for(peopled, reader, True)) for reader in peopled.readers} == before
    assert said(look_for(peopled, "pmo", False)) != now


def test_a_past_day_keeps_the_portfolio_of_that_day(peopled: Any) -> None:
    """Only for who sees both portfolios: who may look at a project is decided by today's access."""
    scope = Scope(Kind.PORTFOLIO, peopled.group.pk, peopled.group.code, "Group")
    then, now = (said(look_for(peopled, "pmo", past, scope)) for past in (True, False))
    item = PortfolioItem.objects.get(project=peopled.Good)
    update_record(actor=SYSTEM, row=item, values={"portfolio": peopled.other}, day=DAYS[-1])
    recompute(actor=SYSTEM, day=DAYS[-1])
    assert said(look_for(peopled, "pmo", True, scope)) == then
    assert said(look_for(peopled, "pmo", False, scope)) != now
    for number in numbers_of(look_for(peopled, "pmo", True, scope))["by-portfolio"]:
        assert same(number, recount(peopled.clients["pmo"], number))


def test_the_page_says_of_when_it_is_and_leads_back(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    client.cookies["bw_language"] = "en"
    page = client.get(reverse("board-role", kwargs={"role": "pmo"}), {"date": "2026-09-30"}).content.decode()
    assert "as it stood at the end of 2026-09-30" in page
    assert "date=2026-08-31" in page and "date=2026-10-31" in page
    assert "Show the latest" in page
    again = client.get(reverse("board-role", kwargs={"role": "pmo"})).content.decode()
    assert "You are looking at a past date" not in again


@pytest.mark.parametrize("name", ["dashboard", "scorecard"])
def test_before_history_the_page_says_where_it_begins(peopled: Any, name: str) -> None:
    client = peopled.clients["pmo"]
    client.cookies["bw_language"] = "en"
    page = client.get(reverse(name), {"date": "1900-01-01"}).content.decode()
    assert "figures begin on 2026-08-31" in page
    assert "date=2026-08-31" in page
    assert "No health has been computed yet" not in page
    assert "date=2026-10-31" in client.get(reverse(name)).content.decode()


def test_what_knows_today_only_says_so(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    client.cookies["bw_language"] = "en"
    for tile in all_tiles():
        url = reverse("tile", kwargs={"key": tile.key})
        part = client.get(url, {"date": "2026-09-30"}, headers={"HX-Request": "true"}).content.decode()
        assert ("knows today only" in part) == tile.today_only, tile.key


def test_a_list_of_a_past_day_holds_the_rows_of_that_day(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    stones = client.get("/api/v1/milestones-past/?as_of=2026-09-14").json()["results"]
    late = next(row for row in stones if row["name"] == "Start of production")
    assert late["forecast_date"] == "2026-10-20"
    stones = client.get("/api/v1/milestones-past/?as_of=2026-09-15").json()["results"]
    assert next(row for row in stones if row["name"] == "Start of production")["forecast_date"] == "2026-12-20"
    page = client.get("/r/decisions-past/?as_of=2026-09-30&state=open")
    assert page.context["listing"].total == 3
    assert client.get("/r/decisions-past/?as_of=soon").status_code == 422


def test_who_lost_access_does_not_see_the_past_either(peopled: Any) -> None:
    manager = peopled.clients["manager"]
    seen = {row["project"] for row in manager.get("/api/v1/milestones-past/?as_of=2026-09-30").json()["results"]}
    assert peopled.Late.pk in seen and peopled.Foreign.pk not in seen
    stranger = client_of(factories.user())
    assert stranger.get("/api/v1/milestones-past/?as_of=2026-09-30").json()["results"] == []


def test_month_ends_are_stepped_to() -> None:
    assert month_end(datetime.date(2026, 2, 3)) == datetime.date(2026, 2, 28)
    assert month_end(datetime.date(2028, 2, 29)) == datetime.date(2028, 2, 29)


def test_the_steps_stay_within_history(peopled: Any) -> None:
    steps = time_of(look_for(peopled, "pmo", True))
    assert (steps.earlier, steps.later, steps.first) == (
        datetime.date(2026, 8, 31),
        datetime.date(2026, 10, 31),
        DAYS[0],
    )
    now = time_of(look_for(peopled, "pmo", False))
    assert (now.earlier, now.later) == (datetime.date(2026, 10, 31), None)


def count(client: Any, url: str, **headers: str) -> int:
    """Statements of the page, 0 where it is not for this reader. The first call fills what the process keeps."""
    if client.get(url, headers=headers).status_code != 200:
        return 0
    with CaptureQueriesContext(connection) as captured:
        client.get(url, headers=headers)
    return len(captured)


def test_a_board_and_each_tile_take_twenty_statements_at_most(peopled: Any) -> None:
    board = services.create_board(
        actor=SYSTEM,
        owner=peopled.readers["pmo"].person,
        name="All",
        layout=[{"tile": tile.key, "size": tile.size} for tile in all_tiles()[:24]],
    )
    assert Board.objects.filter(pk=board.pk).exists()
    urls = [
        reverse("board", kwargs={"pk": board.pk}),
        *(reverse("board-role", kwargs={"role": role}) for role in ("pmo", "executive", "pm")),
    ]
    tiles = [reverse("tile", kwargs={"key": tile.key}) for tile in all_tiles()]
    for name, when in (("pmo", ""), ("pmo", "?date=2026-09-30"), ("owner", "")):
        client = peopled.clients[name]
        pages = [count(client, url + when) for url in urls]
        assert max(pages) <= 20 and pages[1] > 0, (name, when, pages)
        parts = [count(client, url + when, **{"HX-Request": "true"}) for url in tiles]
        assert max(parts) <= 20 and sum(number > 0 for number in parts) > 20, (name, when, parts)


def test_a_list_of_the_past_takes_twelve_statements_at_most(peopled: Any) -> None:
    for name, client in peopled.clients.items():
        for key in KEYS:
            number = count(client, f"/r/{key}-past/?as_of=2026-09-30&portfolio={peopled.group.pk}")
            assert 0 < number <= 12, (name, key, number)


def test_statements_do_not_grow_with_the_rows(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    urls = [reverse("tile", kwargs={"key": tile.key}) for tile in all_tiles()]
    urls += [url + "?date=2026-09-30" for url in urls]
    few = {url: count(client, url, **{"HX-Request": "true"}) for url in urls}
    for number in range(12):
        row = build.project(f"More {number}", portfolio=peopled.group, status="in_progress")
        build.budget(row, 1000)
        build.milestone(row, "Open", "2026-03-01", "2027-01-01")
        build.add("decision", row, title="Decide", needed_by="2026-03-01")
    for day in DAYS:
        recompute(actor=SYSTEM, day=day)
    more = {url: count(client, url, **{"HX-Request": "true"}) for url in urls}
    grown = {url: (few[url], more[url]) for url in urls if more[url] > few[url] + 1}
    assert not grown


def test_every_number_shown_stands_in_the_tile_with_its_link(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    client.cookies["bw_language"] = "en"
    for key, numbers in numbers_of(look_for(peopled, "pmo", True)).items():
        part = client.get(
            reverse("tile", kwargs={"key": key}), {"date": "2026-09-30"}, headers={"HX-Request": "true"}
        ).content.decode()
        links = {url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)"', part)}
        for number in numbers:
            assert number.url in links, (key, number.key, number.url)
            assert number.shown in part, (key, number.key)


def test_the_scorecard_lists_the_decisions_that_were_pending_then(peopled: Any) -> None:
    client = peopled.clients["pmo"]
    then = client.get(reverse("scorecard"), {"date": "2026-09-30"}).context
    titles = {item["row"].title for item in then["decisions"]}
    assert titles == {"D Late", "D Dear", "D Foreign"}
    assert then["decision_count"] == len(
        client.get("/api/v1" + then["decisions_url"].removeprefix("/r")).json()["results"]
    )
    assert all(item["late"] == 20 for item in then["decisions"])
    now = client.get(reverse("scorecard")).context
    assert "D Dear" not in {item["row"].title for item in now["decisions"]} and now["decision_count"] == 5
