"""Writing an import: chunk by chunk, date by date, each chunk once.

A chunk (rows of one date, at most CHUNK of them) is one transaction that writes the records, their history, the audit
trail, what it takes to undo them, what became of each row, and the number of chunks done. So a worker that dies leaves
whole chunks; the next attempt skips them and goes on, and undo knows of everything. One transaction for the whole file
would be simpler, but on SQLite it would keep every other writer out for its whole length.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import org_today
from pmo.core.imports.apply import Batch, MappedRow, apply_mapping
from pmo.core.imports.fields import Target
from pmo.core.imports.mapping import Mapping
from pmo.core.imports.mapping_json import load_mapping
from pmo.core.imports.models import ImportBatch, ImportChange, ImportRow
from pmo.core.imports.reading import read_table
from pmo.core.imports.store import limits, local_file
from pmo.core.imports.table import Table
from pmo.core.imports.tailoring import tailored
from pmo.core.imports.targets import ImportTarget, get_target
from pmo.core.imports.working import planner_for, writer_for

State = ImportBatch.State
Progress = Callable[[int, int, str], None]

CHUNK = 250


class TakenOver(Exception):
    """Another process writes this batch: this one must stop."""


@dataclass(frozen=True)
class Loaded:
    """A batch's file as typed rows."""

    table: Table
    mapping: Mapping
    target: ImportTarget
    fields: Target
    rows: Batch


def load_rows(batch: ImportBatch, *, day: datetime.date, progress: Progress | None = None) -> Loaded:
    """Read the batch's file and apply its mapping. Raises ReadError and MappingError."""
    with local_file(batch) as path:
        table = read_table(path, batch.filename, limits=limits(), **batch.reading)
    target = get_target(batch.target)
    mapping = tailored(load_mapping(batch.mapping), table)
    fields = target.engine_target(batch.owner)
    step = (
        None
        if progress is None
        else lambda done: progress(0, 2 * len(table.rows), _("%(done)s rows read") % {"done": done})
    )
    # What keeps no history by day is written as of today, whatever the batch says.
    written = day if target.dated else org_today()
    return Loaded(table, mapping, target, fields, apply_mapping(table, mapping, fields, as_of=written, progress=step))


def run_commit(*, actor: Actor, batch_id: int, progress: Progress | None = None) -> ImportBatch:
    """Write a batch, or go on where an earlier attempt stopped. Returns it as it stands afterwards.

    Raises ReadError and MappingError where the file or the mapping cannot be used; nothing is written then.
    """
    batch: ImportBatch = ImportBatch.objects.select_related("owner").get(pk=batch_id)
    if batch.state not in {State.COMMITTING, State.FAILED} or batch.result.get("undoing"):
        return batch
    with _failed_unless_finished(batch):
        batch.as_of = batch.as_of or org_today()
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.COMMITTING, as_of=batch.as_of)
        loaded = load_rows(batch, day=batch.as_of, progress=progress)
        _write_chunks(actor, batch, loaded, progress)
        _finish(actor, batch, loaded)
    return batch


@contextmanager
def _failed_unless_finished(batch: ImportBatch) -> Iterator[None]:
    """However the work ends before its end, the batch says so; a killed process is found out by its job."""
    finished = False
    try:
        yield
        finished = True
    except TakenOver:
        finished = True
        raise
    finally:
        if not finished:
            ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING).update(state=State.FAILED)


@dataclass(frozen=True)
class _Slice:
    """A chunk of the file: rows of one date, or rows refused at reading (no date)."""

    day: datetime.date | None
    start: int
    rows: Sequence[MappedRow]


def _slices(rows: Batch, size: int) -> Iterator[_Slice]:
    """The file in its order of writing; the same for every attempt."""
    for start in range(0, len(rows.refused), size):
        yield _Slice(None, start, rows.refused[start : start + size])
    for day, dated in rows.by_date():
        for start in range(0, len(dated), size):
            yield _Slice(day, start, dated[start : start + size])


def _write_chunks(actor: Actor, batch: ImportBatch, loaded: Loaded, progress: Progress | None) -> None:
    slices = list(_slices(loaded.rows, CHUNK))
    by_day = dict(loaded.rows.by_date())
    work = _Work(actor, batch, loaded, slices)
    total, done = loaded.rows.total, sum(len(part.rows) for part in slices[: batch.chunks_done])
    for number in range(batch.chunks_done, len(slices)):
        part = slices[number]
        if part.day is not None:
            work.go_to(part.day, by_day[part.day])
        work.write(number, part)
        done += len(part.rows)
        if progress is not None:
            progress(total + done, 2 * total, _("%(done)s of %(total)s rows written") % {"done": done, "total": total})


