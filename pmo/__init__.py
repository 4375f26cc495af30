"""Composition root: settings, URLs, Celery."""

import gc

# Before the rest is imported: nearly all that is made then stays, and most of a page's objects are in no cycle. With Python's
# own thresholds (700, 10, 10) a fifth of the time of every start went into looking for cycles.
gc.set_threshold(50_000, 20, 50)

from pmo.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
