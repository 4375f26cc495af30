"""Deliverables are accepted by somebody else; findings and verdicts carry their day and reason."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import org_today
from projects.models import Deliverable, SuccessCriterion
from projects.services import deliverables as services
from projects.services import quality
from tests import factories
from tests.projects_extras.build import DAY, WEEK, Cast, act, deliverable, finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with translation.override("en"):
        yield Cast()


def test_submitted_then_accepted_by_somebody_on_a_day(cast):
    row = deliverable(cast.project, owner=cast.pm.person)
    services.submit_deliverable(actor=act(cast.pm), row=row, day=DAY)
    services.accept_deliverable(actor=act(cast.sponsor), row=row, open_defects=0, day=DAY + WEEK)
    row.refresh_from_db()
    assert (row.state, row.accepted_by, row.accepted_on) == ("accepted", cast.sponsor.person, DAY + WEEK)


def test_nothing_is_submitted_without_criteria(cast):
    row = deliverable(cast.project, criteria="  ")
    with pytest.raises(ValidationError, match="acceptance criteria"):
        services.submit_deliverable(actor=act(cast.pm), row=row)


@pytest.mark.parametrize("state", ["planned", "doing"])
def test_only_what_was_submitted_is_accepted_or_rejected(cast, state):
    row = deliverable(cast.project, state=state)
    with pytest.raises(ValidationError, match="Only a submitted"):
        services.accept_deliverable(actor=act(cast.sponsor), row=row, open_defects=0)
    with pytest.raises(ValidationError, match="Only a submitted"):
        services.reject_deliverable(actor=act(cast.sponsor), row=row, open_defects=0, note="No")


def test_owners_do_not_accept_their_own_and_defects_are_explained(cast):
    row = deliverable(cast.project, owner=cast.sponsor.person)
    services.submit_deliverable(actor=act(cast.pm), row=row)
    with pytest.raises(ValidationError, match="Owners do not accept"):
        services.accept_deliverable(actor=act(cast.sponsor), row=row, open_defects=0)
    with pytest.raises(ValidationError, match="open defects will be gone"):
        services.accept_deliverable(actor=act(cast.pmo), row=row, open_defects=2)
    with pytest.raises(ValidationError, match="has to change"):
        services.reject_deliverable(actor=act(cast.pmo), row=row, open_defects=2, note="")
    services.reject_deliverable(actor=act(cast.pmo), row=row, open_defects=2, note="Two defects")
    services.submit_deliverable(actor=act(cast.pm), row=row)
    row.refresh_from_db()
    assert (row.state, row.open_defects, row.verdict_note) == ("submitted", 2, "")


def test_the_form_neither_accepts_nor_reopens(cast):
    row = deliverable(cast.project)
    with pytest.raises(ValidationError, match="under Acceptance"):
        services.update_deliverable(actor=act(cast.pm), row=row, values={"state": "accepted"})
    with pytest.raises(ValidationError, match="planned or in progress"):
        services.create_deliverable(
            actor=act(cast.pm), row=Deliverable(project=cast.project, name="New", state="accepted")
        )
    services.submit_deliverable(actor=act(cast.pm), row=row)
    services.accept_deliverable(actor=act(cast.pmo), row=row, open_defects=1, note="By May")
    with pytest.raises(ValidationError, match="on file"):
        services.update_deliverable(actor=act(cast.pm), row=row, values={"name": "Other"})
    row.refresh_from_db()
    services.update_deliverable(actor=act(cast.pm), row=row, values={"open_defects": 0, "name": row.name})
    row.refresh_from_db()
    assert (row.state, row.open_defects) == ("accepted", 0)


def test_a_milestone_of_another_project_is_refused(cast):
    other = factories.milestone(factories.project())
    with pytest.raises(ValidationError, match="another project"):
        deliverable(cast.project, milestone=other)


def test_the_page_refuses_with_a_reason_and_keeps_the_row(cast):
    row = deliverable(cast.project)
    services.submit_deliverable(actor=act(cast.pm), row=row)
    client = Client()
    client.force_login(cast.pm)
    answer = client.post(reverse("deliverable-accept", kwargs={"pk": row.pk}), {"open_defects": "0"})
    assert answer.status_code == 403
    client.force_login(cast.sponsor)
    answer = client.post(reverse("deliverable-accept", kwargs={"pk": row.pk}), {"open_defects": "-1"}, follow=True)
    row.refresh_from_db()
    assert row.state == "submitted"
    client.post(reverse("deliverable-accept", kwargs={"pk": row.pk}), {"open_defects": "0"})
    row.refresh_from_db()
    assert row.state == "accepted"


def test_closing_a_finding_dates_it_and_asks_what_was_done(cast):
    row = finding(cast.project)
    with pytest.raises(ValidationError, match="what was done"):
        quality.update_finding(actor=SYSTEM, row=row, values={"state": "closed"})
    row.refresh_from_db()
    quality.update_finding(actor=SYSTEM, row=row, values={"state": "closed", "corrective": "Retrained"})
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("closed", org_today())
    quality.update_finding(actor=SYSTEM, row=row, values={"state": "open"})
    row.refresh_from_db()
    assert row.closed_on is None


def test_a_finding_is_not_closed_before_it_was_found(cast):
    row = finding(cast.project)
    values = {"state": "accepted", "corrective": "Small", "closed_on": DAY - WEEK}
    with pytest.raises(ValidationError, match="closed before it was found"):
        quality.update_finding(actor=SYSTEM, row=row, values=values)


def test_a_criterion_is_judged_with_day_and_evidence_twice(cast):
    row = SuccessCriterion(
        project=cast.project, name="Fast", measure="Days", target="20", due_on=datetime.date(2026, 6, 1)
    )
    quality.create_criterion(actor=SYSTEM, row=row)
    with pytest.raises(ValidationError, match="rests on"):
        quality.update_criterion(actor=SYSTEM, row=row, values={"close_verdict": "1_met"})
    row.refresh_from_db()
    quality.update_criterion(
        actor=SYSTEM, row=row, values={"close_verdict": "2_partly", "close_evidence": "24 days", "close_judged_on": DAY}
    )
    with pytest.raises(ValidationError, match="comes after the close"):
        quality.update_criterion(
            actor=SYSTEM,
            row=row,
            values={"review_verdict": "1_met", "review_evidence": "19 days", "review_judged_on": DAY - WEEK},
        )
    row.refresh_from_db()
    quality.update_criterion(actor=SYSTEM, row=row, values={"close_verdict": "4_none"})
    row.refresh_from_db()
    assert row.close_judged_on is None
