"""A file with a date column becomes history: each date says what the file said, today says the last word."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.history.models import version_of
from pmo.core.history.queries import as_of
from pmo.core.people.models import OrgUnit
from pmo.core.records.services import create_record, update_record
from portfolio.models import HealthSnapshot
from portfolio.services.health.recompute import recompute
from projects.imports.transitions import transitions
from projects.models import BudgetLine, Project, StatusReport
from tests.wizard.build import YEARS, YEARS_MAPPING, checked, counts, imported

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (datetime.date(year, 3, 31) for year in (2021, 2022, 2023))
NAME = "North Sea Interconnector"


def told(model: Any, day: datetime.date, name: str) -> list[Any]:
    rows = as_of(model, day).order_by("row_id")
    return list(rows.values_list(name, flat=True))


def test_each_date_says_what_the_file_said() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    assert counts(batch) == (4, 5, 0, 0)
    assert told(Project, FIRST - datetime.timedelta(days=1), "name_en") == []
    assert told(Project, FIRST, "name_en") == [NAME, "Digital Tax Services", "Harbour Widening (HW)"]
    assert told(Project, SECOND, "name_en") == [NAME, "Digital Tax Services", "Harbour Widening", "Coastal Hospitals"]
    assert told(Project, SECOND, "planned_finish")[0] == datetime.date(2027, 3, 31)
    assert told(Project, THIRD, "code")[:2] == ["EN-1", "TR-7"]
    project = Project.objects.get(code="EN-1")
    assert (project.name_en, project.planned_finish, project.type, project.currency) == (
        NAME,
        datetime.date(2028, 3, 31),
        "construction",
        "GBP",
    )


def test_money_is_one_dated_line() -> None:
    imported(YEARS, YEARS_MAPPING)
    line = BudgetLine.objects.get(project__code="EN-1")
    assert (line.code, line.amount, line.currency) == ("IMPORT", Decimal("1500000000.00"), "GBP")
    assert told(BudgetLine, FIRST, "amount") == [
        Decimal("1200500000.00"),
        Decimal("310000000.00"),
        Decimal("88250000.00"),
    ]
    assert told(BudgetLine, SECOND, "amount")[0] == Decimal("1350000000.00")


def test_a_rating_becomes_a_published_report_of_its_date() -> None:
    imported(YEARS, YEARS_MAPPING)
    reports = StatusReport.objects.filter(project__code="EN-1").order_by("period_end")
    found = [(one.period_end, one.reviewed, one.declared, one.original_word, one.comment) for one in reports]
    assert found == [
        (FIRST, "green", "grey", "Green", "On plan."),
        (SECOND, "amber", "grey", "Amber", "Cable delivery slips."),
        (THIRD, "red", "grey", "Red", "Converter station failed its test."),
    ]
    assert {(one.state, one.source, one.published_on == one.period_end) for one in reports} == {
        ("published", "import", True)
    }
    exempt = StatusReport.objects.get(original_word="Exempt")
    assert (exempt.reviewed, exempt.comment) == ("grey", "")


def test_the_report_of_a_later_date_is_not_known_before() -> None:
    imported(YEARS, YEARS_MAPPING)
    assert as_of(StatusReport, FIRST).count() == 3
    assert as_of(StatusReport, SECOND - datetime.timedelta(days=1)).count() == 3
    assert as_of(StatusReport, SECOND).count() == 7


def test_units_are_created_once_and_known_from_the_first_date_that_names_them() -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    assert sorted(OrgUnit.objects.values_list("name_en", flat=True)) == ["Energy", "Health", "Transport", "Treasury"]
    assert batch.result["parents"] == {"core.orgunit": 4}
    assert sorted(told(OrgUnit, FIRST, "name_en")) == ["Energy", "Transport", "Treasury"]
    assert all(unit.path == f"/{unit.pk}/" for unit in OrgUnit.objects.all())


def test_a_new_unit_lies_under_the_one_enterprise() -> None:
    root = create_record(actor=SYSTEM, row=OrgUnit(code="HQ", name_en="Group", kind="enterprise"))
    OrgUnit.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    imported(YEARS, YEARS_MAPPING)
    energy = OrgUnit.objects.get(name_en="Energy")
    assert (energy.parent_id, energy.path) == (root.pk, f"/{root.pk}/{energy.pk}/")


def test_the_preview_says_what_the_commit_does() -> None:
    preview = checked(YEARS, YEARS_MAPPING)
    assert Project.objects.count() == OrgUnit.objects.count() == 0
    assert counts(preview) == (4, 5, 0, 0)
    assert preview.preview["parents"] == {"unit": 4}
    changed = {
        row["row"]: {one["field"]: (one["old"], one["new"]) for one in row["changes"]}
        for row in preview.preview["samples"]["updated"]
    }
    assert changed[5]["planned_finish"] == ("2026-03-31", "2027-03-31")
    assert changed[9]["budget"] == ("1350000000.00", "1500000000.00")
    assert counts(imported(YEARS, YEARS_MAPPING)) == counts(preview)


def test_importing_again_changes_nothing() -> None:
    imported(YEARS, YEARS_MAPPING)
    versions = {
        model: version_of(model)._base_manager.count() for model in (Project, BudgetLine, StatusReport, OrgUnit)
    }  # type: ignore[union-attr]
    told_before = AuditEntry.objects.exclude(model="core.importbatch").count()
    again = imported(YEARS, YEARS_MAPPING)
    assert counts(again) == (0, 0, 9, 0)
    assert counts(checked(YEARS, YEARS_MAPPING)) == (0, 0, 9, 0)
    assert {model: version_of(model)._base_manager.count() for model in versions} == versions  # type: ignore[union-attr]
    assert AuditEntry.objects.exclude(model="core.importbatch").count() == told_before


def test_rating_transitions_count_exact_names_and_renamed_ones_apart() -> None:
    first, second = transitions(imported(YEARS, YEARS_MAPPING))
    assert (first.exact, first.changed, first.renamed, first.renamed_changed) == (2, 1, 1, 1)
    assert (second.exact, second.changed, second.renamed) == (2, 2, 0)
    assert first.words == ["Green", "Amber", "Amber/Red", "Exempt"]
    row = next(cells for word, cells, _sum in first.rows if word == "Green")
    assert [cell.count for cell in row] == [0, 1, 0, 0]
    assert row[1].worse


def test_a_past_date_is_recomputed_from_what_was_imported() -> None:
    imported(YEARS, YEARS_MAPPING)
    recompute(actor=SYSTEM, day=SECOND)
    snapshot = HealthSnapshot.objects.get(date=SECOND, project__code="EN-1")
    assert (snapshot.reviewed, HealthSnapshot.objects.filter(date=SECOND).count()) == ("amber", 4)


def known_project(day: datetime.date, **values: Any) -> Project:
    return create_record(
        actor=SYSTEM, row=Project(**{"code": "EN-1", "name_en": NAME, "type": "it", **values}), day=day
    )


def test_what_is_known_later_is_not_overwritten() -> None:
    project = known_project(
        datetime.date(2026, 1, 1), planned_finish=datetime.date(2029, 1, 1), percent_complete=Decimal("62.00")
    )
    batch = imported(YEARS, YEARS_MAPPING)
    assert counts(batch)[:2] == (3, 6)
    project.refresh_from_db()
    assert (project.planned_finish, project.type, project.version) == (datetime.date(2029, 1, 1), "it", 1)
    past = as_of(Project, SECOND).get(row_id=project.pk)
    assert (past.planned_finish, past.type, past.code, past.percent_complete) == (
        datetime.date(2027, 3, 31),
        "construction",
        "EN-1",
        None,
    )
    assert as_of(Project, datetime.date(2025, 12, 31)).get(row_id=project.pk).planned_finish == datetime.date(
        2028, 3, 31
    )
    assert as_of(Project, datetime.date(2026, 1, 1)).get(row_id=project.pk).planned_finish == datetime.date(2029, 1, 1)


def test_history_between_two_imported_dates_stays() -> None:
    project = known_project(FIRST, planned_finish=datetime.date(2026, 3, 31))
    update_record(
        actor=SYSTEM, row=project, values={"planned_finish": datetime.date(2026, 9, 30)}, day=datetime.date(2021, 9, 1)
    )
    update_record(
        actor=SYSTEM, row=project, values={"planned_finish": datetime.date(2031, 1, 1)}, day=datetime.date(2024, 1, 1)
    )
    imported(YEARS, YEARS_MAPPING)
    ends = [
        as_of(Project, day).get(row_id=project.pk).planned_finish.year
        for day in (FIRST, datetime.date(2021, 9, 1), SECOND, THIRD, datetime.date(2024, 1, 1))
    ]
    assert ends == [2026, 2026, 2027, 2028, 2031]
    project.refresh_from_db()
    assert project.planned_finish.year == 2031
    assert counts(imported(YEARS, YEARS_MAPPING)) == (0, 0, 9, 0)


def test_an_older_file_after_a_newer_one_extends_history_back() -> None:
    lines = YEARS.splitlines()
    newer = "\n".join([lines[0], *lines[8:]])
    older = "\n".join(lines[:8])
    imported(newer, YEARS_MAPPING)
    imported(older, YEARS_MAPPING)
    assert told(Project, FIRST, "name_en").count(NAME) == 1
    assert sorted(told(OrgUnit, FIRST, "name_en")) == ["Energy", "Transport", "Treasury"]
    assert Project.objects.get(code="EN-1").planned_finish == datetime.date(2028, 3, 31)
    assert counts(imported(YEARS, YEARS_MAPPING)) == (0, 0, 9, 0)


def test_a_dated_file_is_one_snapshot() -> None:
    text = "code,name,status\nA-1,Alpha,closed\n"
    mapping = {"fields": {"code": "code", "name": "name", "status": "status"}}
    imported(text, mapping, as_of=datetime.date(2026, 6, 30))
    project = Project.objects.get()
    versions = list(version_of(Project).objects.values_list("valid_from", "valid_to"))  # type: ignore[union-attr]
    assert (project.status, versions) == ("closed", [(datetime.date(2026, 6, 30), None)])
