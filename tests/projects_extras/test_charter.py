"""A charter is drafted, submitted, signed by three, approved, and opened again without losing what was approved."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.models import AuditEntry
from pmo.core.records.services import StaleRecord, create_record
from projects.models import CharterRevision, CharterSignature, Milestone, ProjectCharter
from projects.services import charters as services
from tests import factories
from tests.projects_extras.build import DAY, WEEK, Cast, act

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with translation.override("en"):
        yield Cast()


def approved(cast):
    """A charter in force since DAY."""
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter, day=DAY)
    services.sign_charter(actor=act(cast.sponsor), charter=charter, day=DAY)
    services.approve_charter(actor=act(cast.pmo), charter=charter, day=DAY)
    return charter


def browser(user):
    client = Client()
    client.force_login(user)
    client.cookies["bw_language"] = "en"
    return client


def test_the_way_to_approval_leaves_three_signatures(cast):
    charter = approved(cast)
    charter.refresh_from_db()
    assert (charter.state, charter.in_force, charter.approved_on) == ("approved", 1, DAY)
    assert charter.approved_by == cast.pmo.person
    signed = {row.capacity: row.person for row in CharterSignature.objects.filter(charter=charter)}
    assert signed == {"1_sponsor": cast.sponsor.person, "2_pm": cast.pm.person, "3_pmo": cast.pmo.person}
    acts = set(AuditEntry.objects.filter(model="projects.projectcharter").values_list("action", flat=True))
    assert {"submit", "approve"} <= acts


def test_an_incomplete_draft_is_not_submitted(cast):
    charter = cast.charter(limit_spend=None, escalation="")
    with pytest.raises(ValidationError, match="Spending per decision, Escalation path"):
        services.submit_charter(actor=act(cast.pm), charter=charter)
    charter.refresh_from_db()
    assert charter.state == "draft"
    assert not CharterSignature.objects.exists()


def test_a_project_without_a_sponsor_has_nobody_to_sign(cast):
    charter = cast.charter()
    cast.project.sponsor = None
    charter.project = cast.project
    with pytest.raises(ValidationError, match="Name the project manager and the sponsor"):
        services.submit_charter(actor=act(cast.pm), charter=charter)


def test_approval_waits_for_every_signature(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter)
    with pytest.raises(ValidationError, match="Signatures are missing: Sponsor"):
        services.approve_charter(actor=act(cast.pmo), charter=charter)
    charter.refresh_from_db()
    assert charter.state == "submitted"
    # What the refused approval signed on the way is not kept.
    assert [row.capacity for row in CharterSignature.objects.all()] == ["2_pm"]


def test_project_managers_do_not_approve_their_own_limits(cast):
    factories.user(Role.PMO_ANALYST)
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter)
    with pytest.raises(ValidationError, match="do not approve the limits"):
        services.approve_charter(actor=act(cast.pm), charter=charter)


def test_nobody_signs_for_somebody_else_or_twice(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter)
    stranger = factories.user()
    with pytest.raises(ValidationError, match="sponsor, its project manager and the PMO sign"):
        services.sign_charter(actor=act(stranger), charter=charter)
    with pytest.raises(ValidationError, match="sponsor, its project manager and the PMO sign"):
        services.sign_charter(actor=act(cast.pmo), charter=charter, capacity="1_sponsor")
    with pytest.raises(ValidationError, match="signed this revision already"):
        services.sign_charter(actor=act(cast.pm), charter=charter)


def test_a_charter_in_force_is_not_changed_or_deleted(cast):
    charter = approved(cast)
    with pytest.raises(ValidationError, match="open it again first"):
        services.update_charter(actor=act(cast.pm), row=charter, values={"purpose": "Other"})
    charter.refresh_from_db()
    with pytest.raises(ValidationError, match="never approved"):
        services.delete_charter(actor=act(cast.pmo), row=charter)
    assert ProjectCharter.objects.filter(pk=charter.pk).exists()


def test_opening_again_keeps_the_approved_text_and_its_signatures(cast):
    charter = approved(cast)
    services.reopen_charter(actor=act(cast.pm), charter=charter, reason="Scope grew", day=DAY + WEEK)
    services.update_charter(actor=act(cast.pm), row=charter, values={"purpose": "Approve much faster"})
    charter.refresh_from_db()
    old = CharterRevision.objects.get(charter=charter)
    assert (charter.state, charter.revision, charter.in_force) == ("draft", 2, 1)
    assert (old.number, old.purpose, old.approved_on, old.reason) == (1, "Approve faster", DAY, "Scope grew")
    assert CharterSignature.objects.filter(charter=charter, revision=1).count() == 3
    assert not services.signatures_of(charter).exists()


def test_opening_again_asks_for_a_reason(cast):
    charter = approved(cast)
    with pytest.raises(ValidationError, match="Say why"):
        services.reopen_charter(actor=act(cast.pm), charter=charter, reason=" ")
    assert not CharterRevision.objects.exists()


def test_taking_back_what_was_submitted_takes_its_signatures_away(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter)
    services.reopen_charter(actor=act(cast.pm), charter=charter, reason="A number was wrong")
    charter.refresh_from_db()
    assert (charter.state, charter.revision) == ("draft", 1)
    assert not CharterSignature.objects.exists()


def test_a_charter_does_not_take_effect_before_its_approval(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter, day=DAY)
    services.sign_charter(actor=act(cast.sponsor), charter=charter, day=DAY)
    with pytest.raises(ValidationError, match="takes effect on the day of its approval"):
        services.approve_charter(actor=act(cast.pmo), charter=charter, effective_on=DAY - WEEK, day=DAY)


def test_a_project_has_one_charter(cast):
    cast.charter()
    with pytest.raises(ValidationError, match="has a charter already"):
        services.create_charter(actor=act(cast.pm), row=ProjectCharter(project=cast.project, purpose="Second"))


def test_of_two_approvals_at_once_one_is_told(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter)
    services.sign_charter(actor=act(cast.sponsor), charter=charter)
    slow = ProjectCharter.objects.get(pk=charter.pk)
    services.sign_charter(actor=act(cast.pmo), charter=charter)
    services.approve_charter(actor=act(cast.pmo), charter=charter)
    with pytest.raises(StaleRecord):
        services.approve_charter(actor=act(cast.sponsor), charter=slow)


def test_the_page_shows_the_old_revision_with_the_dates_of_its_day(cast):
    stone = create_record(
        actor=act(cast.pm),
        row=Milestone(project=cast.project, name="Go live", baseline_date=datetime.date(2026, 6, 1)),
        day=DAY - WEEK,
    )
    charter = approved(cast)
    services.reopen_charter(actor=act(cast.pm), charter=charter, reason="Later", day=DAY + WEEK)
    services.update_charter(actor=act(cast.pm), row=charter, values={"purpose": "Another purpose"})
    from pmo.core.records.services import update_record

    update_record(actor=act(cast.pm), row=stone, values={"baseline_date": datetime.date(2026, 9, 1)}, day=DAY + WEEK)
    page = browser(cast.pm)
    url = reverse("project-charter", kwargs={"pk": cast.project.pk})
    now, old = page.get(url).content.decode(), page.get(f"{url}?revision=1").content.decode()
    assert "Another purpose" in now
    assert "2026-09-01" in now
    assert "Approve faster" in old
    assert "2026-06-01" in old
    assert "2026-09-01" not in old
    assert page.get(f"{url}?revision=7").status_code == 404


def test_the_page_says_who_may_and_why_not(cast):
    charter = cast.charter()
    url = reverse("project-charter", kwargs={"pk": cast.project.pk})
    member = factories.user()
    factories.member(cast.project, member, Role.TEAM_MEMBER)
    shown = browser(member).get(url).content.decode()
    assert "You need one of these roles here" in shown
    assert "50,000" not in shown, "the limit of spending is money"
    assert "50,000" in browser(cast.pm).get(url).content.decode()
    refused = browser(member).post(reverse("project-charter-submit", kwargs={"pk": cast.project.pk}))
    assert refused.status_code == 403
    charter.refresh_from_db()
    assert charter.state == "draft"


def test_what_is_missing_is_said_on_the_page(cast):
    cast.charter(escalation="")
    answer = browser(cast.pm).post(reverse("project-charter-submit", kwargs={"pk": cast.project.pk}))
    assert answer.status_code == 422
    assert "Still empty: Escalation path." in answer.content.decode()


def test_the_whole_way_in_the_browser(cast):
    charter = cast.charter()
    pk = {"pk": cast.project.pk}
    for user, name, form in (
        (cast.pm, "submit", {}),
        (cast.sponsor, "sign", {"capacity": "1_sponsor"}),
        (cast.pmo, "approve", {"effective_on": ""}),
        (cast.sponsor, "reopen", {"reason": "More money"}),
    ):
        answer = browser(user).post(reverse(f"project-charter-{name}", kwargs=pk), form)
        assert answer.status_code == 302, (name, answer.content[-800:])
    charter.refresh_from_db()
    assert (charter.state, charter.revision, charter.in_force) == ("draft", 2, 1)


def test_a_project_without_a_charter_offers_to_write_it(cast):
    shown = browser(cast.pm).get(reverse("project-charter", kwargs={"pk": cast.project.pk})).content.decode()
    assert "Write the charter" in shown
    assert "Work has begun without a charter" in shown


def test_nobody_signs_a_text_that_was_opened_again_meanwhile(cast):
    charter = cast.charter()
    services.submit_charter(actor=act(cast.pm), charter=charter, day=DAY)
    read_before = ProjectCharter.objects.get(pk=charter.pk)
    services.reopen_charter(actor=act(cast.pm), charter=charter, reason="Wrong limits", day=DAY + WEEK)
    with pytest.raises(StaleRecord):
        services.sign_charter(actor=act(cast.sponsor), charter=read_before, day=DAY + WEEK)
    assert not CharterSignature.objects.exists()
