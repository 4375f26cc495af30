"""Checking an import without writing: what each row would do, which words and near matches need an answer.

The check runs the same planner as the commit. What the pages show is stored with the batch: counts, the first rows with
old and new values, near matches, words; refused cells in a table of their own, so that every one can be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.services import plain
from pmo.core.calendars.queries import org_today
from pmo.core.imports.apply import Refusal
from pmo.core.imports.commit import Loaded, load_rows
from pmo.core.imports.commit_writer import ChunkWriter, write_refusals
from pmo.core.imports.guess import words_of
from pmo.core.imports.matching import Exact, Near
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.parts import Operation, Part, RowDraft
from pmo.core.imports.planning import Planner
from pmo.core.imports.register_planning import RegisterPlanner
from pmo.core.imports.register_target import RegisterTarget
from pmo.core.imports.working import planner_for, writer_for

Progress = Callable[[int, int, str], None]

CHUNK = 500
SAMPLES = 60
NEAR_SHOWN = 1_000
WORDS_SHOWN = 200
# Rows up to which a check writes on trial.
TRIAL_ROWS = 500
_TEXT = 70
# The colour of a rating that the file does not give.
_GREY = "grey"


@dataclass
class _Tally:
    """What a check counts and keeps while it walks through the rows."""

    counts: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    parents: Counter[str] = field(default_factory=Counter)
    past: int = 0
    near_count: int = 0
    near: list[dict[str, Any]] = field(default_factory=list)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seen_parents: set[int] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    words: dict[str, list[list[Any]]] = field(default_factory=dict)
    offers: dict[str, list[list[str]]] = field(default_factory=dict)


def run_check(*, batch_id: int, progress: Progress | None = None) -> ImportBatch:
    """Check a batch and store what was found. Raises ReadError and MappingError."""
    batch: ImportBatch = ImportBatch.objects.select_related("owner").get(pk=batch_id)
    day = batch.as_of or org_today()
    loaded = load_rows(batch, day=day, progress=progress)
    tally = _tried(batch, loaded, progress) if needs_trial(loaded) else _walk(batch, loaded, progress, trial=False)
    batch.preview = {
        "at": timezone.now().isoformat(),
        "as_of": day.isoformat(),
        "rows": loaded.rows.total,
        "counts": {name: tally.counts[name] for name in ("created", "updated", "unchanged", "refused")},
        "cells": len(tally.refusals),
        "exact": dict(tally.exact),
        "near_count": tally.near_count,
        "near": tally.near,
        "parents": dict(tally.parents),
        "past": tally.past,
        "samples": tally.samples,
        "dates": _dates(loaded),
        "words": _words(loaded) | tally.words,
        "offers": tally.offers,
        "notes": [note.to_json() for note in loaded.rows.notes],
    }
    with transaction.atomic():
        batch.refusals.all().delete()
        write_refusals(batch, tally.refusals)
        open_states = {ImportBatch.State.UPLOADED, ImportBatch.State.MAPPED, ImportBatch.State.PREVIEWED}
        # The version changes with every edit: what was found for an older mapping is thrown away.
        rows = ImportBatch.objects.filter(pk=batch.pk, state__in=open_states, version=batch.version)
        rows.update(preview=plain(batch.preview), state=ImportBatch.State.PREVIEWED)
    batch.state = ImportBatch.State.PREVIEWED
    return batch


def needs_trial(loaded: Loaded) -> bool:
    """Whether only the register's own services can say what they refuse; very long files are checked without them."""
    target = loaded.target
    return isinstance(target, RegisterTarget) and target.has_services and loaded.rows.total <= TRIAL_ROWS


def _tried(batch: ImportBatch, loaded: Loaded, progress: Progress | None) -> _Tally:
    """The rows are written, and all of it is taken back."""
    with transaction.atomic():
        tally = _walk(batch, loaded, progress, trial=True)
        transaction.set_rollback(True)
    return tally


