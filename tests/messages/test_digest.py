"""The daily digest: one mail at the user's hour, grouped, never empty."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

import pytest
import time_machine
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from pmo.core.messages.calc import after_quiet, digest_day, wait_seconds
from pmo.core.messages.models import DigestDay, MessageChoice, MessageDelivery, MessageHours, Notification
from pmo.core.messages.services import notify
from pmo.core.messages.services.delivering import deliver_lane
from pmo.core.messages.services.digests import make_due_digests
from pmo.core.messages.services.reading import mark_all_read
from projects.models import Project
from tests import factories
from tests.messages.conftest import reader, tell

UTC, SHANGHAI = datetime.UTC, zoneinfo.ZoneInfo("Asia/Shanghai")
# 07:30 in Shanghai, where the organisation is.
EARLY = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def gatherer(**values: Any) -> Any:
    """Somebody who reads of due reports in the digest."""
    user = reader(**values)
    MessageChoice.objects.create(user=user, event="report.due", channel="email", mode="digest")
    return user


@pytest.mark.django_db
class TestDigest:
    @pytest.fixture(autouse=True)
    def house(self) -> None:
        factories.organisation()

    def at(self, moment: datetime.datetime) -> int:
        with time_machine.travel(moment, tick=False):
            number = make_due_digests(moment)
            deliver_lane("mail")
        return number

    def test_one_mail_at_the_hour_by_the_clock_of_the_user(self) -> None:
        home, abroad = gatherer(), gatherer(time_zone="Europe/Berlin")
        with time_machine.travel(EARLY, tick=False):
            tell(home, abroad), tell(home)
        assert self.at(EARLY) == 0
        assert self.at(EARLY + datetime.timedelta(minutes=30)) == 1
        (letter,) = mail.outbox
        assert letter.to[0].endswith(f"<{home.email}>") and letter.subject == "[Bellwether] Daily digest: 2 notices"
        assert letter.body.count("The status report of “Metro”") == 2 and "Status reports" in letter.body
        assert self.at(EARLY + datetime.timedelta(hours=8)) == 1
        assert mail.outbox[1].to[0].endswith(f"<{abroad.email}>")

    def test_not_twice_a_day_and_not_empty(self) -> None:
        who = gatherer()
        morning = EARLY + datetime.timedelta(hours=1)
        with time_machine.travel(EARLY, tick=False):
            tell(who)
        assert self.at(morning) == 1
        with time_machine.travel(morning, tick=False):
            tell(who)
        assert self.at(morning + datetime.timedelta(hours=1)) == 0
        assert self.at(morning + datetime.timedelta(days=1)) == 1
        assert self.at(morning + datetime.timedelta(days=2)) == 0
        assert len(mail.outbox) == 2 and DigestDay.objects.count() == 2

    def test_what_was_read_meanwhile_or_may_not_be_seen_is_left_out(self) -> None:
        who, project = gatherer(), factories.project(name_en="Secret")
        with time_machine.travel(EARLY, tick=False):
            tell(who, project=project)
            tell(who)
        Project.objects.filter(pk=project.pk).update(visibility="private")
        self.at(EARLY + datetime.timedelta(hours=1))
        assert "Secret" not in mail.outbox[0].body and "1 notice" in mail.outbox[0].subject
        with time_machine.travel(EARLY, tick=False):
            tell(who)
        mark_all_read(user=who)
        assert self.at(EARLY + datetime.timedelta(days=1, hours=1)) == 1
        assert len(mail.outbox) == 1
        assert MessageDelivery.objects.order_by("-pk")[0].state == "dropped"

    def test_a_chosen_hour(self) -> None:
        who = gatherer()
        MessageHours.objects.create(user=who, digest_hour=18)
        with time_machine.travel(EARLY, tick=False):
            tell(who)
        assert self.at(EARLY + datetime.timedelta(hours=10)) == 0
        assert self.at(EARLY + datetime.timedelta(hours=10, minutes=30)) == 1

    def test_groups_in_their_order(self) -> None:
        who = reader()
        for event in ("decision.taken", "report.due", "mention"):
            MessageChoice.objects.create(user=who, event=event, channel="email", mode="digest")
        with time_machine.travel(EARLY, tick=False):
            notify(event="decision.taken", recipients=[who], params={"project": "P", "decision": "D", "outcome": "yes"})
            tell(who)
            notify(event="mention", recipients=[who], params={"person": "A", "subject": "B"})
        self.at(EARLY + datetime.timedelta(hours=1))
        body = mail.outbox[0].body
        places = [body.index(word) for word in ("For me", "Status reports", "Projects and portfolios")]
        assert places == sorted(places)

    def test_few_statements_while_nobody_is_due(self, django_assert_max_num_queries: Any) -> None:
        with time_machine.travel(EARLY, tick=False):
            tell(*[gatherer() for _number in range(20)])
        with django_assert_max_num_queries(5):
            assert make_due_digests(EARLY) == 0
        assert Notification.objects.filter(for_digest=True).count() == 20


class TestHours:
    def quiet(self, clock: str, start: str, end: str) -> str:
        moment = datetime.datetime.fromisoformat(f"2026-11-22T{clock}").replace(tzinfo=SHANGHAI)
        found = after_quiet(moment, SHANGHAI, datetime.time.fromisoformat(start), datetime.time.fromisoformat(end))
        return f"{found.astimezone(SHANGHAI):%d %H:%M}"

    @pytest.mark.parametrize(
        ("clock", "start", "end", "expected"),
        [
            ("23:00", "22:00", "07:00", "23 07:00"),
            ("06:59", "22:00", "07:00", "22 07:00"),
            ("07:00", "22:00", "07:00", "22 07:00"),
            ("21:59", "22:00", "07:00", "22 21:59"),
            ("22:00", "22:00", "07:00", "23 07:00"),
            ("12:30", "12:00", "13:00", "22 13:00"),
            ("13:00", "12:00", "13:00", "22 13:00"),
            ("09:00", "09:00", "09:00", "22 09:00"),
        ],
    )
    def test_quiet_hours(self, clock: str, start: str, end: str, expected: str) -> None:
        assert self.quiet(clock, start, end) == expected

    @given(
        st.datetimes(timezones=st.just(UTC)),
        st.times(),
        st.times(),
        st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
    )
    def test_never_earlier_never_more_than_a_day_later_never_inside(
        self, moment: datetime.datetime, start: datetime.time, end: datetime.time, name: str
    ) -> None:
        if not 1 < moment.year < 9999:
            return
        zone = zoneinfo.ZoneInfo(name)
        found = after_quiet(moment, zone, start, end)
        assert moment <= found <= moment + datetime.timedelta(hours=25)
        assert after_quiet(found, zone, start, end) == found

    def test_the_digest_s_day(self) -> None:
        assert digest_day(EARLY, SHANGHAI, 8) is None
        assert digest_day(EARLY, SHANGHAI, 7) == datetime.date(2026, 11, 23)
        assert digest_day(EARLY, zoneinfo.ZoneInfo("Europe/Berlin"), 0) == datetime.date(2026, 11, 23)

    def test_waits(self) -> None:
        assert [wait_seconds(number) for number in (0, 1, 2, 3, 8, 50)] == [30, 30, 60, 120, 3600, 3600]
