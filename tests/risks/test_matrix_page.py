"""The matrix page: what it counts is recounted by hand and equals the lists its cells open, for several roles."""

from __future__ import annotations

import copy
import datetime
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.money.models import ExchangeRate
from pmo.core.records.services import create_record
from projects.models.choices import Visibility
from risks.calc.scales import PMBOK
from risks.calc.scoring import zone
from risks.models import Risk, RiskCategory, RiskMatrix
from risks.models.risk import OPEN
from risks.services import create_matrix, load_taxonomy
from tests import factories
from tests.conftest import client_of
from tests.risks.build import change, risk

pytestmark = pytest.mark.django_db
URL = "/risks/matrix/"
CELL = re.compile(r'<td class="cell cell-(\w+)">(?:<a href="([^"]+)"[^>]*>(\d+)</a>)?')


class Scene:
    """Two portfolios with private projects, one public one, and risks of every kind."""

    def __init__(self) -> None:
        factories.organisation()
        load_taxonomy(actor=SYSTEM, key="pmi")
        self.today = org_today()
        self.portfolios = [factories.portfolio(), factories.portfolio()]
        self.projects = [factories.project(visibility=Visibility.PORTFOLIO) for _ in range(3)]
        self.projects.append(factories.project())
        for place, project in enumerate(self.projects):
            factories.portfolio_item(self.portfolios[place % 2], project)
        leaf, other = RiskCategory.objects.get(code="E.1"), RiskCategory.objects.get(code="T.1")
        self.long_ago = self.today - datetime.timedelta(days=60)
        for number in range(36):
            risk(
                self.projects[number % 4],
                self.long_ago,
                probability=None if number % 11 == 0 else number % 5 + 1,
                impact_time=(number * 7) % 5 + 1,
                residual_probability=number % 3 + 1,
                residual_impact=2,
                kind="opportunity" if number % 6 == 0 else "threat",
                status=["analysed", "responding", "closed", "occurred"][number % 7 % 4],
                occurred_on=self.long_ago,
                category=leaf if number % 2 else other,
                impact_money=Decimal(1000 * (number + 1)),
                currency="EUR" if number % 8 == 0 else "CNY",
                review_on=self.today + datetime.timedelta(days=number % 3 - 1),
            )


@pytest.fixture(scope="module")
def scene_once(shared_rows: Callable[..., Any]) -> Scene:
    return shared_rows(Scene)


@pytest.fixture
def scene(db: None, scene_once: Scene) -> Scene:
    return copy.deepcopy(scene_once)


def people(scene: Scene) -> dict[str, Any]:
    manager, member = factories.user(), factories.user()
    scene.projects[0].pm = manager.person
    scene.projects[0].save()
    factories.member(scene.projects[1], member, Role.TEAM_MEMBER)
    return {
        "pmo": client_of(factories.user(Role.PMO_ADMIN)),
        "executive": client_of(factories.user(Role.EXECUTIVE)),
        "manager": client_of(manager),
        "member": client_of(member),
        "outsider": client_of(factories.user()),
    }


def cells(client: Any, **params: Any) -> list[tuple[str, str, int]]:
    page = client.get(URL, params)
    assert page.status_code == 200, page.content[:500]
    found = CELL.findall(page.content.decode())
    assert len(found) == 25 or "No open" in page.content.decode()
    return [(colour, unescape(url), int(number or 0)) for colour, url, number in found]


def listed(client: Any, url: str) -> set[int]:
    """Ids of the list behind a link, through the API twin of the register."""
    page = client.get(
        url.replace("/r/risks/", reverse("api-register-list", kwargs={"key": "risks"})) + "&page_size=200"
    )
    assert page.status_code == 200, page.content[:500]
    assert client.get(url).status_code == 200
    return {row["id"] for row in page.json()["results"]}


