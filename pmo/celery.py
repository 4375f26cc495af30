"""The Celery application: workers and the beat that ticks."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")

app = Celery("pmo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="tasks")
app.autodiscover_tasks(["pmo.core.jobs", "pmo.core.audit", "pmo.core.messages"], related_name="tasks")


@app.on_after_finalize.connect
def schedule_tick(sender: Celery, **kwargs: object) -> None:
    """One periodic entry: the tick, which delivers, reaps and starts whatever the organisation's clock says is due."""
    from django.conf import settings

    # A tick that could not run in time is dropped: the next one does the same work.
    seconds = settings.BEAT_TICK_SECONDS
    sender.add_periodic_task(seconds, sender.signature("core.tick"), name="tick", expires=seconds)
