"""A protected column is masked in every output: nobody learns the value, nor its order, from anywhere."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models import F, Q, Sum

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.records.services import update_record
from pmo.core.registers.declaration import all_registers
from pmo.core.registers.expressions import masked
from projects.models import Project
from tests import factories
from tests.conftest import UserClient, client_of
from tests.registers.pages import HTMX, api, shown, text, url

pytestmark = pytest.mark.django_db
MINE, OTHERS = "7654321.00", "8765432.00"


@pytest.fixture
def mine(db: None) -> UserClient:
    """Manages one of the two projects and reads the other; money is for managers."""
    return client_of(factories.user(username="mine"))


@pytest.fixture
def projects(mine: UserClient) -> dict[str, Project]:
    return {
        "mine": factories.project(name_en="Mine", pm=mine.user.person, forecast_cost=Decimal(MINE)),
        "other": factories.project(name_en="Other", forecast_cost=Decimal(OTHERS)),
        "none": factories.project(name_en="Without", pm=mine.user.person, forecast_cost=None),
    }


COLUMNS = {"columns": "name,forecast_cost"}


def test_list_shows_a_lock_on_foreign_rows_only(mine: UserClient, projects: dict[str, Project]) -> None:
    page = mine.get(url("list", "projects"), COLUMNS)
    assert "7.7" in text(page)
    assert "8.8" not in text(page)
    assert not re.search(rf"\b{OTHERS[:4]}", page.content.decode().replace(",", ""))
    html = page.content.decode()
    row = html[html.index(f'id="row-{projects["other"].pk}"') :].split("</tr>")[0]
    assert "hidden-value" in row
    assert "lock" in row
    own = html[html.index(f'id="row-{projects["none"].pk}"') :].split("</tr>")[0]
    assert "hidden-value" not in own


@pytest.mark.parametrize("sort", ["forecast_cost", "-forecast_cost"])
def test_order_does_not_tell_masked_values(mine: UserClient, projects: dict[str, Project], sort: str) -> None:
    assert shown(mine.get(url("list", "projects"), {**COLUMNS, "sort": sort})) == [
        projects["mine"].pk,
        projects["other"].pk,
        projects["none"].pk,
    ]


@pytest.mark.parametrize(
    "query", [{"forecast_cost__gte": "1"}, {"forecast_cost": MINE}, {"forecast_cost__isnull": "false"}]
)
def test_filters_do_not_find_masked_values(
    mine: UserClient, projects: dict[str, Project], query: dict[str, str]
) -> None:
    assert shown(mine.get(url("list", "projects"), query)) == [projects["mine"].pk]


def test_sums_leave_masked_values_out(mine: UserClient, pmo_admin: UserClient, projects: dict[str, Project]) -> None:
    def total(client: UserClient) -> str:
        page = client.get(url("list", "projects"), {**COLUMNS, "group": "status"})
        return str(page.context["listing"].foot) + str(page.context["listing"].groups[0].sums)

    assert "7,654,321.00" in total(mine)
    both = Decimal(MINE) + Decimal(OTHERS)
    assert f"{both:,.2f}" in total(pmo_admin)
    assert f"{both:,.2f}" not in total(mine)


def test_exports_are_masked(mine: UserClient, projects: dict[str, Project]) -> None:
    sheet = b"".join(mine.get(url("export", "projects", kind="xlsx"), COLUMNS))
    rows = {
        row[0]: row[1] for row in openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True)
    }
    assert rows["Mine"] == float(MINE)
    assert rows["Other"] is None
    notes = {
        row[0]: row[1] for row in openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[1].iter_rows(values_only=True)
    }
    assert "empty where your roles do not let you see the value" in str(notes["Protected fields"])
    plain = b"".join(mine.get(url("export", "projects", kind="csv"), COLUMNS)).decode()
    lines = {line[0]: line for line in csv.reader(io.StringIO(plain)) if line}
    assert lines["Mine"][1] == MINE
    assert lines["Other"][1:] == ["", ""]
    assert OTHERS not in plain


def test_api_gives_null_and_names_the_field(mine: UserClient, projects: dict[str, Project]) -> None:
    listed = {row["id"]: row for row in mine.get(api("projects")).json()["results"]}
    assert listed[projects["mine"].pk]["forecast_cost"] == MINE
    assert listed[projects["mine"].pk]["hidden"] == []
    for body in (listed[projects["other"].pk], mine.get(api("projects", projects["other"].pk)).json()):
        assert body["forecast_cost"] is None
        assert set(body["hidden"]) == {"forecast_cost", "contingency_reserve"}


def test_detail_form_history_and_cell_are_masked(mine: UserClient, projects: dict[str, Project]) -> None:
    other = projects["other"]
    factories.member(other, mine.user, Role.COORDINATOR)
    actor = actor_of(factories.user(Role.PMO_ADMIN))
    update_record(actor=actor, row=other, values={"forecast_cost": Decimal("9999999.00"), "country": "Oman"})
    for name, extra in (("detail", {}), ("tab", {"tab": "history"})):
        html = mine.get(url(name, "projects", pk=other.pk, **extra), headers=HTMX).content.decode()
        assert "9999999" not in html.replace(",", "")
        assert "8765432" not in html.replace(",", "")
    history = text(mine.get(url("tab", "projects", pk=other.pk, tab="history"), headers=HTMX))
    assert "Oman" in history
    assert "Estimate at completion hidden" in history


def change_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coordinators change projects, so that somebody may change without seeing money."""
    from pmo.core.access import roles

    bundle = roles._bundles[Role.COORDINATOR.value] | {"projects.project.change"}
    monkeypatch.setitem(roles._bundles, Role.COORDINATOR.value, bundle)


