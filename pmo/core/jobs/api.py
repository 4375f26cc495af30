"""What other rooms and apps use of jobs."""

from pmo.core.jobs.context import JobContext
from pmo.core.jobs.daily import register_daily
from pmo.core.jobs.errors import JobCancelled, JobFailed, KeyTaken, LostClaim, UnknownKind
from pmo.core.jobs.kinds import Outcome, job_kind
from pmo.core.jobs.models import Job
from pmo.core.jobs.services import cancel, enqueue, retry, run_job_now

__all__ = [
    "Job",
    "JobCancelled",
    "JobContext",
    "JobFailed",
    "KeyTaken",
    "LostClaim",
    "Outcome",
    "UnknownKind",
    "cancel",
    "enqueue",
    "job_kind",
    "register_daily",
    "retry",
    "run_job_now",
]