def _walk(batch: ImportBatch, loaded: Loaded, progress: Progress | None, *, trial: bool) -> _Tally:
    dates = loaded.rows.dates()
    planner = planner_for(
        loaded.target,
        loaded.fields,
        loaded.mapping,
        decisions=batch.choices,
        today=org_today(),
        remember=len(dates) > 1,
        owner=batch.owner,
    )
    tally = _Tally()
    writer = _trial_writer(batch, loaded, planner) if trial else None
    for row in loaded.rows.refused:
        tally.counts["refused"] += 1
        tally.refusals += row.problems
    describe = _Describer(planner)
    total, done = loaded.rows.total, len(loaded.rows.refused)
    for day, rows in loaded.rows.by_date():
        if day is None:
            continue
        drafts: list[Any] = planner.match_day(rows, day)
        for start in range(0, len(drafts), CHUNK):
            part = drafts[start : start + CHUNK]
            plan = planner.plan(day, part)
            if writer is not None:
                planner.settle(writer.write(plan))
            for draft in part:
                _count(tally, draft, describe)
            drafts[start : start + CHUNK] = [None] * len(part)
            done += len(part)
            if progress is not None:
                progress(
                    total + done, 2 * total, _("%(done)s of %(total)s rows checked") % {"done": done, "total": total}
                )
    tally.refusals.sort(key=lambda one: one.row)
    describe.finish(tally)
    if isinstance(planner, RegisterPlanner):
        tally.words, tally.offers = planner.words(), planner.offers()
    return tally


def _trial_writer(batch: ImportBatch, loaded: Loaded, planner: Planner) -> ChunkWriter:
    actor = SYSTEM if batch.owner is None else actor_of(batch.owner)
    return writer_for(loaded.target, actor=actor, batch=batch, planner=planner, reason="")


def _count(tally: _Tally, draft: RowDraft, describe: _Describer) -> None:
    tally.counts[draft.outcome] += 1
    tally.refusals += [*draft.row.problems, *draft.refusals]
    if isinstance(draft.match, Exact):
        tally.exact[draft.match.by] += 1
    elif isinstance(draft.match, Near):
        tally.near_count += 1
        if len(tally.near) < NEAR_SHOWN:
            tally.near.append(describe.near(draft, draft.match))
    if draft.refused:
        return
    if any(one.standing is not None and one.standing.history_only for one in draft.operations):
        tally.past += 1
    for operation in draft.operations:
        for pk in describe.new_references(operation) - tally.seen_parents:
            tally.seen_parents.add(pk)
            planned = describe.planner.planned(pk)
            if planned is not None:
                tally.parents[planned.kind] += 1
    kept = tally.samples.setdefault(draft.outcome, [])
    if len(kept) < SAMPLES:
        kept.append(describe.row(draft))


