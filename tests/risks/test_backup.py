"""A response counts on a backup supplier: in the register, its files and its API, and on the supplier's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.history.queries import as_of
from pmo.core.people.models import User
from projects.models import Supplier
from risks.models import Risk
from risks.services import ensure_default_matrix
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import shown, text, url
from tests.risks.build import DAY, change, risk
from tests.suppliers.build import supplier
from tests.wizard.build import refusals
from tests.wizard.test_registers import checked, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def pmo() -> UserClient:
    factories.organisation()
    ensure_default_matrix(actor=SYSTEM)
    return client_of(factories.user(Role.PMO_ADMIN))


def manager_of(project: Any) -> UserClient:
    user = factories.user()
    factories.member(project, user, Role.PROJECT_MANAGER)
    return client_of(User.objects.get(pk=user.pk))


def tab(client: UserClient, firm: Supplier) -> Any:
    page = client.get(reverse("register-tab", kwargs={"key": "suppliers", "pk": firm.pk, "tab": "risks"}))
    assert page.status_code == 200
    return page


def test_the_form_offers_everybody_who_is_not_blocked(pmo: UserClient) -> None:
    firm, blocked = supplier(), supplier(standing=Supplier.Standing.BLOCKED)
    row = risk(factories.project())
    edit = url("edit", "risks", pk=row.pk)
    field = pmo.get(edit).context["form"].fields["backup_supplier"]
    assert list(field.queryset) == [firm]
    manager = manager_of(row.project)
    sent = {"title": row.title, "kind": "threat", "status": "analysed", "currency": "CNY", "project": row.project_id}
    refused = manager.post(edit, {**sent, "version": row.version, "backup_supplier": blocked.pk})
    assert refused.status_code == 422 and "backup_supplier" in refused.context["form"].errors
    assert manager.post(edit, {**sent, "version": row.version, "backup_supplier": firm.pk}).status_code == 302
    row.refresh_from_db()
    assert row.backup_supplier == firm
    Supplier.objects.filter(pk=firm.pk).update(standing=Supplier.Standing.BLOCKED)
    again = {**sent, "title": "Named before", "version": row.version, "backup_supplier": firm.pk}
    assert manager.post(edit, again).status_code == 302
    assert "Named before" in text(manager.get(url("detail", "risks", pk=row.pk)))


def test_list_export_import_and_api_know_it(pmo: UserClient) -> None:
    firm, project = supplier(), factories.project()
    with_one, without = risk(project, backup_supplier=firm), risk(project)
    chosen = {"backup_supplier": firm.code}
    assert shown(pmo.get(url("list", "risks"), chosen)) == [with_one.pk]
    assert shown(pmo.get(url("list", "risks"), {"backup_supplier__isnull": "true"})) == [without.pk]
    page = pmo.get(url("list", "risks"), {"columns": ["code", "backup_supplier"]}).content.decode()
    assert f'href="{url("detail", "suppliers", pk=firm.pk)}"' in page
    found = pmo.get("/api/v1/risks/", chosen).json()["results"]
    assert [row["code"] for row in found] == [with_one.code]
    answer = pmo.patch(
        f"/api/v1/risks/{without.pk}/",
        {"backup_supplier": firm.pk},
        content_type="application/json",
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200, answer.content
    without.refresh_from_db()
    assert without.backup_supplier == firm
    answer = pmo.get(url("export", "risks", kind="csv"), {"columns": "code,backup_supplier"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else answer.content.decode()
    assert lines.count(firm.name_en) == 2


def test_an_import_names_it_by_code_or_name_and_refuses_who_is_blocked(pmo: UserClient) -> None:
    firm, blocked = supplier(), supplier(standing=Supplier.Standing.BLOCKED)
    project = factories.project()
    head = "code,project,title,backup supplier\n"
    lines = f"R-1,{project.code},By code,{firm.code}\nR-2,{project.code},By name,{firm.name_en}\n"
    imported("risks", head + lines, actor=actor_of(pmo.user))
    assert dict(Risk.objects.values_list("code", "backup_supplier")) == {"R-1": firm.pk, "R-2": firm.pk}
    batch = checked("risks", f"{head}R-3,{project.code},Blocked,{blocked.code}\n", actor=actor_of(pmo.user))
    assert [row[3] for row in refusals(batch)] == ["no_such_reference"]


def test_the_past_keeps_who_was_counted_on() -> None:
    factories.organisation()
    first, second = supplier(), supplier()
    row = risk(factories.project(), backup_supplier=first)
    later = DAY.replace(month=10)
    change(row, later, backup_supplier=second)
    held = {day: as_of(Risk, day).get(row_id=row.pk).backup_supplier_id for day in (DAY, later)}
    assert held == {DAY: first.pk, later: second.pk}


def test_the_supplier_tells_the_risks_one_may_see_open_ones_first(pmo: UserClient) -> None:
    firm, project = supplier(), factories.project(visibility="private")
    closed = risk(project, backup_supplier=firm, status="closed")
    low = risk(project, backup_supplier=firm, probability=2, impact_time=2)
    high = risk(factories.project(visibility="private"), backup_supplier=firm, probability=5)
    risk(project, backup_supplier=supplier())
    page = tab(pmo, firm)
    assert [line["risk"] for line in page.context["rows"]] == [high, low, closed]
    assert "The responses to 2 open risks need this supplier to be ready." in text(page)
    part = tab(manager_of(project), firm)
    assert [line["risk"] for line in part.context["rows"]] == [low, closed]
    assert high.title not in part.content.decode()
    stranger = tab(client_of(factories.user()), firm)
    assert stranger.context["rows"] == [] and "No risk counts on this supplier" in text(stranger)


def test_the_tab_asks_the_same_number_of_statements_for_three_rows_and_for_thirty(pmo: UserClient) -> None:
    firm = supplier()
    manager = manager_of(factories.project())

    def statements(client: UserClient) -> int:
        tab(client, firm)
        with CaptureQueriesContext(connection) as caught:
            tab(client, firm)
        return len(caught)

    counts = []
    for number in (3, 27):
        for _ in range(number):
            risk(factories.project(), backup_supplier=firm)
        counts.append((statements(pmo), statements(manager)))
    assert counts[0] == counts[1] and max(counts[0]) <= 20
