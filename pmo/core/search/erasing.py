"""After a person was erased: entries that named them, and those of rows that changed, are made again."""

from __future__ import annotations

from typing import Any

from django.db import models

from pmo.core.search.content import indexed_registers, register_of
from pmo.core.search.models import SearchEntry
from pmo.core.search.services import BATCH, keep_rows


def follow(changed: dict[type[models.Model], set[Any]]) -> None:
    """Make the entries of the rows again, in the transaction of the erasure."""
    wanted: dict[str, set[Any]] = {}
    for model, ids in changed.items():
        register = register_of(model)
        if register is not None:
            wanted.setdefault(register.key, set()).update(ids)
    named = SearchEntry.objects.filter(pk__in=changed.get(SearchEntry, set()))
    for key, row_id in named.values_list("register", "row_id"):
        wanted.setdefault(key, set()).add(row_id)
    SearchEntry.objects.filter(pk__in=changed.get(SearchEntry, set())).delete()
    for register in indexed_registers():
        row_ids = sorted(wanted.get(register.key, set()))
        for start in range(0, len(row_ids), BATCH):
            _again(register, row_ids[start : start + BATCH])


def _again(register: Any, ids: list[Any]) -> None:
    SearchEntry.objects.filter(register=register.key, row_id__in=ids).delete()
    keep_rows(register, list(register.model._base_manager.filter(pk__in=ids, deleted_at__isnull=True).order_by("pk")))
