"""A custom field is a column like any other: list, filter, sort, group, sum, form, cell, detail, history, export, API."""

from __future__ import annotations

import datetime
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.models import CustomValue
from pmo.core.history.queries import as_of
from pmo.core.registers.declaration import get_register
from pmo.core.registers.services import update_row
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import all_kinds, field
from tests.registers.pages import HTMX, api, shown, text, url

pytestmark = pytest.mark.django_db

FILLED: dict[str, Any] = {
    "cf_f_text": "CC-4711",
    "cf_f_long_text": "Two lines\nof text",
    "cf_f_number": "12.5",
    "cf_f_money": "1000.50",
    "cf_f_date": "2027-01-31",
    "cf_f_link": "https://example.com/a?b=1&c=2",
    "cf_f_bool": "true",
    "cf_f_choice": "growth",
    "cf_f_multi": ["core", "legal"],
}


def _form_of(client: UserClient, address: str) -> dict[str, Any]:
    """What the browser would send from the form as it stands."""
    form = client.get(address).context["form"]
    found = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False, ""):
            found[name] = "on" if value is True else value
    return found


def _filled(client: UserClient) -> tuple[Any, dict[str, Any]]:
    project = factories.project()
    person = factories.person(name_en="Board Sponsor", name_zh="")
    address = url("edit", "projects", pk=project.pk)
    data = (
        _form_of(client, address)
        | FILLED
        | {"cf_f_person": str(person.pk), "version": project.version, "reason": "why"}
    )
    response = client.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    return project, {"person": person}


def test_the_form_fills_every_type_and_every_page_shows_it(pmo_admin: UserClient) -> None:
    factories.organisation()
    all_kinds()
    project, made = _filled(pmo_admin)
    values = {v.field.kind: v for v in CustomValue.objects.select_related("field", "choice", "person")}
    assert len(values) == 10
    assert values["number"].number == Decimal("12.5")
    assert values["date"].day == datetime.date(2027, 1, 31)
    assert values["choice"].choice.code == "growth"
    assert values["person"].person == made["person"]
    assert values["multi"].text == ",legal,core,"
    assert values["bool"].flag is True
    names = ",".join(["code", *FILLED, "cf_f_person"])
    page = text(pmo_admin.get(url("list", "projects") + f"?columns={names}"))
    for word in ("CC-4711", "12.5", "1,000.50", "Growth", "Legal, Core", "Board Sponsor", "example.com"):
        assert word in page, word
    detail = pmo_admin.get(url("tab", "projects", pk=project.pk, tab="details"))
    for word in (
        "CC-4711",
        "12.5",
        "1,000.50",
        "Growth",
        "Legal, Core",
        "Board Sponsor",
        'href="https://example.com/a',
    ):
        assert word in detail.content.decode(), word
    past = text(pmo_admin.get(url("tab", "projects", pk=project.pk, tab="history")))
    for word in ("F text", "CC-4711", "Growth", "Legal, Core", "Board Sponsor", "why"):
        assert word in past, word
    project.refresh_from_db()
    assert project.version == 2, "one save, one version"
    held = as_of(CustomValue, org_today()).get(record_id=project.pk, field_id=values["text"].field_id)
    assert held.text == "CC-4711"


FILTERS = [
    ("cf_f_text=CC-1", [1]),
    ("cf_f_text__icontains=cc", [0, 1]),
    ("cf_f_number__gte=2", [1]),
    ("cf_f_money__lte=10", [0]),
    ("cf_f_date__gte=2027-02-01", [1]),
    ("cf_f_choice=core", [0]),
    ("cf_f_choice=core&cf_f_choice=legal", [0, 1]),
    ("cf_f_multi=legal", [0, 1]),
    ("cf_f_multi=growth", [1]),
    ("cf_f_bool=false", [1]),
    ("cf_f_text__isnull=true", [2]),
    ("cf_f_bool__isnull=true", [2]),
    ("cf_f_person=BS-1", [0]),
    ("sort=-cf_f_number", [1, 0, 2]),
    ("sort=cf_f_choice", [1, 0, 2]),
    ("sort=-cf_f_date", [1, 0, 2]),
    ("sort=cf_f_person", [1, 0, 2]),
    ("sort=cf_f_text,code", [0, 1, 2]),
]


