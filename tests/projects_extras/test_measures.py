"""The bulk measures: right against a recount, the same on a past day whatever happens later, few queries."""

import datetime
import random
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from pmo.core.audit.actor import SYSTEM
from pmo.core.records.services import create_record, delete_record
from projects.models import ProjectCharter
from projects.queries import extra_measures as measures
from tests import factories
from tests.projects_extras.build import DAY, WEEK, benefit, change, deliverable, finding, line, project

pytestmark = pytest.mark.django_db
D = datetime.date
LATER = DAY + 30 * WEEK
FUNCTIONS = (
    measures.open_major_findings,
    measures.deliverables,
    measures.charter_state,
    measures.reserve,
    measures.benefit_progress,
)


@pytest.fixture(autouse=True)
def organisation():
    factories.organisation()


def rows_of(found):
    """A result as a dict of lists."""
    return {name: [str(one) for one in getattr(found, name).tolist()] for name in found.__dataclass_fields__}


def world(number, seed=4):
    """Projects with random rows of every kind, the first without any."""
    dice = random.Random(seed)
    made = [
        project(
            planned_finish=DAY + 10 * WEEK,
            forecast_finish=DAY + dice.randint(8, 20) * WEEK,
            contingency_reserve=dice.choice([None, Decimal(5000)]),
        )
        for _ in range(number)
    ]
    for one in made[1:]:
        for _ in range(dice.randint(0, 4)):
            state = dice.choice(["open", "doing", "closed", "accepted"])
            ended = {"closed_on": DAY, "corrective": "Done"} if state in {"closed", "accepted"} else {}
            finding(
                one,
                state=state,
                severity=dice.choice(["1_major", "2_minor", "3_observation"]),
                due_on=DAY + dice.randint(0, 6) * WEEK,
                **ended,
            )
        for _ in range(dice.randint(0, 4)):
            part = deliverable(one, due_on=DAY + dice.randint(-3, 6) * WEEK, open_defects=dice.randint(0, 3))
            if dice.random() < 0.5:
                change(part, DAY, state="submitted", submitted_on=DAY)
            if part.state == "submitted" and dice.random() < 0.6:
                change(part, DAY, state="accepted", accepted_on=DAY, accepted_by=factories.person())
        if dice.random() < 0.7:
            state = dice.choice(["draft", "approved"])
            extra = {"in_force": 1, "approved_on": DAY, "effective_on": DAY} if state == "approved" else {}
            create_record(actor=SYSTEM, row=ProjectCharter(project=one, state=state, **extra), day=DAY)
        for _ in range(dice.randint(0, 2)):
            gain = benefit(one, offset_months=dice.randint(0, 2))
            for month in range(1, 4):
                line(gain, D(2026, month, 1), planned=100 * month, actual=dice.choice([None, 80 * month]))
    return made


def test_findings_and_deliverables_are_recounted():
    made = world(12)
    day = DAY + 2 * WEEK
    found = measures.open_major_findings(day)
    parts = measures.deliverables(day)
    counted, listed = {}, {}
    for one in made:
        mine = [row for row in one.quality_findings.all()]
        if mine:
            still = [row for row in mine if row.state in {"open", "doing"}]
            counted[one.pk] = (
                sum(row.severity == "1_major" for row in still),
                len(still),
                sum(row.due_on < day for row in still),
            )
        hers = list(one.deliverables.all())
        if hers:
            done = [row for row in hers if row.state == "accepted"]
            listed[one.pk] = (
                len(hers),
                sum(row.due_on <= day for row in hers),
                len(done),
                sum(row.due_on <= day for row in done),
                sum(row.due_on < day and row.state != "accepted" for row in hers),
                sum(row.open_defects for row in hers),
            )
    assert counted
    assert listed
    assert (
        dict(zip(found.ids.tolist(), zip(found.major, found.open, found.overdue, strict=True), strict=True)) == counted
    )
    got = zip(
        parts.total, parts.due, parts.accepted, parts.due_accepted, parts.overdue, parts.open_defects, strict=True
    )
    assert dict(zip(parts.ids.tolist(), got, strict=True)) == listed
    assert made[0].pk not in counted | listed


def test_a_project_without_rows_is_not_in_the_result():
    alone = project()
    day = DAY + WEEK
    for function in FUNCTIONS:
        found = function(day, Q(project_id=alone.pk))
        ids = found.project if function is measures.benefit_progress else found.ids
        assert ids.tolist() == ([alone.pk] if function is measures.reserve else [])
    assert np.isnan(measures.reserve(day).amount).all()
    assert measures.benefit_summary(measures.benefit_progress(day)).ids.tolist() == []


