"""Every number of the older pages equals a recount of its rows: today and on a past date, for three readers.

Administrator of the PMO, executive member of one portfolio, project manager: homes, dashboard, scorecard, the pages of
portfolios and programmes. A page that is not for a reader refuses.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.records.trees import create_in_tree
from portfolio.models import PortfolioMember, Programme, RollupSnapshot
from portfolio.services.health.recompute import recompute
from portfolio.services.health.rollup import fill_late
from tests import factories
from tests.boards.conftest import DAYS, PAST, TODAY
from tests.boards.page_numbers import numbers_on
from tests.conftest import client_of
from tests.health import build

pytestmark = pytest.mark.django_db
PAGES = ("dashboard", "dashboard of one", "scorecard", "scorecard of one", "portfolio", "other portfolio", "programme")
# What is refused: the executive is a member of one portfolio; a project manager sees no portfolio as a whole.
REFUSED = {
    "administrator": set(),
    "executive": {"dashboard", "dashboard of one", "other portfolio"},
    "manager": {"dashboard", "dashboard of one", "scorecard", "scorecard of one", "other portfolio"},
}


@pytest.fixture(scope="module")
def lookers_once(peopled_once: SimpleNamespace, shared_rows: Callable[..., Any]) -> SimpleNamespace:
    return shared_rows(lambda: _lookers(peopled_once))


@pytest.fixture
def lookers(db: None, lookers_once: SimpleNamespace) -> SimpleNamespace:
    """Three readers, a programme, and a project that changed its portfolio after the past date."""
    return copy.deepcopy(lookers_once)


def _lookers(peopled: Any) -> SimpleNamespace:
    row = Programme(name_en="Programme", portfolio=peopled.group)
    programme = create_in_tree(actor=SYSTEM, row=row, day=build.START)
    for name in ("Late", "Dear"):
        build.in_programme(getattr(peopled, name), programme)
    admin, executive = factories.user(Role.PMO_ADMIN), factories.user()
    PortfolioMember.objects.create(portfolio=peopled.group, person=executive.person, role=Role.EXECUTIVE)
    for day in DAYS:
        recompute(actor=SYSTEM, day=day)
    clients = {
        "administrator": client_of(admin),
        "executive": client_of(executive),
        "manager": peopled.clients["manager"],
    }
    for client in clients.values():
        client.cookies["bw_language"] = "en"
    of_one = f"?scope={peopled.group.code}"
    urls = {
        "dashboard": reverse("dashboard"),
        "dashboard of one": reverse("dashboard") + of_one,
        "scorecard": reverse("scorecard"),
        "scorecard of one": reverse("scorecard") + of_one,
        "portfolio": reverse("register-detail", kwargs={"key": "portfolios", "pk": peopled.group.pk}),
        "other portfolio": reverse("register-detail", kwargs={"key": "portfolios", "pk": peopled.other.pk}),
        "programme": reverse("register-detail", kwargs={"key": "programmes", "pk": programme.pk}),
    }
    assert set(urls) == set(PAGES)
    return SimpleNamespace(world=peopled, clients=clients, urls=urls, executive=executive)


def dated(url: str, past: bool) -> str:
    return url + ("&" if "?" in url else "?") + f"date={PAST}" if past else url


@pytest.mark.parametrize("past", [False, True], ids=["today", "past"])
def test_every_number_of_every_page_equals_the_rows_behind_it(lookers: Any, past: bool) -> None:
    """The pages in an order drawn by lot: no page may live off what the one before it left behind."""
    checked = dict.fromkeys(lookers.clients, 0)
    drawn = [(reader, name) for reader in lookers.clients for name in PAGES if name not in REFUSED[reader]]
    random.Random(f"pages {past}").shuffle(drawn)
    wrong = []
    for reader, name in drawn:
        said = numbers_on(lookers.clients[reader], dated(lookers.urls[name], past))
        wrong += [(reader, name, one) for one in said if one.shown != one.again]
        checked[reader] += len(said)
    assert not wrong, "\n".join(f"{reader} {name}: {one}" for reader, name, one in wrong)
    assert checked["administrator"] > 150 and checked["executive"] > 80 and checked["manager"] > 20, checked


def test_a_page_that_is_not_for_a_reader_refuses(lookers: Any) -> None:
    for reader, names in REFUSED.items():
        for name in names:
            assert lookers.clients[reader].get(lookers.urls[name]).status_code in {403, 404}, (reader, name)


def test_every_number_of_a_home_equals_its_list(lookers: Any) -> None:
    for reader, client in lookers.clients.items():
        address = client.get(reverse("home"))
        url = address.url if address.status_code == 302 else reverse("home")
        said = numbers_on(client, url)
        assert said and [one for one in said if one.shown != one.again] == [], reader


def test_the_pages_of_a_past_date_take_twenty_statements_at_most(lookers: Any) -> None:
    for name, url in lookers.urls.items():
        for past in (False, True):
            client = lookers.clients["administrator"]
            client.get(dated(url, past))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(dated(url, past)).status_code == 200
            assert len(captured) <= 20, (name, past, len(captured))


def test_roll_ups_of_an_older_version_get_their_late_reports(lookers: Any) -> None:
    told = dict(RollupSnapshot.objects.values_list("pk", "late"))
    assert len({late for late in told.values() if late is not None}) > 2
    RollupSnapshot.objects.update(late=None)
    assert fill_late(day=TODAY) == len(DAYS)
    assert dict(RollupSnapshot.objects.values_list("pk", "late")) == told
    assert fill_late(day=TODAY) == 0


def test_a_portfolio_keeps_the_projects_of_the_day(lookers: Any) -> None:
    client, url = lookers.clients["administrator"], lookers.urls["portfolio"]
    then = client.get(dated(url, True)).content.decode()
    assert "as it stood at the end of 2026-09-30" in then and "date=2026-08-31" in then
    before = client.get(url + "?date=1900-01-01").content.decode()
    assert "figures begin on 2026-08-31" in before and "fig-heat" not in before
