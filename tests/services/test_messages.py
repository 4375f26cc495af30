"""Mail while workers are killed: everything arrives; at most the one mail in the killed worker's hands arrives a second time."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from pmo.core.messages.models import DeliveryLane, MessageDelivery
from pmo.core.people.models import Person, User
from tests import factories
from tests.messages.conftest import tell
from tests.messages.servers import MailBox, mail_server
from tests.services.harness import Worker, wait_until

Start = Callable[..., Worker]
NUMBER = 200
AT = 60


class Gate(MailBox):
    """A mailbox whose server holds one mail back, before or after it has taken it, until it is let go."""

    def __init__(self, at: int, *, taken: bool) -> None:
        super().__init__()
        self.at, self.taken_first = at, taken
        self.reached, self.open = threading.Event(), threading.Event()
        self.plan = self._plan

    def _plan(self, number: int) -> str:
        if number == self.at and not self.open.is_set():
            if self.taken_first:
                return "take, then wait"
            self.wait()
        return "take"

    def took(self, wanted: str) -> None:
        if wanted == "take, then wait":
            self.wait()

    def wait(self) -> None:
        """Called by the server's thread: the worker stands here."""
        self.reached.set()
        self.open.wait(60)


@pytest.fixture
def recipients(database_url: str) -> list[User]:
    factories.organisation()
    users = User.objects.bulk_create(
        [User(username=f"many{n}", email=f"many{n}@example.org", language="en", password="!") for n in range(NUMBER)]
    )
    Person.objects.bulk_create([Person(code=f"M{user.pk}", name_en=user.username, user=user) for user in users])
    return users


@pytest.fixture
def sender(worker: Start) -> Callable[[int], Worker]:
    """`sender(port)`: a worker whose mail goes to that port of loopback."""

    def start(port: int) -> Worker:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        given = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "EMAIL_USE_TLS": "0", "EMAIL_TIMEOUT": "120"}
        return worker(env={"EMAIL_BACKEND": smtp, **given})

    return start


def states() -> Counter[str]:
    return Counter(MessageDelivery.objects.values_list("state", flat=True))


LONG_AGO = datetime.timedelta(minutes=6)


@pytest.fixture(params=[False, True], ids=["before the server took it", "after the server took it"])
def gate(request: pytest.FixtureRequest) -> Iterator[Gate]:
    one = Gate(AT, taken=request.param)
    yield one
    one.open.set()


def test_a_worker_killed_in_the_middle_of_a_mail(
    gate: Gate, recipients: list[User], sender: Callable[[int], Worker]
) -> None:
    """The server took the mail or did not: nobody is left out, and only a mail it had taken comes twice, under one id."""
    with mail_server(gate) as port:
        first = sender(port)
        tell(*recipients, about=None)
        assert gate.reached.wait(90), f"{states()} {first.output()[-2000:]}"
        first.kill()
        gate.open.set()
        assert states() == {"sent": AT - 1, "sending": 1, "waiting": NUMBER - AT}
        lost = MessageDelivery.objects.get(state="sending")
        # The lane and the mail of the killed worker are free again five minutes after it last touched them.
        assert DeliveryLane.objects.filter(until__gt=timezone.now()).update(until=timezone.now()) == 1
        sender(port)
        wait_until(lambda: states() == {"sent": NUMBER - 1, "sending": 1}, seconds=120, what="the others go out")
        lost.refresh_from_db()
        assert (lost.state, lost.attempts) == ("sending", 1), "nobody touches a mail that may still be on its way"
        MessageDelivery.objects.filter(state="sending").update(claimed_at=timezone.now() - LONG_AGO)
        wait_until(lambda: states() == {"sent": NUMBER}, seconds=120, what="the lost one goes out")
    arrived = Counter(str(mail["To"]).rpartition("<")[2].rstrip(">") for mail in gate.taken)
    assert set(arrived) == {user.email for user in recipients}
    twice = [address for address, times in arrived.items() if times > 1]
    assert (len(twice), max(arrived.values())) == ((1, 2) if gate.taken_first else (0, 1))
    assert len(set(gate.ids)) == NUMBER, "a repetition has the same Message-ID"
