"""Delivering what waits: a lane at a time, a row at a time, each taken by one conditional update.

What this promises. A delivery that was committed is attempted until the receiver takes it, refuses it for good, or has
refused it MOST_ATTEMPTS times; a server that is not reached does not use attempts up. Two workers never send the same row
at once. A row is sent twice only if the receiver took it and we could not write that down: the connection broke before its
answer, or the worker died between answer and commit. Both attempts then carry the same Message-ID (mail) or
Bellwether-Delivery (webhook). No protocol of these three can do better than that at the sender's side.
"""

from __future__ import annotations

import datetime
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from pmo.core.messages.calc import wait_seconds
from pmo.core.messages.channels.mail import MailSender
from pmo.core.messages.channels.outcome import End, LaneClosed, Outcome, Sender
from pmo.core.messages.channels.web import WebSender
from pmo.core.messages.models import MOST_ATTEMPTS, Channel, DeliveryLane, MessageDelivery
from pmo.core.messages.services.receivers import note_outcome

log = logging.getLogger(__name__)

State = MessageDelivery.State
_BATCH = 100
_RUN_SECONDS = 60
# Longer than any single attempt can take.
_LOST_AFTER = datetime.timedelta(minutes=5)
_LONGEST_REST = 600
WORKER_LOST = "the worker was lost at every attempt"


@dataclass(frozen=True)
class Lane:
    """Channels that share a way out."""

    name: str
    channels: tuple[str, ...]
    sender: Callable[[], Sender]


LANES = (
    Lane("mail", (Channel.EMAIL.value, Channel.DIGEST.value), MailSender),
    Lane("web", (Channel.WEBHOOK.value, Channel.CHAT.value), WebSender),
)


def due_rows(lane: Lane, now: datetime.datetime) -> Q:
    """Rows to deliver now, and rows whose worker was lost on the way."""
    waiting = Q(state=State.WAITING, next_at__lte=now)
    return Q(channel__in=lane.channels) & (waiting | Q(state=State.SENDING, claimed_at__lt=now - _LOST_AFTER))


def lanes_due(now: datetime.datetime) -> list[Lane]:
    """Lanes with something to deliver that nobody is working on and that do not rest."""
    busy = set(DeliveryLane.objects.filter(until__gt=now).values_list("name", flat=True))
    return [
        lane for lane in LANES if lane.name not in busy and MessageDelivery.objects.filter(due_rows(lane, now)).exists()
    ]


def deliver_lane(name: str, *, seconds: float = _RUN_SECONDS, sender: Sender | None = None) -> int:
    """Deliver what is due on a lane for at most so long; returns how many were delivered. 0 where another worker has the lane."""
    lane = next(lane for lane in LANES if lane.name == name)
    holder = uuid.uuid4()
    if not _take_lane(lane, holder):
        return 0
    way = sender or lane.sender()
    try:
        return _deliver(lane, holder, way, time.monotonic() + seconds)
    except LaneClosed as closed:
        _rest(lane, holder, str(closed))
        return 0
    finally:
        way.close()
        DeliveryLane.objects.filter(name=name, holder=holder).update(holder=None, until=None)


def _deliver(lane: Lane, holder: uuid.UUID, way: Sender, end: float) -> int:
    sent = 0
    _bury(lane)
    while time.monotonic() < end:
        rows = MessageDelivery.objects.filter(due_rows(lane, timezone.now())).order_by("next_at", "pk")
        ids = list(rows.values_list("pk", flat=True)[:_BATCH])
        if not ids:
            break
        for pk in ids:
            if time.monotonic() >= end or not _keep_lane(lane, holder):
                return sent
            if _deliver_one(pk, way):
                sent += 1
                if sent == 1:
                    _open_again(lane)
    return sent


