"""A column that no field takes becomes a custom field from the wizard: guessed by its values, made once, filled by the same import."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.custom_fields.keeping import key_of
from pmo.core.custom_fields.models import CustomField, CustomValue, LookupTable, LookupValue
from pmo.core.imports.looks import look_of
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.preview import run_check
from pmo.core.imports.table import Cell, Column, Table
from pmo.core.people.models import Person
from tests import factories
from tests.conftest import UserClient, client_of
from tests.custom_fields.making import field, table
from tests.custom_fields.test_imports import batch_of, held
from tests.registers.pages import text, url
from tests.wizard.build import refusals, undone, write

pytestmark = pytest.mark.django_db


def look(*cells: Cell, header: str = "Header") -> Any:
    column = Column(0, header, header)
    rows: list[list[Cell]] = [[cell] for cell in cells]
    return look_of(Table("x.csv", "csv", (column,), rows, list(range(2, len(rows) + 2)), 1), column)


@pytest.mark.parametrize(
    ("cells", "header", "kind"),
    [
        (("4711", "4712"), "Number", "number"),
        (("0471", "0815"), "Cost centre", "text"),
        (("12", "13"), "预算（万元）", "money"),
        (("¥12.50", "¥3"), "Fee", "money"),
        (("2027-01-31", "2027年2月1日"), "Since", "date"),
        (("是", "否", ""), "远程", "bool"),
        (("1", "0"), "Count", "number"),
        (("https://example.com/1",), "Page", "link"),
        (("a\nb", "c"), "Remark", "long_text"),
        (("法务、核心", "核心", "增长；法务", "核心、增长"), "主题", "multi"),
        (("高", "低", "高", "高"), "级别", "choice"),
        (("one", "two", "three"), "Text", "text"),
        ((None, ""), "Empty", "text"),
    ],
)
def test_the_type_follows_from_the_values(cells: tuple[Cell, ...], header: str, kind: str) -> None:
    found = look(*cells, header=header)
    assert found.kind == kind
    assert found.kind in found.fits
    assert type(found).from_json(found.as_json()) == found


def test_too_many_words_are_no_choices() -> None:
    found = look(*(f"word {number}" for number in range(61)))
    assert found.words == () and "choice" not in found.fits and found.kind == "text"


def test_keys_are_spelt_in_small_letters_and_never_twice() -> None:
    assert key_of("成本中心", set()) == "cheng_ben_zhong_xin"
    assert key_of("Cost centre (SAP)", {"cost_centre_sap"}) == "cost_centre_sap_2"
    assert key_of("2026 Budget", set()) == "f_2026_budget"
    assert key_of("%", set()) == "f"
    long = key_of("a" * 50, {"a" * 30})
    assert long == "a" * 28 + "_2"


FILE = (
    "工号,英文名,级别,导师,入职费（元）,技能\n"
    "E-1,One,高,E-0,1200.50,法务、核心\n"
    "E-2,Two,低,E-0,300,核心\n"
    "E-3,Three,高,E-0,,增长；法务\n"
    "E-4,Four,高,E-0,,核心、增长\n"
)


def page_of(client: UserClient, batch: ImportBatch) -> str:
    return text(client.get(reverse("import-columns", kwargs={"pk": batch.pk})))


def keep(client: UserClient, batch: ImportBatch, header: str, **values: str) -> Any:
    """Press "Add the field" beside a column, with everything else as the page has it."""
    address = reverse("import-columns", kwargs={"pk": batch.pk})
    index = next(i for i, one in enumerate(batch.table["columns"]) if one["name"] == header)
    shape = batch.table["columns"][index]["look"]
    sent: dict[str, Any] = {
        "keep": index,
        f"new-{index}-name": header,
        f"new-{index}-kind": shape["kind"],
        "match": "key",
    }
    for key, entry in batch.mapping["fields"].items():
        sent[f"{key}-source"] = entry["column"]
        sent |= {f"{key}-{name}": str(entry[name]) for name in ("scale", "currency") if name in entry}
    return client.post(address, sent | {f"new-{index}-{name}": value for name, value in values.items()})


def test_columns_become_fields_and_the_same_import_fills_them(pmo_admin: UserClient) -> None:
    factories.organisation()
    mentor = factories.person(code="E-0")
    actor = actor_of(pmo_admin.user)
    batch = batch_of(actor, FILE)
    page = page_of(pmo_admin, batch)
    assert page.count("Keep this column as a custom field") == 4
    for header in ("级别", "导师", "入职费（元）", "技能"):
        response = keep(pmo_admin, batch, header)
        assert response.status_code == 302, text(response)
        batch.refresh_from_db()
    made = {one.code: one for one in CustomField.objects.all()}
    kinds = {code: one.kind for code, one in made.items()}
    assert kinds == {"ji_bie": "choice", "dao_shi": "person", "ru_zhi_fei_yuan": "money", "ji_neng": "multi"}
    assert {one.register for one in made.values()} == {"people"}
    assert made["ji_bie"].name_zh == "级别"
    assert list(LookupValue.objects.filter(table=made["ji_bie"].lookup).values_list("code", "name_zh")) == [
        ("gao", "高"),
        ("di", "低"),
    ]
    assert AuditEntry.objects.filter(model="core.customfield", actor=pmo_admin.user).count() == 4
    assert "Keep this column" not in page_of(pmo_admin, batch)
    checked = run_check(batch_id=batch.pk)
    assert refusals(checked) == []
    assert checked.preview["counts"]["created"] == 4
    meant = pmo_admin.get(reverse("import-values", kwargs={"pk": batch.pk})).content.decode()
    assert '<option value="gao" selected>高</option>' in meant
    write(batch, actor)
    assert held()["E-1", "ji_bie"] == "gao"
    assert held()["E-1", "ru_zhi_fei_yuan"] == Decimal("1200.5")
    assert held()["E-1", "dao_shi"] == mentor.code
    assert (
        CustomValue.objects.get(field=made["ji_neng"], record_id=Person.objects.get(code="E-3").pk).text
        == ",fa_wu,zeng_zhang,"
    )
    for language in ("zh-hans", "en"):
        for kind in ("csv", "xlsx"):
            pmo_admin.cookies["bw_language"] = language
            response = pmo_admin.get(url("export", "people", kind=kind))
            again = batch_of(actor, b"".join(response.streaming_content), filename=f"x.{kind}")
            assert {f"cf_{code}" for code in made} <= set(again.mapping["fields"]), (language, kind)
            found = run_check(batch_id=again.pk)
            assert refusals(found) == []
            assert (found.preview["counts"]["updated"], found.preview["counts"]["created"]) == (0, 0), (language, kind)
    undone(batch)
    assert held() == {}
    assert CustomField.objects.count() == 4


def test_name_and_type_are_changed_before_and_faults_are_told(pmo_admin: UserClient) -> None:
    field("grade", "text", "people", name_en="Grade", name_zh="职级")
    batch = batch_of(actor_of(pmo_admin.user), FILE)
    for values, said in (
        ({"name": ""}, "Give the new field a name"),
        ({"kind": "formula"}, "Choose a type"),
        ({"kind": "nonsense"}, "Choose a type"),
        ({"name": "GRADE"}, "has a field called GRADE already"),
        ({"name": "x" * 200}, "Level"),
    ):
        response = keep(pmo_admin, batch, "级别", **values)
        if said == "Level":
            assert response.status_code == 302
            assert CustomField.objects.get(code="x" * 30).name_en == "x" * 80
            continue
        assert response.status_code == 422, values
        assert said in text(response)
        assert CustomField.objects.count() == 1
    assert keep(pmo_admin, batch, "技能", name="Skills\x00 ", kind="text").status_code == 302
    skills = CustomField.objects.get(code="skills")
    assert (skills.kind, skills.name_en) == ("text", "Skills")
    batch.refresh_from_db()
    assert batch.mapping["fields"]["cf_skills"]["column"] == "技能"
    assert pmo_admin.post(reverse("import-columns", kwargs={"pk": batch.pk}), {"keep": "99"}).status_code == 422


def test_a_lookup_table_that_has_the_words_is_used_again(pmo_admin: UserClient) -> None:
    lookup = table("level", "high", "low")
    batch = batch_of(actor_of(pmo_admin.user), "工号,英文名,Level\nE-1,A,High\nE-2,B,low类\nE-3,C,HIGH\nE-4,D,High\n")
    assert keep(pmo_admin, batch, "Level").status_code == 302
    assert CustomField.objects.get().lookup == lookup
    assert LookupTable.objects.count() == 1


def test_who_may_not_add_fields_is_told_why_and_gets_nothing(pmo_admin: UserClient) -> None:
    manager = factories.user(Role.PROJECT_MANAGER)
    project = factories.project(code="P-1", pm=manager.person)
    client = client_of(manager)
    batch = batch_of(
        actor_of(manager),
        f"Project,Code,Milestone,Baseline date,Witness\n{project.code},A,Start,2027-01-01,x\n",
        "milestones",
    )
    page = page_of(client, batch)
    assert "Keep this column" not in page
    assert "you may not add fields" in page and "PMO administrator" in page
    assert keep(client, batch, "Witness").status_code == 403
    assert not CustomField.objects.exists()


def test_what_the_register_computes_itself_is_not_offered(pmo_admin: UserClient) -> None:
    batch = batch_of(
        actor_of(pmo_admin.user),
        'Project,Code,Milestone,Baseline date,"Slip, calendar days",Own\nP,A,B,2027-01-01,3,x\n',
        "milestones",
    )
    page = page_of(pmo_admin, batch)
    assert page.count("Keep this column as a custom field") == 1
