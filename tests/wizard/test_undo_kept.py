"""What the page says that an undo would keep is what the undo then keeps, whatever parts it goes in."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import undo
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.undo import edited_since
from pmo.core.records.services import create_record, update_record
from portfolio.models import Objective, Programme, ProgrammeItem
from projects.models import Milestone, Project
from tests import factories
from tests.wizard import test_registers
from tests.wizard.build import YEARS, YEARS_MAPPING, imported, undone
from tests.wizard.test_resume_and_undo import rows_of

pytestmark = pytest.mark.django_db

OBJECTIVES = "编号,名称,parent\nO-1,提升吞吐量,\nO-2,缩短等待,O-1\nO-3,零事故,O-2\nO-4,绿色港口,\n"
GATHERED = {
    "fields": {
        "code": "code",
        "name": "name",
        "portfolio": {"column": "pf", "create_parent": True},
        "programme": {"column": "pg", "create_parent": True},
    }
}


def foretold(batch: ImportBatch) -> list[tuple[str, str]]:
    """What is told before; the undo then keeps exactly that."""
    told = [one.as_json() for one in edited_since(batch)]
    result = undone(batch).result
    assert told == result["kept"]
    assert result["kept_count"] == len(told)
    return [(str(one["label"]), str(one["why"])) for one in told]


def edit(row: Any, **values: Any) -> None:
    update_record(actor=SYSTEM, row=row, values=values)


@pytest.fixture(params=[1, 2, 200])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many groups an undo takes at a time."""
    monkeypatch.setattr(undo, "GROUPS", request.param)
    return int(request.param)


def test_records_that_hang_on_each_other_go_whatever_the_parts(parts: int) -> None:
    assert foretold(test_registers.imported("objectives", OBJECTIVES)) == []
    assert not Objective.objects.exists()


def test_what_a_kept_record_hangs_on_is_kept_too(parts: int) -> None:
    batch = test_registers.imported("objectives", OBJECTIVES)
    edit(Objective.objects.get(code="O-2"), name_en="Waiting")
    assert [why for _label, why in foretold(batch)] == ["edited", "used"]
    assert set(Objective.objects.values_list("code", flat=True)) == {"O-1", "O-2"}


def test_shared_records_are_foretold(parts: int) -> None:
    batch = imported(YEARS, YEARS_MAPPING)
    row = Project.objects.get(name_en="Coastal Hospitals")
    create_record(actor=SYSTEM, row=Milestone(project=row, name="Handover", baseline_date=datetime.date(2027, 1, 1)))
    assert foretold(batch) == [("Coastal Hospitals", "used"), ("Health", "used")]


def test_others_that_joined_a_shared_record_keep_it(parts: int) -> None:
    batch = imported("code,name,pf,pg\nA,Alpha,North,One\nB,Beta,South,Two\n", GATHERED)
    programme = Programme.objects.get(name_en="One")
    create_record(actor=SYSTEM, row=ProgrammeItem(project=factories.project(code="Z"), programme=programme))
    assert sorted(why for _label, why in foretold(batch)) == ["used", "used"]
    assert [one.name_en for one in Programme.objects.all()] == ["One"]


def test_statements_do_not_grow_with_records() -> None:
    def statements(batch: ImportBatch) -> tuple[int, int]:
        rows = list(Project.objects.filter(pk__in=batch.rows.values("object_id")).order_by("pk")[:8:2])
        for row in rows:
            edit(row, country="Chile")
        with CaptureQueriesContext(connection) as caught:
            kept = edited_since(batch)
        return len(caught), len(kept)

    few = statements(imported(rows_of(6), YEARS_MAPPING))
    others = rows_of(60).replace("N-", "M-").replace("Bridge", "Tunnel").replace("Unit", "Bureau")
    many = statements(imported(others, YEARS_MAPPING))
    assert many[0] == few[0]
    assert many[1] >= few[1] >= 3
