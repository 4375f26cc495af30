"""New records whose counterpart lies in the trash: they come in all the same, and the report says so before anything is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils import timezone

from pmo.core.registers.queries import TRASH_DAYS
from portfolio.linked.declaration import Made
from portfolio.services.linked.wants import Want, Wanted

_BATCH = 500


def note_trashed(wanted: Wanted) -> None:
    """Count the new records of each kind that were deleted in the last days. One statement per kind and 500 new records."""
    for _table, made in wanted.graph.declared.made():
        keys = {key for want in wanted.of(made.key) if (key := _key(want)) is not None}
        if keys:
            wanted.trashed[made.key] = len(keys & set(_deleted(made, {key[0] for key in keys})))


def _key(want: Want) -> tuple[Any, ...] | None:
    """What a new record is found by; None for others, and where it hangs on a record that is new itself."""
    if want.refused or want.row is not None:
        return None
    parts: list[Any] = []
    for name in want.made.unique:
        if name in want.refs:
            row = want.refs[name].row
            parts.append(row.pk if row is not None else None)
        else:
            parts.append(want.values.get(name))
    return None if None in parts else tuple(parts)


def _deleted(made: Made, firsts: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    model: Any = apps.get_model(made.model)
    columns = [model._meta.get_field(name).attname for name in made.unique]
    edge = timezone.now() - datetime.timedelta(days=TRASH_DAYS)
    wanted = sorted(firsts)
    for start in range(0, len(wanted), _BATCH):
        part = {f"{columns[0]}__in": wanted[start : start + _BATCH]}
        yield from model.all_objects.filter(deleted_at__gte=edge, **part).order_by("pk").values_list(*columns)
