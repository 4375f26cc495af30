"""The life of an import: uploaded, described, mapped, checked, started, undone; and mappings kept under a name."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain, record
from pmo.core.calendars.queries import org_today
from pmo.core.imports import store
from pmo.core.imports.commit import batch_act
from pmo.core.imports.dates import date_in_name
from pmo.core.imports.fields import Target
from pmo.core.imports.guess import guess_mapping
from pmo.core.imports.keeping import Keeper, keeper_of
from pmo.core.imports.limits import Limits
from pmo.core.imports.looks import look_of
from pmo.core.imports.mapping import Mapping as ColumnMapping
from pmo.core.imports.mapping import ReadingOptions
from pmo.core.imports.mapping_json import dump_mapping, load_mapping
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch, ImportMapping
from pmo.core.imports.reading import is_quick, read_table
from pmo.core.imports.table import Column, Table, cell_text, is_blank
from pmo.core.imports.targets import ImportTarget, get_target
from pmo.core.jobs.api import Job, enqueue
from pmo.core.records.services import create_record, update_record

State = ImportBatch.State
OPEN = (State.UPLOADED, State.MAPPED, State.PREVIEWED)
WRITING = (State.COMMITTING, State.UNDOING)

SAMPLES = 4
FIRST_ROWS = 5
_SAMPLED_ROWS = 3_000
_CELL = 80
QUICK_SECONDS = 1.5
SILENT = datetime.timedelta(minutes=10)
# Guessing a mapping takes longer than reading: beyond this size both belong in a job.
QUICK_BYTES = 1_000_000


def may_import(user: Any, target: ImportTarget) -> bool:
    """Whether the user may import into the target; each target decides."""
    return bool(target.decision(user))


def require(actor: Actor, target: ImportTarget) -> None:
    """Raise Refused where the acting user may not import into the target; the system may."""
    if not actor.is_system:
        target.decision(actor.user).or_raise()


# -- the file -------------------------------------------------------------------------------------


def upload(
    *, actor: Actor, file: File[Any], filename: str, target: str, as_of: datetime.date | None = None
) -> ImportBatch:
    """Keep a file and open a batch for it. Raises ReadError where it is too large, ValidationError for a date to come."""
    require(actor, get_target(target))
    check_day(as_of)
    name = store.shown_name(filename)
    batch = ImportBatch(
        target=target,
        filename=name,
        owner=actor.user,
        # What an app's own target reads may be dated by its name; an exported register's file only says when it was made.
        as_of=as_of or (None if get_target(target).match_key else _day_in_name(name)),
    )
    with transaction.atomic():
        kept = store.keep(file)
        batch.stored, batch.content_hash, batch.size = kept.name, kept.sha256, kept.size
        batch.save(force_insert=True)
        record(actor=actor, act=batch_act(batch, "import.upload", {"size": batch.size}))
    return batch


def check_day(day: datetime.date | None) -> None:
    """Refuse a date to come. Raises ValidationError."""
    today = org_today()
    if day is not None and day > today:
        text = _("Data as of %(date)s cannot be imported before that day; today is %(today)s.")
        raise ValidationError({"as_of": text % {"date": day.isoformat(), "today": today.isoformat()}})


def _day_in_name(name: str) -> datetime.date | None:
    day = date_in_name(name)
    return day if day is not None and day <= org_today() else None


def describe(batch: ImportBatch, *, quick: bool = False) -> bool:
    """Read the file and keep what the pages need: columns with samples, notes, a guessed mapping; or why it is refused.

    With `quick`, False is returned where reading takes longer than a page may; then it belongs in a job.
    """
    try:
        with store.local_file(batch) as path:
            if quick and (batch.size > QUICK_BYTES or not is_quick(path)):
                return False
            table = read_table(path, batch.filename, limits=_limits(quick), **batch.reading)
    except ReadError as error:
        if quick and error.message.code == "takes_too_long":
            return False
        _change(batch, table={"error": plain(error.message.to_json())}, mapping={}, preview={}, state=State.UPLOADED)
        return True
    whole = get_target(batch.target)
    target = whole.engine_target(batch.owner)
    _change(
        batch,
        table=_description(table, target, keeper_of(whole.register or whole.key)),
        mapping=_first_mapping(batch, table, target),
        preview={},
        choices={},
        state=State.MAPPED,
    )
    return True


def _limits(quick: bool) -> Limits:
    return replace(store.limits(), wall_seconds=QUICK_SECONDS) if quick else store.limits()


def _description(table: Table, target: Target, keeper: Keeper | None) -> dict[str, Any]:
    guessed = guess_mapping(table, target)
    return {
        "kind": table.kind,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "header_row": table.header_row,
        "rows": len(table.rows),
        "columns": _columns(table, keeper),
        "notes": [plain(note.to_json()) for note in table.notes],
        "first": [
            [number, *(cell_text(cell)[:_CELL] for cell in row)]
            for number, row in zip(table.numbers[:FIRST_ROWS], table.rows, strict=False)
        ],
        "guessed": dump_mapping(guessed.mapping),
        "why": {
            one.field: [one.confidence, [plain(reason.to_json()) for reason in one.reasons]] for one in guessed.guesses
        },
        "date_why": [plain(reason.to_json()) for reason in guessed.date_reasons],
    }


def _columns(table: Table, keeper: Keeper | None) -> list[dict[str, Any]]:
    """What the pages say of each column; where the register takes new fields, which of them could hold the column."""
    shown = [_column(table, column) for column in table.columns]
    if keeper is not None:
        looks = keeper.refined([look_of(table, column) for column in table.columns])
        shown = [one | {"look": look.as_json()} for one, look in zip(shown, looks, strict=True)]
    return shown


def _column(table: Table, column: Column) -> dict[str, Any]:
    cells = [row[column.index] for row in table.rows]
    beginning = [cell_text(cell) for cell in cells[:_SAMPLED_ROWS] if not is_blank(cell)]
    samples = list(dict.fromkeys(" ".join(text.split())[:_CELL] for text in beginning))
    return {
        "name": column.name,
        "letter": column.letter,
        "filled": sum(1 for cell in cells if not is_blank(cell)),
        "samples": samples[:SAMPLES],
    }


def _first_mapping(batch: ImportBatch, table: Table, target: Target) -> dict[str, Any]:
    """What was mapped before, where the file still has those columns (it was read anew); else the guess."""
    if batch.mapping:
        from pmo.core.imports.checks import check_mapping

        if not check_mapping(draft_mapping(batch), table, target):
            return dict(batch.mapping)
    return dump_mapping(guess_mapping(table, target).mapping)


def draft_mapping(batch: ImportBatch) -> ColumnMapping:
    """The batch's mapping as far as it goes; nothing may be mapped yet."""
    return load_mapping(batch.mapping) if batch.mapping.get("fields") else ColumnMapping({})


