"""Running a claimed job in its owner's language, and settling however it ended."""

from __future__ import annotations

import json
import logging
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from pmo.core.audit.services import plain
from pmo.core.jobs.context import JobContext
from pmo.core.jobs.errors import JobCancelled, JobFailed, LostClaim
from pmo.core.jobs.kinds import kind_of
from pmo.core.jobs.models import Job, JobAttempt
from pmo.core.jobs.processes import this_process
from pmo.core.jobs.pulse import Pulse, ThreadPulse
from pmo.core.jobs.services.claims import claim, end, put_back
from pmo.core.web.request_id import working_as

log = logging.getLogger(__name__)


class Attempt:
    """One attempt as a `with` block: whatever leaves the block decides how the job stands afterwards.

    Nothing left it: done. JobFailed: failed, not tried again. JobCancelled: cancelled. LostClaim: nothing is written, the
    job is somebody else's. Another error: logged and tried again later, or given up after the last attempt; it leaves the
    block only with `reraise`. A worker told to stop (SystemExit, KeyboardInterrupt) hands the job back uncounted.
    """

    def __init__(self, job: Job, pulse: Pulse, *, reraise: bool) -> None:
        self.job, self.pulse, self.reraise = job, pulse, reraise
        self.result: Any = None

    def __enter__(self) -> Self:
        self.pulse.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.pulse.__exit__(None, None, None)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        if error is None:
            self._finish(Job.State.DONE, JobAttempt.Outcome.DONE, result=self.result)
        elif isinstance(error, LostClaim):
            log.warning("Job %s: %s", self.job.pk, error)
        elif isinstance(error, JobCancelled):
            self._finish(Job.State.CANCELLED, JobAttempt.Outcome.CANCELLED)
        elif isinstance(error, JobFailed):
            self._finish(Job.State.FAILED, JobAttempt.Outcome.FAILED, error=str(error.message))
        elif isinstance(error, Exception):
            return self._unexpected(error)
        else:
            put_back(self.job, outcome=JobAttempt.Outcome.RELEASED, count=False)
            return False
        return True

    def _finish(self, state: Job.State, outcome: JobAttempt.Outcome, *, error: str = "", **values: Any) -> None:
        pulse = self.pulse
        if state == Job.State.DONE:
            pulse.done = max(pulse.done, pulse.total)
        values |= {"done": pulse.done, "total": pulse.total, "message": pulse.message}
        if not end(self.job, state=state, outcome=outcome, error=error, **values):
            log.warning("Job %s ended as %s, but its claim was lost: nothing is written.", self.job.pk, state)

    def _unexpected(self, error: Exception) -> bool:
        job = self.job
        short = f"{type(error).__name__}: {error}".splitlines()[0][:500]
        log.error("Job %s (%s), attempt %s: %s", job.pk, job.kind, job.attempts, short, exc_info=error)
        if job.attempts >= job.max_attempts:
            self._finish(Job.State.DEAD, JobAttempt.Outcome.ERROR, error=short)
        else:
            wait = settings.JOB_RETRY_SECONDS * 2 ** (job.attempts - 1)
            put_back(job, outcome=JobAttempt.Outcome.ERROR, error=short, wait_seconds=wait)
        return not self.reraise


def run_claimed(job: Job, *, threaded: bool, reraise: bool = False) -> None:
    """Do the work of a job this process has claimed.

    `threaded`: a timer thread writes heartbeat and progress (workers); otherwise the calls themselves do. `reraise` lets
    an unexpected error out after it was recorded.
    """
    pulse = (ThreadPulse if threaded else Pulse)(job.pk, _token(job))
    with (
        working_as(str(job.uid)),
        translation.override(job.language),
        Attempt(job, pulse, reraise=reraise) as attempt,
    ):
        result = plain(kind_of(job.kind).run(JobContext(job, pulse)))
        json.dumps(result, allow_nan=False)
        attempt.result = result


def _token(job: Job) -> Any:
    if job.claim is None:
        raise LostClaim(f"Job {job.pk} is not claimed.")
    return job.claim


def run_job_now(job_id: int) -> Job:
    """Claim and run a job in the calling process (tests, management commands); returns the row as it stands then.

    A job that another worker has, or that ended, is returned untouched. Unexpected errors are recorded and raised.
    """
    job = claim(job_id, worker=this_process())
    if job is not None:
        threaded = not settings.CELERY_TASK_ALWAYS_EAGER and not transaction.get_connection().in_atomic_block
        run_claimed(job, threaded=threaded, reraise=True)
    return Job.objects.get(pk=job_id)
