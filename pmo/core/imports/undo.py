"""Taking an import back: every record and its history as it was before, except what somebody has changed since.

Rows of the file are undone group by group (a main record with what hangs on it), newest first, in transactions of GROUPS
groups; each change is marked as undone, so a run that was interrupted goes on where it stopped. Records that several rows
share (a created unit) come last and go only if nothing else uses them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record, record_many
from pmo.core.history.models import version_of
from pmo.core.imports.commit import batch_act
from pmo.core.imports.commit_writer import digest_of
from pmo.core.imports.models import ImportBatch, ImportChange
from pmo.core.records.bulk import delete_many
from pmo.core.records.models import Record
from pmo.core.records.services import act_on
from pmo.core.records.written import tell_written

State = ImportBatch.State
Action = ImportChange.Action
Progress = Callable[[int, int, str], None]

GROUPS = 200
_BATCH = 500
_KEPT_NAMED = 500


@dataclass(frozen=True)
class Kept:
    """A record that undo leaves alone, and why: "edited" or "used"."""

    model: str
    object_id: int
    label: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """For the batch's result."""
        return {"model": self.model, "id": self.object_id, "label": self.label, "why": self.why}


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


def model_of(label: str) -> Any:
    """The model of a label such as projects.project."""
    return apps.get_model(label)


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
    kept: dict[tuple[str, int], Kept] = {}
    for start in range(0, len(groups), GROUPS):
        part = [group for group, _last in groups[start : start + GROUPS]]
        with transaction.atomic():
            changes = list(batch.changes.filter(undone=False, group__in=part).order_by("-sequence"))
            kept |= _undo(actor, changes, reason)
        if progress is not None:
            progress(
                start + len(part),
                len(groups),
                _("%(done)s of %(total)s records") % {"done": start + len(part), "total": len(groups)},
            )
    with transaction.atomic():
        changes = list(batch.changes.filter(undone=False, group=0).order_by("-sequence"))
        kept |= _undo_shared(actor, changes, reason)
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


# -- what somebody has changed or used since ------------------------------------------------------


def edited_since(batch: ImportBatch) -> list[Kept]:
    """What an undo would keep, for the page that offers it. At most a handful of statements per 500 records."""
    kept: dict[tuple[str, int], Kept] = {}
    groups = list(
        batch.changes.filter(undone=False).exclude(group=0).order_by("group").values_list("group", flat=True).distinct()
    )
    for start in range(0, len(groups), _BATCH):
        changes = list(
            batch.changes.filter(undone=False, group__in=groups[start : start + _BATCH]).order_by("-sequence")
        )
        kept |= _kept(changes, _Rows.of(changes))
    return list(kept.values())


def _kept(changes: Sequence[ImportChange], rows: _Rows) -> dict[tuple[str, int], Kept]:
    """Records that somebody changed after the import, or that other records use by now, by (model, id)."""
    kept: dict[tuple[str, int], Kept] = {}
    latest: dict[tuple[str, int], ImportChange] = {}
    for change in changes:
        key = (change.model, change.object_id)
        first = latest.setdefault(key, change)
        if change.version_after and not first.version_after:
            first.version_after = change.version_after
    written = _versions_of(changes)
    for change in latest.values():
        row = rows.get(change)
        if row is None or _is_edited(change, row):
            _keep(kept, change, row, "edited")
    for change in changes:
        if change.history_after and written.get((change.model, change.object_id, change.day)) != change.history_after:
            _keep(kept, change, rows.get(change), "edited")
    while used := _used(changes, kept):
        for change in used:
            _keep(kept, change, rows.get(change), "used")
    return kept


def _keep(kept: dict[tuple[str, int], Kept], change: ImportChange, row: Any, why: str) -> None:
    label = str(row) if row is not None else f"{change.model} {change.object_id}"
    kept.setdefault((change.model, change.object_id), Kept(change.model, change.object_id, label[:200], why))


def _is_edited(change: ImportChange, row: Any) -> bool:
    if change.action != Action.DELETE and row.deleted_at is not None:
        return True
    return bool(change.version_after) and row.version != change.version_after