def _three() -> list[Any]:
    rows = [factories.project(code=f"Z{n}") for n in range(3)]
    people = [factories.person(code=f"BS-{n}", name_en=name, name_zh=name) for n, name in ((1, "Zoe"), (2, "Ann"))]
    register = get_register("projects")
    user = factories.user(Role.PMO_ADMIN)
    for n in range(2):
        values = {
            "cf_f_text": f"CC-{n}", "cf_f_number": Decimal(n * 3), "cf_f_money": Decimal(10 + n), "cf_f_choice": ["core", "legal"][n],
            "cf_f_date": datetime.date(2027, 1 + n, 5), "cf_f_multi": [["core", "legal"], ["growth", "legal"]][n],
            "cf_f_bool": n == 0, "cf_f_person": people[n],
        }  # fmt: skip
        update_row(register=register, actor=actor_of(user), row=rows[n], values=values, expected_version=1)
    return rows


def test_lists_filter_sort_group_and_sum(pmo_admin: UserClient) -> None:
    factories.organisation()
    all_kinds()
    rows = _three()
    for query, expected in FILTERS:
        found = pmo_admin.get(url("list", "projects") + f"?{query}")
        assert found.status_code == 200, query
        ids = shown(found) if "sort" in query else sorted(shown(found))
        assert ids == [rows[n].pk for n in expected], query
        body = pmo_admin.get(api("projects") + f"?{query}").json()
        assert sorted(row["id"] for row in body["results"]) == sorted(rows[n].pk for n in expected), query
    grouped = text(pmo_admin.get(url("list", "projects") + "?group=cf_f_choice&columns=code,cf_f_money,cf_f_number"))
    for word in ("Core", "Legal", "Without F choice", "21", "3"):
        assert word in grouped, word
    for group in ("cf_f_person", "cf_f_date", "cf_f_bool", "cf_f_text"):
        assert pmo_admin.get(url("list", "projects") + f"?group={group}").status_code == 200, group
    assert pmo_admin.get(url("list", "projects") + "?cf_f_multi=nothing").status_code == 422
    assert pmo_admin.get(url("list", "projects") + "?cf_f_number__gte=x").status_code == 422


def test_one_cell_is_edited_in_place_and_locked_by_version(pmo_admin: UserClient) -> None:
    all_kinds()
    row = factories.project()
    cell = url("cell", "projects", pk=row.pk, field="cf_f_number")
    assert 'name="cf_f_number"' in pmo_admin.get(cell, headers=HTMX).content.decode()
    done = pmo_admin.post(cell, {"cf_f_number": "7", "version": 1}, headers=HTMX)
    assert done.status_code == 200
    assert CustomValue.objects.get(record_id=row.pk).number == 7
    stale = pmo_admin.post(cell, {"cf_f_number": "8", "version": 1}, headers=HTMX)
    assert stale.status_code == 409
    assert "now “7”" in text(stale)
    wrong = pmo_admin.post(cell, {"cf_f_number": "many", "version": 2}, headers=HTMX)
    assert wrong.status_code == 422
    again = pmo_admin.post(cell, {"cf_f_number": "", "version": 2}, headers=HTMX)
    assert again.status_code == 200
    assert CustomValue.objects.get(record_id=row.pk).number is None
    link = url("cell", "projects", pk=row.pk, field="cf_f_link")
    bad = pmo_admin.post(link, {"cf_f_link": "javascript:alert(1)", "version": 3}, headers=HTMX)
    assert bad.status_code == 422


def test_two_people_in_the_form_lose_nothing(pmo_admin: UserClient) -> None:
    all_kinds()
    row = factories.project()
    address = url("edit", "projects", pk=row.pk)
    mine = _form_of(pmo_admin, address) | {"version": 1, "cf_f_text": "mine", "cf_f_multi": ["core"]}
    theirs = {**mine, "cf_f_text": "theirs", "cf_f_multi": ["legal"]}
    assert pmo_admin.post(address, theirs).status_code == 302
    conflict = pmo_admin.post(address, mine)
    assert conflict.status_code == 409
    page = text(conflict)
    assert "mine" in conflict.content.decode()
    assert "theirs" in page
    settled = {**mine, "version": 2, "pick-cf_f_multi": "theirs"}
    assert pmo_admin.post(address, settled).status_code == 302
    found = {v.field.kind: v.text for v in CustomValue.objects.select_related("field") if v.text}
    assert found == {"text": "mine", "multi": ",legal,"}


