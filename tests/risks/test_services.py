"""What the services keep true: derived figures, the first assessment, days of the status, one default matrix."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import StaleRecord
from risks.models import Risk, RiskCategory, RiskMatrix, RiskVersion
from risks.models.risk import DERIVED
from risks.services import create_matrix, ensure_default_matrix, load_scale, load_taxonomy, update_matrix, update_risk
from risks.services.matrices import delete_matrix
from tests import factories
from tests.risks.build import DAY, change, risk

STEP = st.none() | st.integers(1, 5)
MONEY = st.none() | st.decimals(0, 10**9, places=2)
CHANGES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "probability": STEP,
            "percent": st.none() | st.decimals(0, 100, places=2),
            "impact_time": STEP,
            "impact_cost": STEP,
            "impact_quality": STEP,
            "impact_money": MONEY,
            "residual_probability": STEP,
            "residual_impact": STEP,
            "status": st.sampled_from(["identified", "responding", "closed", "occurred"]),
        },
    ),
    min_size=1,
    max_size=5,
)


class Derived(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(CHANGES)
    def test_derived_figures_follow_after_any_changes(self, steps: list[dict[str, Any]]) -> None:
        row = risk(factories.project())
        for number, values in enumerate(steps):
            change(row, DAY + datetime.timedelta(days=number), **values)
        stored = Risk.objects.get(pk=row.pk)
        self.assertEqual({name: getattr(stored, name) for name in DERIVED}, stored.derived())
        with_score = Risk.objects.filter(pk=row.pk, score__isnull=False)
        self.assertFalse(with_score.exclude(score=F("probability") * F("impact")).exists())
        last = RiskVersion.objects.get(row_id=row.pk, valid_to__isnull=True)
        self.assertEqual((last.score, last.exposure, last.status), (stored.score, stored.exposure, stored.status))
        self.assertEqual(stored.occurred_on is not None or stored.status != "occurred", True)
        self.assertEqual(stored.closed_on is not None, stored.status == "closed" or stored.closed_on is not None)


pytestmark = pytest.mark.django_db


def test_a_new_risk_takes_percent_inherent_assessment_and_day() -> None:
    row = risk(factories.project(), probability=4, impact_time=3, impact_cost=5, identified_on=None)
    assert (row.percent, row.impact, row.score, row.exposure) == (70, 5, 20, Decimal("70000.00"))
    assert (row.inherent_probability, row.inherent_impact, row.inherent_score) == (4, 5, 20)
    assert row.identified_on == DAY


def test_the_percent_moves_with_the_step_unless_it_is_said() -> None:
    row = risk(factories.project())
    assert change(row, DAY, probability=2).percent == 30
    assert change(row, DAY, probability=3, percent=Decimal("41.5")).percent == Decimal("41.5")
    assert change(row, DAY, impact_time=1).percent == Decimal("41.5")
    row.refresh_from_db()
    assert row.inherent_score == 20


def test_closing_and_opening_again_keeps_the_days() -> None:
    row = risk(factories.project())
    assert change(row, DAY + datetime.timedelta(days=3), status="closed").closed_on == DAY + datetime.timedelta(days=3)
    again = change(row, DAY + datetime.timedelta(days=5), status="responding")
    assert (again.closed_on, again.occurred_on) == (None, None)
    assert change(row, DAY + datetime.timedelta(days=9), status="occurred").occurred_on == DAY + datetime.timedelta(
        days=9
    )


def test_derived_fields_cannot_be_written_and_days_must_follow() -> None:
    row = risk(factories.project())
    assert change(row, DAY, score=1, exposure=Decimal(1)).score == 20
    with pytest.raises(ValidationError) as refused:
        change(row, DAY, status="closed", closed_on=DAY - datetime.timedelta(days=1))
    assert set(refused.value.message_dict) == {"closed_on"}
    with pytest.raises(StaleRecord):
        update_risk(actor=SYSTEM, row=Risk.objects.get(pk=row.pk), values={"probability": 1}, expected_version=99)
    assert Risk.objects.get(pk=row.pk).score == 20


def test_there_is_one_default_matrix() -> None:
    first = ensure_default_matrix(actor=SYSTEM)
    assert ensure_default_matrix(actor=SYSTEM).pk == first.pk
    second = load_scale(actor=SYSTEM, key="pmbok", default=True)
    assert list(RiskMatrix.objects.filter(is_default=True)) == [second]
    third = create_matrix(actor=SYSTEM, row=RiskMatrix(name_en="Third"))
    update_matrix(actor=SYSTEM, row=third, values={"is_default": True})
    assert list(RiskMatrix.objects.filter(is_default=True)) == [third]
    with pytest.raises(ValidationError):
        update_matrix(actor=SYSTEM, row=third, values={"is_default": False})
    with pytest.raises(ValidationError):
        delete_matrix(actor=SYSTEM, row=third)
    with pytest.raises(ValidationError):
        load_scale(actor=SYSTEM, key="no such")


def test_a_taxonomy_is_loaded_once_and_leaves_what_is_there_alone() -> None:
    mine = RiskCategory.objects.create(code="T", name_en="Ours")
    RiskCategory.objects.filter(pk=mine.pk).update(path=f"/{mine.pk}/")
    assert load_taxonomy(actor=SYSTEM, key="pmi") == 21
    assert RiskCategory.objects.get(code="T").name_en == "Ours"
    child = RiskCategory.objects.get(code="T.3")
    assert child.path == f"/{mine.pk}/{child.pk}/"
    entries = AuditEntry.objects.count()
    assert load_taxonomy(actor=SYSTEM, key="pmi") == 0
    assert AuditEntry.objects.count() == entries
    with pytest.raises(ValidationError):
        load_taxonomy(actor=SYSTEM, key="no such")
