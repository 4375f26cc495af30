"""What an undo leaves alone: records that somebody changed after the import, or that other records use by now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import QuerySet, prefetch_related_objects

from pmo.core.history.models import version_of
from pmo.core.imports.commit_writer import digest_of
from pmo.core.imports.models import ImportChange
from pmo.core.records.models import Record

Action = ImportChange.Action
Key = tuple[str, int]


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


class Use(NamedTuple):
    """A living record that points to another one."""

    user: Key
    column: str
    target: int


@dataclass
class Present:
    """What stands behind some changes now.

    Their rows, the digests of the version rows that begin on the days on which the import wrote, and what points to the
    records that it created. The number of statements goes by models, whatever the number of changes.
    """

    changes: list[ImportChange]
    rows: dict[Key, Any] = field(default_factory=dict)
    written: dict[tuple[str, int, datetime.date], str] = field(default_factory=dict)
    uses: dict[Key, list[Use]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, changes: QuerySet[ImportChange]) -> Present:
        """Read it; `changes` stand newest first in it."""
        present = cls(list(changes.order_by("-sequence")))
        dated: dict[str, set[tuple[int, datetime.date]]] = defaultdict(set)
        for change in present.changes:
            if change.history_after:
                dated[change.model].add((change.object_id, change.day))
        created = {change.model for change in present.changes if change.action == Action.CREATE}
        for label in sorted({change.model for change in present.changes}):
            of_model = changes.order_by().filter(model=label)
            present._read_rows(label, of_model)
            if label in dated:
                present._read_versions(label, of_model.exclude(history_after=""), dated[label])
            if label in created:
                present._read_uses(label, of_model.filter(action=Action.CREATE))
        return present

    def _read_rows(self, label: str, changes: QuerySet[ImportChange]) -> None:
        for row in model_of(label)._base_manager.filter(pk__in=changes.values("object_id")):
            self.rows[label, row.pk] = row

    def _read_versions(
        self, label: str, changes: QuerySet[ImportChange], dated: set[tuple[int, datetime.date]]
    ) -> None:
        model = model_of(label)
        table: Any = version_of(model)
        begun = table.objects.filter(row_id__in=changes.values("object_id"), valid_from__in=changes.values("day"))
        for version in begun:
            if (version.row_id, version.valid_from) in dated:
                self.written[label, version.row_id, version.valid_from] = digest_of(version, model)

    def _read_uses(self, label: str, changes: QuerySet[ImportChange]) -> None:
        for relation in model_of(label)._meta.related_objects:
            other: Any = relation.related_model
            if not issubclass(other, Record):
                continue
            name, column = other._meta.label_lower, relation.field.attname
            living = other._base_manager.filter(deleted_at__isnull=True)
            pointing = living.filter(**{f"{column}__in": changes.values("object_id")})
            for pk, target in pointing.order_by("pk").values_list("pk", column):
                self.uses[label, target].append(Use((name, pk), column, target))


@dataclass
class Taken:
    """What was taken back already: records that went, and the columns that others got back."""

    gone: set[Key] = field(default_factory=set)
    restored: dict[Key, dict[str, Any]] = field(default_factory=dict)

    def take(self, changes: Iterable[ImportChange]) -> None:
        """Count these changes as taken back."""
        for change in sorted(changes, key=lambda one: one.sequence):
            if change.action == Action.CREATE:
                self.gone.add(key_of(change))
            elif change.before:
                self.restored.setdefault(key_of(change), change.before)


def model_of(label: str) -> Any:
    """The model of a label such as projects.project."""
    return apps.get_model(label)


def key_of(change: ImportChange) -> Key:
    """Which record the change is about."""
    return change.model, change.object_id


def held_groups(changes: Iterable[ImportChange], kept: Mapping[Key, Any]) -> set[int]:
    """Groups that undo leaves whole, for a record in them is kept. Shared records (0) are looked at one by one."""
    return {change.group for change in changes if key_of(change) in kept} - {0}


def kept_of(changes: Sequence[ImportChange], present: Present, taken: Taken | None = None) -> dict[Key, str]:
    """What an undo of these changes, newest first, keeps: "edited" or "used" by record, after what was taken already."""
    kept = dict.fromkeys(_edited(changes, present), "edited")
    while used := _used(changes, present, kept, taken or Taken()):
        kept |= dict.fromkeys(used, "used")
    return kept


def named(kept: Mapping[Key, str], present: Present) -> dict[Key, Kept]:
    """The kept records by name."""
    by_model: dict[str, list[Any]] = defaultdict(list)
    for key in kept:
        if key in present.rows:
            by_model[key[0]].append(present.rows[key])
    for label, rows in by_model.items():
        read_owners(model_of(label), rows)
    found = {}
    for key, why in kept.items():
        label = str(present.rows[key]) if key in present.rows else f"{key[0]} {key[1]}"
        found[key] = Kept(*key, label[:200], why)
    return found


def read_owners(model: Any, rows: Sequence[Any]) -> None:
    """Read what the records' own texts need, at once."""
    names = [f.name for f in model._meta.concrete_fields if f.is_relation]
    if rows and names:
        prefetch_related_objects(list(rows), *names)


def _edited(changes: Sequence[ImportChange], present: Present) -> list[Key]:
    """Records whose row, or whose history of a day of the import, is another one than the import left."""
    latest: dict[Key, ImportChange] = {}
    versions: dict[Key, int] = {}
    for change in changes:
        latest.setdefault(key_of(change), change)
        if change.version_after:
            versions.setdefault(key_of(change), change.version_after)
    found = [key for key, change in latest.items() if _is_edited(change, present.rows.get(key), versions.get(key, 0))]
    return found + [
        key_of(change)
        for change in changes
        if change.history_after and present.written.get((*key_of(change), change.day)) != change.history_after
    ]


def _is_edited(change: ImportChange, row: Any, version: int) -> bool:
    if row is None or (change.action != Action.DELETE and row.deleted_at is not None):
        return True
    return bool(version) and row.version != version


def _used(changes: Sequence[ImportChange], present: Present, kept: Mapping[Key, str], taken: Taken) -> list[Key]:
    """Created records on which records hang that stay: others', or the import's own of which a group is held."""
    held = held_groups(changes, kept)
    going: dict[Key, int] = {}
    older: dict[Key, tuple[int, dict[str, Any]]] = {}
    for change in reversed(changes):
        key = key_of(change)
        if key in kept:
            continue
        if change.action == Action.CREATE:
            going[key] = change.group
        elif change.before:
            older.setdefault(key, (change.group, change.before))

    def remains(use: Use, group: int) -> bool:
        """Whether the use is still there when the record's own group goes."""
        if use.user in taken.gone:
            return False
        if use.user in going and (going[use.user] not in held or going[use.user] == group):
            return False
        values = taken.restored.get(use.user, {})
        if use.user in older:
            of, before = older[use.user]
            values = before if of not in held or of == group else values
        return bool(values.get(use.column, use.target) == use.target)

    return [key for key, group in going.items() if any(remains(use, group) for use in present.uses.get(key, ()))]
