"""The demo, seeded once for the tests of a module and rolled back after them."""

from __future__ import annotations

import datetime
import io

import pytest
from django.db import transaction
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from portfolio.demo.seed import SeedPlan, seed_demo
from portfolio.services.health.recompute import recompute

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def english():
    """Messages in English, whatever the installation's language."""
    with translation.override("en"):
        yield


class Seeded:
    """What the seeding said, and the hidden truth it wrote."""

    def __init__(self, result, truth):
        self.result = result
        self.truth = truth


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Forty story projects with two years of records, and the health of today."""
    with django_db_blocker.unblock(), transaction.atomic():
        truth = io.StringIO()
        result = seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, health=False), truth=truth)
        recompute(actor=SYSTEM, day=TODAY, today=TODAY)
        yield Seeded(result, truth.getvalue())
        transaction.set_rollback(True)
