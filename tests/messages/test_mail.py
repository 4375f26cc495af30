"""Mail: what it says, and that all of it arrives once whatever the server does."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from pmo.core.messages.channels.outcome import End, Outcome
from pmo.core.messages.models import (
    MOST_ATTEMPTS,
    DeliveryLane,
    MessageChoice,
    MessageDelivery,
    Notification,
)
from pmo.core.messages.services.delivering import LANES, claim, deliver_lane, lanes_due, settle
from pmo.core.messages.tokens import unsubscribe_token
from pmo.core.people.models import User
from projects.models import Project
from tests import factories
from tests.messages.conftest import now_due, reader, tell
from tests.messages.servers import MailBox, mail_server, silent_port

pytestmark = pytest.mark.django_db

State = MessageDelivery.State


@pytest.fixture
def smtp(settings: Any) -> Iterator[int]:
    """Django's SMTP backend, to a port of loopback at which nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 60
    with silent_port() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield port


def states() -> Counter[str]:
    return Counter(MessageDelivery.objects.values_list("state", flat=True))


class TestWords:
    def test_text_and_html_in_the_language_of_the_reader(self) -> None:
        tell(reader(language="en"), reader(language="zh-hans"))
        assert deliver_lane("mail") == 2
        english, chinese = mail.outbox
        assert english.subject == "[Bellwether] The status report of “Metro” for 2026-11 is due on 2026-11-27"
        assert "城轨" in chinese.subject and "Metro" not in chinese.subject
        html, kind = english.alternatives[0]
        assert kind == "text/html" and "Metro" in html and "Metro" in english.body
        assert "<img" not in html and 'src="' not in html and "url(" not in html
        row = Notification.objects.order_by("pk")[0]
        link = f"http://localhost:8000/notifications/{row.uid}/open"
        assert link in html and link in english.body

    def test_who_it_is_to_and_how_to_leave(self) -> None:
        who = reader()
        tell(who)
        deliver_lane("mail")
        (letter,) = mail.outbox
        headers = letter.message()
        delivery = MessageDelivery.objects.get()
        assert headers["Message-ID"] == f"<{delivery.uid}@localhost>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<http://localhost:8000/unsubscribe/")
        assert headers["Auto-Submitted"] == "auto-generated"
        assert letter.to == [f"{who.person.name_en} <{who.email}>"]
        assert "/account/messages" in letter.body and "/account/messages" in letter.alternatives[0][0]

    def test_what_people_typed_is_text(self) -> None:
        project = factories.project(name_en='<b onclick="x">&\r\nBcc: a@b', name_zh="")
        tell(reader(), project=project)
        deliver_lane("mail")
        (letter,) = mail.outbox
        assert "\n" not in letter.subject and letter.bcc == []
        assert "&lt;b onclick" in letter.alternatives[0][0] and "<b onclick" not in letter.alternatives[0][0]

    def test_times_by_the_clock_of_the_reader(self) -> None:
        from pmo.core.messages.services import notify

        at = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
        params = {"project": "P", "period": at, "due": "x"}
        notify(event="report.due", recipients=[reader(time_zone="Europe/Berlin")], params=params)
        deliver_lane("mail")
        assert "2026-11-23 00:30" in mail.outbox[0].subject


class TestWanted:
    def test_nothing_about_a_row_the_reader_may_no_longer_see(self) -> None:
        project = factories.project()
        tell(reader(), project=project)
        Project.objects.filter(pk=project.pk).update(visibility="private")
        assert deliver_lane("mail") == 0
        assert mail.outbox == [] and states() == {"dropped": 1}

    def test_nothing_to_somebody_who_has_left(self) -> None:
        who = reader()
        tell(who)
        User.objects.filter(pk=who.pk).update(is_active=False)
        deliver_lane("mail")
        assert mail.outbox == [] and states() == {"dropped": 1}