def test_benefits_to_date_and_the_slip_of_their_start():
    of = project(planned_finish=D(2026, 1, 31), forecast_finish=D(2026, 2, 28), currency="USD")
    money = benefit(of, currency="USD", planned_total=600, offset_months=0)
    level = benefit(
        of,
        monetary=False,
        currency="",
        unit="days",
        manner="level",
        direction="down",
        baseline=45,
        planned_total=20,
        anchor="date",
        starts_on=D(2026, 1, 1),
    )
    for month, real in ((1, 80), (2, None), (3, None)):
        line(money, D(2026, month, 1), planned=100 * month, actual=real)
    line(level, D(2026, 1, 1), planned=40, actual=45)
    line(level, D(2026, 2, 1), planned=30, actual=40)
    found = measures.benefit_progress(D(2026, 3, 10), Q(project_id=of.pk))
    assert found.row_id.tolist() == [money.pk, level.pk]
    assert found.currency.tolist() == ["USD", ""]
    # January is measured; February is over but not measured, so it waits until March is over.
    assert found.planned_to_date.tolist() == [100, 15]
    assert found.actual_to_date.tolist() == [80, 5]
    assert found.planned_total.tolist() == [600, 25]
    assert found.start_slip_weeks.round(6).tolist() == [round((D(2026, 3, 10) - D(2026, 1, 31)).days / 7, 6), 0]
    summary = measures.benefit_summary(found)
    assert summary.attained_pct.round(6).tolist() == [round((80 + 100 * 5 / 15) / 2, 6)]
    assert summary.start_slip_weeks.tolist() == [found.start_slip_weeks[0]]
    assert measures.benefit_progress(D(2026, 3, 31)).planned_to_date.tolist() == [300, 15]


def test_a_benefit_that_brings_more_does_not_hide_one_that_brings_nothing():
    of = project(planned_finish=DAY)
    for real in (500, None):
        line(benefit(of), D(2026, 1, 1), planned=100, actual=real)
    summary = measures.benefit_summary(measures.benefit_progress(D(2026, 3, 10)))
    assert summary.attained_pct.tolist() == [50]
    assert summary.benefits.tolist() == [2]


def test_an_approved_revision_stays_in_force_while_the_next_is_written():
    of = project()
    charter = create_record(actor=SYSTEM, row=ProjectCharter(project=of), day=DAY)
    change(charter, DAY + WEEK, state="submitted", submitted_on=DAY + WEEK)
    coming = DAY + 3 * WEEK
    change(
        charter,
        DAY + 2 * WEEK,
        state="approved",
        in_force=1,
        approved_on=DAY + 2 * WEEK,
        effective_on=coming,
        approved_by=factories.person(),
    )
    change(charter, DAY + 5 * WEEK, state="draft", revision=2)
    seen = [
        (found.state[0], bool(found.approved[0]))
        for found in (measures.charter_state(DAY + number * WEEK) for number in (0, 1, 2, 3, 5))
    ]
    assert seen == [
        ("draft", False),
        ("submitted", False),
        ("approved", False),
        ("approved", True),
        ("draft", True),
    ]


def test_what_happens_later_does_not_change_a_past_day():
    made = world(10)
    day = DAY + 2 * WEEK
    before = [rows_of(function(day)) for function in FUNCTIONS]
    for one in made:
        change(one, LATER, contingency_reserve=Decimal(1), forecast_finish=LATER)
        for row in one.quality_findings.all():
            delete_record(actor=SYSTEM, row=row, day=LATER)
        for row in one.deliverables.all():
            change(row, LATER, due_on=D(2030, 1, 1), open_defects=9)
        for row in one.benefits.all():
            change(row, LATER, planned_total=Decimal(9999), offset_months=9)
            for part in row.lines.all():
                change(part, LATER, planned=1, actual=1)
        for row in one.charters.all():
            change(row, LATER, state="draft", in_force=0)
        finding(one, day=LATER)
        deliverable(one, day=LATER)
    assert [rows_of(function(day)) for function in FUNCTIONS] == before
    assert [rows_of(function(LATER)) for function in FUNCTIONS] != before


def test_as_many_queries_for_three_projects_as_for_thirty():
    def count():
        found = []
        for function in FUNCTIONS:
            with CaptureQueriesContext(connection) as seen:
                function(DAY + WEEK)
            found.append(len(seen))
        return found

    world(3)
    few = count()
    world(27, seed=5)
    assert count() == few
    assert few == [1, 1, 1, 1, 5]
