"""Handing jobs to the broker, again and again until a worker has claimed them."""

from __future__ import annotations

import datetime
import logging
import socket
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from pmo.core.jobs.models import JobOutbox

log = logging.getLogger(__name__)

RUN_TASK = "core.run_job"
_BROKER_DOWN_SECONDS = 5
_LONGEST_WAIT_SECONDS = 1800
_BATCH = 200
_KNOCK_SECONDS = 1.0


def deliver(job_id: int) -> bool:
    """Send the job's message if its delivery is due; returns whether the broker took it.

    Never raises for a broker that is down: the outbox row stays, and the tick and every worker's timer try again. Two
    callers at once send one message. A message too many does no harm, since only one worker can claim the job.
    """
    return _take(job_id) and _send(job_id)


def deliver_due() -> int:
    """Deliver what is due, oldest first; returns how many messages the broker took. Stops at the first it refuses."""
    due = JobOutbox.objects.filter(deliver_after__lte=timezone.now()).order_by("deliver_after", "pk")
    sent = 0
    for job_id in list(due.values_list("pk", flat=True)[:_BATCH]):
        if not _take(job_id):
            continue
        if not _send(job_id):
            break
        sent += 1
    return sent


def _take(job_id: int) -> bool:
    """Count the delivery on the condition that nobody else has, and put the next one off by twice as long each time."""
    now = timezone.now()
    row = JobOutbox.objects.filter(pk=job_id, deliver_after__lte=now).first()
    if row is None:
        return False
    wait = min(settings.JOB_REDELIVER_SECONDS * 2 ** min(row.deliveries, 10), _LONGEST_WAIT_SECONDS)
    rows = JobOutbox.objects.filter(pk=job_id, deliveries=row.deliveries)
    return bool(rows.update(deliveries=row.deliveries + 1, deliver_after=now + datetime.timedelta(seconds=wait)))


def _send(job_id: int) -> bool:
    try:
        _knock()
        current_app.signature(RUN_TASK).apply_async(args=(job_id,), retry=False)
    except (OSError, BrokerDown, RedisError) as error:
        log.warning("Job %s is not delivered yet, the broker does not answer: %s", job_id, error)
        soon = timezone.now() + datetime.timedelta(seconds=_BROKER_DOWN_SECONDS)
        JobOutbox.objects.filter(pk=job_id).update(deliver_after=soon)
        return False
    return True


def _knock() -> None:
    """Raise OSError at once where nobody listens: the client would keep a request waiting for seven seconds of retries."""
    if current_app.conf.task_always_eager:
        return
    broker = urlsplit(current_app.conf.broker_url)
    if broker.scheme in {"redis", "rediss"} and broker.hostname:
        socket.create_connection((broker.hostname, broker.port or 6379), timeout=_KNOCK_SECONDS).close()