class TestServerDown:
    def test_a_thousand_all_arrive_once_after_it_returns(
        self, smtp: int, many: Callable[[int], list[User]], caplog: Any
    ) -> None:
        """Down, then flaky (every seventh connection breaks after DATA without taking the mail), then up."""
        tell(*many(1000), about=None)
        for _round in range(5):
            assert deliver_lane("mail") == 0
            now_due()
        assert states() == {"waiting": 1000}
        assert set(MessageDelivery.objects.values_list("attempts", flat=True)) == {0}
        box = MailBox()
        box.plan = lambda number: "drop" if number % 7 == 0 else "take"
        with mail_server(box, smtp):
            deliver_lane("mail", seconds=3600)
            assert 0 < states()["waiting"] < 200
            assert len(box.taken) == 1000 - states()["waiting"]
        now_due()
        assert deliver_lane("mail") == 0
        box.plan = lambda _number: "take"
        with mail_server(box, smtp):
            now_due()
            deliver_lane("mail", seconds=3600)
        assert states() == {"sent": 1000}
        assert len(box.ids) == len(set(box.ids)) == 1000
        assert {str(message["To"]).partition(" ")[0] for message in box.taken} == {
            f"many{index}" for index in range(1000)
        }

    def test_the_lane_rests_longer_each_time_and_wakes_at_once_when_it_works(self, smtp: int) -> None:
        tell(reader())
        rests = []
        with time_machine.travel(timezone.now(), tick=False):
            for _round in range(7):
                deliver_lane("mail")
                lane = DeliveryLane.objects.get(name="mail")
                assert lane.until is not None
                rests.append((lane.until - timezone.now()).total_seconds())
                assert lanes_due(timezone.now()) == []
                assert deliver_lane("mail") == 0
                now_due()
        assert rests == [30, 60, 120, 240, 480, 600, 600]
        assert "Connection refused" in DeliveryLane.objects.get().error
        with mail_server(MailBox(), smtp):
            assert deliver_lane("mail") == 1
        lane.refresh_from_db()
        assert (lane.failures, lane.until, lane.error) == (0, None, "")

    def test_a_mail_whose_answer_was_lost_comes_again_under_the_same_id(self, smtp: int) -> None:
        """Nobody can know whether the server took it: at least once, and a receiver can tell the repetition."""
        box = MailBox()
        box.plan = lambda number: "lose" if number == 1 else "take"
        tell(reader())
        with mail_server(box, smtp):
            deliver_lane("mail")
            now_due()
            deliver_lane("mail")
        assert states() == {"sent": 1}
        assert len(box.ids) == 2 and len(set(box.ids)) == 1

    def test_a_server_that_always_breaks_closes_the_lane(self, smtp: int, many: Callable[[int], list[User]]) -> None:
        box = MailBox()
        box.plan = lambda _number: "drop"
        tell(*many(20))
        with mail_server(box, smtp):
            deliver_lane("mail")
        assert box.tried == 3
        assert states() == {"waiting": 20}

    def test_one_connection_for_many(self, smtp: int, many: Callable[[int], list[User]]) -> None:
        box = MailBox()
        tell(*many(30))
        with mail_server(box, smtp):
            assert deliver_lane("mail") == 30
        assert box.connections == 1


class TestRefused:
    def test_for_good_and_for_now(self, smtp: int, many: Callable[[int], list[User]]) -> None:
        box = MailBox()
        box.plan = lambda number: {1: "550 no such user", 2: "451 later"}.get(number, "take")
        tell(*many(3))
        with mail_server(box, smtp):
            deliver_lane("mail")
            assert states() == {"dead": 1, "waiting": 1, "sent": 1}
            dead = MessageDelivery.objects.get(state="dead")
            assert dead.status_code == 550 and "no such user" in dead.error
            now_due()
            deliver_lane("mail")
        assert states() == {"dead": 1, "sent": 2}

    def test_waits_grow_and_end(self, smtp: int) -> None:
        box = MailBox()
        box.plan = lambda _number: "451 later"
        tell(reader())
        waits = []
        with mail_server(box, smtp), time_machine.travel(timezone.now(), tick=False):
            for _round in range(MOST_ATTEMPTS):
                deliver_lane("mail")
                row = MessageDelivery.objects.get()
                waits.append((row.next_at - timezone.now()).total_seconds())
                now_due()
        assert waits[:4] == [30, 60, 120, 240] and max(waits) == 3600
        assert (row.state, row.attempts, box.tried) == ("dead", MOST_ATTEMPTS, MOST_ATTEMPTS)
        assert deliver_lane("mail") == 0


