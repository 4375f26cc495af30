"""Standing in: the delegate writes and submits while it lasts, in those projects only, and the audit trail says for whom."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.core.access.api import can
from pmo.core.access.roles import Role
from pmo.core.audit.actor import actor_of
from pmo.core.audit.models import AuditEntry
from pmo.core.calendars.models import CalendarException
from pmo.core.calendars.queries import org_today
from pmo.core.people.models import User
from portfolio.models import ReportDelegation
from portfolio.queries.reporting_delegates import delegates, on_behalf_of
from portfolio.services.reporting.delegations import create_delegation, end_delegation, update_delegation
from projects.access import MONEY, REVIEW, SUBMIT
from projects.models import Project, StatusReport
from projects.services.reports import create_report, submit_report
from tests import factories
from tests.conftest import client_of
from tests.reporting import build
from tests.reporting.build import LAST, TODAY

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 4, 0, tzinfo=datetime.UTC)
FRIDAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def world() -> Any:
    """Two private projects of one manager, one of another, and a colleague without any role."""
    factories.organisation()
    group = build.portfolio()
    pm, other, colleague = factories.user(), factories.user(), factories.user()
    mine, second, foreign = (
        build.project(name, group, who) for name, who in (("Mine", pm), ("Second", pm), ("Foreign", other))
    )
    Project.objects.update(visibility="private")

    class World:
        pass

    found = World()
    found.__dict__.update(locals())
    return found


def hand_over(actor: User, giver: User, taker: User, **values: Any) -> ReportDelegation:
    row = ReportDelegation(
        from_person=giver.person,
        to_person=taker.person,
        reason="Leave",
        **{"starts_on": TODAY, "ends_on": FRIDAY, **values},
    )
    return create_delegation(actor=actor_of(actor), row=row)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def draft(row: Project) -> StatusReport:
    return StatusReport(project=row, period_start=LAST[0], period_end=LAST[1], declared="green", summary="All well.")


def test_nobody_may_anything_before(db: None) -> None:
    w = world()
    assert not can(w.colleague, "view", w.mine)
    assert not can(w.colleague, "add", draft(w.mine))


def test_the_delegate_writes_and_submits_all_reports_of_the_manager_and_nothing_else() -> None:
    w = world()
    hand_over(w.pm, w.pm, w.colleague)
    user = fresh(w.colleague)
    for row in (w.mine, w.second):
        assert can(user, "view", row)
        assert can(user, "add", draft(row))
        report = build.report(row, state="draft")
        assert can(user, "change", report) and can(user, SUBMIT, report)
        assert not can(user, REVIEW, report) and not can(user, "delete", report)
        assert not can(user, "change", row)
        assert not can(user, MONEY, row)
    assert not can(user, "view", w.foreign)
    assert not can(user, "add", draft(w.foreign))


def test_a_delegation_of_one_project_gives_that_one() -> None:
    w = world()
    hand_over(w.pm, w.pm, w.colleague, project=w.second)
    user = fresh(w.colleague)
    assert can(user, "add", draft(w.second))
    assert not can(user, "view", w.mine)


def test_it_holds_from_the_first_to_the_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    w = world()
    hand_over(w.pm, w.pm, w.colleague, starts_on=TODAY, ends_on=FRIDAY)
    for offset, allowed in ((-1, False), (0, True), (2, True), (3, False)):
        moment = NOON + datetime.timedelta(days=offset)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert bool(can(fresh(w.colleague), "add", draft(w.mine))) is allowed, offset


def test_it_ends_with_the_manager_of_the_project() -> None:
    w = world()
    hand_over(w.pm, w.pm, w.colleague, project=w.mine)
    hand_over(w.pm, w.pm, w.colleague)
    Project.objects.filter(pk=w.mine.pk).update(pm=w.other.person)
    assert not can(fresh(w.colleague), "add", draft(w.mine))


def test_who_cannot_sign_in_cannot_stand_in() -> None:
    w = world()
    gone, nobody = factories.user(), factories.person()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (gone.person, nobody):
        row = ReportDelegation(
            from_person=w.pm.person, to_person=person, starts_on=TODAY, ends_on=FRIDAY, reason="Leave"
        )
        with pytest.raises(ValidationError, match="no account"):
            create_delegation(actor=actor_of(w.pm), row=row)
    form = client_of(w.pm).get("/r/report-delegations/new/").context["form"]
    assert set(form.fields["to_person"].queryset) == {w.other.person, w.colleague.person}
    assert set(form.fields["project"].queryset) == {w.mine, w.second}


def test_coming_back_early_ends_it_and_the_trash_too() -> None:
    w = world()
    row = hand_over(w.pm, w.pm, w.colleague, starts_on=datetime.date(2026, 11, 16))
    end_delegation(actor=actor_of(w.pm), row=row, day=TODAY)
    assert row.ends_on == datetime.date(2026, 11, 17)
    assert not can(fresh(w.colleague), "add", draft(w.mine))


def test_one_that_has_not_begun_goes_and_one_that_is_over_stays() -> None:
    w = world()
    row = hand_over(w.pm, w.pm, w.colleague)
    end_delegation(actor=actor_of(w.pm), row=row, day=TODAY)
    assert not ReportDelegation.objects.exists()
    over = hand_over(w.pm, w.pm, w.colleague, starts_on=datetime.date(2026, 11, 2), ends_on=datetime.date(2026, 11, 6))
    with pytest.raises(ValidationError, match="over already"):
        end_delegation(actor=actor_of(w.pm), row=over, day=TODAY)
    other = hand_over(w.other, w.other, w.colleague)
    with pytest.raises(ValidationError, match="your own reports only"):
        end_delegation(actor=actor_of(w.pm), row=other, day=TODAY)


def test_the_button_on_its_page_takes_the_reports_back() -> None:
    w = world()
    today = org_today()
    week = datetime.timedelta(days=7)
    row = hand_over(w.pm, w.pm, w.colleague, starts_on=today - week, ends_on=today + week)
    page, end = f"/r/report-delegations/{row.pk}/", f"/reporting/delegations/{row.pk}/end/"
    assert end in client_of(w.pm).get(page).content.decode()
    assert end not in client_of(w.colleague).get(page).content.decode()
    assert client_of(w.pm).post(end).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == today - datetime.timedelta(days=1)
    assert AuditEntry.objects.filter(model="portfolio.reportdelegation", object_id=row.pk, action="end").count() == 1
    assert end not in client_of(w.pm).get(page).content.decode()


def test_the_audit_trail_says_on_whose_behalf() -> None:
    w = world()
    hand_over(w.pm, w.pm, w.colleague)
    user = fresh(w.colleague)
    report = create_report(actor=actor_of(user), row=draft(w.mine))
    submit_report(actor=actor_of(user), report=report)
    told = AuditEntry.objects.filter(model="projects.statusreport", object_id=report.pk)
    assert {entry.action for entry in told} >= {"create", "submit"}
    assert {entry.reason for entry in told} == {f"On behalf of {w.pm.person}"}
    assert report.author == w.colleague.person
    assert on_behalf_of(fresh(w.pm), w.mine.pk, TODAY) == ""


def test_only_the_pmo_hands_over_for_others() -> None:
    w = world()
    with pytest.raises(ValidationError) as caught:
        hand_over(w.colleague, w.pm, w.colleague)
    assert list(caught.value.message_dict) == ["from_person"]
    assert hand_over(factories.user(Role.PMO_ANALYST), w.pm, w.colleague).pk


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": TODAY - datetime.timedelta(days=1)}, "ends_on"),
        ({"to_person": "self"}, "to_person"),
        ({"project": "foreign"}, "project"),
    ],
)
def test_impossible_delegations_are_refused(values: dict[str, Any], field: str) -> None:
    w = world()
    taker = w.pm if values.pop("to_person", "") else w.colleague
    if "project" in values:
        values["project"] = w.foreign
    with pytest.raises(ValidationError) as caught:
        hand_over(w.pm, w.pm, taker, **values)
    assert list(caught.value.message_dict) == [field]


def test_two_delegates_on_one_day_are_refused_and_one_for_a_single_project_goes_first() -> None:
    w = world()
    row = hand_over(w.pm, w.pm, w.colleague)
    with pytest.raises(ValidationError):
        hand_over(w.pm, w.pm, w.other, starts_on=FRIDAY, ends_on=FRIDAY)
    special = hand_over(w.pm, w.pm, w.other, project=w.second)
    assert delegates([w.mine.pk, w.second.pk, w.foreign.pk], TODAY) == {
        w.mine.pk: w.colleague.person,
        w.second.pk: w.other.person,
    }
    with pytest.raises(ValidationError):
        update_delegation(actor=actor_of(w.pm), row=special, values={"project": None})
    assert update_delegation(actor=actor_of(w.pm), row=row, values={"reason": "Training"}).reason == "Training"


def test_the_form_begins_with_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Me, and the next working day: of the PMO only the day, and what the address says counts first."""
    w = world()
    CalendarException.objects.create(day=datetime.date(2026, 11, 19), factor=0)
    new, pmo = "/r/report-delegations/new/", factories.user(Role.PMO_ADMIN)

    def begun(user: User, query: str = "") -> dict[str, Any]:
        form = client_of(fresh(user)).get(f"{new}{query}").context["form"]
        return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}

    assert begun(w.pm) == {"from_person": w.pm.person.pk, "starts_on": FRIDAY}
    assert begun(pmo) == {"starts_on": FRIDAY}
    assert begun(w.pm, "?starts_on=2026-12-01")["starts_on"] == "2026-12-01"
    monkeypatch.setattr(timezone, "now", lambda: NOON + datetime.timedelta(days=2))
    assert begun(w.pm)["starts_on"] == FRIDAY + datetime.timedelta(days=3)
    Project.objects.filter(pm=w.pm.person).update(status="closed")
    assert "from_person" not in begun(w.pm)


def test_a_project_manager_hands_over_in_the_browser_and_others_do_not_see_it() -> None:
    w = world()
    client = client_of(w.pm)
    client.cookies["bw_language"] = "en"
    page = client.get("/r/report-delegations/new/")
    assert page.status_code == 200
    form = {
        "from_person": w.pm.person.pk,
        "to_person": w.colleague.person.pk,
        "starts_on": "2026-11-18",
        "ends_on": "2026-11-20",
        "reason": "Leave",
    }
    assert client.post("/r/report-delegations/new/", form).status_code == 302
    row = ReportDelegation.objects.get()
    assert client_of(w.colleague).get(f"/r/report-delegations/{row.pk}/").status_code == 200
    assert client_of(w.other).get(f"/r/report-delegations/{row.pk}/").status_code == 404
    assert client_of(w.colleague).get(f"/r/report-delegations/{row.pk}/edit/").status_code == 403
    written = client_of(w.colleague).get(f"/reports/new/?project={w.mine.pk}")
    assert written.status_code in {200, 302}
