"""Risks of the demo: valid, with figures that services would have computed, and a course that fits the project's."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from pmo.core.audit.actor import SYSTEM
from portfolio.demo.rooms.risk_stories import RISKS
from portfolio.demo.seed import SeedPlan, seed_demo
from portfolio.demo.stories import STORIES
from projects.models import Issue, Project
from risks.calc.taxonomies import PMI
from risks.models import Risk, RiskCategory, RiskMatrix, RiskVersion
from risks.models.risk import DERIVED

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(actor=SYSTEM, plan=SeedPlan(today=TODAY, projects=60, health=False))
        yield
        transaction.set_rollback(True)


def test_every_risk_is_valid_and_its_figures_are_those_of_the_services() -> None:
    rows = list(Risk.objects.all())
    for row in rows:
        row.full_clean(validate_unique=False)
        assert {name: getattr(row, name) for name in DERIVED} == row.derived(), row
        assert row.inherent_score is not None
        assert row.identified_on <= TODAY
    assert Counter(row.kind for row in rows)["opportunity"] >= 4
    assert {row.status for row in rows} >= {"responding", "occurred", "closed"}


def test_stories_have_three_to_ten_risks_and_the_others_few() -> None:
    counts = Counter(Risk.objects.values_list("project__code", flat=True))
    stories = {spec.code for spec in STORIES if not spec.manner.silent}
    assert set(RISKS) <= stories
    for code in RISKS:
        assert 3 <= counts[code] <= 10, (code, counts[code])
    others = [counts[project.code] for project in Project.objects.exclude(code__in={spec.code for spec in STORIES})]
    assert max(others) <= 3
    versions = RiskVersion.objects.filter(project_id__in=Project.objects.exclude(code__in=stories).values("pk")).count()
    assert versions / len(others) <= 10


def test_a_risk_grows_before_it_occurs_and_occurs_when_its_issue_comes() -> None:
    occurred = list(Risk.objects.filter(occurred_on__isnull=False))
    assert len(occurred) > 20
    for row in occurred:
        before = RiskVersion.objects.filter(row_id=row.pk, valid_from__lt=row.occurred_on).order_by("valid_from")
        steps = [version.probability for version in before]
        assert steps == sorted(steps), row
        assert row.probability > steps[0]
        assert RiskVersion.objects.filter(row_id=row.pk, valid_from=row.occurred_on, status="occurred").exists()
        raised = Issue.objects.filter(project_id=row.project_id, title=row.event).values_list("raised_on", flat=True)
        assert not raised or any(0 <= (day - row.occurred_on).days <= 90 for day in raised), row


def test_some_managers_let_their_reviews_lapse_and_most_do_not() -> None:
    today = [row for row in Risk.objects.exclude(review_on=None) if row.is_open]
    late = [row for row in today if row.review_on < TODAY]
    assert 0 < len(late) < len(today) / 2


def test_nothing_is_open_in_a_project_that_is_over() -> None:
    over = Risk.objects.filter(project__status__in=["closed", "terminated"])
    assert over.exists()
    assert not [row for row in over if row.is_open]


def test_the_world_has_the_pmi_categories_and_a_default_matrix() -> None:
    assert set(RiskCategory.objects.values_list("code", flat=True)) == {node.code for node in PMI}
    for row in RiskCategory.objects.select_related("parent"):
        assert row.path == f"{row.parent.path if row.parent else '/'}{row.pk}/"
    matrices = list(RiskMatrix.objects.all())
    assert [row.is_default for row in matrices].count(True) == 1
    for row in matrices:
        row.full_clean()


def test_single_sourced_stories_count_on_the_backup_that_is_tried() -> None:
    cited = list(Risk.objects.exclude(backup_supplier=None).select_related("backup_supplier__backup_for", "project"))
    assert {row.project.code for row in cited} >= {"NEV-01"} and 2 <= len(cited) <= 6
    for row in cited:
        assert row.backup_supplier.backup_for.name_zh == row.source
        first = RiskVersion.objects.filter(row_id=row.pk, backup_supplier_id__isnull=False).order_by("valid_from")[0]
        assert first.valid_from >= row.backup_supplier.qualified_on