def _bury(lane: Lane) -> None:
    """Give up rows that took their worker with them each time: nobody was left to say so."""
    lost = MessageDelivery.objects.filter(
        channel__in=lane.channels,
        state=State.SENDING,
        claimed_at__lt=timezone.now() - _LOST_AFTER,
        attempts__gte=MOST_ATTEMPTS,
    )
    lost.update(state=State.DEAD, claim=None, error=WORKER_LOST)


def _deliver_one(pk: int, way: Sender) -> bool:
    row = claim(pk)
    if row is None:
        return False
    try:
        outcome = way.send(row)
    except LaneClosed as closed:
        _give_back(row, str(closed))
        raise
    return settle(row, outcome) and outcome.end is End.SENT


def claim(pk: int) -> MessageDelivery | None:
    """Take a row that waits, or whose worker was lost; None where somebody else was faster."""
    now, token = timezone.now(), uuid.uuid4()
    free = Q(state=State.WAITING, next_at__lte=now) | Q(state=State.SENDING, claimed_at__lt=now - _LOST_AFTER)
    rows = MessageDelivery.objects.filter(free, pk=pk)
    if not rows.update(state=State.SENDING, claim=token, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return MessageDelivery.objects.select_related("notification", "user__person", "webhook", "chat").get(pk=pk)


def settle(row: MessageDelivery, outcome: Outcome) -> bool:
    """Write how the attempt ended, if the row is still this worker's."""
    now = timezone.now()
    values: dict[str, object] = {"claim": None, "error": outcome.error[:500], "status_code": outcome.status}
    if outcome.end is End.SENT:
        values |= {"state": State.SENT, "sent_at": now}
    elif outcome.end is End.DROPPED:
        values |= {"state": State.DROPPED}
    elif outcome.end is End.NEVER or row.attempts >= MOST_ATTEMPTS:
        values |= {"state": State.DEAD}
        log.error("Delivery %s (%s) is given up: %s", row.pk, row.channel, outcome.error)
    else:
        wait = datetime.timedelta(seconds=wait_seconds(row.attempts))
        values |= {"state": State.WAITING, "next_at": now + wait}
    held = MessageDelivery.objects.filter(pk=row.pk, claim=row.claim, state=State.SENDING)
    if not held.update(**values):
        log.warning("Delivery %s was taken over by another worker.", row.pk)
        return False
    note_outcome(row, outcome)
    return True


def _give_back(row: MessageDelivery, error: str) -> None:
    """The attempt never began for the receiver: it does not count."""
    held = MessageDelivery.objects.filter(pk=row.pk, claim=row.claim, state=State.SENDING)
    held.update(state=State.WAITING, claim=None, attempts=F("attempts") - 1, error=error[:500])


def _take_lane(lane: Lane, holder: uuid.UUID) -> bool:
    now = timezone.now()
    DeliveryLane.objects.get_or_create(name=lane.name)
    free = DeliveryLane.objects.filter(Q(until=None) | Q(until__lte=now), name=lane.name)
    return bool(free.update(holder=holder, until=now + _LOST_AFTER))


def _keep_lane(lane: Lane, holder: uuid.UUID) -> bool:
    mine = DeliveryLane.objects.filter(name=lane.name, holder=holder)
    return bool(mine.update(until=timezone.now() + _LOST_AFTER))


def _open_again(lane: Lane) -> None:
    DeliveryLane.objects.filter(name=lane.name, failures__gt=0).update(failures=0, error="")


def _rest(lane: Lane, holder: uuid.UUID, error: str) -> None:
    """Leave the lane alone for a while: 30 seconds, then twice as long, up to ten minutes."""
    mine = DeliveryLane.objects.filter(name=lane.name, holder=holder)
    row = mine.first()
    if row is None:
        return
    failures = row.failures + 1
    rest = min(wait_seconds(failures), _LONGEST_REST)
    log.warning("The lane %s is closed for %s seconds: %s", lane.name, rest, error)
    mine.update(
        holder=None, until=timezone.now() + datetime.timedelta(seconds=rest), failures=failures, error=error[:500]
    )