def test_the_api_reads_writes_and_describes_them(pmo_admin: UserClient) -> None:
    factories.organisation()
    all_kinds()
    who = factories.person()
    row = factories.project()
    body = {
        "cf_f_text": "x", "cf_f_number": 2.5, "cf_f_choice": "legal", "cf_f_multi": ["core"], "cf_f_bool": False,
        "cf_f_person": who.pk, "cf_f_date": "2027-03-01", "cf_f_money": "9.99",
    }  # fmt: skip
    item = api("projects", row.pk)
    done = pmo_admin.patch(item, json.dumps(body), content_type="application/json", headers={"If-Match": '"1"'})
    assert done.status_code == 200, done.content
    found = pmo_admin.get(item).json()
    assert (found["cf_f_text"], found["cf_f_bool"], found["cf_f_multi"], found["cf_f_choice"]) == (
        "x",
        False,
        ["core"],
        "legal",
    )
    assert Decimal(found["cf_f_number"]) == Decimal("2.5")
    assert found["cf_f_person"] == who.pk
    assert found["labels"]["cf_f_choice"] == "Legal"
    assert found["version"] == 2
    wrong = {"cf_f_multi": "core", "cf_f_number": True, "cf_nothing": 1, "cf_f_choice": 3}
    refused = pmo_admin.patch(item, json.dumps(wrong), content_type="application/json", headers={"If-Match": '"2"'})
    assert refused.status_code == 400
    assert {fault["field"] for fault in refused.json()["errors"]} == set(wrong)
    cleared = pmo_admin.patch(
        item, '{"cf_f_choice": null}', content_type="application/json", headers={"If-Match": '"2"'}
    )
    assert cleared.json()["cf_f_choice"] is None
    schema = pmo_admin.get("/api/v1/schema/?format=json").json()
    assert "cf_f_number" in schema["components"]["schemas"]["Projects"]["properties"]
    assert "cf_f_number" in schema["components"]["schemas"]["ProjectsWrite"]["properties"]
    parameters = {p["name"] for p in schema["paths"]["/api/v1/projects/"]["get"]["parameters"]}
    assert {"cf_f_number__gte", "cf_f_choice", "cf_f_multi"} <= parameters


def test_exports_carry_them_in_both_languages(pmo_admin: UserClient) -> None:
    factories.organisation()
    all_kinds()
    _filled(pmo_admin)
    names = ",".join(["code", *FILLED, "cf_f_person"])
    for language, head in (("en", "F choice"), ("zh-hans", "自定f_choice")):
        pmo_admin.cookies["bw_language"] = language
        lines = b"".join(pmo_admin.get(url("export", "projects", kind="csv") + f"?columns={names}")).decode()
        assert head in lines, lines
        assert "CC-4711" in lines
        assert "https://example.com/a?b=1&c=2" in lines
        assert ("Legal, Core" if language == "en" else "legal类、core类") in lines
        content = b"".join(pmo_admin.get(url("export", "projects", kind="xlsx") + f"?columns={names}"))
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [cell.value for line in sheet.iter_rows() for cell in line]
        assert head in cells
        assert 12.5 in cells


