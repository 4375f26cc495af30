"""Long bulk changes as a job."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import organisation_zone
from pmo.core.jobs.api import Job, JobCancelled, JobContext, JobFailed, Outcome, enqueue, job_kind
from pmo.core.registers.bulk.requests import SelectionError
from pmo.core.registers.bulk.services import run_bulk
from pmo.core.registers.declaration import get_register
from pmo.core.registers.undo.models import UndoEntry

KIND = "registers.bulk"


def _describe(result: dict[str, Any]) -> Outcome:
    count = result["changed"]
    text = ngettext("%(count)s row was changed.", "%(count)s rows were changed.", count) % {"count": count}
    if result["refused"]:
        text += " " + ngettext("%(count)s row was refused.", "%(count)s rows were refused.", result["refused"]) % {
            "count": result["refused"]
        }
    return Outcome(text, reverse("change-detail", kwargs={"uid": result["uid"]}))


@job_kind(KIND, label=gettext_lazy("Change many rows"), describe=_describe)
def run(ctx: JobContext) -> dict[str, Any]:
    """Work through the rows; what is done stays done when it is stopped, and can be taken back."""
    entry = UndoEntry.objects.get(pk=ctx.params["entry"])
    if entry.state in {UndoEntry.State.UNDOING, UndoEntry.State.UNDONE}:
        raise JobFailed(_("This change was taken back already."))
    register = get_register(entry.register)
    with timezone.override(organisation_zone()):
        try:
            run_bulk(
                actor=ctx.actor,
                register=register,
                entry=entry,
                progress=lambda done, total: ctx.progress(done, total, _("Changing rows")),
            )
        except JobCancelled:
            _stopped(entry)
            raise
        except SelectionError as error:
            _stopped(entry)
            raise JobFailed(" ".join(fault.sentence for fault in error.errors)) from error
    return {"uid": str(entry.uid), "changed": entry.changed, "refused": entry.refused_count}


def _stopped(entry: UndoEntry) -> None:
    UndoEntry.objects.filter(pk=entry.pk).update(state=UndoEntry.State.FAILED)


def start_job(*, actor: Actor, entry: UndoEntry) -> Job:
    """Have a worker do it."""
    job = enqueue(kind=KIND, params={"entry": entry.pk}, actor=actor)
    entry.job_uid = job.uid
    entry.save(update_fields=["job_uid"])
    return job
