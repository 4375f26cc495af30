"""What the nightly job asks of risks: any past day, later edits change nothing, the same number of queries at any size."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import delete_record
from risks.models import Risk
from risks.queries import measures
from risks.services import ensure_default_matrix, update_matrix
from tests import factories
from tests.risks.build import DAY, change, risk

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=30)
ALL = Q()


def test_exposure_is_summed_by_project_and_currency() -> None:
    first, second = factories.project(), factories.project()
    risk(first)
    risk(first, percent=Decimal(10), impact_money=Decimal("50.05"))
    risk(first, currency="EUR", impact_money=1000)
    risk(second, impact_money=None)
    risk(second, kind="opportunity", strategy="exploit")
    found = measures.open_exposure(DAY, ALL)
    assert found.of(first.pk) == {"CNY": 70_005.01, "EUR": 700.0}
    assert found.of(second.pk) == {}


def test_only_open_threats_of_the_red_zone_are_counted() -> None:
    project = factories.project()
    risk(project)
    risk(project, probability=3, impact_time=5)
    risk(project, probability=2, impact_time=5)
    risk(project, status="closed")
    risk(project, status="occurred", occurred_on=DAY)
    risk(project, kind="opportunity")
    assert measures.open_red(DAY, ALL).of(project.pk) == 2
    assert measures.open_count(DAY, ALL).of(project.pk) == 3


def test_the_matrix_of_the_day_decides_what_is_red() -> None:
    project = factories.project()
    matrix = ensure_default_matrix(actor=SYSTEM, day=DAY)
    risk(project, probability=1, impact_time=1)
    assert measures.open_red(DAY, ALL).of(project.pk) == 0
    update_matrix(actor=SYSTEM, row=matrix, values={"cells": "R" * 25}, day=LATER)
    assert measures.open_red(LATER, ALL).of(project.pk) == 1
    assert measures.open_red(DAY, ALL).of(project.pk) == 0


def test_a_review_is_overdue_from_the_day_after_its_date() -> None:
    project = factories.project()
    risk(project, review_on=DAY)
    risk(project, review_on=DAY, status="closed")
    assert measures.reviews_overdue(DAY, ALL).of(project.pk) == 0
    assert measures.reviews_overdue(DAY + datetime.timedelta(days=1), ALL).of(project.pk) == 1


def everything(day: datetime.date) -> list[Any]:
    exposure, red = measures.open_exposure(day, ALL), measures.open_red(day, ALL)
    late = measures.reviews_overdue(day, ALL)
    return [
        exposure.project_ids.tolist(),
        exposure.currencies,
        exposure.exposure.tolist(),
        *(part.tolist() for counts in (red, late) for part in (counts.project_ids, counts.counts)),
    ]


def test_later_edits_and_deletions_leave_a_past_day_alone() -> None:
    project = factories.project()
    ensure_default_matrix(actor=SYSTEM, day=DAY)
    kept, closed, gone = (risk(project, review_on=DAY - datetime.timedelta(days=1)) for _ in range(3))
    before = everything(DAY)
    change(kept, LATER, probability=1, impact_money=5)
    change(closed, LATER, status="closed")
    delete_record(actor=SYSTEM, row=Risk.objects.get(pk=gone.pk), day=LATER)
    risk(project, LATER)
    assert everything(DAY) == before
    assert everything(LATER) != before


def test_a_filter_keeps_projects() -> None:
    first, second = factories.project(), factories.project()
    risk(first)
    risk(second)
    only = Q(project_id__in=[second.pk])
    assert measures.open_red(DAY, only).project_ids.tolist() == [second.pk]
    assert measures.open_exposure(DAY, only).project_ids.tolist() == [second.pk]


@pytest.mark.parametrize("size", [3, 30])
def test_queries_do_not_grow(size: int, django_assert_num_queries: Any) -> None:
    for _ in range(size):
        risk(factories.project())
    with django_assert_num_queries(1):
        assert len(measures.open_exposure(DAY, ALL).project_ids) == size
    with django_assert_num_queries(2):
        assert len(measures.open_red(DAY, ALL).project_ids) == size
    with django_assert_num_queries(1):
        assert len(measures.reviews_overdue(DAY, ALL).project_ids) == 0
