"""Calendar feeds: a secret address, the reader's own visible dates, valid iCalendar."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from pmo.core.access.roles import Role
from pmo.core.audit.models import AuditEntry
from pmo.core.messages.calendar_sources import all_sources
from pmo.core.messages.models import CalendarFeed
from projects.models import Action, Decision, Milestone, Project
from resources.models import Equipment, EquipmentBooking
from tests import factories
from tests.conftest import UserClient, client_of
from tests.messages.strict_ics import NotStrict, read_strictly, whole_day

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 12, 1)
EVERYTHING = ["milestones", "decisions", "actions", "bookings", "reports"]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(db: None) -> UserClient:
    factories.organisation()
    return client_of(factories.user())


def address(browser: UserClient, **values: Any) -> str:
    form = {"name": "Phone", "language": "en", "kinds": EVERYTHING, **values}
    page = browser.post("/account/calendars", form)
    assert page.status_code == 201
    text = page.text
    start = text.index("http://localhost:8000/calendar/") + len("http://localhost:8000")
    return text[start : text.index(".ics", start) + 4]


def events(url: str) -> dict[str, Any]:
    page = Client().get(url)
    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(page.content)
    assert calendar.errors == []
    found = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    for event in found.values():
        assert event.errors == [] and event["UID"] and event["DTSTAMP"]
        assert type(event["DTSTART"].dt) is datetime.date
    return found


def mine(browser: UserClient, **values: Any) -> Project:
    return factories.project(name_en="Metro", name_zh="城轨", pm=browser.user.person, **values)


class TestDates:
    def test_every_kind_on_whole_days(self, browser: UserClient) -> None:
        project, person = mine(browser), browser.user.person
        factories.milestone(project, name="Opening", baseline_date=DAY, forecast_date=None)
        factories.decision(project, title="Bore", decider=person, needed_by=DAY)
        Action.objects.create(project=project, code="A1", title="Call", owner=person, due_on=DAY)
        rig = Equipment.objects.create(unit=factories.unit(), code="EQ1", name_en="Drill", name_zh="钻机", capacity=1)
        last = DAY + datetime.timedelta(days=4)
        EquipmentBooking.objects.create(code="B1", equipment=rig, project=project, starts_on=DAY, ends_on=last)
        factories.portfolio_item(factories.portfolio(), project)
        found = events(address(browser))
        for title in ("Opening (Metro), planned", "Decide: Bore (Metro)", "Call (Metro)"):
            assert (found[title]["DTSTART"].dt, found[title]["DTEND"].dt) == (DAY, DAY + datetime.timedelta(days=1))
            assert str(found[title]["URL"]).startswith("http://localhost:8000/r/")
        booking = found["Drill for Metro, Requested"]
        assert (booking["DTSTART"].dt, booking["DTEND"].dt) == (DAY, last + datetime.timedelta(days=1))
        assert sum(title.startswith("Status report due: Metro") for title in found) > 10

    def test_in_chinese_with_long_and_odd_text(self, browser: UserClient) -> None:
        name = "验收，含；逗号\\与\n换行" + "长" * 120
        factories.milestone(mine(browser), name=name, baseline_date=DAY, forecast_date=None)
        found = events(address(browser, language="zh-hans", kinds=["milestones"]))
        (title,) = found
        assert title.startswith(name) and "城轨" in title
        raw = Client().get(address(browser, kinds=["milestones"])).content
        assert all(len(line) <= 75 for line in raw.split(b"\r\n"))

    def test_only_what_concerns_and_what_may_be_seen(self, browser: UserClient) -> None:
        other = factories.project(name_en="Other")
        factories.milestone(other, name="Foreign", baseline_date=DAY, forecast_date=None)
        hidden = factories.project(name_en="Hidden", visibility="private")
        factories.decision(hidden, title="Secret", decider=browser.user.person, needed_by=DAY)
        done = mine(browser)
        factories.decision(
            done, title="Taken", decider=browser.user.person, needed_by=DAY, state=Decision.State.DECIDED
        )
        url = address(browser, kinds=["milestones", "decisions"])
        assert events(url) == {}
        factories.member(other, browser.user, Role.TEAM_MEMBER)
        assert list(events(url)) == ["Foreign (Other), planned"]

    def test_it_ends_with_the_right_to_see(self, browser: UserClient) -> None:
        project = mine(browser, visibility="private")
        factories.milestone(project, name="Opening", baseline_date=DAY, forecast_date=None)
        url = address(browser, kinds=["milestones"])
        assert len(events(url)) == 1
        Project.objects.filter(pk=project.pk).update(pm=None)
        assert events(url) == {}

    def test_far_dates_are_left_out(self, browser: UserClient) -> None:
        project = mine(browser)
        for days in (-91, -89, 549, 551):
            on = NOW.date() + datetime.timedelta(days=days)
            factories.milestone(project, name=f"in {days}", baseline_date=on, forecast_date=None)
        assert sorted(events(address(browser, kinds=["milestones"]))) == [
            "in -89 (Metro), planned",
            "in 549 (Metro), planned",
        ]

    def test_the_sources_are_known(self) -> None:
        assert {source.key for source in all_sources()} >= set(EVERYTHING)

    def test_the_same_statements_for_three_and_for_thirty(
        self, browser: UserClient, django_assert_max_num_queries: Any
    ) -> None:
        project = mine(browser)
        url = address(browser, kinds=["milestones", "decisions", "actions"])
        for number in range(3):
            factories.milestone(project, name=f"M{number}", baseline_date=DAY)
        events(url)
        with django_assert_max_num_queries(20) as few:
            events(url)
        for number in range(27):
            factories.milestone(project, name=f"N{number}", baseline_date=DAY)
        with django_assert_max_num_queries(len(few.captured_queries)):
            events(url)


class TestStrict:
    """Read by a reader of our own that forgives nothing."""

    NAMES = (
        "验收，含；逗号\\与\n换行" + "长" * 120,
        'Opening; with, all \\ of: it "quoted"',
        "🚇" * 40 + "é" * 40,
        "a bell\x07, a tab\t, a\r\nline, a\rcarriage return and\x7f nothing",
        "BEGIN:VEVENT\r\nSUMMARY:smuggled",
        "\\n \\, \\; \\",
    )

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_every_kind_in_both_languages(self, browser: UserClient, language: str) -> None:
        project, person = mine(browser), browser.user.person
        for name in self.NAMES:
            factories.milestone(project, name=name, baseline_date=DAY, forecast_date=None)
        factories.decision(project, title="盾构机，第二台", decider=person, needed_by=DAY, context=self.NAMES[0])
        Action.objects.create(project=project, code="A1", title="Call", owner=person, due_on=DAY, note=self.NAMES[3])
        factories.portfolio_item(factories.portfolio(), project)
        page = Client().get(address(browser, language=language, name="手机；, \\ Phone"))
        calendar = read_strictly(page.content)
        told = [event.text("SUMMARY") for event in calendar.parts]
        assert len(told) > 15 and len(Calendar.from_ical(page.content).walk("VEVENT")) == len(told)
        for name in (self.NAMES[0], self.NAMES[1], self.NAMES[2], self.NAMES[5]):
            assert any(text.startswith(name) for text in told), name
        assert any("smuggled" in text for text in told) and not any(text == "smuggled" for text in told)
        assert ("城轨" in "".join(told)) is (language == "zh-hans")
        assert calendar.text("X-WR-CALNAME").endswith("手机；, \\ Phone")

    def test_a_day_is_that_day_in_every_zone(self, browser: UserClient) -> None:
        """Reports are due on a day of the organisation; a reader in another zone sees the same day."""
        factories.milestone(mine(browser), name="Opening", baseline_date=DAY, forecast_date=None)
        url = address(browser, kinds=["milestones", "reports"])
        for zone in ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"):
            type(browser.user).objects.filter(pk=browser.user.pk).update(time_zone=zone)
            for hour in (0, 15, 17, 23):
                with time_machine.travel(NOW.replace(hour=hour, minute=30), tick=False):
                    (event,) = read_strictly(Client().get(url).content).parts
                assert (whole_day(event, "DTSTART"), whole_day(event, "DTEND")) == (
                    DAY,
                    DAY + datetime.timedelta(days=1),
                )

    @pytest.mark.parametrize(
        "wrong",
        [
            b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n",
            b"BEGIN:VCALENDAR\r\nPRODID:x\r\nEND:VCALENDAR\r\n",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:a,b\r\nEND:VCALENDAR\r\n",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + b"x" * 80 + b"\r\nEND:VCALENDAR\r\n",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:\xe4\xb8\r\n \xad\r\nEND:VCALENDAR\r\n",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
            b"DTSTART:20260101T000000\r\nDTEND:20260102T000000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ],
    )
    def test_the_strict_reader_is_strict(self, wrong: bytes) -> None:
        with pytest.raises(NotStrict):
            read_strictly(wrong)


class TestAddress:
    def test_only_its_hash_is_kept_and_it_is_shown_once(self, browser: UserClient) -> None:
        url = address(browser)
        token = url.removeprefix("/calendar/").removesuffix(".ics")
        row = CalendarFeed.objects.get()
        assert len(token) >= 40 and token not in str(row.__dict__)
        assert token not in browser.get("/account/calendars").text
        assert AuditEntry.objects.get().model == "core.calendarfeed"

    def test_the_etag_holds_until_something_changes(self, browser: UserClient) -> None:
        row = factories.milestone(mine(browser), name="Opening", baseline_date=DAY, forecast_date=None)
        url = address(browser, kinds=["milestones"])
        first = Client().get(url)
        again = Client().get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == first.headers["ETag"]
        Milestone.objects.filter(pk=row.pk).update(name="Closing")
        assert Client().get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
        assert "private" in first.headers["Cache-Control"]

    def test_revoked_unknown_and_of_somebody_who_left(self, browser: UserClient) -> None:
        url = address(browser)
        other = client_of(factories.user())
        row = CalendarFeed.objects.get()
        assert other.post(f"/account/calendars/{row.pk}/revoke").status_code == 404
        assert Client().get(url).status_code == 200
        type(browser.user).objects.filter(pk=browser.user.pk).update(is_active=False)
        assert Client().get(url).status_code == 404
        type(browser.user).objects.filter(pk=browser.user.pk).update(is_active=True)
        browser.post(f"/account/calendars/{row.pk}/revoke")
        assert Client().get(url).status_code == 404
        assert Client().get("/calendar/nothing.ics").status_code == 404

    def test_last_use_is_noted_at_most_every_five_minutes(self, browser: UserClient) -> None:
        url = address(browser, kinds=["actions"])
        Client().get(url)
        first = CalendarFeed.objects.get().last_used_at
        assert first == NOW
        with time_machine.travel(NOW + datetime.timedelta(minutes=4), tick=False):
            Client().get(url)
        assert CalendarFeed.objects.get().last_used_at == first

    def test_nothing_chosen_is_told(self, browser: UserClient) -> None:
        page = browser.post("/account/calendars", {"name": "x", "language": "en"})
        assert page.status_code == 422 and not CalendarFeed.objects.exists()
