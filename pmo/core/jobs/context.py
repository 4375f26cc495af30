"""What a job's function gets: its parameters, who asked, and the way to tell how far it is."""

from __future__ import annotations

import uuid
from typing import Any

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.jobs.models import Job
from pmo.core.jobs.pulse import Pulse


class JobContext:
    """One run of one job. The active language is the owner's."""

    def __init__(self, job: Job, pulse: Pulse) -> None:
        self.job_id: int = job.pk
        self.uid: uuid.UUID = job.uid
        self.params: dict[str, Any] = job.params
        self.attempt: int = job.attempts
        self.actor: Actor = owner_actor(job)
        self._pulse = pulse

    def progress(self, done: int, total: int, message: Any = "") -> None:
        """Tell how far the work is: `done` of `total` steps, and a sentence in the owner's language.

        Cheap to call often: it is written at most twice a second. Raises JobCancelled if somebody asked to stop and
        LostClaim if another worker has the job; let both pass.
        """
        self._pulse.report(done, total, str(message))

    def check_cancelled(self) -> None:
        """Raise JobCancelled or LostClaim where progress has nothing to tell."""
        self._pulse.check()


def owner_actor(job: Job) -> Actor:
    """Who the job acts for: its owner, or the system."""
    if job.owner_id is None:
        return SYSTEM
    return Actor(user=job.owner, name=job.owner_name, request_id=str(job.uid))
