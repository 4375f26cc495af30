"""The demo's PMO: valid rows, rights that follow the revisions, assessments that follow their answers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from office.calc.self_assessment import assess
from office.models import CharterRight, PMOCharter, PMOUnit, TypeAssessment
from pmo.core.audit.actor import SYSTEM
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.decision_rights.queries import may_decide
from pmo.core.history.queries import as_of
from pmo.core.metrics.models import MetricDefinition
from portfolio.demo.seed import SeedPlan, seed_demo

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def seeded(db):
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=1, weeks=104, health=False, passwords=False))


def test_the_pmo_of_the_demo(seeded):
    units = list(PMOUnit.objects.all())
    assert [unit.level for unit in units] == ["enterprise", "department", "department", "personal"]
    for row in [*units, *PMOCharter.objects.all(), *TypeAssessment.objects.all(), *DecisionRight.objects.all()]:
        row.full_clean()
    assert MetricDefinition.objects.filter(shipped=True).exists()


def test_the_second_revision_is_in_force_and_the_first_was_before(seeded):
    first, second = PMOCharter.objects.order_by("revision")
    assert (first.state, second.state, first.code) == ("replaced", "signed", second.code)
    assert second.signatures == 3 and first.signed_on < second.signed_on
    then = second.signed_on - datetime.timedelta(days=1)
    assert not may_decide("pmo_admin", "stop_project", Decimal(1), day=then)
    assert may_decide("pmo_admin", "stop_project", Decimal(1), day=TODAY)
    assert may_decide("portfolio_owner", "approve_project", Decimal(1), day=then)
    assert CharterRight.objects.count() == DecisionRight.objects.count()
    assert as_of(PMOCharter, then).get(row_id=first.pk).state == "signed"


def test_assessments_are_worked_out_from_their_answers_and_the_applied_one_changed_the_type(seeded):
    before, now = TypeAssessment.objects.order_by("assessed_on")
    for row in (before, now):
        result = assess(row.answers)
        assert (row.recommended, row.score, row.lead) == (
            result.recommended,
            result.scores[result.recommended],
            result.lead,
        )
    assert before.outcome == "applied" and now.outcome == "open"
    assert before.recommended == now.type_before == now.unit.type != now.recommended
    assert as_of(PMOUnit, before.assessed_on).get(row_id=before.unit_id).type == before.type_before


@pytest.mark.django_db
def test_a_short_history_holds_together_too():
    seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=1, weeks=4, health=False, passwords=False))
    for row in [*PMOUnit.objects.all(), *PMOCharter.objects.all(), *TypeAssessment.objects.all()]:
        row.full_clean()
