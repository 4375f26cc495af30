"""The Celery side of jobs: shells around the services."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task, current_app, shared_task
from celery.signals import before_task_publish, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.utils import timezone

from pmo.core.jobs import daily, services, ticks
from pmo.core.jobs.processes import this_process
from pmo.core.jobs.timer import WorkerTimer
from pmo.core.messages.tasks import wake

log = logging.getLogger(__name__)

_timer = WorkerTimer()


@shared_task(name="core.run_job", bind=True, ignore_result=True)
def run_job(self: Task[Any, Any], job_id: int) -> None:
    """Claim the job and do its work; a message for a job that is taken or ended does nothing."""
    job = services.claim(job_id, worker=this_process())
    if job is not None:
        services.run_claimed(job, threaded=not self.request.is_eager)


@shared_task(name="core.tick", ignore_result=True)
def tick() -> None:
    """The beat's only entry: deliver jobs and messages, reap, seal the audit trail, start what is due by the organisation's clock."""
    ticks.note(ticks.TICK)
    ticks.forget_old_workers()
    services.reap_lost()
    services.deliver_due()
    wake()
    current_app.signature("core.seal_audit").apply_async(expires=settings.BEAT_TICK_SECONDS)
    for name, key in daily.due_entries(timezone.now()):
        # One message each: an entry that fails does not hold up the others.
        current_app.signature("core.start_daily").apply_async(args=(name, key), expires=settings.BEAT_TICK_SECONDS)


@shared_task(name="core.start_daily", ignore_result=True)
def start_daily(name: str, key: str) -> None:
    """Start one daily entry, once per key."""
    daily.start_entry(name, key)


@before_task_publish.connect
def note_beat(sender: str | None = None, **_kwargs: Any) -> None:
    """Only the beat publishes the tick: that it did proves that it is alive, also while all workers are busy."""
    if sender != "core.tick":
        return
    try:
        ticks.note(ticks.BEAT)
    except DatabaseFault as fault:
        log.warning("The beat's sign of life was not written: %s", fault)
    finally:
        if not connection.in_atomic_block:
            connection.close()


@worker_ready.connect
def start_timer(**_kwargs: Any) -> None:
    """Each worker delivers and reaps by itself, so that neither depends on the beat."""
    _timer.start()


@worker_shutting_down.connect
def stop_timer(**_kwargs: Any) -> None:
    _timer.stop()