def _statements(client: UserClient, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_list_takes_as_many_statements_with_no_three_or_ten_fields_and_any_rows(pmo_admin: UserClient) -> None:
    factories.organisation()
    factories.project()
    before = _statements(pmo_admin, url("list", "projects"))
    made = all_kinds()
    three = "code,cf_f_text,cf_f_number,cf_f_choice"
    assert _statements(pmo_admin, url("list", "projects")) <= before + 1, "shown at once, people's names read once"
    assert _statements(pmo_admin, url("list", "projects") + f"?columns={three}") <= before
    ten = ",".join(["code", *(f"cf_f_{kind}" for kind in made)])
    few = _statements(pmo_admin, url("list", "projects") + f"?columns={ten}")
    assert few <= before + 1
    _three()
    assert _statements(pmo_admin, url("list", "projects") + f"?columns={ten}") <= few + 1
    field("second", "person")
    assert _statements(pmo_admin, url("list", "projects") + f"?columns={ten},cf_second") <= few + 1


def test_a_new_row_begins_with_defaults_and_keeps_what_is_required(pmo_admin: UserClient) -> None:
    field("class", "text", "people", default="A")
    field("needed", "number", "people", required=True)
    form = _form_of(pmo_admin, url("create", "people"))
    assert form["cf_class"] == "A"
    sent = {"code": "E77", "name_en": "New", **form}
    missing = pmo_admin.post(url("create", "people"), sent)
    assert missing.status_code == 422
    assert "cf_needed" in missing.context["form"].errors
    assert pmo_admin.post(url("create", "people"), {**sent, "cf_needed": "3"}).status_code == 302
    assert {str(v.number or v.text) for v in CustomValue.objects.all()} == {"A", "3.000000"}
    made = pmo_admin.post(api("people"), json.dumps({"code": "E78", "name_en": "Two"}), content_type="application/json")
    assert made.status_code == 400
    made = pmo_admin.post(
        api("people"), json.dumps({"code": "E78", "name_en": "Two", "cf_needed": 4}), content_type="application/json"
    )
    assert made.status_code == 201, made.content
    assert made.json()["cf_class"] == "A"
    assert AuditEntry.objects.filter(model="core.person", object_id=made.json()["id"]).count() == 2


def test_no_value_stands_twice_where_it_must_not(pmo_admin: UserClient) -> None:
    field("number_plate", "text", "people", unique=True)
    one, two = factories.person(), factories.person()
    cell = [url("cell", "people", pk=row.pk, field="cf_number_plate") for row in (one, two)]
    assert pmo_admin.post(cell[0], {"cf_number_plate": "A1", "version": 1}, headers=HTMX).status_code == 200
    refused = pmo_admin.post(cell[1], {"cf_number_plate": "A1", "version": 1}, headers=HTMX)
    assert refused.status_code == 422
    assert "has this value already" in text(refused)
    assert not CustomValue.objects.filter(record_id=two.pk).exists()


def test_hidden_fields_stay_hidden_everywhere(pmo_admin: UserClient) -> None:
    field("secret", "number", seen_by=["executive"], edited_by=["executive"])
    field("locked", "text", edited_by=["executive"])
    field("open", "text")
    row = factories.project()
    cells = {name: url("cell", "projects", pk=row.pk, field=f"cf_{name}") for name in ("secret", "locked", "open")}
    assert pmo_admin.post(cells["secret"], {"cf_secret": "31415926", "version": 1}, headers=HTMX).status_code == 200
    coordinator = client_of(factories.user(Role.PMO_ANALYST))
    listed = coordinator.get(url("list", "projects") + "?columns=code,cf_secret,cf_locked")
    assert "hidden" in text(listed)
    assert shown(coordinator.get(url("list", "projects") + "?cf_secret__gte=1")) == []
    assert shown(pmo_admin.get(url("list", "projects") + "?cf_secret__gte=1")) == [row.pk]
    body = coordinator.get(api("projects", row.pk)).json()
    assert (body["cf_secret"], "cf_secret" in body["hidden"]) == (None, True)
    export = b"".join(coordinator.get(url("export", "projects", kind="csv") + "?columns=code,cf_secret")).decode()
    assert row.code in export and "31415926" not in export
    history = text(coordinator.get(url("tab", "projects", pk=row.pk, tab="history")))
    assert "Secret" in history and "31415926" not in history.replace(",", "")
    assert coordinator.get(cells["secret"], headers=HTMX).status_code == 403
    assert coordinator.post(cells["locked"], {"cf_locked": "x", "version": 2}, headers=HTMX).status_code == 403
    assert coordinator.post(cells["open"], {"cf_open": "x", "version": 2}, headers=HTMX).status_code == 200
    refused = coordinator.patch(
        api("projects", row.pk), '{"cf_locked": "x"}', content_type="application/json", headers={"If-Match": '"3"'}
    )
    assert refused.status_code == 403
    names = coordinator.get(url("edit", "projects", pk=row.pk)).context["form"].fields
    assert "cf_open" in names
    assert not {"cf_secret", "cf_locked"} & set(names)
