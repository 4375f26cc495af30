"""When a web process looks for cycles of objects: between requests, never while somebody waits for an answer."""

from __future__ import annotations

import gc
from typing import Any

from django.core.signals import request_finished
from django.urls import get_resolver

YOUNG, MIDDLE, OLD = 5_000, 20, 50
"""As Python's own thresholds: new objects, passes over the new ones, passes over those that outlived one."""


def tidy_between_requests() -> None:
    """Call it once in a process that is about to serve.

    Every request ends as a cycle (request, its user, its messages), so that passes of the collector are needed; but one that comes while
    an outline of thousands of rows is in memory, or the first that looks through all the modules, takes up to a second, and a keystroke
    waited for it. What is loaded now stays for good and is not looked through again, and the rest is looked through after the
    answer has gone out.
    """
    get_resolver().url_patterns  # noqa: B018  imports the views
    gc.collect()
    gc.freeze()
    request_finished.connect(tidy, dispatch_uid="tidying.tidy")


def tidy(**_signal: Any) -> None:
    """One pass if one is due, as deep as it is due."""
    young, middle, old = gc.get_count()
    if young > YOUNG:
        gc.collect(2 if old > OLD else 1 if middle > MIDDLE else 0)