STAGES = {"current": ("probability", "impact"), "residual": ("residual_probability", "residual_impact")}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", ["threat", "opportunity"])
def test_counts_equal_a_recount_and_the_lists_they_open(scene: Scene, stage: str, kind: str) -> None:
    expected_projects = {
        "pmo": set(range(4)),
        "executive": set(range(4)),
        "manager": {0, 2, 3},  # the other private project of his portfolio is shown to him
        "member": {1, 3},
        "outsider": {3},
    }
    for name, client in people(scene).items():
        ids = {scene.projects[place].pk for place in expected_projects[name]}
        rows = [row for row in Risk.objects.filter(kind=kind, project_id__in=ids) if row.is_open]
        first, second = STAGES[stage]
        recount = Counter((getattr(row, first), getattr(row, second)) for row in rows)
        found = cells(client, stage=stage, kind=kind)
        places = [(chance, impact) for chance in range(5, 0, -1) for impact in range(1, 6)]
        for (chance, impact), (colour, url, number) in zip(places, found, strict=False):
            assert number == recount[chance, impact], (name, chance, impact)
            product = chance * impact
            assert colour == ("red" if product >= 15 else "amber" if product >= 8 else "green")
            if number:
                wanted = {row.pk for row in rows if (getattr(row, first), getattr(row, second)) == (chance, impact)}
                assert listed(client, url) == wanted


def context(client: Any, **params: Any) -> Any:
    return client.get(URL, params).context


def test_every_figure_beside_the_matrix_opens_its_rows(scene: Scene) -> None:
    client = people(scene)["pmo"]
    fresh = risk(scene.projects[0], scene.today)
    moved = list(Risk.objects.filter(kind="threat", status__in=OPEN, probability=2)[:3])
    change(moved[0], scene.today, probability=5)
    change(moved[1], scene.today, probability=1)
    change(moved[2], scene.today, status="closed")
    for stage in ("current", "residual"):
        seen = context(client, stage=stage)
        assert len(listed(client, seen["open_url"])) == seen["total"]
        for _colour, _word, number, url in seen["zones"]:
            assert len(listed(client, url)) == number
        assert len(listed(client, seen["unassessed_url"])) == seen["grid"].unassessed
        assert len(listed(client, seen["overdue_url"])) == seen["overdue"] > 0
        moves = {move: listed(client, url) for move, _word, number, url in seen["moves"]}
        assert moves == {"new": {fresh.pk}, "up": {moved[0].pk}, "down": {moved[1].pk}, "gone": {moved[2].pk}}
        assert [number for _move, _word, number, _url in seen["moves"]] == [1, 1, 1, 1]


def test_filters_of_portfolio_category_project_and_owner(scene: Scene) -> None:
    client = people(scene)["pmo"]
    threats = [row for row in Risk.objects.filter(kind="threat").select_related("category") if row.is_open]
    inside = {project.pk for project in scene.projects[::2]}
    assert context(client, portfolio=scene.portfolios[0].pk)["total"] == sum(r.project_id in inside for r in threats)
    top = RiskCategory.objects.get(code="E")
    found = context(client, within=top.pk)
    assert found["total"] == sum(r.category.code == "E.1" for r in threats) > 0
    assert len(listed(client, found["open_url"])) == found["total"]
    project = scene.projects[1]
    assert context(client, project=project.code)["total"] == sum(r.project_id == project.pk for r in threats)
    owner = factories.person()
    change(threats[0], scene.today, owner=owner)
    assert context(client, owner=owner.code)["total"] == 1


def test_a_portfolio_may_have_a_matrix_of_its_own(scene: Scene) -> None:
    client = people(scene)["pmo"]
    own = create_matrix(actor=SYSTEM, row=RiskMatrix(**PMBOK.values()))
    scene.portfolios[0].risk_matrix = own
    scene.portfolios[0].save()
    seen = context(client, portfolio=scene.portfolios[0].pk)
    assert seen["look"].matrix == own
    assert context(client)["look"].matrix.cells != own.cells
    for _colour, _word, number, url in seen["zones"]:
        assert len(listed(client, url)) == number
    rows = [row for row in Risk.objects.filter(kind="threat", project__in=scene.projects[::2]) if row.is_open]
    recount = Counter(zone(own.cells, row.probability, row.impact) for row in rows if row.probability)
    assert Counter(seen["grid"].zones) == recount