def test_masked_fields_are_not_written(
    mine: UserClient, projects: dict[str, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    change_rights(monkeypatch)
    other = projects["other"]
    factories.member(other, mine.user, Role.COORDINATOR)
    form = mine.get(url("edit", "projects", pk=other.pk)).context["form"]
    assert "forecast_cost" not in form.fields
    assert "country" in form.fields
    sent: dict[str, Any] = {name: form[name].value() or "" for name in form.fields}
    posted = mine.post(
        url("edit", "projects", pk=other.pk), {**sent, "country": "Oman", "forecast_cost": "1", "version": "1"}
    )
    assert posted.status_code == 302
    other.refresh_from_db()
    assert (other.country, str(other.forecast_cost)) == ("Oman", OTHERS)
    cell = mine.get(url("cell", "projects", pk=other.pk, field="forecast_cost"), headers=HTMX)
    assert cell.status_code == 403
    patch = mine.patch(
        api("projects", other.pk),
        {"forecast_cost": "1", "country": "Chad"},
        content_type="application/json",
        headers={"If-Match": '"2"'},
    )
    assert patch.status_code == 403
    assert [fault["field"] for fault in patch.json()["errors"]] == ["forecast_cost"]
    other.refresh_from_db()
    assert other.country == "Oman"


def test_new_rows_may_carry_protected_fields_only_where_the_user_holds_the_permission(mine: UserClient) -> None:
    """Budget lines: a PMO analyst holds money everywhere; a team member has no such field at all."""
    analyst = client_of(factories.user(Role.PMO_ANALYST))
    project = factories.project()
    made = analyst.post(api("budget-lines"), {"project": project.pk, "amount": "5.00"}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["amount"] == "5.00"


def test_amounts_that_the_reader_sees_on_no_row_keep_their_type_on_postgresql(db: None) -> None:
    """PostgreSQL refuses to sum a bare NULL, which is what such a column comes down to."""
    connection = DatabaseWrapper(settings.DATABASES["default"] | {"ENGINE": "django.db.backends.postgresql"})
    nobody = masked(Q(pk__in=[]), F("forecast_cost"))
    query = Project.objects.order_by().values("currency").annotate(amount=nobody).annotate(total=Sum("amount")).query
    sql, _params = query.get_compiler(connection=connection).as_sql()
    assert "SUM((NULL)::numeric" in sql, sql


def test_whoever_may_see_no_amount_at_all_opens_every_list_sorted_and_summed(db: None) -> None:
    factories.project(forecast_cost=Decimal(OTHERS))
    reader, opened = client_of(factories.user()), 0
    for register in all_registers():
        for column in register.all_columns:
            if not column.permission:
                continue
            name = column.alias if column.annotate is not None else column.field
            page = reader.get(url("list", register.key), {"columns": name, "sort": f"-{name}"})
            assert page.status_code < 500, (register.key, name)
            opened += page.status_code == 200
    assert opened > 4
