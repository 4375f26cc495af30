"""Custom fields in the wizard: guessed by name in both languages, checked by type, written with history, exported and taken back, undone."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.models import CustomValue
from pmo.core.history.queries import as_of
from pmo.core.imports import services
from pmo.core.imports.preview import run_check
from pmo.core.imports.targets import get_target
from pmo.core.imports.template_file import template_of
from pmo.core.people.models import Person
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import all_kinds, field, table
from tests.registers.pages import text, url
from tests.wizard.build import refusals, undone, write

pytestmark = pytest.mark.django_db

PEOPLE = (
    "staff number,English name,Cost centre,Grade,Skills,Mentor,Since,Remote,Fee,Page\n"
    'E-1,One,4711,Growth,"Core, legal类",E-0,2027-01-31,yes,12.50,https://example.com/1\n'
    "E-2,Two,4712,core,,,,no,,\n"
)


def people_fields() -> None:
    lookup = table()
    field("cost_centre", "text", "people", name_en="Cost centre", name_zh="成本中心", unique=True)
    field("grade", "choice", "people", name_en="Grade", name_zh="职级", lookup=lookup)
    field("skills", "multi", "people", name_en="Skills", name_zh="技能", lookup=lookup)
    field("mentor", "person", "people", name_en="Mentor", name_zh="导师")
    field("since", "date", "people", name_en="Since", name_zh="始于")
    field("remote", "bool", "people", name_en="Remote", name_zh="远程")
    field("fee", "money", "people", name_en="Fee", name_zh="费用", currency="CNY")
    field("page", "link", "people", name_en="Page", name_zh="主页")


def batch_of(actor: Actor, content: str | bytes, target: str = "people", filename: str = "list.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    batch = services.upload(actor=actor, file=ContentFile(data, name=filename), filename=filename, target=target)
    assert services.describe(batch), batch.table
    return batch


def held() -> dict[tuple[str, str], Any]:
    found = {}
    for value in CustomValue.objects.select_related("field", "choice", "person"):
        row = Person.objects.get(pk=value.record_id)
        one = [
            value.text,
            value.number,
            value.day,
            value.flag,
            value.person and value.person.code,
            value.choice and value.choice.code,
        ]
        found[row.code, value.field.code] = next((part for part in one if part is not None), None)
    return found


def test_columns_are_guessed_written_exported_taken_back_and_undone(pmo_admin: UserClient) -> None:
    factories.organisation()
    people_fields()
    factories.person(code="E-0")
    known = factories.person(code="E-2", name_en="Two", name_zh="")
    actor = actor_of(pmo_admin.user)
    batch = batch_of(actor, PEOPLE)
    names = {"cf_cost_centre", "cf_grade", "cf_skills", "cf_mentor", "cf_since", "cf_remote", "cf_fee", "cf_page"}
    assert names <= set(batch.mapping["fields"]), batch.mapping["fields"]
    checked = run_check(batch_id=batch.pk)
    assert refusals(checked) == []
    assert checked.preview["counts"] == {"created": 1, "updated": 1, "unchanged": 0, "refused": 0}
    write(batch, actor)
    assert held() == {
        ("E-1", "cost_centre"): "4711", ("E-1", "grade"): "growth", ("E-1", "skills"): ",legal,core,", ("E-1", "mentor"): "E-0",
        ("E-1", "since"): datetime.date(2027, 1, 31), ("E-1", "remote"): True, ("E-1", "fee"): Decimal("12.5"),
        ("E-1", "page"): "https://example.com/1", ("E-2", "cost_centre"): "4712", ("E-2", "grade"): "core", ("E-2", "remote"): False,
    }  # fmt: skip
    assert as_of(CustomValue, org_today()).filter(record_id=known.pk).count() == 3
    history = text(pmo_admin.get(url("tab", "people", pk=known.pk, tab="history")))
    assert "Cost centre" in history
    assert "4712" in history
    for language in ("en", "zh-hans"):
        for kind in ("csv", "xlsx"):
            pmo_admin.cookies["bw_language"] = language
            response: Any = pmo_admin.get(url("export", "people", kind=kind))
            again = run_check(batch_id=batch_of(actor, b"".join(response.streaming_content), filename=f"x.{kind}").pk)
            assert refusals(again) == [], (language, kind)
            assert again.preview["counts"]["updated"] == again.preview["counts"]["created"] == 0, again.preview[
                "samples"
            ]
    undone(batch)
    assert held() == {}


def test_wrong_cells_are_refused_one_by_one(pmo_admin: UserClient) -> None:
    factories.organisation()
    people_fields()
    factories.person(code="E-0")
    actor = actor_of(pmo_admin.user)
    content = (
        "staff number,English name,Cost centre,Grade,Skills,Mentor,Since,Fee,Page\n"
        "E-1,One,1,nothing,core; x,Nobody,sometime,12 EUR,javascript:alert(1)\n"
        "E-2,Two,1,,,,2027-01-31,,\n"
        "E-3,Three,2,,,,2027-02-28,,\n"
    )
    checked = run_check(batch_id=batch_of(actor, content).pk)
    refused = {(one["row"], one["field"]) if isinstance(one, dict) else one[:2] for one in refusals(checked)}
    named = {str(part) for one in refusals(checked) for part in (one.values() if isinstance(one, dict) else one)}
    for name in ("Grade", "Skills", "Mentor", "Since", "Fee", "Page", "Cost centre"):
        assert any(name in part for part in named), (name, refused)
    assert checked.preview["counts"]["created"] == 3


def test_projects_take_them_in_the_portfolio_import_too(pmo_admin: UserClient) -> None:
    factories.organisation()
    all_kinds()
    row = factories.project(code="P-9", name_en="Harbour", name_zh="")
    actor = actor_of(pmo_admin.user)
    content = "code,name,F number,自定f_text,F choice\nP-9,Harbour,5,CC-1,Legal\nP-10,New,6,CC-2,Core\n"
    batch = batch_of(actor, content, "projects")
    assert {"cf_f_number", "cf_f_text", "cf_f_choice"} <= set(batch.mapping["fields"]), batch.mapping["fields"]
    checked = run_check(batch_id=batch.pk)
    assert refusals(checked) == []
    write(batch, actor)
    assert set(CustomValue.objects.filter(field__code="f_text").values_list("text", flat=True)) == {"CC-1", "CC-2"}
    assert CustomValue.objects.get(record_id=row.pk, field__code="f_number").number == 5
    undone(batch)
    assert not CustomValue.objects.exists()


def test_who_may_not_change_the_row_or_the_field_imports_nothing_into_it(pmo_admin: UserClient) -> None:
    field("note", "text", "milestones", name_en="Own note")
    field("secret", "text", "milestones", name_en="Secret", seen_by=["executive"])
    manager = factories.user(username="manager")
    mine, other = factories.project(code="M1", pm=manager.person), factories.project(code="M2")
    rows = [factories.milestone(mine, code="A"), factories.milestone(other, code="B")]
    content = "project,code,Own note,Secret\nM1,A,x,s\nM2,B,y,s\n"
    batch = batch_of(actor_of(manager), content, "milestones")
    assert "cf_secret" not in batch.mapping["fields"]
    checked = run_check(batch_id=batch.pk)
    assert checked.preview["counts"]["updated"] == 1, checked.preview
    write(batch, actor_of(manager))
    assert list(CustomValue.objects.values_list("record_id", "text")) == [(rows[0].pk, "x")]
    assert client_of(factories.user(Role.PMO_ADMIN)).get(url("detail", "milestones", pk=rows[0].pk)).status_code == 200


def test_the_template_file_names_them(pmo_admin: UserClient) -> None:
    people_fields()
    content, _type = template_of(get_target("people"), pmo_admin.user, "csv")
    assert "Cost centre" in content.decode() or "成本中心" in content.decode()


def test_a_new_row_without_a_required_value_goes_nowhere(pmo_admin: UserClient) -> None:
    field("badge", "text", "people", name_en="Badge", required=True)
    factories.person(code="E-2", name_en="Two")
    actor = actor_of(pmo_admin.user)
    content = "staff number,English name,Badge\nE-1,One,\nE-2,Second,\nE-3,Three,B-3\n"
    batch = batch_of(actor, content)
    checked = run_check(batch_id=batch.pk)
    assert checked.preview["counts"] == {"created": 1, "updated": 1, "unchanged": 0, "refused": 1}
    write(batch, actor)
    assert held() == {("E-3", "badge"): "B-3"}
    assert not Person.objects.filter(code="E-1").exists()


def test_statements_do_not_grow_with_the_rows(pmo_admin: UserClient) -> None:
    people_fields()
    actor = actor_of(pmo_admin.user)

    def cost(first: int, rows: int) -> int:
        lines = [f'N-{n},Name {n},{n},core,"core, legal",2027-01-31,yes,1' for n in range(first, first + rows)]
        content = "staff number,English name,Cost centre,Grade,Skills,Since,Remote,Fee\n" + "\n".join(lines) + "\n"
        batch = batch_of(actor, content)
        with CaptureQueriesContext(connection) as captured:
            checked = run_check(batch_id=batch.pk)
        assert checked.preview["counts"]["created"] == rows, refusals(checked)
        return len(captured)

    cost(0, 2)
    few = cost(100, 3)
    # The register writes one row at a time by its own service; fields beside it add nothing for each row.
    without = _bare(actor, 30) - _bare(actor, 3)
    assert cost(200, 30) - few <= without + 8


def _bare(actor: Actor, rows: int) -> int:
    content = "staff number,English name\n" + "".join(f"B-{rows}-{n},Name {n}\n" for n in range(rows))
    batch = batch_of(actor, content)
    with CaptureQueriesContext(connection) as captured:
        run_check(batch_id=batch.pk)
    return len(captured)