def test_exposure_is_summed_by_currency_and_converted(scene: Scene) -> None:
    everybody = people(scene)
    rate_day = scene.today - datetime.timedelta(days=10)
    row = ExchangeRate(currency="EUR", kind="closing", valid_from_date=rate_day, rate=Decimal("7.5"))
    create_record(actor=SYSTEM, row=row, day=rate_day)
    rows = [r for r in Risk.objects.filter(kind="threat") if r.is_open and r.exposure is not None]
    sums: dict[str, Decimal] = {}
    for item in rows:
        sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.exposure
    exposure = context(everybody["pmo"])["exposure"]
    assert dict(exposure.by_currency) == sums
    assert exposure.total == sums["CNY"] + sums["EUR"] * Decimal("7.5")
    assert (exposure.rates_of, exposure.missing) == (rate_day, [])
    worth = [item.exposure * (Decimal("7.5") if item.currency == "EUR" else 1) for item in rows]
    top = context(everybody["pmo"])["top"]
    assert [entry["row"].worth for entry in top] == sorted(worth, reverse=True)[: len(top)]
    mine = context(everybody["manager"])["exposure"]
    own = [r for r in rows if r.project_id == scene.projects[0].pk]
    assert sum(amount for _currency, amount in mine.by_currency) == sum(r.exposure for r in own)


def test_a_currency_without_a_rate_is_named_not_added(scene: Scene) -> None:
    exposure = context(people(scene)["pmo"])["exposure"]
    assert exposure.missing == ["EUR"]
    assert exposure.total == dict(exposure.by_currency)["CNY"]


def test_amounts_are_hidden_from_those_who_may_not_see_money(scene: Scene) -> None:
    client = people(scene)["member"]
    seen = client.get(URL)
    assert seen.context["exposure"] is None
    assert "Amounts are for those who may see the money" in seen.content.decode()
    api = client.get(reverse("api-register-list", kwargs={"key": "risks"}), {"columns": "title,exposure"})
    assert {row["exposure"] for row in api.json()["results"]} == {None}


def test_what_cannot_be_used_is_named(scene: Scene) -> None:
    client = people(scene)["pmo"]
    for params in ({"stage": "x"}, {"kind": "x"}, {"colour": "red"}, {"within": "x"}, {"zone_in": "1-x-red"}):
        assert client.get(URL, params).status_code == 400, params
    assert client.get(reverse("register-list", kwargs={"key": "risks"}), {"moved": "x"}).status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_cells_are_exported_as_shown(scene: Scene, kind: str) -> None:
    client = people(scene)["pmo"]
    before = AuditEntry.objects.filter(action="export").count()
    response = client.get(reverse("risk-matrix-export", kwargs={"kind": kind}), {"project": scene.projects[0].code})
    body = b"".join(response.streaming_content)
    assert AuditEntry.objects.filter(action="export").count() == before + 1
    if kind == "xlsx":
        assert body[:2] == b"PK"
        return
    lines = [line.split(",") for line in body.decode("utf-8-sig").splitlines() if line and line[0].isdigit()]
    counts = {(int(line[0]), int(line[2])): int(line[-1]) for line in lines}
    rows = [r for r in Risk.objects.filter(kind="threat", project=scene.projects[0]) if r.is_open]
    recount = Counter((r.probability, r.impact) for r in rows if r.probability)
    assert len(counts) == 25
    assert {place: number for place, number in counts.items() if number} == dict(recount)
    assert client.get("/risks/matrix/export.pdf").status_code == 404


def test_pages_ask_the_same_number_of_queries_for_any_number_of_risks() -> None:
    factories.organisation()
    client = client_of(factories.user(Role.PMO_ADMIN))
    project = factories.project()
    seen = {}
    for size in (3, 30):
        while Risk.objects.count() < size:
            risk(project, owner=factories.person())
        for url in (URL, f"/r/projects/{project.pk}/tab/risks/", "/r/risks/", "/r/risk-categories/"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            seen.setdefault(url, []).append(len(queries))
        assert client.get(URL).context["total"] == size
    assert all(few == many for few, many in seen.values()), seen
    assert seen[URL][0] <= 24, seen


def test_an_empty_room_says_what_to_do() -> None:
    factories.organisation()
    page = client_of(factories.user(Role.PMO_ADMIN)).get(URL)
    assert page.context["total"] == 0
    assert reverse("register-create", kwargs={"key": "risks"}) in page.content.decode()
