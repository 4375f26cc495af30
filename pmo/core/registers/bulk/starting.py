"""Beginning a bulk change: at once, or as a job."""

from __future__ import annotations

from django.db import transaction

from pmo.core.audit.actor import Actor
from pmo.core.registers.bulk.jobs import start_job
from pmo.core.registers.bulk.operations import told
from pmo.core.registers.bulk.requests import EDIT, KINDS, BulkRequest, matching
from pmo.core.registers.bulk.services import run_bulk, work_of
from pmo.core.registers.declaration import Register
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.services import AT_ONCE, last_audit, open_entry


def start_bulk(*, actor: Actor, register: Register, request: BulkRequest) -> UndoEntry:
    """Do the change: at once in one transaction, or as a job where it concerns more than two hundred rows.

    Raises SelectionError where the filter cannot be used.
    """
    work = work_of(actor, register, request)
    with transaction.atomic():
        ids = list(matching(register, actor.user, request).values_list("pk", flat=True))
        title = told(register, work.operations) if request.act == EDIT else str(KINDS[request.act].label)
        entry = open_entry(
            actor=actor,
            register=register,
            kind=KINDS[request.act],
            title=title,
            state=UndoEntry.State.RUNNING,
            request=request.as_json(),
            matched=len(ids),
            last_audit=last_audit(),
        )
        if len(ids) > AT_ONCE:
            start_job(actor=actor, entry=entry)
        else:
            run_bulk(actor=actor, register=register, entry=entry)
    return entry
