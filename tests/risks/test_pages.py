"""The tab of a project, the settings of the PMO, the categories."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from risks.calc.scales import MIL_STD, PMBOK
from risks.models import Risk, RiskCategory, RiskMatrix
from risks.services import ensure_default_matrix, load_taxonomy
from tests import factories
from tests.conftest import client_of
from tests.risks.build import risk

pytestmark = pytest.mark.django_db


def tab(client: Any, project: Any) -> Any:
    page = client.get(f"/r/projects/{project.pk}/tab/risks/")
    assert page.status_code == 200
    return page


def test_the_tab_shows_open_risks_worst_first_against_the_reserve() -> None:
    factories.organisation()
    project = factories.project(currency="CNY", contingency_reserve=Decimal(100_000))
    small, large = risk(project, probability=2, impact_time=2), risk(project, probability=5, impact_time=5)
    risk(project, status="closed")
    gain = risk(project, kind="opportunity", probability=3, impact_time=3)
    unknown = risk(project, probability=None)
    client = client_of(factories.user(Role.PMO_ADMIN))
    seen = tab(client, project).context
    assert [line["risk"] for line in seen["rows"]] == [large, gain, small, unknown]
    assert (seen["own"], seen["reserve"], seen["short"]) == (120_000, 100_000, 20_000)
    assert (seen["grid"].assessed, seen["grid"].unassessed, seen["grid"].zones["red"]) == (2, 1, 1)
    assert "CNY 20,000</span> short" in tab(client, project).content.decode()


def test_of_very_many_the_worst_are_listed_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risks.views.tabs.MOST", 2)
    project = factories.project()
    for chance in (2, 5, 3):
        risk(project, probability=chance)
    page = tab(client_of(factories.user(Role.PMO_ADMIN)), project)
    assert [line["risk"].probability for line in page.context["rows"]] == [5, 3]
    assert page.context["total"] == 3
    assert page.context["own"] == sum(row.exposure for row in Risk.objects.filter(project=project))
    assert f'/r/risks/?project={project.pk}&amp;open=1">' in page.content.decode()


def test_the_tab_hides_money_from_the_team() -> None:
    factories.organisation()
    project = factories.project()
    risk(project, impact_money=Decimal("123456.00"), percent=Decimal(100))
    member = factories.user()
    factories.member(project, member, Role.TEAM_MEMBER)
    page = tab(client_of(member), project)
    assert "123,456" not in page.content.decode()
    assert "sums" not in page.context
    assert page.context["can_add"].allowed


def form_of(client: Any, matrix: RiskMatrix, preset: str = "") -> dict[str, Any]:
    page = client.get(f"/risks/matrices/{matrix.pk}/cells/", {"preset": preset} if preset else {})
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_editor_fills_from_a_ready_made_matrix_and_saves_cells_and_steps() -> None:
    client = client_of(factories.user(Role.PMO_ANALYST))
    matrix = ensure_default_matrix(actor=SYSTEM)
    typed = form_of(client, matrix, "pmbok")
    assert RiskMatrix.objects.get(pk=matrix.pk).cells == matrix.cells
    typed["cell_1_1"] = "R"
    typed["p1_en"] = "Hardly ever"
    assert client.post(f"/risks/matrices/{matrix.pk}/cells/", typed).status_code == 302
    saved = RiskMatrix.objects.get(pk=matrix.pk)
    assert saved.cells == "R" + PMBOK.cells[1:]
    assert saved.probability_steps[0] == {"zh": "很低 0.1", "en": "Hardly ever", "percent": 10}
    assert saved.version == 2


@pytest.mark.parametrize(
    ("field", "value"), [("p2_percent", "5"), ("p2_percent", "101"), ("cell_3_3", "B"), ("version", "7")]
)
def test_the_editor_refuses_and_keeps_what_was_there(field: str, value: str) -> None:
    client = client_of(factories.user(Role.PMO_ANALYST))
    matrix = ensure_default_matrix(actor=SYSTEM)
    typed = form_of(client, matrix) | {"cell_1_1": "R", field: value}
    page = client.post(f"/risks/matrices/{matrix.pk}/cells/", typed)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert RiskMatrix.objects.get(pk=matrix.pk).cells == matrix.cells


def test_a_ready_made_matrix_is_taken_over_the_first_one_as_default() -> None:
    client = client_of(factories.user(Role.PMO_ANALYST))
    assert client.post("/risks/matrices/ready-made/", {"key": "mil-std-882e"}).status_code == 302
    client.post("/risks/matrices/ready-made/", {"key": "common"})
    client.post("/risks/matrices/ready-made/", {"key": "no such"})
    found = [(row.cells, row.is_default) for row in RiskMatrix.objects.order_by("pk")]
    assert found[0] == (MIL_STD.cells, True)
    assert [default for _cells, default in found] == [True, False]


def test_categories_are_loaded_by_a_button_and_count_what_the_reader_may_see() -> None:
    factories.organisation()
    client = client_of(factories.user(Role.PMO_ANALYST))
    assert client.post("/risks/categories/ready-made/", {"key": "sei"}).status_code == 302
    assert RiskCategory.objects.count() == 80
    assert client.get("/risks/categories/ready-made/").context["offers"][1]["missing"] == 0
    load_taxonomy(actor=SYSTEM, key="pmi")
    leaf = RiskCategory.objects.get(code="E.1")
    risk(factories.project(), category=leaf)
    risk(factories.project(visibility="private"), category=leaf)
    risk(factories.project(), category=leaf, status="closed")
    api = "/api/v1/risk-categories/?columns=code,risks_open&page_size=200"
    counts = {row["code"]: row["risks_open"] for row in client.get(api).json()["results"]}
    assert (counts["E"], counts["E.1"], counts["E.2"]) == (2, 2, 0)
    outsider = client_of(factories.user())
    assert {row["code"]: row["risks_open"] for row in outsider.get(api).json()["results"]}["E"] == 1


def test_the_register_filters_by_zone_review_and_open() -> None:
    factories.organisation()
    client = client_of(factories.user(Role.PMO_ADMIN))
    project, today = factories.project(), org_today()
    red = risk(project, review_on=today)
    amber = risk(project, probability=2, impact_time=4, review_on=today.replace(year=today.year - 1))
    closed = risk(project, status="closed", review_on=today.replace(year=today.year - 1))
    unknown = risk(project, probability=None)

    def ids(query: str) -> set[int]:
        return {row["id"] for row in client.get(f"/api/v1/risks/?{query}").json()["results"]}

    assert ids("zone=red") == {red.pk, closed.pk}
    assert ids("zone=red&open=1") == {red.pk}
    assert ids("zone=amber&zone=green") == {amber.pk}
    assert ids("overdue=1") == {amber.pk}
    assert ids("overdue=0") == {red.pk, closed.pk, unknown.pk}
    assert ids("open=0") == {closed.pk}
    rows = client.get("/api/v1/risks/?columns=code").json()["results"]
    assert rows[-1]["id"] == closed.pk
