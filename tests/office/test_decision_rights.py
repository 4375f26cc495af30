"""The question workflows ask: which limits count, which units, and what a refusal says."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.decision_rights.queries import may_decide, who_may_decide
from pmo.core.decision_rights.services import change_proposal, end_rights, propose_right, put_in_force
from pmo.core.money.models import ExchangeRate
from pmo.core.records.services import create_record
from tests import factories

DAY = datetime.date(2026, 11, 2)


def right(role="sponsor", kind="approve_change", since=DAY, **values) -> DecisionRight:
    row = propose_right(actor=SYSTEM, row=DecisionRight(role=role, kind=kind, **values))
    if since:
        put_in_force(actor=SYSTEM, rows=[row], day=since)
    return row


@pytest.fixture(autouse=True)
def money(db):
    factories.organisation()
    for code in ("CNY", "USD", "EUR"):
        factories.currency(code)
    create_record(actor=SYSTEM, row=ExchangeRate(currency="USD", valid_from_date=DAY, rate=Decimal(7)), day=DAY)


def test_up_to_the_limit_and_not_a_cent_more():
    right(up_to=Decimal("500000"))
    assert may_decide("sponsor", "approve_change", Decimal("500000"), day=DAY)
    over = may_decide("sponsor", "approve_change", Decimal("500000.01"), day=DAY)
    assert not over and "50" in str(over.reason)
    assert not may_decide("executive", "approve_change", Decimal(1), day=DAY)
    assert not may_decide("sponsor", "stop_project", Decimal(1), day=DAY)


def test_the_largest_of_several_lines_counts_and_no_limit_is_none():
    right(up_to=Decimal(100))
    right(up_to=Decimal(900))
    assert may_decide("sponsor", "approve_change", Decimal(800), day=DAY)
    right(role="executive")
    assert may_decide("executive", "approve_change", Decimal(10**12), day=DAY)


def test_other_currencies_are_compared_by_the_rate_of_the_day_and_never_without_one():
    right(up_to=Decimal(700), currency="CNY")
    assert may_decide("sponsor", "approve_change", Decimal(100), currency="USD", day=DAY)
    assert not may_decide("sponsor", "approve_change", Decimal(101), currency="USD", day=DAY)
    assert not may_decide("sponsor", "approve_change", Decimal(1), currency="EUR", day=DAY)


def test_delays_are_limited_in_working_days():
    right(kind="move_date", days=10)
    assert may_decide("sponsor", "move_date", days=10, day=DAY)
    late = may_decide("sponsor", "move_date", days=11, day=DAY)
    assert not late and "10" in str(late.reason)


def test_a_right_of_a_unit_holds_below_it_and_nowhere_else():
    top = factories.unit()
    below, beside = factories.unit(parent=top), factories.unit()
    right(unit=top)
    assert may_decide("sponsor", "approve_change", unit=below, day=DAY)
    assert not may_decide("sponsor", "approve_change", unit=beside, day=DAY)
    assert not may_decide("sponsor", "approve_change", day=DAY)


def test_a_proposal_gives_no_right_and_an_ended_one_neither():
    row = right(since=None)
    assert not may_decide("sponsor", "approve_change", day=DAY)
    put_in_force(actor=SYSTEM, rows=[row], day=DAY)
    end_rights(actor=SYSTEM, rows=[row], day=DAY + datetime.timedelta(days=5))
    assert may_decide("sponsor", "approve_change", day=DAY + datetime.timedelta(days=4))
    assert not may_decide("sponsor", "approve_change", day=DAY + datetime.timedelta(days=5))
    assert not may_decide("sponsor", "approve_change", day=DAY - datetime.timedelta(days=1))


def test_who_may_decide_names_roles_in_one_order():
    right(role="sponsor", up_to=Decimal(100))
    right(role="executive")
    with CaptureQueriesContext(connection) as few:
        assert who_may_decide("approve_change", Decimal(50), day=DAY) == ["executive", "sponsor"]
    for _ in range(10):
        right(role="portfolio_owner", up_to=Decimal(60), unit=None)
    with CaptureQueriesContext(connection) as many:
        assert who_may_decide("approve_change", Decimal(101), day=DAY) == ["executive"]
    assert len(few) == len(many)


def test_what_was_in_force_never_changes():
    row = right(up_to=Decimal(100))
    with pytest.raises(ValidationError):
        change_proposal(actor=SYSTEM, row=row, values={"up_to": Decimal(999)})
    assert DecisionRight.objects.get(pk=row.pk).up_to == 100


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValidationError) as refused:
        right(up_to=Decimal(1), currency="XXX")
    assert "currency" in refused.value.error_dict
