"""Keeping the index: with every write of a record, in its transaction; and building it anew.

The words that spelling is checked against are learnt after the commit: two writers that bring the same new word must not
wait for each other while they hold rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from django.db import connection, models, transaction

from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import field_at
from pmo.core.search.content import columns_of, entries_of, indexed_registers, register_of, sources_of
from pmo.core.search.models import SearchEntry, SearchSpelling
from pmo.core.search.spelling import forms
from pmo.core.search.tokens import words_to_spell

Progress = Callable[[int, int, str], None]
BATCH = 500
_NAMING = frozenset(["code", "name", "name_zh", "name_en", "title", "title_zh", "title_en"])
_KEY = ["register", "row_id"]
_VALUES = [f.name for f in SearchEntry._meta.concrete_fields if f.name not in {"id", *_KEY}]


def keep_written(rows: Sequence[Any], *, fields: Collection[str] | None, gone: bool) -> None:
    """Follow a write of records of one model. Nothing is done for columns that are not searched."""
    model = type(rows[0])
    register = register_of(model)
    if register is None:
        return
    if gone:
        ids = [row.pk for row in rows]
        for start in range(0, len(ids), BATCH):
            SearchEntry.objects.filter(register=register.key, row_id__in=ids[start : start + BATCH]).delete()
        return
    if fields is None or not columns_of(register).isdisjoint(fields):
        keep_rows(register, rows)
    if fields is not None and not _NAMING.isdisjoint(fields):
        _keep_those_called_after(model, rows)


def keep_rows(register: Register, rows: Sequence[Any]) -> None:
    """Write the entries of living rows: a constant number of statements per 500."""
    alive = [row for row in rows if row.deleted_at is None]
    for start in range(0, len(alive), BATCH):
        entries = entries_of(register, alive[start : start + BATCH])
        SearchEntry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=_KEY, update_fields=_VALUES, batch_size=BATCH
        )
        words = {word for entry in entries for word in words_to_spell(entry.tokens)}
        new = sorted(word for word in words if not _learnt(word))
        if new:
            transaction.on_commit(partial(learn, new))


@lru_cache(maxsize=50_000)
def _known_words(_word: str) -> list[bool]:
    """A cell for each word this process has met; filled in once it is known to be kept."""
    return []


def _learnt(word: str) -> bool:
    return bool(_known_words(word))


def learn(words: Iterable[str]) -> None:
    """Keep words for the spelling, in their own order so that two processes never wait for each other."""
    wanted = sorted(set(words))
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        kept = set(SearchSpelling.objects.filter(form__in=part, word=models.F("form")).values_list("word", flat=True))
        rows = [
            SearchSpelling(form=form, word=word) for word in part if word not in kept for form in sorted(forms(word))
        ]
        SearchSpelling.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        if not connection.in_atomic_block:
            for word in part:
                _known_words(word).append(True)


@cache
def _called_after() -> dict[type[models.Model], list[tuple[Register, str]]]:
    """Registers whose rows are called by the names of another model's rows, with the field that leads there."""
    found: dict[type[models.Model], list[tuple[Register, str]]] = {}
    for register in indexed_registers():
        for link in sorted({path.split("__")[0] for path in sources_of(register).paths}):
            target = field_at(register.model, link).related_model
            found.setdefault(target, []).append((register, link))
    return found


def _keep_those_called_after(model: type[models.Model], rows: Sequence[Any]) -> None:
    for register, link in _called_after().get(model, []):
        manager: Any = register.model._base_manager
        ids = [row.pk for row in rows]
        for start in range(0, len(ids), BATCH):
            found = manager.filter(deleted_at__isnull=True, **{f"{link}__in": ids[start : start + BATCH]})
            for part in _parts(found.order_by("pk").iterator(chunk_size=BATCH), BATCH):
                keep_rows(register, part)


def _parts(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def rebuild(keys: Collection[str] = (), progress: Progress | None = None) -> int:
    """Build the index anew, all of it or that of some registers; returns the number of entries. May run beside writers.

    Rows are locked part by part while their entries are written, so that a writer's newer text is never written over.
    """
    registers = [one for one in indexed_registers() if not keys or one.key in keys]
    total = sum(_alive(one).count() for one in registers)
    done = 0
    for register in registers:
        _drop_dead(register)
        last = 0
        while ids := list(_alive(register).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                locked = _alive(register).select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
                keep_rows(register, list(locked))
            last, done = ids[-1], done + len(ids)
            if progress is not None:
                progress(min(done, total), total, str(register.title))
    if not keys:
        SearchEntry.objects.exclude(register__in=[one.key for one in registers]).delete()
    return done


def _alive(register: Register) -> Any:
    manager: Any = register.model._base_manager
    return manager.filter(deleted_at__isnull=True)


def _drop_dead(register: Register) -> None:
    alive = _alive(register).order_by().values("pk")
    SearchEntry.objects.filter(register=register.key).exclude(row_id__in=alive).delete()
