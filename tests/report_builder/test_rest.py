"""Built reports as data: the reader's own rows, decimals as text, problems named."""

from __future__ import annotations

from typing import Any

import pytest

from pmo.core.audit.actor import actor_of
from pmo.core.report_builder.models import BuiltReport
from pmo.core.report_builder.services import keep_report
from projects.models import Project
from projects.models.choices import Visibility
from tests import factories
from tests.conftest import UserClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def kept(client: UserClient, query: str, sharing: str = "public") -> BuiltReport:
    return keep_report(actor=actor_of(client.user), name="R", query=query, sharing=sharing)


def test_each_reader_gets_their_own_figures(pmo_admin: UserClient, client_for: Any) -> None:
    for status in ("in_progress", "in_progress", "closed"):
        factories.project(status=status)
    report = kept(pmo_admin, "_of=projects&_by=status&status=in_progress")
    Project.objects.filter(pk=Project.objects.filter(status="in_progress").first().pk).update(  # type: ignore[union-attr]
        visibility=Visibility.PRIVATE
    )
    found = pmo_admin.get(f"/api/v1/built-reports/{report.pk}/").json()
    assert found["rows"] == [
        {"value": "in_progress", "label": "In progress", "currency": "", "figures": ["2"], "total": "2"}
    ]
    assert (found["measure"], found["columns"], found["filters"]) == ("Number of rows", [], "Status: In progress")
    theirs = client_for().get(f"/api/v1/built-reports/{report.pk}/").json()
    assert theirs["rows"][0]["figures"] == ["1"]


def test_money_has_its_currency_and_no_rounding(pmo_admin: UserClient) -> None:
    project = factories.project(currency="CNY")
    factories.budget_line(project, "1234567.89", currency="CNY")
    report = kept(pmo_admin, "_of=budget-lines&_by=project&_measure=sum:amount&_across=kind")
    (row,) = pmo_admin.get(f"/api/v1/built-reports/{report.pk}/").json()["rows"]
    assert (row["value"], row["currency"], row["total"]) == (str(project.pk), "CNY", "1234567.89")
    assert row["figures"] == ["1234567.89"]


def test_the_list_holds_what_is_shared(pmo_admin: UserClient, client_for: Any) -> None:
    mine, shared = kept(pmo_admin, "_of=projects", "private"), kept(pmo_admin, "_of=issues")
    reader = client_for()
    assert [row["id"] for row in reader.get("/api/v1/built-reports/").json()["results"]] == [shared.pk]
    assert reader.get(f"/api/v1/built-reports/{mine.pk}/").status_code == 404
    assert len(pmo_admin.get("/api/v1/built-reports/").json()["results"]) == 2


def test_what_cannot_be_answered_is_a_problem(pmo_admin: UserClient, client: Any) -> None:
    wrong = BuiltReport.objects.create(name="W", register="projects", query="_of=projects&_by=no", owner=pmo_admin.user)
    gone = BuiltReport.objects.create(name="G", register="gone", query="_of=gone", owner=pmo_admin.user)
    refused = pmo_admin.get(f"/api/v1/built-reports/{wrong.pk}/")
    assert refused.status_code == 422 and refused["Content-Type"] == "application/problem+json"
    assert refused.json()["errors"][0]["field"] == "query"
    assert pmo_admin.get(f"/api/v1/built-reports/{gone.pk}/").status_code == 404
    assert client.get("/api/v1/built-reports/").status_code in {401, 403}