def set_reading(*, actor: Actor, batch: ImportBatch, options: Mapping[str, Any], as_of: datetime.date | None) -> None:
    """Overrule how the file is read, and its date. The description is to be made anew where the options differ."""
    require(actor, get_target(batch.target))
    check_day(as_of)
    reading = {name: value for name, value in options.items() if value is not None}
    if as_of != batch.as_of:
        _change(batch, as_of=as_of, preview={})
    if reading != batch.reading:
        _change(batch, reading=reading, table={}, preview={}, state=State.UPLOADED)


# -- the mapping ----------------------------------------------------------------------------------


def set_mapping(*, actor: Actor, batch: ImportBatch, mapping: ColumnMapping) -> None:
    """Keep the mapping with the batch. What an earlier check found no longer holds."""
    require(actor, get_target(batch.target))
    data = dump_mapping(mapping)
    if data == batch.mapping:
        return
    values: dict[str, Any] = {"mapping": data, "preview": {}, "state": State.MAPPED}
    named = _options(mapping.reading)
    if named and named != batch.reading:
        values |= {"reading": named, "table": {}, "state": State.UPLOADED}
    _change(batch, **values)


def map_unread(*, actor: Actor, batch: ImportBatch, mapping: ColumnMapping) -> None:
    """Take a complete mapping for a file that nobody looks at first (the command line)."""
    require(actor, get_target(batch.target))
    _change(batch, mapping=dump_mapping(mapping), reading=_options(mapping.reading), state=State.MAPPED)


