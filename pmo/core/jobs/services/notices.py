"""Telling people that a job ended."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pmo.core.access.roles import roles_holding
from pmo.core.jobs.models import Job, JobNotice
from pmo.core.people.models import User

log = logging.getLogger(__name__)

KEEPERS = "core.job.change"


def tell(*, job: Job, state: str) -> None:
    """Leave a notice for the owner; also for everybody who looks after jobs where one was given up, or failed for nobody."""
    if state == Job.State.CANCELLED:
        return
    readers = {job.owner_id} if job.owner_id else set()
    if state == Job.State.DEAD:
        log.error("Job %s (%s) was given up after %s attempts.", job.pk, job.kind, job.attempts)
    if state == Job.State.DEAD or (state == Job.State.FAILED and not readers):
        readers |= set(_keepers())
    now = timezone.now()
    JobNotice.objects.bulk_create(
        [JobNotice(job=job, user_id=reader, created_at=now, seen_at=None) for reader in sorted(readers)],
        update_conflicts=True,
        unique_fields=["job", "user"],
        update_fields=["created_at", "seen_at"],
    )


def _keepers() -> Any:
    """Ids of the active users who hold the permission organisation-wide."""
    grants = Q(
        person__grants__role__in=roles_holding(KEEPERS),
        person__grants__unit=None,
        person__grants__deleted_at=None,
        person__deleted_at=None,
    )
    return User.objects.filter(grants | Q(is_superuser=True), is_active=True).values_list("pk", flat=True).distinct()


def mark_seen(*, user: Any, job: Job | None = None) -> int:
    """The user has seen the notice of a job, or all of them; returns how many were new."""
    rows = JobNotice.objects.filter(user_id=user.pk, seen_at=None)
    if job is not None:
        rows = rows.filter(job=job)
    return rows.update(seen_at=timezone.now())
