"""Taking an import back: every record and its history as it was before, except what somebody has changed since.

Rows of the file are undone group by group (a main record with what hangs on it), newest first, in transactions of GROUPS
groups; each change is marked as undone, so a run that was interrupted goes on where it stopped. Records that several rows
share (a created unit) come last and go only if nothing else uses them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record, record_many
from pmo.core.history.models import version_of
from pmo.core.imports.commit import batch_act
from pmo.core.imports.models import ImportBatch, ImportChange
from pmo.core.imports.undo_kept import (
    Kept,
    Key,
    Present,
    Taken,
    held_groups,
    kept_of,
    key_of,
    model_of,
    named,
    read_owners,
)
from pmo.core.records.bulk import delete_many
from pmo.core.records.services import act_on
from pmo.core.records.written import tell_written

State = ImportBatch.State
Action = ImportChange.Action
Progress = Callable[[int, int, str], None]

GROUPS = 200
_BATCH = 500
_KEPT_NAMED = 500


@dataclass
class _Rows:
    """The present rows behind some changes, by model label and id."""

    rows: dict[str, dict[int, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[ImportChange]) -> _Rows:
        ids: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            ids[change.model].add(change.object_id)
        return cls({label: _in_bulk(model_of(label)._base_manager, pks) for label, pks in ids.items()})

    def get(self, change: ImportChange) -> Any:
        return self.rows[change.model].get(change.object_id)


def _in_bulk(manager: Any, ids: Iterable[int]) -> dict[int, Any]:
    wanted = sorted(ids)
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), _BATCH):
        found |= manager.in_bulk(wanted[start : start + _BATCH])
    return found


def run_undo(*, actor: Actor, batch_id: int, progress: Progress | None = None) -> ImportBatch:
    """Undo a batch, or go on where an earlier attempt stopped. Returns it as it stands afterwards."""
    batch: ImportBatch = ImportBatch.objects.get(pk=batch_id)
    if not batch.result.get("undoing") or batch.state not in {State.UNDOING, State.FAILED}:
        return batch
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDOING)
    groups = list(
        batch.changes.filter(undone=False)
        .exclude(group=0)
        .order_by()
        .values_list("group")
        .annotate(last=Max("sequence"))
        .order_by("-last")
    )
    reason = _("Undo of import %(number)s: %(file)s") % {"number": batch.pk, "file": batch.filename}
    kept: dict[Key, Kept] = {}
    for start in range(0, len(groups), GROUPS):
        part = [group for group, _last in groups[start : start + GROUPS]]
        with transaction.atomic():
            kept |= _undo(actor, batch.changes.filter(undone=False, group__in=part), reason)
        if progress is not None:
            progress(
                start + len(part),
                len(groups),
                _("%(done)s of %(total)s records") % {"done": start + len(part), "total": len(groups)},
            )
    with transaction.atomic():
        kept |= _undo_shared(actor, batch.changes.filter(undone=False, group=0), reason)
        _finish(actor, batch, list(kept.values()))
    return batch


def _finish(actor: Actor, batch: ImportBatch, kept: Sequence[Kept]) -> None:
    done = batch.changes.filter(undone=True).order_by()
    created = set(done.filter(action=Action.CREATE).values_list("model", "object_id"))
    touched = set(done.exclude(action=Action.CREATE).values_list("model", "object_id"))
    told = {name: value for name, value in batch.result.items() if name != "undoing"}
    batch.result = {
        **told,
        "kept": [one.as_json() for one in kept[:_KEPT_NAMED]],
        "kept_count": len(kept),
        "removed": len(created),
        "restored": len(touched - created),
    }
    batch.state = State.UNDONE
    if ImportBatch.objects.filter(pk=batch.pk, state=State.UNDOING).update(state=batch.state, result=batch.result):
        facts = {name: batch.result[name] for name in ("removed", "restored", "kept_count")}
        record(actor=actor, act=batch_act(batch, "import.undo", facts))


# -- what it would keep ---------------------------------------------------------------------------


def edited_since(batch: ImportBatch) -> list[Kept]:
    """What an undo would keep, for the page that offers it: the undo gone through in memory, part by part as it goes.

    The number of statements goes by models, not by records.
    """
    present = Present.of(batch.changes.filter(undone=False))
    by_group: dict[int, list[ImportChange]] = defaultdict(list)
    for change in present.changes:
        by_group[change.group].append(change)
    shared = [change for change in by_group.pop(0, []) if change.action == Action.CREATE]
    groups = list(by_group.values())
    taken = Taken()
    kept: dict[Key, str] = {}
    for start in range(0, len(groups), GROUPS):
        changes = [change for group in groups[start : start + GROUPS] for change in group]
        changes.sort(key=lambda one: -one.sequence)
        found = kept_of(changes, present, taken)
        held = held_groups(changes, found)
        taken.take(change for change in changes if change.group not in held)
        kept |= found
    kept |= kept_of(shared, present, taken)
    return list(named(kept, present).values())


# -- undoing --------------------------------------------------------------------------------------


def _undo(actor: Actor, changes: QuerySet[ImportChange], reason: str) -> dict[Key, Kept]:
    """Undo whole groups; a group with a kept record is left as it is, and named."""
    present = Present.of(changes)
    kept = kept_of(present.changes, present)
    told = named(kept, present)
    held = held_groups(present.changes, kept)
    _take_back(actor, [change for change in present.changes if change.group not in held], reason)
    return told


def _undo_shared(actor: Actor, changes: QuerySet[ImportChange], reason: str) -> dict[Key, Kept]:
    """Undo what several rows shared: created records that nothing uses any more, and extended history of others."""
    present = Present.of(changes.filter(action=Action.CREATE))
    kept = kept_of(present.changes, present)
    told = named(kept, present)
    every = list(changes.order_by("-sequence"))
    _take_back(actor, [change for change in every if key_of(change) not in kept], reason)
    return told


def _take_back(actor: Actor, changes: list[ImportChange], reason: str) -> None:
    """Reverse the changes, newest first, in a constant number of statements per model and day."""
    rows = _Rows.of(changes)
    created = {(change.model, change.object_id): change for change in changes if change.action == Action.CREATE}
    _remove_created(actor, list(created.values()), rows, reason)
    rest = [change for change in changes if (change.model, change.object_id) not in created]
    _restore_rows(actor, rest, rows, reason)
    _restore_history(rest)
    ids = [change.pk for change in changes]
    for start in range(0, len(ids), _BATCH):
        ImportChange.objects.filter(pk__in=ids[start : start + _BATCH]).update(undone=True)


def _remove_created(actor: Actor, changes: Sequence[ImportChange], rows: _Rows, reason: str) -> None:
    """Into the trash, and out of history: no past day knows the record any more."""
    by_model: dict[tuple[str, datetime.date], list[Any]] = defaultdict(list)
    for change in changes:
        by_model[change.model, change.day].append(rows.get(change))
    for (label, day), found in sorted(by_model.items(), key=lambda item: item[0], reverse=True):
        read_owners(model_of(label), found)
        delete_many(actor=actor, rows=found, day=day, reason=reason)


def _restore_rows(actor: Actor, changes: Sequence[ImportChange], rows: _Rows, reason: str) -> None:
    """The current rows as they were: the oldest change of a record remembers it before all of them."""
    first: dict[tuple[str, int], ImportChange] = {}
    for change in sorted(changes, key=lambda one: one.sequence):
        if change.before:
            first.setdefault((change.model, change.object_id), change)
    by_model: dict[str, list[Any]] = defaultdict(list)
    for change in first.values():
        row = rows.get(change)
        for name, value in change.before.items():
            if name != "id":
                setattr(row, name, _to_python(row, name, value))
        by_model[change.model].append(row)
    for label, found in by_model.items():
        model = model_of(label)
        read_owners(model, found)
        _undo_by_services(actor, model, found, reason)
        names = [f.name for f in model._meta.concrete_fields if not f.primary_key]
        model._base_manager.bulk_update(found, names, batch_size=100)
        record_many(actor=actor, acts=[act_on(row, "update", {}, reason) for row in found])
        tell_written(found)


def _undo_by_services(actor: Actor, model: Any, rows: Sequence[Any], reason: str) -> None:
    """What a register's own service keeps in step (the places of everything below a unit) follows the row back.

    The columns of the row itself are restored afterwards, whatever the service makes of them.
    """
    from pmo.core.registers.beside import is_beside
    from pmo.core.registers.declaration import register_for

    declared = register_for(model)
    if declared is None or declared.update is None:
        return
    fields = [model._meta.get_field(name) for name in declared.form_fields if not is_beside(declared, name)]
    for row in rows:
        now = model._base_manager.get(pk=row.pk)
        values = {f.name: getattr(row, f.name) for f in fields if getattr(now, f.attname) != getattr(row, f.attname)}
        if not values:
            continue
        try:
            with transaction.atomic():
                declared.update(actor=actor, row=now, values=values, expected_version=now.version, reason=reason)
        except ValidationError:
            # Its rules speak against the older values; they stood before, so the row itself takes them back.
            continue


def _to_python(row: Any, column: str, value: Any) -> Any:
    model_field: Any = row._meta.get_field(column)
    if model_field.is_relation:
        return value
    return model_field.to_python(value)


def _restore_history(changes: Sequence[ImportChange]) -> None:
    """Version rows as they were: what was written for a day goes, what stood there before comes back. Newest first."""
    by_step: dict[tuple[str, datetime.date], list[ImportChange]] = defaultdict(list)
    for change in changes:
        by_step[change.model, change.day].append(change)
    for (label, day), step in sorted(by_step.items(), key=lambda item: item[0][1], reverse=True):
        table: Any = version_of(model_of(label))
        if table is None:
            continue
        ids = [change.object_id for change in step]
        restored = [_version(table, data) for change in step for data in change.history_before]
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            table.objects.filter(row_id__in=part, valid_from=day).delete()
        old = [version.pk for version in restored]
        for start in range(0, len(old), _BATCH):
            table.objects.filter(pk__in=old[start : start + _BATCH]).delete()
        table.objects.bulk_create(restored, batch_size=100)


def _version(table: Any, data: dict[str, Any]) -> Any:
    return table(**{f.attname: f.to_python(data[f.attname]) for f in table._meta.concrete_fields})
