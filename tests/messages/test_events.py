"""Who is told when reports and decisions go their way, and when the night changes colours."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import translation

from pmo.core.access.roles import Role
from pmo.core.audit.actor import Actor, actor_of
from pmo.core.messages.models import ChatGroup, MessageDelivery, Notification
from pmo.core.messages.queries import shown_rows
from portfolio.models import EarlyWarning, HealthSnapshot
from portfolio.services.health.models import ensure_default_model
from portfolio.services.telling import tell_colour_changes, tell_warnings
from projects.models import Action, Decision, StatusReport
from projects.models.choices import Band
from projects.services.reports.review import publish_report, return_report, submit_report
from projects.services.ridac import create_decision, create_owned, update_decision, update_owned
from resources.models import Certificate
from resources.services import telling as telling_certificates
from risks.models import Risk
from risks.services import telling as telling_risks
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = "Weeks 46–47 (14 – 20 Nov)"


def told(user: Any, event: str) -> list[str]:
    rows = Notification.objects.filter(user=user, event=event).order_by("pk")
    with translation.override("en"):
        return [one.text for one in shown_rows(user, rows)]


@pytest.fixture
def cast(db: None) -> dict[str, Any]:
    factories.organisation()
    people = {"pm": factories.user(), "sponsor": factories.user(), "pmo": factories.user(Role.PMO_ANALYST)}
    project = factories.project(name_en="Metro", pm=people["pm"].person, sponsor=people["sponsor"].person)
    factories.member(project, people["pm"], Role.PROJECT_MANAGER)
    return {**people, "project": project}


def report(cast: dict[str, Any]) -> StatusReport:
    day = datetime.date(2026, 11, 20)
    return StatusReport.objects.create(
        project=cast["project"],
        code=f"SR-{factories.number()}",
        period_start=day - datetime.timedelta(days=6),
        period_end=day,
        declared=Band.GREEN,
        comment="All well.",
        summary="All well.",
        author=cast["pm"].person,
    )


class TestReports:
    def test_from_submission_to_publication(self, cast: dict[str, Any]) -> None:
        pm, pmo = actor_of(cast["pm"]), actor_of(cast["pmo"])
        row = submit_report(actor=pm, report=report(cast))
        name = cast["pm"].person.name_en
        assert told(cast["pmo"], "report.submitted") == [f"{name} submitted the status report of “Metro” for {WEEK}"]
        row = return_report(actor=pmo, report=row, comment="Say more.")
        assert told(cast["pm"], "report.returned") == [
            f"{cast['pmo'].person.name_en} returned the status report of “Metro” for {WEEK}"
        ]
        row = submit_report(actor=pm, report=row)
        assert len(told(cast["pmo"], "report.submitted")) == 2
        publish_report(actor=pmo, report=row)
        for who in ("pm", "sponsor"):
            assert told(cast[who], "report.published") == [f"The status report of “Metro” for {WEEK} was published"]
        assert told(cast["pmo"], "report.published") == []

    def test_the_comment_stands_below(self, cast: dict[str, Any]) -> None:
        row = submit_report(actor=actor_of(cast["pm"]), report=report(cast))
        return_report(actor=actor_of(cast["pmo"]), report=row, comment="Say more.")
        assert Notification.objects.get(event="report.returned").note == "Say more."


class TestDecisions:
    def test_needed_taken_and_given_to_another(self, cast: dict[str, Any]) -> None:
        other, pm = factories.user(), actor_of(cast["pm"])
        row = create_decision(
            actor=pm,
            row=Decision(project=cast["project"], title="Second tunnel", decider=cast["sponsor"].person),
        )
        assert told(cast["sponsor"], "decision.needed") == ["“Metro” needs a decision: Second tunnel"]
        row = update_decision(actor=pm, row=row, values={"title": "Second bore"})
        assert len(told(cast["sponsor"], "decision.needed")) == 1
        row = update_decision(actor=pm, row=row, values={"decider": other.person})
        assert told(other, "decision.needed") == ["“Metro” needs a decision: Second bore"]
        update_decision(actor=actor_of(other), row=row, values={"state": "decided", "outcome": "Build it"})
        assert told(cast["pm"], "decision.taken") == ["“Metro”, Second bore: Decided"]
        assert told(cast["sponsor"], "decision.taken") == ["“Metro”, Second bore: Decided"]

    def test_an_action_is_told_to_a_new_owner_and_not_to_oneself(self, cast: dict[str, Any]) -> None:
        pm: Actor = actor_of(cast["pm"])
        row = create_owned(actor=pm, row=Action(project=cast["project"], title="Call", owner=cast["pm"].person))
        assert told(cast["pm"], "assigned") == []
        update_owned(actor=pm, row=row, values={"owner": cast["sponsor"].person})
        update_owned(actor=pm, row=row, values={"title": "Call them"})
        assert told(cast["sponsor"], "assigned") == [f"{cast['pm'].person.name_en} assigned “Call” to you"]
        assert MessageDelivery.objects.count() == 0


def snapshot(project: Any, day: datetime.date, band: str) -> None:
    HealthSnapshot.objects.create(project=project, date=day, band=band, model=ensure_default_model())


class TestColours:
    DAY = datetime.date(2026, 11, 20)

    @pytest.fixture
    def changed(self, cast: dict[str, Any]) -> dict[str, Any]:
        second = factories.project(name_en="Bridge", name_zh="大桥", pm=cast["pm"].person)
        steady = factories.project(name_en="Steady", pm=cast["pm"].person)
        before = self.DAY - datetime.timedelta(days=7)
        for project, old, new in (
            (cast["project"], "green", "amber"),
            (second, "amber", "red"),
            (steady, "green", "green"),
        ):
            snapshot(project, before, old)
            snapshot(project, self.DAY, new)
        return {**cast, "second": second}

    def test_one_notification_lists_the_projects_worst_first(self, changed: dict[str, Any]) -> None:
        assert tell_colour_changes(day=self.DAY) == 2
        assert told(changed["pm"], "colour.changed") == [
            "Changed colour last night: “Bridge” from At risk to Off track, “Metro” from On track to At risk"
        ]
        assert told(changed["sponsor"], "colour.changed") == [
            "Changed colour last night: “Metro” from On track to At risk"
        ]
        assert told(changed["pmo"], "colour.changed") == []

    def test_the_same_night_again_tells_nobody_again(self, changed: dict[str, Any]) -> None:
        tell_colour_changes(day=self.DAY)
        tell_colour_changes(day=self.DAY)
        assert Notification.objects.filter(user=changed["pm"]).count() == 1

    def test_a_project_that_may_no_longer_be_seen_falls_out_of_the_list(self, changed: dict[str, Any]) -> None:
        tell_colour_changes(day=self.DAY)
        project = changed["second"]
        type(project).objects.filter(pk=project.pk).update(visibility="private", pm=None)
        assert told(changed["pm"], "colour.changed") == ["Changed colour last night: “Metro” from On track to At risk"]
        project = changed["project"]
        type(project).objects.filter(pk=project.pk).update(visibility="private", sponsor=None)
        assert told(changed["sponsor"], "colour.changed") == ["This was about something you may no longer see."]

    def test_chat_groups_of_a_portfolio_hear_of_theirs(self, changed: dict[str, Any]) -> None:
        portfolio, other = factories.portfolio(), factories.portfolio()
        factories.portfolio_item(portfolio, changed["second"])
        everything = ChatGroup.objects.create(name="all", kind="wecom", address="x", hint="x")
        mine = ChatGroup.objects.create(
            name="mine", kind="wecom", address="x", hint="x", scope_kind="portfolio", scope_id=portfolio.pk
        )
        ChatGroup.objects.create(
            name="other", kind="wecom", address="x", hint="x", scope_kind="portfolio", scope_id=other.pk
        )
        tell_colour_changes(day=self.DAY)
        texts = {row.chat: row.payload["text"]["en"] for row in MessageDelivery.objects.filter(channel="chat")}
        assert set(texts) == {everything, mine}
        assert "Metro" in texts[everything] and "Bridge" in texts[everything]
        assert "Metro" not in texts[mine] and "Bridge" in texts[mine]

    def test_no_statement_per_project(self, changed: dict[str, Any], django_assert_max_num_queries: Any) -> None:
        before = self.DAY - datetime.timedelta(days=7)
        with django_assert_max_num_queries(80) as few:
            tell_colour_changes(day=self.DAY)
        Notification.objects.all().delete()
        for _number in range(15):
            project = factories.project(pm=changed["pm"].person)
            snapshot(project, before, "green")
            snapshot(project, self.DAY, "red")
        with django_assert_max_num_queries(len(few.captured_queries)):
            tell_colour_changes(day=self.DAY)


def warn(project: Any, day: datetime.date, weeks: int = 4, chance: float = 0.7) -> None:
    chances = {f"chance_{ahead}": chance for ahead in (2, 4, 8, 12)}
    EarlyWarning.objects.create(
        project=project, date=day, band="green", expected="amber", weeks=weeks, table=1, **chances
    )


class TestWarnings:
    DAY = datetime.date(2026, 11, 20)

    def test_new_ones_are_told_once_the_soonest_first(self, cast: dict[str, Any]) -> None:
        second = factories.project(name_en="Bridge", name_zh="大桥", pm=cast["pm"].person)
        known = factories.project(name_en="Known", pm=cast["pm"].person)
        warn(cast["project"], self.DAY, weeks=4)
        warn(second, self.DAY, weeks=2)
        for days in (0, 13):
            warn(known, self.DAY - datetime.timedelta(days=days))
        assert tell_warnings(day=self.DAY) == 2
        tell_warnings(day=self.DAY)
        assert told(cast["pm"], "warning.raised") == [
            "May turn worse soon: “Bridge” (At risk within 2 weeks), “Metro” (At risk within 4 weeks)"
        ]
        assert told(cast["sponsor"], "warning.raised") == ["May turn worse soon: “Metro” (At risk within 4 weeks)"]
        assert told(cast["pmo"], "warning.raised") == []
        row = Notification.objects.get(user=cast["sponsor"], event="warning.raised")
        assert row.url == f"/r/projects/{cast['project'].pk}/"

    def test_one_of_long_ago_is_new_again(self, cast: dict[str, Any]) -> None:
        warn(cast["project"], self.DAY - datetime.timedelta(days=15))
        warn(cast["project"], self.DAY)
        assert tell_warnings(day=self.DAY) == 1

    def test_a_project_that_may_no_longer_be_seen_is_not_named(self, cast: dict[str, Any]) -> None:
        warn(cast["project"], self.DAY)
        tell_warnings(day=self.DAY)
        type(cast["project"]).objects.update(visibility="private", sponsor=None)
        assert told(cast["sponsor"], "warning.raised") == ["This was about something you may no longer see."]

    def test_chat_groups_of_a_portfolio_hear_of_theirs(self, cast: dict[str, Any]) -> None:
        portfolio = factories.portfolio()
        other = factories.project(name_en="Bridge")
        factories.portfolio_item(portfolio, other)
        warn(cast["project"], self.DAY)
        warn(other, self.DAY)
        mine = ChatGroup.objects.create(
            name="mine", kind="wecom", address="x", hint="x", scope_kind="portfolio", scope_id=portfolio.pk
        )
        tell_warnings(day=self.DAY)
        (row,) = MessageDelivery.objects.filter(chat=mine)
        assert row.payload["text"]["en"] == "May turn worse soon: “Bridge” (At risk within 4 weeks)"


class TestMornings:
    DAY = datetime.date(2026, 11, 20)

    def test_reviews_of_the_day_by_owner(self, cast: dict[str, Any]) -> None:
        owner = cast["pm"].person
        for number, (day, status) in enumerate(
            [(self.DAY, "identified"), (self.DAY, "closed"), (self.DAY + datetime.timedelta(days=1), "identified")]
        ):
            Risk.objects.create(
                project=cast["project"],
                code=f"R{number}",
                title=f"Risk {number}",
                owner=owner,
                review_on=day,
                status=status,
            )
        assert telling_risks.tell_reviews(self.DAY.isoformat()) == 1
        telling_risks.tell_reviews(self.DAY.isoformat())
        assert told(cast["pm"], "risk.review_due") == ["Due for review today: Risk 0 (Metro)"]

    def test_certificates_two_months_one_month_and_a_week_before(self, cast: dict[str, Any]) -> None:
        holder = cast["pm"].person
        for days in (61, 60, 30, 8, 7, 0):
            Certificate.objects.create(
                person=holder, name=f"C{days}", expires_on=self.DAY + datetime.timedelta(days=days)
            )
        type(holder).objects.filter(pk=holder.pk).update(line_manager=cast["pmo"].person)
        assert telling_certificates.tell_certificates(self.DAY.isoformat()) == 2
        name = holder.name_en
        assert told(cast["pmo"], "certificate.expiring") == [
            f"Certificates that expire: {name}, C7 (2026-11-27), {name}, C30 (2026-12-20), {name}, C60 (2027-01-19)"
        ]

    def test_not_before_seven(self) -> None:
        early = datetime.datetime(2026, 11, 20, 6, 59, tzinfo=datetime.UTC)
        later = early + datetime.timedelta(minutes=1)
        for due in (telling_risks.review_day, telling_certificates.certificate_day):
            assert (due(early), due(later)) == (None, "2026-11-20")