class _Describer:
    """Rows and near matches as data for the pages; names of records are looked up together at the end."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self._asked: dict[type[Any], set[int]] = {}
        # What heads a row of the preview, and what is the same for all, need not be told again for new records.
        fixed = {key for key, source in planner.mapping.fields.items() if source.combine == "constant"}
        self._identity = {planner.fields.code, *planner.fields.names, *fixed}
        self._relations = {part.key: _relations(part) for part in planner.target.all_parts}

    def new_references(self, operation: Operation) -> set[int]:
        """Planned records that the operation would be the first to use."""
        columns = self._relations[operation.part.key]
        return {
            value
            for name, value in operation.values.items()
            if name in columns and isinstance(value, int) and value < 0
        }

    def row(self, draft: RowDraft) -> dict[str, Any]:
        """One row of the preview with old and new values."""
        changes = [change for one in draft.operations for change in self._changes(one)]
        return {
            "row": draft.row.number,
            "day": draft.day.isoformat(),
            "code": draft.code,
            "name": draft.name,
            "changes": changes,
            "id": draft.main_id if draft.main_id > 0 else None,
            "refused": len(draft.row.problems) + len(draft.refusals),
        }

    def _changes(self, operation: Operation) -> list[dict[str, Any]]:
        columns = self._relations[operation.part.key]
        told = []
        for name, (old, new) in operation.changes.items():
            key = operation.part.source(name, operation.draft)
            if not key or (operation.kind == "create" and (key in self._identity or new == _GREY)):
                continue
            related = columns.get(name)
            told.append(
                {
                    "field": key,
                    "model": operation.part.model._meta.label_lower,
                    "column": name,
                    "old": self._told(related, old),
                    "new": self._told(related, new),
                }
            )
        if operation.kind == "delete":
            told.append(
                {
                    "field": operation.part.key,
                    "model": operation.part.model._meta.label_lower,
                    "column": "",
                    "old": "",
                    "new": "",
                }
            )
        return told

    def _told(self, related: type[Any] | None, value: Any) -> Any:
        """A value as data; references become {"ref": [model label, id]} until `finish` knows their names."""
        if related is not None and isinstance(value, int):
            planned = self.planner.planned(value) if value < 0 else None
            if planned is not None:
                return planned.name
            if value < 0:
                return self.planner.index.name_of(value)
            self._asked.setdefault(related, set()).add(value)
            return {"ref": [related._meta.label_lower, value]}
        if isinstance(value, str) and len(value) > _TEXT:
            return value[: _TEXT - 1] + "…"
        return plain(value)

    def near(self, draft: RowDraft, match: Near[int]) -> dict[str, Any]:
        """A row that resembles something, with the candidates: records, or earlier rows that would create one."""
        self._asked.setdefault(self.planner.target.model, set()).update(pk for pk, _score in match.candidates if pk > 0)
        return {
            "row": draft.row.number,
            "day": draft.day.isoformat(),
            "code": draft.code,
            "name": draft.name,
            "why": match.why,
            "candidates": [[pk, score] for pk, score in match.candidates],
        }

    def finish(self, tally: _Tally) -> None:
        """Put names in the place of ids."""
        names: dict[tuple[str, int], tuple[str, str]] = {}
        for model, ids in self._asked.items():
            manager: Any = model._base_manager
            for pk, row in manager.in_bulk(ids).items():
                names[model._meta.label_lower, pk] = (str(row), str(getattr(row, "code", "")))
        for rows in tally.samples.values():
            for change in (change for row in rows for change in row["changes"]):
                for side in ("old", "new"):
                    if isinstance(change[side], dict) and "ref" in change[side]:
                        label, pk = change[side]["ref"]
                        change[side] = names.get((label, pk), ("", ""))[0]
        creators = {pk: number for number, pk in self.planner.created_by.items()}
        main = self.planner.target.model._meta.label_lower
        for one in tally.near:
            one["candidates"] = [
                candidate
                for pk, score in one["candidates"]
                if (candidate := self._candidate(main, pk, score, names, creators)) is not None
            ]

    def _candidate(
        self, main: str, pk: int, score: float, names: dict[tuple[str, int], tuple[str, str]], creators: dict[int, int]
    ) -> dict[str, Any] | None:
        if pk > 0:
            name, code = names.get((main, pk), ("", ""))
            return {"answer": str(pk), "name": name, "code": code, "score": score, "row": None}
        number = creators.get(pk)
        name = self.planner.index.name_of(pk)
        return (
            None
            if number is None
            else {"answer": f"row:{number}", "name": name, "code": "", "score": score, "row": number}
        )


def _relations(part: Part) -> dict[str, type[Any]]:
    fields: Any = part.model._meta.concrete_fields
    return {f.attname: f.related_model for f in fields if f.is_relation and f.name != part.owner}


def _dates(loaded: Loaded) -> list[list[Any]]:
    """The snapshots in the file with their numbers of rows."""
    return [[day.isoformat(), len(rows)] for day, rows in loaded.rows.by_date() if day is not None]


def _words(loaded: Loaded) -> dict[str, list[list[Any]]]:
    """The different words of every choice, rating and yes/no field, with counts and what they mean so far."""
    found = {}
    for key, source in loaded.mapping.fields.items():
        one = loaded.fields.fields.get(key)
        if one is None or one.kind not in {"choice", "rag", "bool"} or source.combine == "constant":
            continue
        uses = words_of(loaded.table, one, source)
        found[key] = [[use.word, use.count, use.meaning] for use in uses[:WORDS_SHOWN]]
    return found
