"""Changing many records of one model at once: the same promises as the single services, in a constant number of statements.

`day` dates the new versions. A day before the record's latest version writes history only: the current row keeps saying
what is true today.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max
from django.utils import timezone

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain, record_many
from pmo.core.history.models import version_of
from pmo.core.history.services import close_versions, write_versions
from pmo.core.records.models import Record
from pmo.core.records.services import act_on
from pmo.core.records.written import tell_written

_BATCH = 500


def update_many(
    *, actor: Actor, changes: Sequence[tuple[Any, Mapping[str, Any]]], day: datetime.date, reason: str = ""
) -> list[Any]:
    """Set {field: value} on each record; returns the records of which something changed.

    The caller has validated the values. Records whose history already says something later than `day` get the version row
    only. Runs in one transaction; at most five statements per 500 records.
    """
    touched: list[tuple[Any, dict[str, list[Any]]]] = []
    with transaction.atomic():
        later = _later_than(day, [row for row, _values in changes])
        current = []
        for row, values in changes:
            told = _set(row, values)
            if not told:
                continue
            touched.append((row, told))
            if row.pk not in later and row.deleted_at is None:
                current.append(row)
        _write_current(current, sorted({name for _row, told in touched for name in told}))
        rows = [row for row, _told in touched]
        if rows:
            write_versions(model=type(rows[0]), rows=rows, day=day)
            record_many(actor=actor, acts=[act_on(row, "update", told, reason) for row, told in touched])
        tell_written(current, fields={name for _row, told in touched for name in told})
    return [row for row, _told in touched]


def _set(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        old = getattr(row, field.attname)
        setattr(row, name, value)
        new = getattr(row, field.attname)
        if old != new:
            told[field.attname] = [plain(old), plain(new)]
    return told


def _later_than(day: datetime.date, rows: Sequence[Any]) -> set[int]:
    """Ids of the records with a version after the day."""
    if not rows:
        return set()
    table: Any = version_of(type(rows[0]))
    if table is None:
        return set()
    found: set[int] = set()
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), _BATCH):
        newest = (
            table.objects.filter(row_id__in=ids[start : start + _BATCH])
            .values_list("row_id")
            .annotate(last=Max("valid_from"))
        )
        found.update(row_id for row_id, last in newest if last > day)
    return found


def _write_current(rows: Sequence[Any], attnames: Sequence[str]) -> None:
    if not rows or not attnames:
        return
    model = type(rows[0])
    now = timezone.now()
    for row in rows:
        row.updated_at = now
    names = [model._meta.get_field(name).name for name in attnames]
    model._base_manager.bulk_update(rows, [*names, "updated_at"], batch_size=200)
    for start in range(0, len(rows), _BATCH):
        model._base_manager.filter(pk__in=[row.pk for row in rows[start : start + _BATCH]]).update(
            version=F("version") + 1
        )
    for row in rows:
        row.version += 1


def delete_many(*, actor: Actor, rows: Sequence[Record], day: datetime.date, reason: str = "") -> None:
    """Move the records to the trash; days before `day` keep them."""
    if not rows:
        return
    model: Any = type(rows[0])
    now = timezone.now()
    with transaction.atomic():
        ids = [row.pk for row in rows]
        for start in range(0, len(ids), _BATCH):
            model._base_manager.filter(pk__in=ids[start : start + _BATCH]).update(
                deleted_at=now, version=F("version") + 1, updated_at=now
            )
        close_versions(model=model, ids=ids, day=day)
        record_many(actor=actor, acts=[act_on(row, "delete", {}, reason) for row in rows])
        tell_written(rows, gone=True)
