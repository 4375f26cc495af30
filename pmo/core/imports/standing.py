"""Records as they stood on the date of a row: what the row is compared with, and what its write would touch."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, Min

from pmo.core.history.models import version_of, versioned_fields
from pmo.core.imports.parts import Part, Standing

_BATCH = 500


def standing_of(part: Part, owners: Iterable[int], day: datetime.date) -> dict[int, Standing]:
    """The part's record of each owner as it stood at the end of the day, by owner id. At most six statements per 500."""
    ids = sorted(owners)
    found: dict[int, Standing] = {}
    for start in range(0, len(ids), _BATCH):
        found |= _standing(part, ids[start : start + _BATCH], day)
    return found


def _standing(part: Part, ids: Sequence[int], day: datetime.date) -> dict[int, Standing]:
    table: Any = version_of(part.model)
    manager: Any = part.model._base_manager
    where = part.where(day)
    column = part.owner_column
    if table is None:
        rows = manager.filter(**{f"{column}__in": ids}, deleted_at__isnull=True, **where)
        return {getattr(row, column): Standing(row) for row in rows}
    history = "row_id" if not part.owner else column
    covering = {
        getattr(v, history): v
        for v in table.objects.as_of(day).filter(**{f"{history}__in": ids}, **where).order_by("row_id")
    }
    missing = [pk for pk in ids if pk not in covering]
    alive = manager.filter(**{f"{column}__in": missing}, deleted_at__isnull=True, **where) if missing else []
    begins = {getattr(row, column): row for row in alive}
    row_ids = [v.row_id for v in covering.values()] + [row.pk for row in begins.values()]
    later = _with_later_version(table, row_ids, day)
    current = manager.in_bulk([v.row_id for v in covering.values()])
    first = _first_versions(table, [row.pk for row in begins.values() if row.pk in later])
    found = {owner: _on_file(part, version, current.get(version.row_id), later) for owner, version in covering.items()}
    for owner, row in begins.items():
        found[owner] = _before_file(part, row, first.get(row.pk), later)
    return found


def _with_later_version(table: Any, ids: Sequence[int], day: datetime.date) -> set[int]:
    newest = table.objects.filter(row_id__in=ids).values_list("row_id").annotate(last=Max("valid_from"))
    return {row_id for row_id, last in newest if last > day}


def _first_versions(table: Any, ids: Sequence[int]) -> dict[int, Any]:
    """The earliest version row of each record."""
    if not ids:
        return {}
    starts = dict(table.objects.filter(row_id__in=ids).values_list("row_id").annotate(first=Min("valid_from")))
    rows = table.objects.filter(row_id__in=ids, valid_from__in=set(starts.values()))
    return {row.row_id: row for row in rows if starts[row.row_id] == row.valid_from}


def _on_file(part: Part, version: Any, current: Any, later: set[int]) -> Standing:
    if current is None or current.deleted_at is not None or version.row_id in later:
        past = from_version(part.model, version)
        past.deleted_at = current.deleted_at if current is not None else None
        return Standing(past, version, history_only=True)
    return Standing(current, version)


def _before_file(part: Part, current: Any, first: Any, later: set[int]) -> Standing:
    """The record is on file from a later day on (or has no history at all, and then today's row is all that is known)."""
    if current.pk not in later:
        return Standing(current)
    blank: Any = part.model()
    blank.pk = current.pk
    for name in part.carried or versioned_fields(part.model):
        setattr(blank, name, getattr(first, name))
    return Standing(_saved(blank, current), history_only=True, begins_later=True)


def from_version(model: type[Any], version: Any) -> Any:
    """An instance with the values of a version row; never to be saved."""
    row = model(pk=version.row_id, **{name: getattr(version, name) for name in versioned_fields(model)})
    return _saved(row, None)


def _saved(row: Any, current: Any) -> Any:
    row._state.adding = False
    row._state.db = "default" if current is None else current._state.db
    return row
