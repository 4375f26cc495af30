"""The nightly removal of what is over its time."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.audit.actor import SYSTEM
from pmo.core.jobs.api import JobContext, Outcome, enqueue, job_kind, register_daily
from pmo.core.retention.services import CHANGE, purge_all

KIND = "core.retention"
_HOUR = 4


def _describe(result: dict[str, Any]) -> Outcome:
    count = sum(result["removed"].values())
    return Outcome(ngettext("%(count)s row was removed.", "%(count)s rows were removed.", count) % {"count": count})


@job_kind(KIND, label=gettext_lazy("Remove what is kept no longer"), permission=CHANGE, describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Remove what is over its time."""
    return {"removed": purge_all(now=timezone.now(), progress=ctx.progress)}


def due(now: datetime.datetime) -> str | None:
    """Once a night."""
    return now.date().isoformat() if now.hour >= _HOUR else None


def start(key: str) -> object:
    """Begin the night's removal."""
    return enqueue(kind=KIND, params={}, actor=SYSTEM, unique_key=f"{KIND}:{key}")


def wire() -> None:
    """Let the clock ask."""
    register_daily(KIND, due, start)
