"""What people type that cannot be right is said at its field; what they write their own way is understood."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.core.audit.actor import SYSTEM
from projects.forms.amounts import AmountField
from projects.forms.reports import TEXT_LENGTH
from projects.models import Project, StatusReport
from projects.services import reports
from tests.health.build import date
from tests.reports.test_autosave import drafted


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("2.03亿", "203000000"),
        ("850 万", "8500000"),
        ("１２３", "123"),
        ("0", "0"),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str, amount: str | None) -> None:
    found = AmountField(required=False).clean(written)
    assert found == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("written", ["twenty", "12%", "-5", "NaN", "1.005", "1" * 30, "1,23,4", "$ 5"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(required=False).clean(written)


@pytest.mark.django_db
def test_the_form_marks_each_value_it_could_not_save_and_keeps_the_others(world) -> None:
    Project.objects.filter(pk=world.project.pk).update(planned_start="2026-01-05")
    data, told = drafted(world, **{"asks-TOTAL_FORMS": "1", "asks-INITIAL_FORMS": "0"})
    wrong = {
        "forecast_cost": "a lot",
        "forecast_finish": "0001-01-01",
        "period_end": "2036-11-29",
        "achievements": "x" * (TEXT_LENGTH + 1),
        "cost-declared": "purple",
        "asks-0-title": "Which crane",
        "asks-0-delay_cost": "-1",
    }
    answer = world.manager.post(told["autosave"], {**data, **wrong, "version": told["version"], "summary": "Kept"})
    assert answer.status_code == 200 and "except" in answer.json()["text"]
    assert set(answer.json()["errors"]) == set(wrong) - {"asks-0-title"}
    assert "a lot" in answer.json()["errors"]["forecast_cost"]
    draft = StatusReport.objects.get(project=world.project, state="draft")
    assert draft.summary == "Kept" and draft.asks[0]["title"] == "Which crane"
    assert (draft.period_end, draft.forecast_finish) == (date(data["period_end"]), date(data["forecast_finish"]))
    right = world.manager.post(
        told["autosave"], {**data, "version": draft.version, "summary": "进度 👍🏽", "forecast_cost": "120 万"}
    )
    assert right.json()["errors"] == {}
    draft.refresh_from_db()
    assert draft.summary == "进度 👍🏽" and draft.forecast_cost == Decimal(1_200_000)


@pytest.mark.django_db
def test_a_draft_moved_to_a_published_period_replaces_its_report(world) -> None:
    last = world.last
    row = StatusReport(project=world.project, period_start=date("2026-11-23"), period_end=date("2026-11-29"))
    draft = reports.create_report(actor=SYSTEM, row=row)
    assert draft.replaces is None
    moved = reports.update_report(
        actor=SYSTEM, row=draft, values={"period_start": last.period_start, "period_end": last.period_end}
    )
    assert moved.replaces_id == last.pk
    back = reports.update_report(
        actor=SYSTEM, row=moved, values={"period_start": date("2026-11-23"), "period_end": date("2026-11-29")}
    )
    assert back.replaces_id is None
