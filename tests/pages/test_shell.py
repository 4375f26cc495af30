"""The side bar tells the last nightly run and what waits for the reader."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pmo.core.access.roles import Role
from pmo.core.jobs.models import Job
from pmo.core.web.frame import frame_of
from portfolio.models import HealthSnapshot, PortfolioMember
from projects.models import StatusReport
from tests import factories
from tests.health import build

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


def at(monkeypatch, text: str) -> datetime.datetime:
    """Stop the clock of the organisation."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def line(rf, user):
    request = rf.get("/")
    request.user = user
    with translation.override("en"):
        return frame_of(request).status


def entries(rf, user) -> dict[str, int | None]:
    """The figures beside the entries of the side bar, by address."""
    request = rf.get("/")
    request.user = user
    return {link.url: link.count for group in frame_of(request).groups for link in group.links}


def count_of(rf, user, key: str) -> int | None:
    return entries(rf, user)[reverse("register-list", kwargs={"key": key})]


def test_before_the_first_run_nothing_is_told(rf, pmo_admin):
    assert line(rf, pmo_admin.user) is None


def test_the_time_of_the_last_run(computed, rf, pmo_admin, monkeypatch):
    moment = at(monkeypatch, "2026-11-21 09:00")
    Job.objects.create(kind="portfolio.recompute", state=Job.State.DONE, finished_at=moment.replace(hour=2, minute=14))
    told = line(rf, pmo_admin.user)
    assert (told.text, told.state) == ("Health computed 02:14", "ok")
    assert told.url == reverse("job-list")


def test_without_a_job_the_newest_figures_are_dated(computed, rf, executive, monkeypatch):
    at(monkeypatch, "2026-11-21 09:00")
    told = line(rf, executive.user)
    assert (told.text, told.state, told.url) == ("Health as of 20 Nov", "ok", "")


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        ("2026-11-22 01:00", "ok"),
        ("2026-11-22 09:00", "late"),
        ("2026-11-23 01:00", "late"),
    ],
)
def test_a_missed_night_is_late(computed, rf, pmo_admin, monkeypatch, clock, state):
    at(monkeypatch, clock)
    assert HealthSnapshot.objects.order_by("-date").first().date == datetime.date(2026, 11, 20)
    assert line(rf, pmo_admin.user).state == state


def test_open_decisions_and_reports_to_review_are_counted(computed, rf, pmo_admin, client_for):
    assert count_of(rf, pmo_admin.user, "decisions") is None
    build.add("decision", computed.late, title="Open", needed_by="2026-12-01")
    build.add("decision", computed.foreign, title="Done", needed_by="2026-12-01", state="decided")
    assert count_of(rf, pmo_admin.user, "decisions") == 1
    queue = reverse("reporting-queue")
    assert entries(rf, pmo_admin.user)[queue] is None
    last = StatusReport.objects.filter(project=computed.good).latest("period_end")
    StatusReport.objects.filter(pk=last.pk).update(state="submitted")
    assert entries(rf, pmo_admin.user)[queue] == 1
    member = client_for("project_manager")
    assert queue not in entries(rf, member.user)


def test_a_coordinator_of_a_project_is_not_led_to_a_dashboard_that_does_not_open(client, db):
    user = factories.user()
    factories.member(factories.project(), user, Role.COORDINATOR)
    client.force_login(user)
    url = reverse("dashboard")
    assert client.get(url).status_code == 403
    assert f'href="{url}"' not in client.get(reverse("my-work")).content.decode()


def test_an_owner_of_a_portfolio_is_led_to_its_dashboard(client, db):
    user = factories.user()
    PortfolioMember.objects.create(portfolio=factories.portfolio(), person=user.person, role=Role.PORTFOLIO_OWNER)
    client.force_login(user)
    url = reverse("dashboard")
    assert client.get(url).status_code == 200
    assert f'href="{url}"' in client.get(reverse("my-work")).content.decode()
