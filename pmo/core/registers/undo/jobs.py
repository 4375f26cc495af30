"""Taking back long changes as a job, and forgetting old ones each night."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.jobs.api import Job, JobContext, JobFailed, Outcome, enqueue, job_kind
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import claim, forget_old, restore_all

KIND = "core.undo"
SWEEP = "core.undo_sweep"
_SWEEP_HOUR = 3


def _describe(result: dict[str, Any]) -> Outcome:
    count = result["undone"]
    text = ngettext("%(count)s row was put back.", "%(count)s rows were put back.", count) % {"count": count}
    if result["kept"]:
        text += " " + ngettext("%(count)s row stays as it is.", "%(count)s rows stay as they are.", result["kept"]) % {
            "count": result["kept"]
        }
    return Outcome(text, reverse("change-detail", kwargs={"uid": result["uid"]}))


@job_kind(KIND, label=gettext_lazy("Take a change back"), describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Put the rows back that are not back yet."""
    entry = UndoEntry.objects.filter(pk=ctx.params["entry"], state=UndoEntry.State.UNDOING).first()
    if entry is None:
        raise JobFailed(_("This change was taken back already."))
    restore_all(
        actor=ctx.actor, entry=entry, progress=lambda done, total: ctx.progress(done, total, _("Putting rows back"))
    )
    undone = entry.rows.filter(undone=True).count()
    return {"uid": str(entry.uid), "undone": undone, "kept": len(entry.kept)}


def start_undo(*, actor: Actor, entry: UndoEntry) -> Job:
    """Begin to take a long change back. Raises UndoRefusedError."""
    claim(entry)
    return enqueue(kind=KIND, params={"entry": entry.pk}, actor=actor)


@job_kind(SWEEP, label=gettext_lazy("Forget old changes"))
def sweep(ctx: JobContext) -> dict[str, Any]:
    """Changes can be taken back for ten minutes; what is needed for that goes a week later."""
    return {"forgotten": forget_old()}


def sweep_due(now: datetime.datetime) -> str | None:
    """Once a day, at night."""
    return now.date().isoformat() if now.hour >= _SWEEP_HOUR else None


def start_sweep(key: str) -> object:
    """Begin the nightly clearing."""
    return enqueue(kind=SWEEP, params={}, actor=SYSTEM, unique_key=f"{SWEEP}:{key}")
