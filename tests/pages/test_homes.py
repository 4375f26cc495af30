"""Role homes: who gets which, that every card counts what its list holds, and that nothing grows with the rows."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.core.audit.actor import SYSTEM
from portfolio.models import BandOverride, Personal, Portfolio
from portfolio.services.health.recompute import recompute
from portfolio.views.homes.roles import HOMES
from projects.models import (
    Action,
    Decision,
    Deliverable,
    Issue,
    Milestone,
    Project,
    ProjectCharter,
    StatusReport,
)
from tests import factories
from tests.health import build

pytestmark = pytest.mark.django_db
CARD_ROLES = {
    "pmo_admin": "pmo",
    "pmo_analyst": "pmo",
    "resource_manager": "resources",
    "project_manager": "pm",
    "coordinator": "pm",
    "sponsor": "sponsor",
    "auditor": "auditor",
    "team_member": "work",
    None: "work",
}


def busy(computed, person) -> None:
    """Work of every kind for the person, and some for nobody."""
    Project.objects.filter(pk__in=[computed.late.pk, computed.dear.pk]).update(pm=person, status="in_progress")
    Project.objects.filter(pk=computed.good.pk).update(sponsor=person, status="in_progress")
    Project.objects.filter(pk=computed.empty.pk).update(status="in_progress")
    for number, (project, owner) in enumerate(
        [(computed.late, person), (computed.dear, person), (computed.good, person), (computed.foreign, None)]
    ):
        build.add("decision", project, title=f"D{number}", needed_by="2026-11-20")
        build.add("action", project, title=f"A{number}", due_on="2026-11-20")
        build.add("issue", project, title=f"I{number}")
        build.milestone(project, f"M{number}", "2026-10-01")
        Action.objects.filter(title=f"A{number}").update(owner=owner)
        Issue.objects.filter(title=f"I{number}").update(owner=owner)
        Milestone.objects.filter(name=f"M{number}").update(owner=owner)
    Decision.objects.filter(title__in=["D0", "D2"]).update(decider=person)
    build.add("decision", computed.late, title="Undated")
    StatusReport.objects.filter(project=computed.good).update(state="submitted")
    StatusReport.objects.filter(project=computed.dear).update(reviewed="grey")
    BandOverride.objects.create(
        portfolio=computed.group, band="amber", reason="Agreed", starts_on=computed.day, decided_by=person
    )
    recompute(actor=SYSTEM, day=computed.day)


def total_of(client, url: str) -> int:
    response = client.get(html.unescape(url))
    assert response.status_code == 200, url
    total: int = response.context["listing"].total
    return total


@pytest.mark.parametrize(("role", "home"), CARD_ROLES.items())
def test_every_card_counts_what_its_list_holds(computed, client_for, role, home):
    client = client_for(role)
    busy(computed, client.user.person)
    if role not in {None, "team_member"}:
        client.post(reverse("home-choose"), {"home": home})
    page = client.get(reverse("home"))
    if role in {None, "team_member"}:
        page = client.post(reverse("home-choose"), {"home": "work"}, follow=True)
    assert page.context["chosen"].key == home
    assert page.context["cards"], role
    for filled in page.context["cards"]:
        assert total_of(client, filled.url) == filled.total, (role, filled.card.key)
        assert len(filled.lines) == min(filled.total, 6), (role, filled.card.key)
    assert sum(filled.total for filled in page.context["cards"]) > 0
    for found in page.context["gaps"].gaps:
        assert total_of(client, found.url) == found.total, found.gap.key


def test_the_counts_are_the_ones_we_wrote(computed, client_for):
    client = client_for("project_manager")
    busy(computed, client.user.person)
    client.post(reverse("home-choose"), {"home": "pm"})
    counts = {filled.card.key: filled.total for filled in client.get(reverse("home")).context["cards"]}
    assert counts["my-actions"] == counts["my-issues"] == 3
    assert counts["my-projects"] == 3
    assert counts["awaited-decisions"] == 4
    client.post(reverse("home-choose"), {"home": "sponsor"})
    counts = {filled.card.key: filled.total for filled in client.get(reverse("home")).context["cards"]}
    assert counts["my-decisions"] == 2


def test_gaps_are_counted(computed, pmo_admin):
    busy(computed, pmo_admin.user.person)
    page = pmo_admin.get(reverse("home"))
    found = {one.gap.key: one.total for one in page.context["gaps"].gaps}
    assert found["decisions"] == 1 and found["issues"] == 1 and found["grey"] == 1
    assert page.context["gaps"].total == sum(found.values())


def test_a_report_that_is_due_is_one_click_away(computed, client_for, monkeypatch):
    client = client_for("project_manager")
    busy(computed, client.user.person)
    for name in ("portfolio.views.home.org_today", "portfolio.registers.home_filters.org_today"):
        monkeypatch.setattr(name, lambda: computed.day)
    client.post(reverse("home-choose"), {"home": "pm"})
    page = client.get(reverse("home"))
    card = next(filled for filled in page.context["cards"] if filled.card.key == "reports-due")
    assert [str(line.title) for line in card.lines] == ["Dear"], "Late and Good reported on the 16th"
    assert card.lines[0].action_url == reverse("report-new") + f"?project={computed.dear.pk}"
    assert client.get(card.lines[0].action_url).status_code == 200


def test_drafts_and_what_waits_for_approval_stand_on_the_home_while_there_are_any(computed, client_for):
    client = client_for("project_manager")
    busy(computed, client.user.person)
    client.post(reverse("home-choose"), {"home": "pm"})
    quiet = {"reports-begun", "in-approval", "to-accept"}
    before = {filled.card.key for filled in client.get(reverse("home")).context["cards"]}
    assert not before & quiet and "my-decisions" in before
    span = {"period_start": "2026-11-16", "period_end": "2026-11-22"}
    back = StatusReport.objects.create(project=computed.late, code="SR-9", state="returned", **span)
    StatusReport.objects.create(project=computed.foreign, code="SR-9", state="draft", **span)
    Deliverable.objects.create(project=computed.late, code="DL-1", name="Test report", state="submitted")
    Deliverable.objects.create(project=computed.late, code="DL-2", name="Manual", state="planned")
    ProjectCharter.objects.create(project=computed.dear, code="PC-1", purpose="Why", state="submitted")
    cards = {filled.card.key: filled for filled in client.get(reverse("home")).context["cards"]}
    assert {key: cards[key].total for key in quiet} == dict.fromkeys(quiet, 1)
    assert cards["reports-begun"].lines[0].action_url == reverse("report-edit", kwargs={"pk": back.pk})
    assert all(client.get(html.unescape(cards[key].lines[0].url)).status_code == 200 for key in quiet)


def test_executives_begin_on_the_scorecard_and_owners_on_their_portfolio(computed, client_for):
    assert client_for("executive").get(reverse("home")).url == reverse("scorecard")
    owner = client_for()
    Portfolio.objects.filter(pk=computed.group.pk).update(owner=owner.user.person)
    url = reverse("register-detail", kwargs={"key": "portfolios", "pk": computed.group.pk})
    assert owner.get(reverse("home")).url == url
    assert owner.get(url).status_code == 200


def test_a_person_with_several_roles_switches_and_the_choice_is_kept(computed, client_for):
    client = client_for("pmo_analyst")
    busy(computed, client.user.person)
    page = client.get(reverse("home"))
    assert [home.key for home in page.context["homes"]] == ["pmo", "pm", "sponsor", "work"]
    assert page.context["chosen"].key == "pmo"
    client.post(reverse("home-choose"), {"home": "sponsor"})
    assert client.get(reverse("home")).context["chosen"].key == "sponsor"
    assert Personal.objects.get(user=client.user).home == "sponsor"
    client.post(reverse("home-choose"), {"home": "auditor"})
    assert client.get(reverse("home")).context["chosen"].key == "pmo", "a home that is not theirs is not kept"


def test_a_home_without_work_says_so(db, client_for):
    build.organisation()
    for role in CARD_ROLES:
        page = client_for(role).get(reverse("home"))
        assert page.status_code == 200
        assert all(filled.total == 0 for filled in page.context["cards"] if filled.card.key != "trail")
        assert re.search(r"Nothing is late and nothing waits for you", page.content.decode())


@pytest.mark.parametrize("role", ["pmo_admin", "project_manager", "sponsor", "auditor", "resource_manager", None])
def test_a_home_takes_as_many_queries_with_many_rows_as_with_few(computed, client_for, role):
    client = client_for(role)
    busy(computed, client.user.person)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        assert client.get(reverse("home")).status_code == 200
    for number in range(12):
        row = build.project(f"More {number}", portfolio=computed.group, status="in_progress")
        Project.objects.filter(pk=row.pk).update(pm=client.user.person)
        build.milestone(row, f"X{number}", "2026-06-01", "2027-02-01", is_key=True)
        build.report(row, "2026-11-18", "green", "green")
        decision = build.add("decision", row, title=f"Y{number}", needed_by="2026-11-20")
        Decision.objects.filter(pk=decision.pk).update(decider=client.user.person)
        for kind, model in (("action", Action), ("issue", Issue)):
            made = build.add(kind, row, title=f"Z{number}")
            model.objects.filter(pk=made.pk).update(owner=client.user.person)
    recompute(actor=SYSTEM, day=computed.day)
    with CaptureQueriesContext(connection) as many:
        assert client.get(reverse("home")).status_code == 200
    assert len(many) == len(few), [query["sql"][:160] for query in many]
    assert len(many) <= 30


def test_every_home_has_a_key_of_its_own_and_ends_with_everybodys():
    assert len({home.key for home in HOMES}) == len(HOMES)
    assert [home.key for home in HOMES if not home.roles] == ["work"] == [HOMES[-1].key]


def test_my_work_asks_only_those_for_reports_who_may_write_them(computed, client):
    user = factories.user()
    busy(computed, user.person)
    Milestone.objects.filter(project=computed.late).delete()
    for number in range(12):
        build.milestone(computed.late, f"Late {number}", "2026-10-01")
    client.force_login(user)
    page = client.get(reverse("my-work"))
    writes = {row.project.pk for row in page.context["projects"] if row.writes}
    assert writes == {computed.late.pk, computed.dear.pk}, "the sponsor of the third reads its reports"
    assert {row.project.pk for row in page.context["due"]} <= writes
    links = re.findall(r'href="(/reports/[^"]+)"', page.content.decode())
    assert links
    assert {client.get(html.unescape(link)).status_code for link in links} <= {200, 302}
    assert len(page.context["milestones"]) == 14, "all late ones, as the lead says"