class _Work:
    """A planner and a writer that stand where the last attempt stopped."""

    def __init__(self, actor: Actor, batch: ImportBatch, loaded: Loaded, slices: Sequence[_Slice]) -> None:
        self.batch, self.rows = batch, loaded.rows
        self.day: datetime.date | None = None
        self.drafts: list[Any] = []
        following = slices[batch.chunks_done] if batch.chunks_done < len(slices) else None
        self.unfinished = following.day if following is not None and following.start else None
        created = batch.rows.filter(outcome=ImportRow.Outcome.CREATED).exclude(object_id=None)
        self.created = {
            number: (int(pk or 0), day) for number, pk, day in created.values_list("number", "object_id", "day")
        }
        self.planner = planner_for(
            loaded.target,
            loaded.fields,
            loaded.mapping,
            decisions=batch.choices,
            today=org_today(),
            remember=False,
            owner=batch.owner,
            # Rows of one date are different records: what an earlier attempt created for this date is not yet to be found.
            without=[pk for pk, day in self.created.values() if day == self.unfinished],
        )
        self.planner.created_by.update({number: pk for number, (pk, _day) in self.created.items()})
        reason = _("Import %(number)s: %(file)s") % {"number": batch.pk, "file": batch.filename}
        self.writer = writer_for(loaded.target, actor=actor, batch=batch, planner=self.planner, reason=reason)

    def go_to(self, day: datetime.date, rows: list[MappedRow]) -> None:
        """Match the rows of a date before its first chunk."""
        if day == self.day:
            return
        self.day = day
        self.drafts = self.planner.match_day(rows, day)
        if day == self.unfinished:
            for row in rows:
                if row.number in self.created:
                    self.planner.note_created(self.created[row.number][0], row)

    def write(self, number: int, part: _Slice) -> None:
        """One chunk, in one transaction."""
        ids: dict[int, int] = {}
        until = part.start + len(part.rows)
        with transaction.atomic():
            if part.day is None:
                self.writer.write_refused(part.rows)
            else:
                ids = self.writer.write(self.planner.plan(part.day, self.drafts[part.start : until]))
            _count_chunk(self.batch, number)
        self.planner.settle(ids)
        if part.day is not None:
            self.drafts[part.start : until] = [None] * len(part.rows)


def _count_chunk(batch: ImportBatch, number: int) -> None:
    """One conditional UPDATE in the chunk's transaction: of two processes, one writes the chunk and the other rolls back."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, chunks_done=number, state=State.COMMITTING)
    if not waiting.update(chunks_done=F("chunks_done") + 1, updated_at=timezone.now()):
        raise TakenOver(f"Chunk {number} of import {batch.pk} was written by somebody else.")
    batch.chunks_done = number + 1


def _finish(actor: Actor, batch: ImportBatch, loaded: Loaded) -> None:
    counts = counts_of(batch)
    batch.result = {
        "counts": counts,
        "cells": batch.refusals.count(),
        "dates": [day.isoformat() for day in loaded.rows.dates() if day is not None],
        "parents": _parents(batch),
    }
    batch.state, batch.committed_at = State.COMMITTED, timezone.now()
    with transaction.atomic():
        fields = {name: getattr(batch, name) for name in ("result", "state", "committed_at")}
        if not ImportBatch.objects.filter(pk=batch.pk, state=State.COMMITTING).update(**fields):
            raise TakenOver(f"Import {batch.pk} was finished by somebody else.")
        record(actor=actor, act=batch_act(batch, "import.commit", {**counts, "cells": batch.result["cells"]}))


def batch_act(batch: ImportBatch, action: str, facts: dict[str, Any]) -> Act:
    """The audit act for a whole import: which file, by its digest, and what became of it."""
    told = {"file": batch.filename, "sha256": batch.content_hash, "target": batch.target, **facts}
    return Act(
        action=action,
        model="core.importbatch",
        object_id=batch.pk,
        object_label=batch.filename,
        changes={name: [None, value] for name, value in told.items()},
    )


def counts_of(batch: ImportBatch) -> dict[str, int]:
    """How many rows were created, updated, unchanged, refused."""
    counts = dict.fromkeys(ImportRow.Outcome.values, 0)
    counts.update(batch.rows.order_by().values_list("outcome").annotate(n=Count("id")))
    return counts


def _parents(batch: ImportBatch) -> dict[str, int]:
    """How many units, portfolios and so on were created for names that were not known, by model."""
    rows = batch.changes.filter(group=0, action=ImportChange.Action.CREATE).order_by()
    return dict(rows.values_list("model").annotate(n=Count("id")))
