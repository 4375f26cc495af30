"""The Celery side of messages: a shell around the services, and the round that wakes it."""

from __future__ import annotations

import logging

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from pmo.core.messages.services.delivering import deliver_lane, lanes_due
from pmo.core.messages.services.digests import make_due_digests

log = logging.getLogger(__name__)

DELIVER_TASK = "core.deliver_messages"
_EXPIRES_SECONDS = 30


@shared_task(name=DELIVER_TASK, ignore_result=True)
def deliver_messages(lane: str) -> int:
    """Deliver what is due on a lane."""
    return deliver_lane(lane)


def wake() -> None:
    """Gather digests whose hour has come and have each lane with something to deliver worked on. Cheap when nothing is due.

    Called by the tick and by every worker's timer; a broker that does not answer is asked again in the next round.
    """
    now = timezone.now()
    make_due_digests(now)
    for lane in lanes_due(now):
        try:
            current_app.signature(DELIVER_TASK).apply_async(args=(lane.name,), expires=_EXPIRES_SECONDS, retry=False)
        except (OSError, BrokerDown, RedisError) as error:
            log.warning("Messages are not delivered yet, the broker does not answer: %s", error)
            return
