"""Over-allocation of projects, from version rows: what the nightly health run reads."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db.models import Q

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.records.services import update_record
from resources.queries.load import over_allocation
from tests import factories
from tests.resources.builders import MONDAY, allocation, member

pytestmark = pytest.mark.django_db
CALENDAR = WorkingCalendar()


def as_dict(day: datetime.date = MONDAY, where: Q | None = None) -> dict[int, float]:
    ids, over = over_allocation(day, 28, where or Q(), CALENDAR)
    assert len(ids) == len(over) and list(ids) == sorted(ids)
    return {int(pk): round(float(value), 6) for pk, value in zip(ids, over, strict=True)}


def test_demand_above_capacity_counts_as_a_share_of_the_capacity_of_the_people() -> None:
    busy, calm = member(), member()
    first, second = factories.project(), factories.project()
    allocation(first, busy.person, 80)
    allocation(second, busy.person, 60)
    allocation(second, calm.person, 50)
    # busy: 140 % for 20 of 20 working days; calm never above.
    assert as_dict() == {first.pk: 40.0, second.pk: 20.0}


def test_a_free_week_does_not_make_up_for_a_full_one() -> None:
    who, project = member(), factories.project()
    allocation(project, who.person, 200, ends_on=MONDAY + datetime.timedelta(days=11))
    # From Tuesday: 4 + 5 days at 200 % of 20 working days in 28 days.
    assert as_dict() == {project.pk: 45.0}


def test_availability_and_pool_dates_make_the_capacity() -> None:
    half = member(availability=50)
    leaving = member(pool_until=MONDAY + datetime.timedelta(days=14))
    first, second = factories.project(), factories.project()
    allocation(first, half.person, 75)
    allocation(second, leaving.person, 100)
    # leaving: 10 days of capacity, 20 of demand.
    assert as_dict() == {first.pk: 50.0, second.pk: 100.0}


def test_only_committed_people_of_the_pool_count() -> None:
    who, outside = member(), factories.person()
    project, other = factories.project(), factories.project()
    allocation(project, who.person, 100)
    allocation(other, who.person, 100, state="proposed")
    allocation(other, outside, 200)
    assert as_dict() == {project.pk: 0.0}


def test_a_past_day_keeps_its_figure_when_an_allocation_changes_later() -> None:
    who, project = member(), factories.project()
    row = allocation(project, who.person, 150)
    before = as_dict()
    update_record(actor=SYSTEM, row=row, values={"percent": 50}, day=MONDAY + datetime.timedelta(days=1))
    assert as_dict() == before == {project.pk: 50.0}
    assert as_dict(MONDAY + datetime.timedelta(days=1)) == {project.pk: 0.0}


def test_projects_asked_for_are_answered_with_all_the_demand_of_their_people() -> None:
    who = member()
    first, second = factories.project(), factories.project()
    allocation(first, who.person, 80)
    allocation(second, who.person, 80)
    assert as_dict(where=Q(project_id__in=[first.pk])) == {first.pk: 60.0}
    assert as_dict(where=Q(project_id__gt=first.pk) & Q(project_id__lte=second.pk)) == {second.pk: 60.0}


@pytest.mark.parametrize("size", [3, 30])
def test_two_queries_whatever_the_size(size: int, django_assert_num_queries: Any) -> None:
    for _number in range(size):
        allocation(factories.project(), member().person, 120)
    with django_assert_num_queries(2):
        assert set(as_dict().values()) == {20.0}