class TestClaims:
    def test_only_one_of_two_takes_a_row(self) -> None:
        tell(reader())
        pk = MessageDelivery.objects.get().pk
        first, second = claim(pk), claim(pk)
        assert first is not None and second is None

    def test_a_lost_worker_s_row_is_taken_again_and_the_late_one_writes_nothing(self) -> None:
        tell(reader())
        pk = MessageDelivery.objects.get().pk
        lost = claim(pk)
        assert lost is not None
        MessageDelivery.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=6))
        assert deliver_lane("mail") == 1
        assert not settle(lost, Outcome(End.LATER, "too late"))
        row = MessageDelivery.objects.get()
        assert (row.state, row.attempts, row.error) == ("sent", 2, "")

    def test_a_mail_that_takes_its_worker_with_it_is_given_up(self) -> None:
        tell(reader())
        long_ago = timezone.now() - datetime.timedelta(minutes=6)
        MessageDelivery.objects.update(state="sending", claim=uuid.uuid4(), claimed_at=long_ago, attempts=MOST_ATTEMPTS)
        assert deliver_lane("mail") == 0
        assert states() == {"dead": 1} and mail.outbox == []

    def test_one_worker_has_a_lane(self) -> None:
        tell(reader())
        until = timezone.now() + datetime.timedelta(minutes=1)
        DeliveryLane.objects.create(name="mail", holder=uuid.uuid4(), until=until)
        assert deliver_lane("mail") == 0 and lanes_due(timezone.now()) == []
        DeliveryLane.objects.update(until=timezone.now())
        assert [lane.name for lane in lanes_due(timezone.now())] == ["mail"]
        assert deliver_lane("mail") == 1

    def test_a_run_ends_after_its_time(self, many: Callable[[int], list[User]]) -> None:
        tell(*many(5))
        assert deliver_lane("mail", seconds=0) == 0
        assert DeliveryLane.objects.get().holder is None

    def test_the_lanes_have_all_channels(self) -> None:
        from pmo.core.messages.models import Channel

        assert {name for lane in LANES for name in lane.channels} == set(Channel.values)


class TestUnsubscribe:
    def test_one_click_without_a_sign_in_switches_this_kind_off(self) -> None:
        who = reader()
        url = f"/unsubscribe/{unsubscribe_token(who.pk, 'report.due')}"
        browser = Client(enforce_csrf_checks=True)
        assert browser.get(url).status_code == 200
        assert not MessageChoice.objects.exists()
        answer = browser.post(url, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        choice = MessageChoice.objects.get()
        assert (choice.user, choice.event, choice.channel, choice.mode) == (who, "report.due", "email", "off")
        (row,) = tell(who)
        assert not row.hidden and not MessageDelivery.objects.exists()

    def test_the_digest_s_link_switches_all_mail_off(self) -> None:
        who = reader()
        Client().post(f"/unsubscribe/{unsubscribe_token(who.pk, '*')}")
        (row,) = tell(who)
        assert not row.for_digest and not MessageDelivery.objects.exists()

    def test_a_forged_link_does_nothing(self) -> None:
        who = reader()
        good = unsubscribe_token(who.pk, "report.due")
        for token in ("x", good[:-1] + ("A" if good[-1] != "A" else "B"), f"{good}x"):
            assert Client().post(f"/unsubscribe/{token}").status_code == 404
        assert not MessageChoice.objects.exists()
