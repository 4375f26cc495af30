"""What people do with a job: stop it, or have it tried again."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import has_any
from pmo.core.access.decisions import YES, Decision
from pmo.core.audit.actor import Actor
from pmo.core.jobs.errors import KeyTaken
from pmo.core.jobs.kinds import kind_of
from pmo.core.jobs.models import Job, JobOutbox
from pmo.core.jobs.services.delivery import deliver
from pmo.core.jobs.services.enqueueing import ENDED_FREE, audit, check_permission
from pmo.core.jobs.services.notices import KEEPERS
from pmo.core.messages.services.reading import forget_about

State = Job.State


def may_manage(actor: Actor, job: Job) -> Decision:
    """A user manages the jobs he or she started; who looks after jobs manages all of them."""
    if actor.is_system or job.owner_id == actor.user.pk or has_any(actor.user, KEEPERS):
        return YES
    return Decision(False, _("Only the person who started a job, or the PMO, may stop or repeat it."))


def cancel(*, actor: Actor, job: Job) -> bool:
    """Stop a job: at once while it waits, at its next step while it runs. False where it had ended already.

    Raises Refused.
    """
    may_manage(actor, job).or_raise()
    rows = Job.objects.filter(pk=job.pk)
    with transaction.atomic():
        waiting = rows.filter(state=State.QUEUED)
        if waiting.update(state=State.CANCELLED, unique_key=None, cancel_requested=True, finished_at=timezone.now()):
            JobOutbox.objects.filter(pk=job.pk).delete()
        elif not rows.filter(state=State.RUNNING).update(cancel_requested=True):
            return False
        audit(actor, job, "job.cancel", {})
    return True


def retry(*, actor: Actor, job: Job) -> bool:
    """Queue a failed, cancelled or given-up job again with all its attempts; False where it is not in such a state.

    Raises Refused, UnknownKind, and KeyTaken where another job with its unique key waits, runs or is done.
    """
    may_manage(actor, job).or_raise()
    check_permission(actor, kind_of(job.kind))
    try:
        with transaction.atomic():
            if not _requeue(job):
                return False
            audit(actor, job, "job.retry", {})
            transaction.on_commit(partial(deliver, job.pk))
    except IntegrityError as error:
        raise KeyTaken(_("Another run for the same date or file is waiting, running or done.")) from error
    return True


def _requeue(job: Job) -> bool:
    ended = Job.objects.filter(pk=job.pk, state__in=ENDED_FREE)
    if not ended.update(
        state=State.QUEUED,
        unique_key=job.asked_key or None,
        attempts=0,
        cancel_requested=False,
        error="",
        message="",
        done=0,
        total=0,
        result=None,
        started_at=None,
        heartbeat_at=None,
        finished_at=None,
        worker="",
        claim=None,
    ):
        return False
    JobOutbox.objects.update_or_create(job=job, defaults={"deliver_after": timezone.now(), "deliveries": 0})
    forget_about(about=job)
    return True