def _versions_of(changes: Sequence[ImportChange]) -> dict[tuple[str, int, datetime.date], str]:
    """Digests of the version rows that begin on the days on which the import wrote."""
    wanted: dict[str, dict[datetime.date, set[int]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        if change.history_after:
            wanted[change.model][change.day].add(change.object_id)
    found: dict[tuple[str, int, datetime.date], str] = {}
    for label, by_day in wanted.items():
        model = model_of(label)
        table: Any = version_of(model)
        for day, ids in by_day.items():
            for version in _chunked(table.objects.filter(valid_from=day), "row_id", ids):
                found[label, version.row_id, day] = digest_of(version, model)
    return found


def _chunked(rows: Any, column: str, ids: Iterable[int]) -> Iterable[Any]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        yield from rows.filter(**{f"{column}__in": wanted[start : start + _BATCH]})


def _used(changes: Sequence[ImportChange], kept: Mapping[tuple[str, int], Kept]) -> list[ImportChange]:
    """Created records on which records hang that stay: others', or the import's own that are kept."""
    created: dict[str, dict[int, ImportChange]] = defaultdict(dict)
    for change in changes:
        if change.action == Action.CREATE and (change.model, change.object_id) not in kept:
            created[change.model][change.object_id] = change
    going = {label: set(by_id) for label, by_id in created.items()}
    restored = _restored(changes, kept)
    used = []
    for label, by_id in created.items():
        used += [by_id[pk] for pk in sorted(users_of(model_of(label), set(by_id), going, restored))]
    return used


def _restored(
    changes: Sequence[ImportChange], kept: Mapping[tuple[str, int], Kept]
) -> dict[str, dict[int, dict[str, Any]]]:
    """Columns that changed records get back, by model label and id: what they point to now they then no longer use."""
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for change in sorted(changes, key=lambda one: one.sequence):
        if change.before and (change.model, change.object_id) not in kept:
            found[change.model].setdefault(change.object_id, change.before)
    return found


def users_of(
    model: Any,
    ids: set[int],
    going: Mapping[str, set[int]],
    restored: Mapping[str, Mapping[int, Mapping[str, Any]]] | None = None,
) -> set[int]:
    """Ids of the records that living records point to, other than those that are `going` themselves, by model label.

    Records that get older values back (`restored`) count with those.
    """
    used: set[int] = set()
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if not issubclass(other, Record):
            continue
        column = relation.field.attname
        ignored = going.get(other._meta.label_lower, set())
        pairs = []
        wanted = sorted(ids)
        for start in range(0, len(wanted), _BATCH):
            rows = other._base_manager.filter(
                deleted_at__isnull=True, **{f"{column}__in": wanted[start : start + _BATCH]}
            )
            pairs += list(rows.order_by().values_list("pk", column))
        older = (restored or {}).get(other._meta.label_lower, {})
        used |= {
            target
            for pk, target in pairs
            if pk not in ignored and (pk not in older or older[pk].get(column, target) == target)
        }
    return used


# -- undoing --------------------------------------------------------------------------------------


def _undo(actor: Actor, changes: list[ImportChange], reason: str) -> dict[tuple[str, int], Kept]:
    """Undo whole groups; a group with a kept record is left as it is, and named."""
    kept = _kept(changes, _Rows.of(changes))
    held = {change.group for change in changes if (change.model, change.object_id) in kept}
    _take_back(actor, [change for change in changes if change.group not in held], reason)
    return kept


def _undo_shared(actor: Actor, changes: list[ImportChange], reason: str) -> dict[tuple[str, int], Kept]:
    """Undo what several rows shared: created records that nothing uses any more, and extended history of others."""
    kept = _kept([change for change in changes if change.action == Action.CREATE], _Rows.of(changes))
    _take_back(actor, [change for change in changes if (change.model, change.object_id) not in kept], reason)
    return kept


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
        _tell_owners(model_of(label), found)
        delete_many(actor=actor, rows=found, day=day, reason=reason)


def _tell_owners(model: Any, rows: Sequence[Any]) -> None:
    """Read what the records' own texts need, at once."""
    from django.db.models import prefetch_related_objects

    names = [f.name for f in model._meta.concrete_fields if f.is_relation]
    if rows and names:
        prefetch_related_objects(list(rows), *names)


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
        _tell_owners(model, found)
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
