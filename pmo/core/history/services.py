"""Writing history: the only place that touches version rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from pmo.core.history.models import version_of, versioned_fields

_BATCH = 500


def write_versions(
    *, model: type[models.Model], rows: Sequence[models.Model], day: datetime.date, new: bool = False
) -> None:
    """Say that from `day` on the records are as given (until the next version already on file, where there is one).

    Runs inside the caller's transaction. A second write on the same day replaces the first. Records without a version
    table are left alone. `new`: the caller has just inserted the rows, so that no version of them is on file. Queries: a
    constant number per 500 rows.
    """
    table = version_of(model)
    if table is None or not rows:
        return
    fields = versioned_fields(model)
    if new:
        _write_first(table, fields, rows, day)
        return
    for start in range(0, len(rows), _BATCH):
        _write_batch(table, fields, rows[start : start + _BATCH], day)


def _write_first(table: Any, fields: list[str], rows: Sequence[models.Model], day: datetime.date) -> None:
    first = [table(row_id=row.pk, valid_from=day, **{name: getattr(row, name) for name in fields}) for row in rows]
    table.objects.bulk_create(first, batch_size=100)


def _write_batch(table: Any, fields: list[str], rows: Sequence[models.Model], day: datetime.date) -> None:
    ids = [row.pk for row in rows]
    covering = {v.row_id: v for v in table.objects.as_of(day).filter(row_id__in=ids)}
    nexts: dict[int, datetime.date] = dict(
        table.objects.filter(row_id__in=ids, valid_from__gt=day)
        .values_list("row_id")
        .annotate(first=models.Min("valid_from"))
    )
    inserts, replacements, closes = [], [], []
    for row in rows:
        values = {name: getattr(row, name) for name in fields}
        old = covering.get(row.pk)
        if old is not None and old.valid_from == day:
            for name, value in values.items():
                setattr(old, name, value)
            replacements.append(old)
            continue
        if old is not None:
            closes.append(old.pk)
        until = nexts.get(row.pk) if old is None else old.valid_to
        inserts.append(table(row_id=row.pk, valid_from=day, valid_to=until, **values))
    if replacements:
        table.objects.bulk_update(replacements, fields, batch_size=100)
    if closes:
        table.objects.filter(pk__in=closes).update(valid_to=day)
    table.objects.bulk_create(inserts, batch_size=100)


def close_versions(*, model: type[models.Model], ids: Iterable[int], day: datetime.date) -> None:
    """Say that from `day` on the records are gone; what stood before stays as it was."""
    table: Any = version_of(model)
    wanted = list(ids)
    if table is None or not wanted:
        return
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        table.objects.filter(row_id__in=part, valid_from__gte=day).delete()
        table.objects.filter(row_id__in=part, valid_to__isnull=True).update(valid_to=day)
        table.objects.filter(row_id__in=part, valid_to__gt=day).update(valid_to=day)


def pause_versions(*, model: type[models.Model], ids: Iterable[int], day: datetime.date) -> None:
    """Say that from `day` on the records are gone until the next version on file, where there is one."""
    table: Any = version_of(model)
    wanted = list(ids)
    if table is None or not wanted:
        return
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        table.objects.filter(row_id__in=part, valid_from=day).delete()
        table.objects.as_of(day).filter(row_id__in=part).update(valid_to=day)
