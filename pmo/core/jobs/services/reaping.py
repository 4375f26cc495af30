"""Finding jobs whose worker is lost."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from pmo.core.jobs.models import Job, JobAttempt
from pmo.core.jobs.processes import short_name, this_process
from pmo.core.jobs.services.claims import end, is_lost, lost_before, put_back

_BATCH = 200


def reap_lost() -> int:
    """Put jobs of lost workers back into the queue, or give them up after their last attempt; returns how many."""
    now = timezone.now()
    here = this_process().partition(":")[0]
    suspects = Job.objects.filter(
        Q(heartbeat_at__lt=lost_before(now)) | Q(worker__startswith=f"{here}:"), state=Job.State.RUNNING
    )
    return sum(_reap(job) for job in suspects.order_by("pk")[:_BATCH] if is_lost(job, now))


def _reap(job: Job) -> bool:
    """Each update asks for the claim that was read: a job claimed anew in the meantime is left alone."""
    error = f"Worker {short_name(job.worker)} was lost."
    if job.cancel_requested:
        return end(job, state=Job.State.CANCELLED, outcome=JobAttempt.Outcome.LOST)
    if job.attempts >= job.max_attempts:
        return end(job, state=Job.State.DEAD, outcome=JobAttempt.Outcome.LOST, error=error)
    return put_back(job, outcome=JobAttempt.Outcome.LOST, error=error)