def _options(reading: ReadingOptions) -> dict[str, Any]:
    names = ("sheet", "delimiter", "encoding", "header_row")
    return {name: value for name in names if (value := getattr(reading, name)) is not None}


def set_answers(*, actor: Actor, batch: ImportBatch, answers: Mapping[str, str]) -> bool:
    """Keep answers to near matches ({row number: answer}); says whether anything changed."""
    require(actor, get_target(batch.target))
    choices = {**batch.choices, **answers}
    if choices == batch.choices:
        return False
    _change(batch, choices=choices, preview={**batch.preview, "stale": True})
    return True


def _change(batch: ImportBatch, **values: Any) -> None:
    """Write columns of a batch that is still open; a batch that is being written keeps what it has."""
    rows = ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN)
    if not rows.update(**values, version=F("version") + 1):
        raise ValidationError(_("This import has been started and can no longer be changed."))
    batch.refresh_from_db()


def save_mapping(
    *, actor: Actor, name: str, target: str, mapping: ColumnMapping, replace_existing: bool = False
) -> ImportMapping:
    """Keep a mapping under a name. Raises ValidationError where the name is empty or taken."""
    require(actor, get_target(target))
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise ValidationError({"save_as": _("Give the mapping a name.")})
    spec = dump_mapping(replace(mapping, name=name))
    existing: ImportMapping | None = ImportMapping.objects.filter(name=name).first()
    if existing is None:
        return create_record(actor=actor, row=ImportMapping(name=name, target=target, spec=spec))
    if existing.spec == spec and existing.target == target:
        return existing
    if existing.target != target:
        text = _("A mapping of another register is called %(name)s. Choose another name.")
        raise ValidationError({"save_as": text % {"name": name}})
    if not replace_existing:
        text = _("There is already a mapping called %(name)s. Tick “Replace” to overwrite it, or choose another name.")
        raise ValidationError({"save_as": text % {"name": name}})
    return update_record(actor=actor, row=existing, values={"spec": spec, "target": target})


def with_reading(mapping: ColumnMapping, batch: ImportBatch) -> ColumnMapping:
    """The mapping with the reading options of the batch, for saving."""
    return replace(mapping, reading=ReadingOptions(**batch.reading))


def mappings_for(target: str) -> Sequence[ImportMapping]:
    """The named mappings of a target."""
    return list(ImportMapping.objects.filter(target=target))


# -- starting and ending --------------------------------------------------------------------------


def start_check(*, actor: Actor, batch: ImportBatch, then: str) -> Job:
    """Check in the background; the page `then` follows."""
    require(actor, get_target(batch.target))
    return _start(actor, batch, "imports.check", {"then": then})


def start_reading(*, actor: Actor, batch: ImportBatch) -> Job:
    """Read a large file in the background."""
    require(actor, get_target(batch.target))
    return _start(actor, batch, "imports.read", {})


def start_commit(*, actor: Actor, batch: ImportBatch) -> Job:
    """Start writing, or go on with a batch that was interrupted. Raises ValidationError where it cannot start."""
    with transaction.atomic():
        begin_commit(actor=actor, batch=batch)
        return _start(actor, batch, "imports.commit", {})


