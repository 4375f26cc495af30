"""What becomes of single rows: keys, parents, amounts, matches, and every refusal by row and column."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import create_record, update_record
from portfolio.models import Portfolio, PortfolioItem, Programme, ProgrammeItem
from projects.models import CostLine, Project, StatusReport
from tests import factories
from tests.wizard.build import DAY, checked, counts, imported, reasons, refusals

pytestmark = pytest.mark.django_db

NAMED: dict[str, Any] = {"fields": {"code": "code", "name": "name"}}


def fields(**more: Any) -> dict[str, Any]:
    return {"fields": {"code": "code", "name": "name", **more}}


def project(name: str, code: str = "", **values: Any) -> Project:
    return create_record(actor=SYSTEM, row=Project(code=code, name_en=name, **values), day=datetime.date(2026, 1, 1))


# -- keys, constants, units -----------------------------------------------------------------------


def test_a_composite_key_and_parents_of_two_levels() -> None:
    text = "inv,no,name,agency,investment\nX1,1,Core,Labour,Pay\nX1,2,Web,Labour,Pay\nX2,1,Core,Energy,Pay\n"
    mapping = {
        "fields": {
            "code": {"columns": ["inv", "no"], "separator": "-"},
            "name": "name",
            "portfolio": {"column": "agency", "create_parent": True},
            "programme": {"column": "investment", "create_parent": True},
        },
        "match": {"by": ["code"]},
    }
    batch = imported(text, mapping)
    assert counts(batch) == (3, 0, 0, 0)
    assert batch.result["parents"] == {"portfolio.portfolio": 2, "portfolio.programme": 2}
    placed = ProgrammeItem.objects.order_by("project__code").values_list(
        "project__code", "programme__name_en", "programme__portfolio__name_en"
    )
    assert list(placed) == [("X1-1", "Pay", "Labour"), ("X1-2", "Pay", "Labour"), ("X2-1", "Pay", "Energy")]
    assert list(PortfolioItem.objects.order_by("project__code").values_list("portfolio__name_en", flat=True)) == [
        "Labour",
        "Labour",
        "Energy",
    ]
    assert all(one.path == f"/{one.pk}/" and one.code.startswith("PG-") for one in Programme.objects.all())
    assert counts(imported(text, mapping)) == (0, 0, 3, 0)


def test_chinese_names_units_and_ten_thousands() -> None:
    text = "项目编号,项目名称,部门,预算,状态灯\nP-88,智能座舱平台,研发中心,1735.5,黄\n"
    mapping = {
        "fields": {
            "code": "项目编号",
            "name": "项目名称",
            "unit": {"column": "部门", "create_parent": True},
            "budget": {"column": "预算", "scale": 10000},
            "declared_rating": "状态灯",
        }
    }
    imported(text, mapping)
    row = Project.objects.get()
    assert (row.name_zh, row.name_en, row.unit.name_zh, row.currency) == ("智能座舱平台", "", "研发中心", "CNY")
    assert row.budget_lines.get().amount == Decimal("17355000.00")
    report = StatusReport.objects.get()
    assert (report.declared, report.reviewed, report.original_word) == ("amber", "grey", "黄")


def test_actual_cost_is_booked_on_the_date_it_was_first_reported() -> None:
    mapping = fields(actual_cost="spent")
    imported("code,name,spent\nA,Alpha,100\n", mapping, as_of=datetime.date(2026, 8, 31))
    imported("code,name,spent\nA,Alpha,100\n", mapping, as_of=datetime.date(2026, 9, 30))
    assert CostLine.objects.get().booked_on == datetime.date(2026, 8, 31)
    imported("code,name,spent\nA,Alpha,140\n", mapping, as_of=DAY)
    line = CostLine.objects.get()
    assert (line.amount, line.booked_on) == (140, DAY)
    assert as_of(CostLine, datetime.date(2026, 9, 30)).get().amount == 100


def test_a_new_project_takes_the_currency_of_its_amounts() -> None:
    imported("code,name,budget\nA,Alpha,€100\n", fields(budget="budget"))
    assert Project.objects.get().currency == "EUR"


def test_an_empty_cell_leaves_what_stands() -> None:
    row = project("Alpha", "A", country="Norway")
    assert counts(imported("code,name,country\nA,Alpha,\n", fields(country="country"))) == (0, 0, 1, 0)
    row.refresh_from_db()
    assert row.country == "Norway"


def test_a_project_that_moves_leaves_the_programme_of_its_old_portfolio() -> None:
    mapping = fields(
        portfolio={"column": "pf", "create_parent": True}, programme={"column": "pg", "create_parent": True}
    )
    imported("code,name,pf,pg\nA,Alpha,North,One\n", mapping, as_of=datetime.date(2026, 6, 30))
    imported("code,name,pf,pg\nA,Alpha,South,\n", mapping)
    assert PortfolioItem.objects.get().portfolio.name_en == "South"
    assert not ProgrammeItem.objects.exists()
    assert as_of(ProgrammeItem, datetime.date(2026, 7, 1)).count() == 1
    assert as_of(ProgrammeItem, DAY).count() == 0


def test_a_programme_brings_its_portfolio() -> None:
    north = create_record(actor=SYSTEM, row=Portfolio(name_en="North"))
    create_record(actor=SYSTEM, row=Programme(name_en="One", portfolio=north))
    imported("code,name,pg\nA,Alpha,One\n", fields(programme="pg"))
    assert PortfolioItem.objects.get().portfolio == north
    assert ProgrammeItem.objects.get().programme.name_en == "One"


# -- matching -------------------------------------------------------------------------------------


def test_a_name_finds_a_record_whose_code_is_our_own_and_brings_the_outside_code() -> None:
    known = project("Alpha Works")
    assert known.code.startswith("P-")
    assert counts(imported("code,name\nX-9,alpha works project\n", NAMED)) == (0, 1, 0, 0)
    known.refresh_from_db()
    assert known.code == "X-9"


def test_near_names_are_new_unless_the_user_says_the_same() -> None:
    known = project("Prison Estate Transformation")
    text = "name\nPrison Estate Transformations\n"
    mapping = {"fields": {"name": "name"}}
    near = checked(text, mapping).preview["near"]
    assert [(one["row"], one["why"], [c["answer"] for c in one["candidates"]]) for one in near] == [
        (2, "similar", [str(known.pk)])
    ]
    batch = imported(text, mapping, answers={"2": str(known.pk)})
    assert counts(batch) == (0, 1, 0, 0)
    assert Project.objects.get().name_en == "Prison Estate Transformations"
    assert counts(imported(text, mapping)) == (0, 0, 1, 0)


def test_without_an_answer_a_near_name_is_a_new_record() -> None:
    project("Prison Estate Transformation")
    assert counts(imported("name\nPrison Estate Transformations\n", {"fields": {"name": "name"}})) == (1, 0, 0, 0)


def test_a_later_row_may_mean_what_an_earlier_row_creates() -> None:
    text = "year,name\n2021,Compliance Enforcement\n2022,Compliance Enforcment\n"
    mapping = {"fields": {"name": "name"}, "date": {"column": "year"}}
    near = checked(text, mapping).preview["near"]
    assert [c["answer"] for c in near[0]["candidates"]] == ["row:2"]
    assert counts(imported(text, mapping, answers={"3": "row:2"})) == (1, 1, 0, 0)
    assert Project.objects.get().name_en == "Compliance Enforcment"


def test_one_of_several_same_names_is_refused_until_somebody_decides() -> None:
    first, _second = project("Alpha", "A"), project("Alpha", "B")
    mapping = {"fields": {"name": "name", "country": "land"}}
    text = "name,land\nAlpha,Norway\n"
    assert refusals(imported(text, mapping)) == [(2, "name", "Alpha", "several_same_name")]
    assert counts(imported(text, mapping, answers={"2": str(first.pk)})) == (0, 1, 0, 0)
    first.refresh_from_db()
    assert first.country == "Norway"


def test_a_row_may_be_left_out() -> None:
    project("Prison Estate Transformation")
    batch = imported("name\nPrison Estate Transformations\n", {"fields": {"name": "name"}}, answers={"2": "skip"})
    assert (counts(batch), refusals(batch)[0][3]) == ((0, 0, 0, 1), "left_out")


def test_two_rows_of_one_date_cannot_mean_one_record() -> None:
    renamed = project("Alpha", "A")
    update_record(actor=SYSTEM, row=renamed, values={"name_en": "Omega"}, day=datetime.date(2026, 2, 1))
    batch = imported("code,name,country\nA,Omega,Norway\n,Alpha,Chile\n", fields(country="country"))
    assert refusals(batch) == [(3, "name", "Alpha", "same_record_twice")]
    assert Project.objects.get().country == "Norway"


def test_duplicates_in_the_file_are_refused_and_named() -> None:
    batch = imported("code,name\nA,Alpha\nB,Beta\nA,Gamma\n", NAMED)
    assert (counts(batch), refusals(batch)) == ((2, 0, 0, 1), [(4, "code", "A", "repeated_key")])


def test_a_code_of_another_record_is_refused() -> None:
    project("Alpha", "A")
    mapping = {**NAMED, "match": {"by": ["name"]}}
    batch = imported("code,name\nA,Beta Road\n", mapping)
    assert (counts(batch), refusals(batch)) == ((1, 0, 0, 0), [(2, "code", "A", "code_taken")])
    assert Project.objects.get(name_en="Beta Road").code.startswith("P-")


def test_without_a_code_nothing_is_found_by_code_only() -> None:
    batch = imported("code,name\n,Alpha\nB,Beta\n", {**NAMED, "match": {"by": ["code"]}})
    assert (counts(batch), refusals(batch)) == ((1, 0, 0, 1), [(2, "name", "Alpha", "code_missing")])


# -- refusals -------------------------------------------------------------------------------------


def test_a_refused_cell_does_not_hold_up_its_row() -> None:
    text = "code,name,start,budget\nA,Alpha,31.02.2026,Exempt under Section 43\nB,Beta,2026-02-01,12\n"
    batch = imported(text, fields(planned_start="start", budget="budget"))
    assert counts(batch) == (2, 0, 0, 0)
    assert refusals(batch) == [
        (2, "start", "31.02.2026", "no_such_date"),
        (2, "budget", "Exempt under Section 43", "withheld"),
    ]
    alpha = Project.objects.get(code="A")
    assert alpha.planned_start is None and not alpha.budget_lines.exists()


def test_what_the_record_itself_does_not_accept_is_refused_in_both_languages() -> None:
    text = "code,name,start,end\nA,Alpha,2026-06-01,2026-05-01\n"
    batch = imported(text, fields(planned_start="start", planned_finish="end"))
    assert refusals(batch) == [(2, "end", "2026-05-01", "not_accepted")]
    with translation.override("en"):
        assert reasons(batch) == ["The planned finish lies before the planned start."]
    texts = batch.refusals.get().params["detail"]
    assert set(texts) == {"zh-hans", "en"}
    assert Project.objects.get().planned_start == datetime.date(2026, 6, 1)


def test_a_value_that_contradicts_what_stands_is_refused() -> None:
    row = project("Alpha", "A", planned_finish=datetime.date(2026, 5, 1))
    batch = imported("code,name,start\nA,Alpha,2026-06-01\n", fields(planned_start="start"))
    assert (counts(batch), refusals(batch)) == ((0, 0, 1, 0), [(2, "start", "2026-06-01", "not_accepted")])
    row.refresh_from_db()
    assert row.planned_start is None


def test_a_new_record_without_a_name_is_refused() -> None:
    batch = imported("code,name\nA,\n", NAMED)
    assert (counts(batch), refusals(batch)[0][:2]) == ((0, 0, 0, 1), (2, "code"))
    assert not Project.objects.exists()


def test_unknown_references_are_refused_by_cell() -> None:
    factories.unit(name_en="Energy")
    create_record(actor=SYSTEM, row=OrgUnit(code="E2", name_en="Twins"))
    create_record(actor=SYSTEM, row=OrgUnit(code="E3", name_en="Twins"))
    text = "code,name,unit,manager\nA,Alpha,Energie,Nobody Known\nB,Beta,twins,\nC,Gamma,ENERGY,\n"
    batch = imported(text, fields(unit="unit", pm="manager"))
    assert counts(batch) == (3, 0, 0, 0)
    assert refusals(batch) == [
        (2, "unit", "Energie", "no_such_reference"),
        (2, "manager", "Nobody Known", "no_such_reference"),
        (3, "unit", "twins", "several_references"),
    ]
    assert Project.objects.get(code="C").unit.name_en == "Energy"


def test_a_programme_without_a_portfolio_cannot_be_created() -> None:
    batch = imported("code,name,pg\nA,Alpha,One\n", fields(programme={"column": "pg", "create_parent": True}))
    assert refusals(batch) == [(2, "pg", "One", "reference_needs_scope")]
    assert counts(batch) == (1, 0, 0, 0)


def test_nothing_is_created_for_a_refused_row() -> None:
    batch = imported("code,name,unit\nA,,Ghosts\n", fields(unit={"column": "unit", "create_parent": True}))
    assert counts(batch) == (0, 0, 0, 1)
    assert not OrgUnit.objects.exists()


def test_a_forecast_in_another_currency_is_refused_never_converted() -> None:
    row = project("Alpha", "A", currency="CNY")
    batch = imported("code,name,eac\nA,Alpha,$500\n", fields(forecast_cost="eac"))
    assert refusals(batch) == [(2, "eac", "$500", "currency_differs")]
    row.refresh_from_db()
    assert row.forecast_cost is None


def test_a_date_to_come_is_refused() -> None:
    batch = imported("year,name\n2025,Alpha\n2199,Alpha\n", {"fields": {"name": "name"}, "date": {"column": "year"}})
    assert (counts(batch), refusals(batch)[0][3]) == ((1, 0, 0, 1), "snapshot_in_future")


def test_the_preview_names_the_same_refusals() -> None:
    text = "code,name,start\nA,Alpha,soon\nA,Beta,2026-01-01\n,Total,\n"
    mapping = fields(planned_start="start")
    assert refusals(checked(text, mapping)) == refusals(imported(text, mapping))


def test_every_row_of_the_file_is_accounted_for() -> None:
    text = "code,name\nA,Alpha\n,\nA,Beta\nB,Gamma\n"
    batch = imported(text, NAMED)
    found = list(batch.rows.order_by("number").values_list("number", "outcome", "label"))
    assert found == [(2, "created", "Alpha"), (4, "refused", "Beta"), (5, "created", "Gamma")]
