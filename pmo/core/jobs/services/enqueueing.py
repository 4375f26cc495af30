"""Starting a job: its row and the delivery to make, in the transaction of whatever asked for it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.core.access.api import has_any, refusal
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, plain, record
from pmo.core.jobs.kinds import JobKind, kind_of
from pmo.core.jobs.models import Job, JobOutbox
from pmo.core.jobs.services.delivery import deliver

ENDED_FREE = (Job.State.FAILED, Job.State.CANCELLED, Job.State.DEAD)


def enqueue(*, kind: str, params: dict[str, Any], actor: Actor, unique_key: str | None = None) -> Job:
    """Write a job and its outbox row; a worker gets it after the commit.

    With `unique_key`, a job of that key which waits, runs or is done is returned instead of a second one. Raises
    UnknownKind, Refused where the user lacks the kind's permission, TypeError where `params` is not JSON-safe.
    """
    declared = kind_of(kind)
    check_permission(actor, declared)
    with transaction.atomic():
        job, created = _get_or_create(declared, plain(params), actor, unique_key)
        if created:
            JobOutbox.objects.create(job=job, deliver_after=job.created_at)
            audit(actor, job, "job.start", {"kind": kind, "params": job.params})
            transaction.on_commit(partial(deliver, job.pk))
    return job


def check_permission(actor: Actor, kind: JobKind) -> None:
    """Raise Refused where the acting user may not start this kind; the system may."""
    if not actor.is_system and kind.permission and not has_any(actor.user, kind.permission):
        refusal(kind.permission).or_raise()


def audit(actor: Actor, job: Job, action: str, changes: dict[str, Any]) -> None:
    """An audit entry for what a user did with a job. What the system does by itself is in the job's own log."""
    if not actor.is_system:
        record(
            actor=actor,
            act=Act(action=action, model="core.job", object_id=job.pk, object_label=str(job), changes=changes),
        )


def _get_or_create(kind: JobKind, params: dict[str, Any], actor: Actor, unique_key: str | None) -> tuple[Job, bool]:
    job = Job(
        kind=kind.name,
        params=params,
        unique_key=unique_key,
        asked_key=unique_key or "",
        owner=actor.user,
        owner_name="" if actor.is_system else actor.name[:150],
        max_attempts=kind.max_attempts,
        language=settings.LANGUAGE_CODE if actor.is_system else actor.user.language,
        created_at=timezone.now(),
    )
    if unique_key is None:
        job.save(force_insert=True)
        return job, True
    known = Job.objects.filter(unique_key=unique_key).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Somebody else's insert with the same key committed in between.
        return Job.objects.get(unique_key=unique_key), False
    return job, True
