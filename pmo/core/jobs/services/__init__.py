"""Starting, delivering, claiming, running and ending jobs."""

from pmo.core.jobs.services.claims import claim
from pmo.core.jobs.services.delivery import deliver, deliver_due
from pmo.core.jobs.services.enqueueing import enqueue
from pmo.core.jobs.services.notices import mark_seen
from pmo.core.jobs.services.owner_acts import cancel, retry
from pmo.core.jobs.services.reaping import reap_lost
from pmo.core.jobs.services.running import run_claimed, run_job_now

__all__ = [
    "cancel",
    "claim",
    "deliver",
    "deliver_due",
    "enqueue",
    "mark_seen",
    "reap_lost",
    "retry",
    "run_claimed",
    "run_job_now",
]
