"""Definitions: checked, archived, of another type without loss, and known to every process with the next request."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.custom_fields import definitions as kept
from pmo.core.custom_fields import extension
from pmo.core.custom_fields.models import CustomField, CustomValue, LookupTable, LookupValue
from pmo.core.custom_fields.services.definitions import update_field
from pmo.core.custom_fields.services.lookups import update_lookup
from pmo.core.registers.declaration import get_register
from pmo.core.registers.services import update_row
from portfolio.demo.rooms import custom_fields
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import field, table
from tests.registers.pages import HTMX, api, shown, text, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def hold(row: Any, **values: Any) -> None:
    """Give a project values, as its form would."""
    user = factories.user(Role.PMO_ADMIN)
    row.refresh_from_db()
    update_row(
        register=get_register("projects"), actor=actor_of(user), row=row, values=values, expected_version=row.version
    )


def change(row: CustomField, **values: Any) -> CustomField:
    """Change a definition."""
    return update_field(actor=SYSTEM, row=CustomField.objects.get(pk=row.pk), values=values)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"register": "nothing"}, "register"),
    ({"register": "audit"}, "register"),
    ({"register": "custom-fields"}, "register"),
    ({"code": "Cost Centre"}, "code"),
    ({"code": "a__b"}, "code"),
    ({"name_en": "", "name_zh": ""}, "name_zh"),
    ({"kind": "choice"}, "lookup"),
    ({"kind": "money", "currency": "rmb"}, "currency"),
    ({"seen_by": ["everyone"]}, "seen_by"),
    ({"kind": "bool", "unique": True}, "unique"),
    ({"kind": "date", "default": "tomorrow"}, "default"),
    ({"kind": "number", "default": "1e999"}, "default"),
    ({"kind": "formula", "formula": "budget +"}, "formula"),
    ({"kind": "formula", "formula": "cf_other"}, "formula"),
]


@pytest.mark.parametrize(("values", "name"), WRONG)
def test_what_makes_no_sense_is_refused_by_field(values: dict[str, Any], name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field(**{"code": "x", **values})
    assert name in refused.value.error_dict
    assert not CustomField.objects.exists()


def test_register_and_key_stay_and_the_same_key_is_not_given_twice() -> None:
    made = field("cost_centre")
    for values in ({"register": "risks"}, {"code": "other"}):
        with pytest.raises(ValidationError):
            change(made, **values)
    with pytest.raises(ValidationError):
        field("cost_centre")
    assert field("cost_centre", register="milestones").pk


def test_a_field_out_of_use_leaves_the_lists_and_keeps_its_values(pmo_admin: UserClient) -> None:
    made, row = field("cost_centre"), factories.project()
    hold(row, cf_cost_centre="4711")
    assert "4711" in text(pmo_admin.get(url("list", "projects")))
    change(made, active=False)
    page = pmo_admin.get(url("list", "projects"))
    assert "4711" not in text(page)
    assert "Cost centre" not in text(page)
    assert "4711" in text(pmo_admin.get(url("tab", "projects", pk=row.pk, tab="history"))), "history stays readable"
    assert "cf_cost_centre" not in pmo_admin.get(api("projects", row.pk)).json()
    change(made, active=True)
    assert "4711" in text(pmo_admin.get(url("list", "projects")))


CONVERSIONS = [
    ("text", "number", ["12.5", "3"], {Decimal("12.5"), Decimal(3)}),
    ("text", "date", ["2027-01-31"], {datetime.date(2027, 1, 31)}),
    ("number", "text", [Decimal("12.50"), Decimal(3)], {"12.5", "3"}),
    ("number", "money", [Decimal("12.50")], {Decimal("12.5")}),
    ("date", "text", [datetime.date(2027, 1, 31)], {"2027-01-31"}),
    ("bool", "text", [True, False], {"true", "false"}),
    ("choice", "text", ["core", "legal"], {"core", "legal"}),
    ("choice", "multi", ["core"], {",core,"}),
    ("multi", "text", [["core", "legal"]], {"legal, core"}),
    ("text", "choice", ["Core", "legal类"], {"core", "legal"}),
    ("text", "link", ["https://example.com/x"], {"https://example.com/x"}),
]


@pytest.mark.parametrize(("old", "new", "given", "expected"), CONVERSIONS)
def test_another_type_takes_every_value_along(old: str, new: str, given: list[Any], expected: set[Any]) -> None:
    lookup = table() if "choice" in (old, new) or "multi" in (old, new) else None
    made = field("x", old, lookup=lookup if old in {"choice", "multi"} else None)
    for value in given:
        hold(factories.project(), cf_x=value)
    change(made, kind=new, **({"lookup": lookup} if new in {"choice", "multi"} else {}))
    held = CustomValue.objects.select_related("choice")
    column = {"number": "number", "money": "number", "date": "day"}.get(new, "text")
    assert {v.choice.code if new == "choice" else getattr(v, column) for v in held} == expected


def test_a_type_that_would_lose_values_says_which_and_changes_nothing() -> None:
    made = field("x")
    for value in ("12", "many", "few"):
        hold(factories.project(), cf_x=value)
    with pytest.raises(ValidationError) as refused:
        change(made, kind="number")
    assert "2 of 3 values would be lost" in str(refused.value)
    assert "“many”" in str(refused.value)
    assert {v.text for v in CustomValue.objects.all()} == {"12", "many", "few"}
    assert CustomField.objects.get().kind == "text"
    with pytest.raises(ValidationError, match="formula would replace"):
        change(made, kind="formula", formula="1 + 1")


def test_a_lookup_value_out_of_use_is_offered_no_more_and_stays_where_it_is(pmo_admin: UserClient) -> None:
    lookup = table()
    field("class", "choice", lookup=lookup)
    row = factories.project()
    hold(row, cf_class="core")
    value = LookupValue.objects.get(code="core")
    with pytest.raises(ValidationError):
        update_lookup(actor=SYSTEM, row=value, values={"code": "other"})
    update_lookup(
        actor=SYSTEM, row=LookupValue.objects.get(code="core"), values={"active": False, "name_en": "Was core"}
    )
    cell = pmo_admin.get(url("cell", "projects", pk=row.pk, field="cf_class"), headers=HTMX).content.decode()
    assert re.search(r'<optgroup label="No longer offered">\s*<option value="core" selected', cell), cell
    assert "Was core" in text(pmo_admin.get(url("list", "projects")))


# -- formulas ---------------------------------------------------------------------------------------------------------


def test_a_formula_is_a_column_that_sorts_filters_sums_and_follows_its_fields(pmo_admin: UserClient) -> None:
    factories.organisation()
    field("months", "number")
    field("rent", "money", currency="EUR")
    made = field("monthly", "formula", formula="cf_rent / cf_months")
    assert (made.result, made.unit) == ("money", "!EUR")
    field("size", "formula", formula="if(cf_months > 6, 'long', 'short')")
    rows = [factories.project(code=f"F{n}") for n in range(4)]
    for row, months, rent in ((rows[0], 12, 1200), (rows[1], 3, 900), (rows[2], 0, 100)):
        hold(row, cf_months=Decimal(months), cf_rent=Decimal(rent))
    columns = "columns=code,cf_monthly,cf_size"
    page = pmo_admin.get(url("list", "projects") + f"?sort=-cf_monthly&{columns}")
    assert shown(page) == [rows[1].pk, rows[0].pk, rows[2].pk, rows[3].pk]
    assert "400" in text(page), "300 + 100, one division by zero, one without values"
    assert shown(pmo_admin.get(url("list", "projects") + "?cf_monthly__gte=300")) == [rows[1].pk]
    assert shown(pmo_admin.get(url("list", "projects") + "?cf_size=short&sort=code")) == [rows[1].pk, rows[2].pk]
    grouped = text(pmo_admin.get(url("list", "projects") + f"?group=cf_size&{columns}"))
    assert "long" in grouped
    assert "Without Size" in grouped
    body = pmo_admin.get(api("projects", rows[0].pk)).json()
    assert Decimal(body["cf_monthly"]) == 100
    assert body["cf_size"] == "long"
    lines = b"".join(pmo_admin.get(url("export", "projects", kind="csv") + f"?{columns}")).decode()
    assert "F0,100,EUR,long" in lines
    assert pmo_admin.patch(
        api("projects", rows[0].pk), '{"cf_monthly": 1}', content_type="application/json", headers={"If-Match": '"2"'}
    ).status_code == 400  # fmt: skip
    with pytest.raises(ValidationError, match="Formulas use this field: Monthly"):
        change(CustomField.objects.get(code="rent"), active=False)


def test_a_formula_over_a_hidden_figure_is_hidden_with_it(pmo_admin: UserClient) -> None:
    field("secret", "number", seen_by=["executive"])
    field("twice", "formula", formula="coalesce(cf_secret, 0) * 2")
    row = factories.project()
    hold(row, cf_secret=Decimal(21))
    assert Decimal(pmo_admin.get(api("projects", row.pk)).json()["cf_twice"]) == 42
    analyst = client_of(factories.user(Role.PMO_ANALYST))
    assert analyst.get(api("projects", row.pk)).json()["cf_twice"] is None
    assert shown(analyst.get(url("list", "projects") + "?cf_twice__gte=0")) == []


def test_formulas_read_the_registers_own_columns(pmo_admin: UserClient) -> None:
    factories.organisation()
    row = factories.project(planned_start=datetime.date(2027, 1, 1), planned_finish=datetime.date(2027, 1, 31))
    field("mark", "formula", formula="concat(code, '!')")
    field("length", "formula", formula="days(planned_start, planned_finish)")
    field("open", "formula", formula="if(status = 'closed', 'over', 'open')")
    body = pmo_admin.get(api("projects", row.pk)).json()
    assert (body["cf_mark"], Decimal(body["cf_length"]), body["cf_open"]) == (f"{row.code}!", 30, "open")


def test_the_largest_figures_are_shown_sorted_and_summed(pmo_admin: UserClient) -> None:
    factories.organisation()
    field("large", "number")
    field("larger", "formula", formula="cf_large ^ 6 * cf_large ^ 6")
    rows = [factories.project(code=f"L{n}") for n in range(2)]
    for row, value in zip(rows, ("999999999999999", "-0.000001"), strict=True):
        hold(row, cf_large=Decimal(value))
    page = pmo_admin.get(url("list", "projects") + "?columns=code,cf_large,cf_larger&sort=-cf_larger")
    assert page.status_code == 200
    assert shown(page) == [row.pk for row in rows]
    body = pmo_admin.get(api("projects", rows[0].pk)).json()
    assert (Decimal(body["cf_large"]), body["cf_larger"]) == (Decimal("999999999999999"), None)
    assert pmo_admin.get(url("list", "projects") + "?cf_larger__gte=5").status_code == 200


def test_the_formulas_of_the_demo_give_what_the_demo_says() -> None:
    for spec in custom_fields._FIELDS:
        if spec["kind"] == "formula":
            made = field(spec["code"], "formula", spec["register"], formula=spec["formula"])
            assert (made.result, made.unit) == (spec["result"], spec.get("unit", "")), spec["code"]


def test_help_is_text_and_never_markup(pmo_admin: UserClient) -> None:
    field("note", help_en="<img src=x onerror=alert(1)>", name_en="<b>Bold</b>")
    row = factories.project()
    for address in (
        url("edit", "projects", pk=row.pk),
        url("list", "projects"),
        url("tab", "projects", pk=row.pk, tab="details"),
    ):
        page = pmo_admin.get(address).content.decode()
        assert "<img src=x" not in page
        assert "<b>Bold" not in page
    cell = pmo_admin.get(url("cell", "projects", pk=row.pk, field="cf_note"), headers=HTMX).content.decode()
    assert "&lt;img" in cell


# -- processes --------------------------------------------------------------------------------------------------------


def test_a_definition_made_in_another_process_shows_with_the_next_request(pmo_admin: UserClient) -> None:
    field("first")
    pmo_admin.get(url("list", "projects"))
    mine = (kept._kept, dict(extension._made))
    field("second")
    pmo_admin.get(url("list", "projects"))
    # Back to what this process would hold had the definition been made elsewhere.
    kept._kept = mine[0]
    extension._made.clear()
    extension._made.update(mine[1])
    page = text(pmo_admin.get(url("list", "projects")))
    assert "Second" in page
    assert "cf_second" in pmo_admin.get(api("projects", factories.project().pk)).json()


def test_definitions_cost_no_statement_while_they_stay(pmo_admin: UserClient) -> None:
    factories.project()

    def statements() -> list[str]:
        pmo_admin.get(url("list", "milestones"))
        with CaptureQueriesContext(connection) as captured:
            pmo_admin.get(url("list", "milestones"))
        return [query["sql"] for query in captured]

    before = statements()
    field("first", register="risks")
    field("there", register="milestones")
    after = statements()
    assert len(after) == len(before)
    assert not [sql for sql in after if 'FROM "core_customfield"' in sql]


def test_a_change_rolled_back_leaves_no_process_with_a_field_that_never_was(pmo_admin: UserClient) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        field("ghost")
        assert get_register("projects").column("cf_ghost")
        raise Stop
    assert get_register("projects").column("cf_ghost") is None
    assert "Ghost" not in text(pmo_admin.get(url("list", "projects")))


# -- administration ---------------------------------------------------------------------------------------------------


def test_only_the_administrator_defines_and_the_pmo_looks(pmo_admin: UserClient) -> None:
    table_data = {"code": "class", "name_en": "Class", "name_zh": "分类", "active": "on"}
    assert pmo_admin.post(url("create", "lookup-tables"), table_data).status_code == 302
    made = LookupTable.objects.get()
    value = {"table": made.pk, "code": "a", "name_en": "A", "tone": "good", "order": 1, "active": "on"}
    assert pmo_admin.post(url("create", "lookup-values"), value).status_code == 302
    sent = {
        "register": "projects", "code": "theme_class", "name_zh": "战略主题类别", "name_en": "Theme class", "kind": "choice",
        "lookup": made.pk, "order": 1, "in_list": "on", "in_form": "on", "in_filter": "on", "active": "on",
        "seen_by": ["executive", "pmo_analyst"],
    }  # fmt: skip
    response = pmo_admin.post(url("create", "custom-fields"), sent)
    assert response.status_code == 302, response.context["form"].errors
    row = CustomField.objects.get()
    assert row.seen_by == ["executive", "pmo_analyst"]
    listed = text(pmo_admin.get(url("list", "custom-fields")))
    assert "Theme class" in listed
    assert "Project registry" in listed
    edit = pmo_admin.get(url("edit", "custom-fields", pk=row.pk)).content.decode()
    assert 'value="executive"' in edit
    analyst = client_of(factories.user(Role.PMO_ANALYST))
    manager = client_of(factories.user(Role.PROJECT_MANAGER))
    for key, pk in (
        ("custom-fields", row.pk),
        ("lookup-tables", made.pk),
        ("lookup-values", LookupValue.objects.get().pk),
    ):
        assert analyst.get(url("list", key)).status_code == 200
        assert analyst.get(url("detail", key, pk=pk)).status_code == 200
        assert analyst.get(url("create", key)).status_code == 403
        assert analyst.get(url("edit", key, pk=pk)).status_code == 403
        assert manager.get(url("list", key)).status_code == 403
    broken = pmo_admin.post(url("create", "custom-fields"), {**sent, "code": "f", "kind": "formula", "formula": "a +"})
    assert broken.status_code == 422
    assert "formula" in broken.context["form"].errors


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_preview_shows_field_rows_and_what_formulas_read(pmo_admin: UserClient, language: str) -> None:
    factories.organisation()
    lookup = table()
    kinds = ("text", "long_text", "number", "money", "date", "person", "link", "bool")
    rows = [field(f"k_{kind}", kind) for kind in kinds] + [
        field(f"k_{k}", k, lookup=lookup) for k in ("choice", "multi")
    ]
    project = factories.project(name_en="Harbour", name_zh="港口")
    hold(project, cf_k_number=Decimal(4))
    rows.append(field("k_formula", "formula", formula="cf_k_number * 3"))
    pmo_admin.cookies["bw_language"] = language
    for row in rows:
        page = pmo_admin.get(url("tab", "custom-fields", pk=row.pk, tab="preview"))
        assert page.status_code == 200, row.kind
        assert ("Harbour" if language == "en" else "港口") in text(page)
    assert re.search(r"\b12\b", text(page))
    assert "cf_k_number" in text(page)
