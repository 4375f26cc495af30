"""Taking a job, and ending it: conditional updates, so that exactly one worker holds it at a time."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from pmo.core.jobs.models import Job, JobAttempt, JobOutbox
from pmo.core.jobs.processes import Life, life_of
from pmo.core.jobs.services.notices import tell

State = Job.State
_SQLITE_PATIENCE = 10


def lost_before(now: datetime.datetime, patience: int = 1) -> datetime.datetime:
    """A heartbeat older than this has stopped."""
    return now - datetime.timedelta(seconds=settings.JOB_LOST_SECONDS * patience)


def is_lost(job: Job, now: datetime.datetime) -> bool:
    """Whether the worker of a running job is lost: its process is gone from this machine, or its heartbeat stopped.

    On SQLite a process that exists is given ten times as long: there a long transaction of the job itself keeps the
    heartbeat from being written.
    """
    life = life_of(job.worker)
    if life is Life.GONE:
        return True
    patience = _SQLITE_PATIENCE if life is Life.ALIVE and connection.vendor == "sqlite" else 1
    return job.heartbeat_at is not None and job.heartbeat_at < lost_before(now, patience)


def claim(job_id: int, *, worker: str) -> Job | None:
    """Take the job for this worker; None where it is taken, ended, cancelled or out of attempts.

    One conditional UPDATE decides: the job is queued, or still has the claim of the worker that was found lost.
    """
    now, token = timezone.now(), uuid.uuid4()
    free = Q(state=State.QUEUED)
    running = Job.objects.filter(pk=job_id, state=State.RUNNING).first()
    if running is not None and is_lost(running, now):
        free |= Q(state=State.RUNNING, claim=running.claim)
    with transaction.atomic():
        rows = Job.objects.filter(free, pk=job_id, cancel_requested=False, attempts__lt=F("max_attempts"))
        if not rows.update(
            state=State.RUNNING,
            claim=token,
            worker=worker[:120],
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
            done=0,
            total=0,
            message="",
            error="",
        ):
            return None
        JobOutbox.objects.filter(pk=job_id).delete()
        job = Job.objects.select_related("owner").get(pk=job_id)
        JobAttempt.objects.filter(job=job, ended_at=None).update(outcome=JobAttempt.Outcome.LOST, ended_at=now)
        JobAttempt.objects.create(job=job, claim=token, number=job.attempts, worker=worker[:120], started_at=now)
    return job


def end(job: Job, *, state: State, outcome: JobAttempt.Outcome, error: str = "", **values: Any) -> bool:
    """End a claimed job for good; False where the claim is no longer held, and then nothing is written.

    Failed, cancelled and dead jobs give their unique key up; done ones keep it.
    """
    if state != State.DONE:
        values["unique_key"] = None
    now = timezone.now()
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING)
        if not held.update(state=state, claim=None, error=error, finished_at=now, **values):
            return False
        _end_attempt(job.claim, outcome, error, now)
        JobOutbox.objects.filter(pk=job.pk).delete()
        tell(job=job, state=state, why=error if state == State.FAILED else "")
    return True


def put_back(
    job: Job, *, outcome: JobAttempt.Outcome, error: str = "", wait_seconds: float = 0, count: bool = True
) -> bool:
    """Queue a claimed job again, to be delivered after a wait; False where the claim is no longer held.

    With `count=False` the attempt does not count: the worker was told to stop and the job is not to blame.
    """
    now = timezone.now()
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING)
        attempts = F("attempts") if count else F("attempts") - 1
        if not held.update(state=State.QUEUED, claim=None, worker="", error=error, attempts=attempts):
            return False
        _end_attempt(job.claim, outcome, error, now)
        JobOutbox.objects.update_or_create(
            job=job, defaults={"deliver_after": now + datetime.timedelta(seconds=wait_seconds), "deliveries": 0}
        )
    return True


def _end_attempt(claim: uuid.UUID | None, outcome: JobAttempt.Outcome, error: str, now: datetime.datetime) -> None:
    if claim is not None:
        JobAttempt.objects.filter(claim=claim).update(outcome=outcome, error=error, ended_at=now)