def begin_commit(*, actor: Actor, batch: ImportBatch) -> None:
    """Claim the batch for writing: a conditional UPDATE, so that two clicks start one import."""
    require(actor, get_target(batch.target))
    settle(batch)
    refuse_rival(batch)
    with transaction.atomic():
        fresh = ImportBatch.objects.filter(pk=batch.pk, state__in=(State.MAPPED, State.PREVIEWED))
        now = timezone.now()
        if fresh.update(
            state=State.COMMITTING, chunks_done=0, as_of=batch.as_of or org_today(), result={}, updated_at=now
        ):
            batch.refusals.all().delete()
        elif not ImportBatch.objects.filter(pk=batch.pk, state=State.FAILED, result={}).update(
            state=State.COMMITTING, updated_at=now
        ):
            raise ValidationError(_("This import is running, done or not yet mapped."))
    batch.refresh_from_db()


def start_undo(*, actor: Actor, batch: ImportBatch) -> Job:
    """Start taking the import back. Raises ValidationError where there is nothing to take back."""
    with transaction.atomic():
        begin_undo(actor=actor, batch=batch)
        return _start(actor, batch, "imports.undo", {})


def begin_undo(*, actor: Actor, batch: ImportBatch) -> None:
    """Claim the batch for undoing."""
    require(actor, get_target(batch.target))
    settle(batch)
    refuse_rival(batch)
    written = ImportBatch.objects.filter(pk=batch.pk, state__in=(State.COMMITTED, State.FAILED))
    # From now on there is no way back to importing, even if the undo is interrupted.
    if not written.update(state=State.UNDOING, result={**batch.result, "undoing": True}, updated_at=timezone.now()):
        raise ValidationError(_("Only an import that was written can be undone."))
    batch.refresh_from_db()


def refuse_rival(batch: ImportBatch) -> None:
    """One import of a register at a time: two at once would each create what the other has just created."""
    for rival in ImportBatch.objects.filter(target=batch.target, state__in=WRITING).exclude(pk=batch.pk):
        settle(rival)
        if rival.state in WRITING:
            raise ValidationError(
                _("Another import is being written: %(file)s. Start this one when it has ended.")
                % {"file": rival.filename}
            )


def settle(batch: ImportBatch) -> None:
    """A batch whose job has ended without finishing it was interrupted: say so.

    The command line has no job; its process is taken for lost when no chunk was written for a while.
    """
    if batch.state not in WRITING:
        return
    if batch.job_id is None:
        lost = batch.updated_at < timezone.now() - SILENT
    else:
        job = Job.objects.filter(pk=batch.job_id).first()
        lost = job is None or not job.live
    if lost:
        ImportBatch.objects.filter(pk=batch.pk, state=batch.state, job_id=batch.job_id).update(state=State.FAILED)
        batch.refresh_from_db()


def _start(actor: Actor, batch: ImportBatch, kind: str, params: dict[str, Any]) -> Job:
    with transaction.atomic():
        job = enqueue(kind=kind, params={"batch": batch.pk, **params}, actor=actor)
        ImportBatch.objects.filter(pk=batch.pk).update(job_id=job.pk)
    batch.refresh_from_db()
    return job


def abandon(*, actor: Actor, batch: ImportBatch) -> None:
    """Throw a batch away of which nothing could be written (the command line leaves nothing behind)."""
    if not batch.rows.exists():
        ImportBatch.objects.filter(pk=batch.pk, state=State.FAILED).update(state=State.MAPPED)
        discard(actor=actor, batch=batch)


def discard(*, actor: Actor, batch: ImportBatch) -> None:
    """Throw an import away that was never written, with its file."""
    require(actor, get_target(batch.target))
    with transaction.atomic():
        if not ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN).delete()[0]:
            raise ValidationError(_("Only an import that was never written can be thrown away."))
        record(actor=actor, act=batch_act(batch, "import.discard", {}))
        transaction.on_commit(lambda: store.forget(batch.stored))
