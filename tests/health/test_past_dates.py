"""Past dates are real: what is edited, imported or deleted later never changes them."""

import datetime
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pmo.core.audit.actor import SYSTEM
from portfolio.models import HealthSnapshot, RollupSnapshot
from portfolio.services.health.recompute import recompute
from tests.health import build, histories

WEEK = datetime.timedelta(days=7)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def as_bytes(day: datetime.date) -> bytes:
    """Everything on file for a date."""
    return json.dumps([build.snapshots(day), build.rollups(day)], default=str, sort_keys=True).encode()


class PastDates(TestCase):
    @FEW
    @given(st.lists(st.lists(histories.steps, max_size=12), min_size=2, max_size=4), st.booleans())
    def test_recompute_gives_the_same_bytes_before_and_after_later_history(self, weeks, forget):
        histories.start()
        seen: dict[datetime.date, bytes] = {}
        for number, week in enumerate(weeks):
            day = histories.FIRST + number * WEEK
            histories.play(week, day)
            recompute(actor=SYSTEM, day=day)
            seen[day] = as_bytes(day)
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
        histories.start()
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
        histories.start()
        recompute(actor=SYSTEM, day=histories.FIRST)
        before = as_bytes(histories.FIRST)
        histories.add_row(histories.FIRST, 1, 0, 0)
        histories.play(week, histories.FIRST)
        histories.add_project(histories.FIRST, 7, 7, 7)
        recompute(actor=SYSTEM, day=histories.FIRST)
        self.assertNotEqual(as_bytes(histories.FIRST), before)
