"""Past dates are real: what is edited, imported or deleted later never changes them."""

import datetime
import importlib
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import working_calendar
from pmo.core.history.models import version_of
from pmo.core.money.models import ExchangeRate
from portfolio.models import BandOverride, HealthSnapshot, Portfolio, RollupSnapshot
from portfolio.models.structure import CYCLE_DAYS, Cycle
from portfolio.services.health.recompute import recompute
from risks.models import RiskMatrix
from tests.health import build, histories

WEEK = datetime.timedelta(days=7)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module", autouse=True)
def beginning(django_db_setup, django_db_blocker):
    """What every history here begins with: written once, inside a transaction that is thrown away."""
    with django_db_blocker.unblock(), transaction.atomic():
        histories.start()
        yield
        transaction.set_rollback(True)


def as_bytes(day: datetime.date) -> bytes:
    """Everything on file for a date."""
    return json.dumps([build.snapshots(day), build.rollups(day)], default=str, sort_keys=True).encode()


class PastDates(TestCase):
    @FEW
    @given(st.lists(st.lists(histories.steps, max_size=12), min_size=1, max_size=4), st.booleans())
    def test_recompute_gives_the_same_bytes_before_and_after_later_history(self, weeks, forget):
        seen: dict[datetime.date, bytes] = {}
        for number, week in enumerate(weeks):
            day = histories.FIRST + number * WEEK
            histories.play(week, day)
            recompute(actor=SYSTEM, day=day)
            seen[day] = as_bytes(day)
        histories.upheaval(histories.FIRST + len(weeks) * WEEK)
        if forget:
            HealthSnapshot.objects.all().delete()
            RollupSnapshot.objects.all().delete()
        for day, before in seen.items():
            result = recompute(actor=SYSTEM, day=day)
            self.assertEqual(as_bytes(day), before)
            self.assertTrue(forget or result.changed == 0)

    @FEW
    @given(st.lists(histories.steps, max_size=20), st.integers(1, 5))
    def test_chunks_of_any_size_give_the_same_bytes(self, week, size):
        histories.play(week, histories.FIRST)
        recompute(actor=SYSTEM, day=histories.FIRST)
        before = as_bytes(histories.FIRST)
        self.assertEqual(recompute(actor=SYSTEM, day=histories.FIRST, chunk_size=size).changed, 0)
        HealthSnapshot.objects.all().delete()
        RollupSnapshot.objects.all().delete()
        recompute(actor=SYSTEM, day=histories.FIRST, chunk_size=size)
        self.assertEqual(as_bytes(histories.FIRST), before)

    @FEW
    @given(st.lists(histories.steps, max_size=15))
    def test_the_history_can_move_the_figures_at_all(self, week):
        """A twin that would fail if the property above held for want of any effect: the present does follow."""
        recompute(actor=SYSTEM, day=histories.FIRST)
        before = as_bytes(histories.FIRST)
        histories.add_row(histories.FIRST, 1, 0, 0)
        histories.play(week, histories.FIRST)
        histories.add_project(histories.FIRST, 7, 7, 7)
        recompute(actor=SYSTEM, day=histories.FIRST)
        self.assertNotEqual(as_bytes(histories.FIRST), before)


def _cycles_of_now(day):
    return {pk: CYCLE_DAYS[Cycle(cycle)] for pk, cycle in Portfolio.all_objects.values_list("pk", "cycle")}


def _rates_of_now(day, settings=None):
    rows = ExchangeRate.all_objects.filter(valid_from_date__lte=day).order_by("currency", "valid_from_date")
    return {"CNY": 1, **dict(rows.values_list("currency", "rate"))}


def _overrides_of_now(day):
    return dict(BandOverride.objects.filter(starts_on__lte=day).values_list("portfolio_id", "band"))


def _calendar_of_now(day=None, settings=None):
    return working_calendar()


def _matrix_of_now(day):
    return RiskMatrix.objects.get(is_default=True).cells


def _rows_of_now(model, day):
    return version_of(model).objects.filter(valid_to=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "name", "leak"),
    [
        ("portfolio.queries.health_rows", "cycles_by_portfolio", _cycles_of_now),
        ("portfolio.queries.measures", "rates_on", _rates_of_now),
        ("portfolio.queries.measures", "working_calendar", _calendar_of_now),
        ("portfolio.services.health.rollup", "overrides_on", _overrides_of_now),
        ("risks.queries.measures", "default_cells", _matrix_of_now),
        ("resources.queries.load", "as_of", _rows_of_now),
        ("risks.queries.measures", "as_of", _rows_of_now),
        ("projects.queries.extra_measures", "as_of", _rows_of_now),
        ("projects.queries.benefit_progress", "as_of", _rows_of_now),
    ],
)
def test_each_way_for_the_present_to_leak_in_would_be_seen(monkeypatch, place, name, leak):
    """Negative control: with one reading taken from the present, the upheaval does change the past date."""
    monkeypatch.setattr(importlib.import_module(place), name, leak)
    recompute(actor=SYSTEM, day=histories.FIRST)
    before = as_bytes(histories.FIRST)
    histories.upheaval(histories.FIRST + WEEK)
    recompute(actor=SYSTEM, day=histories.FIRST)
    assert as_bytes(histories.FIRST) != before
