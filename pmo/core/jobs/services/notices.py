"""Telling people that a job ended."""

from __future__ import annotations

import logging
from typing import Any

from django.urls import reverse

from pmo.core.jobs.kinds import kind_label
from pmo.core.jobs.models import Job
from pmo.core.messages.api import notify
from pmo.core.messages.queries import holders_of
from pmo.core.messages.services.reading import mark_read_about

log = logging.getLogger(__name__)

KEEPERS = "core.job.change"
_DONE, _FAILED, _GIVEN_UP = "job.finished", "job.failed", "job.given_up"


def tell(*, job: Job, state: str, why: str = "") -> None:
    """Notify the owner; also everybody who looks after jobs where one was given up, or failed for nobody.

    `why` is what the job itself says of its failure.
    """
    if state == Job.State.CANCELLED:
        return
    if state == Job.State.DEAD:
        log.error("Job %s (%s) was given up after %s attempts.", job.pk, job.kind, job.attempts)
    owners = [job.owner] if job.owner_id else []
    params = {"job": kind_label(job.kind), "state": Job.State(state).label}
    _notify(_DONE if state == Job.State.DONE else _FAILED, owners, job, params, why)
    if state == Job.State.DEAD or (state == Job.State.FAILED and not owners):
        keepers = [user for user in holders_of(KEEPERS) if user.pk != job.owner_id]
        _notify(_GIVEN_UP, keepers, job, params, why)


def _notify(event: str, recipients: list[Any], job: Job, params: dict[str, Any], why: str) -> None:
    """Once for each ending: a job that is repeated may be told of again."""
    url = reverse("job-detail", args=[job.uid])
    key = f"{job.uid}:{job.claim}"
    notify(event=event, recipients=recipients, params=params, text=why, url=url, about=job, key=key)


def mark_seen(*, user: Any, job: Job) -> int:
    """The user has looked at the job: what was told about it is read; returns how many notifications were new."""
    return mark_read_about(user=user, about=job)
