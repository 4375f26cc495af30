"""The life of an import of linked tables: uploaded, checked in a job, written in a job, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain, record
from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.models import CustomField
from pmo.core.imports import services, store
from pmo.core.imports.apply import Refusal
from pmo.core.imports.commit import TakenOver, batch_act
from pmo.core.imports.commit_writer import write_refusals
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.targets import get_target
from pmo.core.jobs.api import Job, enqueue
from portfolio.imports.linked import TARGET
from portfolio.linked.graph import Refused, read_graph, recognised
from portfolio.linked.presets import PRESETS
from portfolio.linked.zipped import check_archive, read_archive
from portfolio.services.linked.planning import plan_graph
from portfolio.services.linked.report import report_of
from portfolio.services.linked.wants import Wanted
from portfolio.services.linked.writing import Writer

CHECK_JOB, COMMIT_JOB = "portfolio.check_linked", "portfolio.import_linked"
State = ImportBatch.State
Progress = Callable[[int, int, str], None]
MOST_REFUSALS = 20_000


def take(*, actor: Actor, file: File[Any], filename: str) -> ImportBatch:
    """Keep an uploaded archive. Raises ReadError where it is no zip archive that can be read, or too large; Refused."""
    services.require(actor, get_target(TARGET))
    # A size that is too large is told as such, before the directory is read.
    if (file.size or 0) <= store.limits().upload_bytes:
        check_archive(file, limits=store.limits())
    return services.upload(actor=actor, file=file, filename=filename, target=TARGET, as_of=org_today())


def start_check(*, actor: Actor, batch: ImportBatch) -> Job:
    """Read the archive and say what it would do, in a job; one that is at it already goes on instead of a second one.

    Raises ValidationError where the import was started meanwhile, Refused.
    """
    services.require(actor, get_target(TARGET))
    running: Job | None = Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None
    if running is not None and running.live:
        return running
    with transaction.atomic():
        job = enqueue(kind=CHECK_JOB, params={"batch": batch.pk}, actor=actor)
        # Of two clicks one takes the place of the job that both saw; the other one's job is rolled back.
        seen = ImportBatch.objects.filter(pk=batch.pk, state__in=services.OPEN, job_id=batch.job_id)
        if not seen.update(job_id=job.pk, updated_at=timezone.now()):
            raise ValidationError(_("This import is being read or was started meanwhile."))
    batch.refresh_from_db()
    return job


def start_commit(*, actor: Actor, batch: ImportBatch) -> Job:
    """Write it, in a job. Raises ValidationError where it was not checked, is under way or written."""
    with transaction.atomic():
        services.begin_commit(actor=actor, batch=batch)
        return _start(actor, batch, COMMIT_JOB)


def _start(actor: Actor, batch: ImportBatch, kind: str) -> Job:
    with transaction.atomic():
        job = enqueue(kind=kind, params={"batch": batch.pk}, actor=actor)
        ImportBatch.objects.filter(pk=batch.pk).update(job_id=job.pk)
    batch.refresh_from_db()
    return job


def run_check(*, actor: Actor, batch_id: int, progress: Progress | None = None) -> ImportBatch:
    """What the archive would do, kept with the batch. Raises ReadError (the batch then says why), Refused."""
    batch: ImportBatch = ImportBatch.objects.get(pk=batch_id)
    if batch.state not in services.OPEN:
        return batch
    services.require(actor, get_target(TARGET))
    try:
        wanted = _wanted(actor, batch)
    except ReadError as error:
        _keep(batch, [], state=State.UPLOADED, table={"error": plain(error.message.to_json())}, preview={})
        raise
    if progress is not None:
        progress(1, 1, _("%(done)s rows read") % {"done": sum(len(one.nodes) for one in wanted.graph.tables.values())})
    _keep(batch, wanted.refused, state=State.PREVIEWED, table={"rows": _rows(wanted)}, preview=report_of(wanted))
    return batch


def run_commit(*, actor: Actor, batch_id: int, progress: Progress | None = None) -> ImportBatch:
    """Write the archive, or go on where an earlier attempt stopped. Raises ReadError, TakenOver, Refused."""
    batch: ImportBatch = ImportBatch.objects.select_related("owner").get(pk=batch_id)
    if batch.state not in {State.COMMITTING, State.FAILED} or batch.result.get("undoing"):
        return batch
    finished = False
    try:
        services.require(actor, get_target(TARGET))
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.COMMITTING, updated_at=timezone.now())
        wanted = _wanted(actor, batch)
        if not batch.chunks_done:
            # What each row is before anything is written: an attempt that goes on finds some of it on file already.
            batch.preview = report_of(wanted)
            ImportBatch.objects.filter(pk=batch.pk).update(preview=batch.preview)
        Writer(actor=actor, batch=batch, wanted=wanted, progress=progress).write()
        _finish(actor, batch, wanted)
        finished = True
    except TakenOver:
        finished = True
        raise
    finally:
        if not finished:
            ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING).update(state=State.FAILED)
    batch.refresh_from_db()
    return batch


def _finish(actor: Actor, batch: ImportBatch, wanted: Wanted) -> None:
    values = {"state": State.COMMITTED, "result": batch.preview, "committed_at": timezone.now()}
    with transaction.atomic():
        if not ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING).update(**values):
            raise TakenOver(f"Import {batch.pk} was finished by somebody else.")
        _keep_refusals(batch, wanted.refused)
        facts = {**batch.preview["counts"], "links": batch.preview["links"], "cells": batch.preview["refused"]}
        record(actor=actor, act=batch_act(batch, "import.commit", facts))


def _wanted(actor: Actor, batch: ImportBatch) -> Wanted:
    with store.local_file(batch) as path:
        archive = read_archive(path, limits=store.limits())
    graph = read_graph(archive, recognised(archive, PRESETS))
    fields = actor.is_system or bool(can(actor.user, "add", CustomField))
    return plan_graph(graph, may_add_fields=fields)


def _rows(wanted: Wanted) -> int:
    return sum(len(one.nodes) for one in wanted.graph.tables.values()) + sum(wanted.graph.rows.values())


def _keep(batch: ImportBatch, refused: Sequence[Refused], **values: Any) -> None:
    """What a check found, unless another one that began no earlier has told its findings, or writing has begun."""
    rows = ImportBatch.objects.filter(pk=batch.pk, state__in=services.OPEN, version=batch.version)
    with transaction.atomic():
        if rows.update(**values, version=F("version") + 1, updated_at=timezone.now()):
            _keep_refusals(batch, refused)
    batch.refresh_from_db()


def _keep_refusals(batch: ImportBatch, refused: Sequence[Refused]) -> None:
    batch.refusals.all().delete()
    write_refusals(batch, [_refusal(one) for one in refused[:MOST_REFUSALS]])


def _refusal(one: Refused) -> Refusal:
    """The refusal with its file before the column: rows of several tables stand in one list."""
    return Refusal(one.row, f"{one.file}: {one.column}", one.label[:60], one.value, one.reason, one.whole_row)
