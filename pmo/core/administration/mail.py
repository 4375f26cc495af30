"""How mail leaves the house: the settings in force without their secrets, the outbox, and a test to oneself."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pmo.core.administration.access import CHANGE, demand
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.messages.models import Channel, DeliveryLane, MessageDelivery, Notification
from pmo.core.messages.preferences import address_of

TEST = "mail.test"
MAILS = (Channel.EMAIL.value, Channel.DIGEST.value)
SHOWN = 20
State = MessageDelivery.State
_KINDS: dict[str, tuple[Any, bool]] = {
    "smtp": (gettext_lazy("Mail goes to the mail server."), True),
    "console": (gettext_lazy("Mail is written to the log of the worker: nobody receives any."), False),
    "filebased": (gettext_lazy("Mail is written to files: nobody receives any."), False),
    "locmem": (gettext_lazy("Mail stays in memory: nobody receives any."), False),
    "dummy": (gettext_lazy("Mail is thrown away: nobody receives any."), False),
}


@dataclass(frozen=True)
class WayOut:
    """The kind of backend, what that means, and whether anybody receives something."""

    kind: str
    sentence: Any
    sends: bool


def way_out() -> WayOut:
    """What the setting EMAIL_BACKEND means."""
    kind = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    sentence, sends = _KINDS.get(kind, (gettext_lazy("Mail goes out by a backend of this installation."), True))
    return WayOut(kind, sentence, sends)


def settings_shown() -> list[tuple[str, Any, Any]]:
    """(variable of the environment, what it is, its value) as they are in force. Of secrets only whether there is one."""
    password = _("set, not shown") if settings.EMAIL_HOST_PASSWORD else _("not set")
    safety = "TLS" if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else _("none")
    return [
        ("EMAIL_BACKEND", _("Way out"), settings.EMAIL_BACKEND),
        ("EMAIL_HOST", _("Mail server"), settings.EMAIL_HOST or "—"),
        ("EMAIL_PORT", _("Port"), settings.EMAIL_PORT),
        ("EMAIL_USE_TLS, EMAIL_USE_SSL", _("Encryption"), safety),
        ("EMAIL_HOST_USER", _("User name"), settings.EMAIL_HOST_USER or "—"),
        ("EMAIL_HOST_PASSWORD", _("Password"), password),
        ("EMAIL_TIMEOUT", _("Seconds to wait for an answer"), settings.EMAIL_TIMEOUT),
        ("DEFAULT_FROM_EMAIL", _("Sender"), settings.DEFAULT_FROM_EMAIL),
        ("PUBLIC_URL", _("Links in mails lead to"), settings.PUBLIC_URL or "—"),
    ]


# What the outbox is asked for, and the states behind it.
FOLDERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "dead": (pgettext_lazy("delivery", "Given up"), (State.DEAD,)),
    "waiting": (pgettext_lazy("delivery", "Waiting"), (State.WAITING, State.SENDING)),
    "sent": (pgettext_lazy("delivery", "Delivered"), (State.SENT,)),
    "dropped": (pgettext_lazy("delivery", "No longer wanted"), (State.DROPPED,)),
}


@dataclass(frozen=True)
class Outbox:
    """Deliveries by state, since when the oldest waits, whether the way out is closed; the newest rows of one folder."""

    numbers: dict[str, int]
    oldest: datetime.datetime | None
    lane: DeliveryLane | None
    rows: list[MessageDelivery]

    @property
    def folders(self) -> list[tuple[str, Any, int]]:
        """(key, label, number) of each folder."""
        return [
            (key, label, sum(self.numbers.get(state, 0) for state in states))
            for key, (label, states) in FOLDERS.items()
        ]

    @property
    def waiting(self) -> int:
        """What is still to be sent."""
        return self.numbers.get(State.WAITING, 0) + self.numbers.get(State.SENDING, 0)


def outbox(folder: str = "dead") -> Outbox:
    """How the mails stand, with the newest of a folder. Three statements."""
    rows = MessageDelivery.objects.filter(channel__in=MAILS)
    found = list(rows.order_by().values("state").annotate(number=Count("pk"), oldest=Min("created_at")))
    waits = [one["oldest"] for one in found if one["state"] in {State.WAITING, State.SENDING}]
    shown = rows.filter(state__in=FOLDERS[folder][1]).select_related("user__person").order_by("-pk")[:SHOWN]
    return Outbox(
        {one["state"]: one["number"] for one in found},
        min(waits, default=None),
        DeliveryLane.objects.filter(name="mail").first(),
        list(shown),
    )


def send_test(*, actor: Actor) -> MessageDelivery:
    """Queue a mail to the actor by the way that every mail goes. Raises ValidationError where the actor has no address."""
    demand(actor.user, CHANGE)
    if not address_of(actor.user):
        raise ValidationError(_("You have no e-mail address: enter one with your person first."))
    now, key = timezone.now(), uuid.uuid4().hex
    with transaction.atomic():
        note = Notification.objects.create(
            user=actor.user, event=TEST, key=key, params={"time": now.isoformat(timespec="seconds")}, created_at=now,
            hidden=True,
        )  # fmt: skip
        row = MessageDelivery.objects.create(
            channel=Channel.EMAIL, once=f"mail:{TEST}:{key}", event=TEST, notification=note, user=actor.user, next_at=now,
            created_at=now,
        )  # fmt: skip
        record(actor=actor, act=Act("test", "core.messagedelivery", row.pk, str(row.uid)))
    return row


def last_test(user: Any) -> MessageDelivery | None:
    """The user's newest test mail."""
    return MessageDelivery.objects.filter(event=TEST, user=user).order_by("-pk").first()


def send_again(*, actor: Actor, delivery: MessageDelivery) -> None:
    """Put a mail that was given up back into the queue. Raises ValidationError where it is not given up."""
    demand(actor.user, CHANGE)
    now = timezone.now()
    with transaction.atomic():
        waiting = MessageDelivery.objects.filter(pk=delivery.pk, state=State.DEAD, channel__in=MAILS)
        if not waiting.update(state=State.WAITING, attempts=0, next_at=now, claim=None, claimed_at=None):
            raise ValidationError(_("Only a mail that was given up can be sent again."))
        record(actor=actor, act=Act("retry", "core.messagedelivery", delivery.pk, str(delivery.uid)))
