"""What the dashboard counts is all of the scope, not only the projects that fit on its heat map."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from portfolio.models import HealthSnapshot
from portfolio.services.health.models import ensure_default_model
from tests import factories
from tests.conftest import UserClient

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def _snapshots(count: int, band: str, declared: str, was: str, score: float) -> None:
    model = ensure_default_model()
    for _ in range(count):
        project = factories.project()
        common: dict[str, Any] = {"project": project, "model": model, "declared": declared, "overall": score}
        HealthSnapshot.objects.create(date=DAY - datetime.timedelta(days=1), band=was, **common)
        HealthSnapshot.objects.create(date=DAY, band=band, **common)


def test_counts_reach_beyond_the_heat_map(pmo_admin: UserClient) -> None:
    factories.organisation()
    _snapshots(62, "red", "red", "red", 20.0)
    _snapshots(5, "amber", "green", "amber", 60.0)
    _snapshots(3, "green", "green", "red", 90.0)
    context = pmo_admin.get("/dashboard/").context
    assert len(context["heat"]) < context["total"] == 70
    assert context["watermelon_count"] == 5
    assert context["changed_count"] == 3
    assert {row.was for row in context["changed"]} == {"red"}
    health = pmo_admin.get("/r/health/", {"date": "2026-11-20", "watermelon": "1"})
    assert health.context["listing"].total == context["watermelon_count"]
