"""What comes in from an archive of linked tables: rows, values, relations; again; changed; taken back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.custom_fields.models import CustomField, CustomValue
from pmo.core.imports import services
from pmo.core.imports.models import ImportBatch, ImportChange
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import update_record
from portfolio.models import (
    BusinessFunction,
    Portfolio,
    PortfolioItem,
    Programme,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeItem,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from portfolio.services.linked import batches
from projects.calc.plan.document import Plan, Task
from projects.models import BudgetLine, Contract, Project, Supplier
from projects.models.plan import PlanTask, PlanVersion
from projects.services.plans.storing import import_plan
from tests.linked.build import TABLES, archive, checked, counts, imported, refusals, relations, replaced, undone

pytestmark = pytest.mark.django_db

ALL_NEW = {
    "Bureau": (2, 0, 0, 0, 0),
    "Business_Area": (1, 0, 0, 0, 0),
    "Business_Function": (2, 0, 0, 0, 0),
    "Service": (1, 0, 0, 0, 0),
    "Investment": (2, 0, 0, 0, 0),
    "Metric": (2, 0, 0, 0, 0),
    "Supplier": (2, 0, 0, 1, 0),
    "Contract": (2, 0, 0, 0, 0),
    "Project": (2, 0, 0, 0, 0),
    "Activity": (3, 0, 0, 0, 0),
}
MODELS: tuple[Any, ...] = (
    Portfolio, Programme, BusinessFunction, ProgrammeFunction, ProgrammeMeasure, ProgrammeContract, ProgrammeSupplier, Supplier,
    Contract, Project, BudgetLine, PortfolioItem, ProgrammeItem, PlanVersion, CustomValue,
)  # fmt: skip


def test_a_check_says_what_would_come_in_and_writes_nothing(enterprise: OrgUnit) -> None:
    batch = checked(archive())
    assert (batch.state, counts(batch.preview)) == ("previewed", ALL_NEW)
    assert relations(batch.preview) == {
        "responsible_for": (1, 1, 1, 0, 0),
        "serves": (2, 2, 2, 0, 0),
        "has_business_function": (2, 2, 2, 0, 0),
        "is_a_type_of": (1, 1, 1, 0, 0),
        "judged_by": (2, 2, 2, 0, 0),
        "delivers": (2, 2, 2, 0, 0),
        "lets_contract": (2, 2, 2, 0, 0),
        "uses_Supplier": (3, 2, 2, 1, 0),
        "pays_for": (1, 1, 1, 0, 0),
        "has_task": (3, 3, 3, 0, 0),
    }
    assert refusals(batch) == []
    assert not any(model.all_objects.exists() for model in MODELS)
    assert not CustomField.objects.exists()


def test_units_portfolios_and_programmes(enterprise: OrgUnit) -> None:
    batch = imported(archive())
    assert (batch.state, counts(batch.result)) == ("committed", ALL_NEW)
    harbour = OrgUnit.objects.get(code="HHS-41")
    assert (harbour.name_en, harbour.parent, harbour.kind) == ("Harbour Service", enterprise, "department")
    assert harbour.path == f"{enterprise.path}{harbour.pk}/"
    radar = Programme.objects.get(code="900-000000001")
    assert (radar.name_en, radar.outcome) == ("Harbour radar", "Ships see\nthe harbour.")
    assert (radar.portfolio.unit, radar.portfolio.code, radar.path) == (harbour, "HHS-41", f"/{radar.pk}/")
    # No name and no bureau: called by its identifier, placed in the portfolio for such.
    other = Programme.objects.get(code="900-000000002")
    assert (other.name_en, other.portfolio.code) == ("Investment 900-000000002", "HHS-OTHER")
    assert set(BusinessFunction.objects.values_list("code", "name_en", "kind", "parent__code")) == {
        ("FEA-1", "Services for Sailors", "area", None),
        ("FEA-101", "Pilotage", "function", "FEA-1"),
        ("FEA-102", "Dredging - rivers", "function", "FEA-1"),
        ("FEA-721", "Signal Management", "service", None),
    }
    assert set(radar.functions.values_list("function__code", flat=True)) == {"FEA-101", "FEA-721"}
    assert set(radar.measures.values_list("code", "description", "category", "result")) == {
        ("71", "Ships seen at night", "204-Quality", "1_met"),
        ("72", "Ships lost", "204-Quality", "3_not_yet"),
    }


def test_suppliers_contracts_and_projects(enterprise: OrgUnit) -> None:
    imported(archive())
    # Two rows whose identifiers differ in blanks only are one supplier, and the relations of both mean it.
    assert set(Supplier.objects.values_list("code", "name_en")) == {("SUP-A", "Radar Works"), ("SUP-B", "Cable Yard")}
    assert set(Contract.objects.values_list("code", "title", "amount", "currency", "supplier__code")) == {
        ("HHS-501", "Radar masts", Decimal("1500000.00"), "USD", "SUP-A"),
        ("HHS-502", "Contract 502", Decimal("42100.00"), "USD", "SUP-A"),
    }
    radar = Programme.objects.get(code="900-000000001")
    assert set(radar.contracts.values_list("contract__code", flat=True)) == {"HHS-501", "HHS-502"}
    assert set(radar.suppliers.values_list("supplier__code", flat=True)) == {"SUP-A", "SUP-B"}
    masts = Project.objects.get(code="HHS-61")
    assert (masts.name_en, masts.currency) == ("Masts", "USD")
    assert (masts.planned_start, masts.planned_finish) == (datetime.date(2011, 7, 5), datetime.date(2011, 8, 4))
    assert list(masts.budget_lines.values_list("amount", "currency")) == [(Decimal("250000.00"), "USD")]
    assert ProgrammeItem.objects.get(project=masts).programme == radar
    assert PortfolioItem.objects.get(project=masts).portfolio == radar.portfolio
    alone = Project.objects.get(code="HHS-62")
    assert (alone.name_en, alone.planned_start, alone.budget_lines.count()) == ("Project 62", None, 0)
    assert PortfolioItem.objects.get(project=alone).portfolio.code == "HHS-OTHER"


def test_tasks_are_a_published_plan_in_the_order_of_their_id(enterprise: OrgUnit) -> None:
    imported(archive())
    version = PlanVersion.objects.get(project__code="HHS-61")
    assert (version.state, version.currency) == ("published", "USD")
    first, second = PlanTask.objects.filter(plan=version).order_by("position")
    assert (first.uid, first.name, first.notes, first.percent_complete) == ("9", "Plan masts", "Draw them", 100)
    assert (first.actual_start.date(), first.actual_finish.date()) == (
        datetime.date(2011, 1, 9),
        datetime.date(2011, 2, 7),
    )
    assert (second.uid, second.duration, second.duration_unit) == ("12", 580 * 1440, "ed")
    assert (second.starts_at.date(), second.finishes_at.date()) == (
        datetime.date(2011, 2, 28),
        datetime.date(2012, 9, 30),
    )
    assert (second.cost, second.percent_complete, second.actual_finish) == (Decimal("143000"), None, None)
    agreed = second.baselines.get(number=0)
    assert (agreed.starts_at, agreed.cost) == (second.starts_at, Decimal("143000"))
    assert {one["name"]: one["value"] for one in second.fields} == {
        "status": "In-progress",
        "output_type": "Key Deliverable",
        "No_Child_Activity": "1",
        "Actual_start_delay": "58 days",
    }


def test_columns_without_a_field_become_fields_of_the_register(enterprise: OrgUnit) -> None:
    batch = imported(archive())
    kept = {one["column"]: one["filled"] for table in batch.result["tables"] for one in table["kept"]}
    assert kept == {
        "Investment_type": 2, "Evaluation_by_CIO": 1, "Last_Baseline": 1, "m": 2, "Colour": 1, "Cost_Variance": 1,
        "Project_delay": 1, "Updated_Date": 1,
    }  # fmt: skip
    radar = Programme.objects.get(code="900-000000001")
    rows = CustomValue.objects.filter(record_id=radar.pk, field__register="programmes")
    found = {row.field.code: next(v for v in (row.text, row.number, row.day) if v is not None) for row in rows}
    assert found == {
        "investment_type": "Major",
        "evaluation_by_cio": Decimal(4),
        "last_baseline": datetime.date(2011, 2, 11),
        "m": Decimal("1.298"),
        "colour": "blue",
    }
    variance = CustomField.objects.get(register="projects", code="cost_variance")
    assert (variance.kind, variance.currency) == ("money", "USD")
    assert CustomValue.objects.get(field=variance).number == Decimal(-2000)


def test_importing_again_changes_nothing_and_asks_as_often_as_for_fewer_rows(enterprise: OrgUnit) -> None:
    imported(archive())
    before = AuditEntry.objects.exclude(action__startswith="import.").count()
    again = imported(archive())
    assert all(row[0] == row[1] == row[4] == 0 for row in counts(again.result).values())
    assert all(row[2] == 0 for row in relations(again.result).values())
    assert not ImportChange.objects.filter(batch=again).exists()
    assert AuditEntry.objects.exclude(action__startswith="import.").count() == before
    few = _statements(again)
    more = "".join(f"{1000 + n},SUP-{n:04d},Yard {n}\n" for n in range(40))
    imported(archive(supplier=replaced("supplier", "node_id,ID,name\n", "node_id,ID,name\n" + more)))
    assert _statements(ImportBatch.objects.latest("pk")) == few


def _statements(batch: ImportBatch) -> int:
    """What the check of a batch reads."""
    ImportBatch.objects.filter(pk=batch.pk).update(state="uploaded")
    with CaptureQueriesContext(
        connection,
    ) as sent:
        batches.run_check(actor=SYSTEM, batch_id=batch.pk)
    return sum(1 for one in sent.captured_queries if one["sql"].startswith("SELECT"))


def test_what_differs_is_changed_and_what_people_wrote_stays(enterprise: OrgUnit) -> None:
    imported(archive())
    unnamed = Programme.objects.get(code="900-000000002")
    update_record(actor=SYSTEM, row=unnamed, values={"name_en": "Lighthouses"})
    table = replaced("contract", "1.5,Radar masts", "2.25,Radar masts")
    activity = replaced("activity", "580 days", "600 days")
    batch = imported(archive(contract=table, activity=activity))
    assert counts(batch.result)["Contract"] == (0, 1, 1, 0, 0)
    assert counts(batch.result)["Activity"] == (0, 1, 2, 0, 0)
    assert Contract.objects.get(code="HHS-501").amount == Decimal("2250000.00")
    unnamed.refresh_from_db()
    assert unnamed.name_en == "Lighthouses"
    plans = PlanVersion.objects.filter(project__code="HHS-61").order_by("number")
    assert [one.state for one in plans] == ["superseded", "published"]
    undone(batch)
    assert Contract.objects.get(code="HHS-501").amount == Decimal("1500000.00")
    assert [one.state for one in plans.all()] == ["published"]


def test_undo_takes_everything_back_except_what_somebody_changed(enterprise: OrgUnit) -> None:
    batch = imported(archive())
    changed = Supplier.objects.get(code="SUP-B")
    update_record(actor=SYSTEM, row=changed, values={"name_en": "Cable Yard East"})
    batch = undone(batch)
    assert (batch.state, batch.result["kept_count"]) == ("undone", 1)
    left = {model.__name__: model.objects.count() for model in MODELS if model.objects.exists()}
    assert left == {"Supplier": 1}
    assert list(OrgUnit.objects.values_list("pk", flat=True)) == [enterprise.pk]
    assert counts(imported(archive()).result)["Investment"] == (2, 0, 0, 0, 0)


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(
    enterprise: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(archive())
    services.begin_commit(actor=SYSTEM, batch=batch)

    def dies(**values: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("portfolio.services.linked.writing.import_plan", dies)
        batches.run_commit(actor=SYSTEM, batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Programme.objects.count(), PlanVersion.objects.count()) == ("failed", 2, 0)
    monkeypatch.setattr("portfolio.services.linked.writing.import_plan", import_plan)
    services.begin_commit(actor=SYSTEM, batch=batch)
    batch = batches.run_commit(actor=SYSTEM, batch_id=batch.pk)
    # The report is that of the whole import, and undo knows of both attempts.
    assert (batch.state, counts(batch.result)) == ("committed", ALL_NEW)
    assert (Programme.objects.count(), PlanVersion.objects.count()) == (2, 2)
    assert undone(batch).result["kept_count"] == 0
    assert not any(model.objects.exists() for model in MODELS)


def test_a_plan_with_tasks_that_the_archive_does_not_have_is_left_alone_and_named(enterprise: OrgUnit) -> None:
    imported(archive())
    masts = Project.objects.get(code="HHS-61")
    own = import_plan(
        actor=SYSTEM,
        project=masts,
        plan=Plan(title="Own", format="mspdi", tasks=(Task(uid="900", name="Ours", level=1),)),
        reason="The manager's plan",
    ).version
    again = imported(archive(activity=replaced("activity", "Build masts", "Raise masts")))
    assert PlanVersion.objects.get(project=masts, state="published") == own
    assert list(own.tasks.values_list("name", flat=True)) == ["Ours"]
    [(_row, _column, value, said)] = refusals(again)
    assert value == "50" and "do not have (1). It is left as it is" in said
    assert counts(again.result)["Activity"] == (0, 0, 1, 0, 2)
    assert relations(again.result)["has_task"] == (3, 1, 0, 0, 2)


def test_a_task_that_left_the_archive_is_named_and_stays(enterprise: OrgUnit) -> None:
    imported(archive())
    plan = PlanVersion.objects.get(project__code="HHS-61", state="published")
    fewer = archive(
        activity="".join(line for line in TABLES["activity.csv"].splitlines(True) if not line.startswith("61,")),
        relationships=replaced("relationships", "50,Project,has_task,61,Activity\n", ""),
    )
    again = imported(fewer)
    assert ["do not have (1)" in said for _row, _column, _value, said in refusals(again)] == [True]
    assert PlanVersion.objects.get(project__code="HHS-61", state="published") == plan and plan.tasks.count() == 2
