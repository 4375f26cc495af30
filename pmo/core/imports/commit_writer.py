"""Writes the plan of one chunk: references first, then the main records, then what hangs on them, and how to undo it all.

Runs inside the chunk's transaction; a constant number of statements per chunk, whatever the number of rows.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain, record_many
from pmo.core.history.models import version_of, versioned_fields
from pmo.core.history.queries import as_of
from pmo.core.history.services import pause_versions, write_versions
from pmo.core.imports.apply import MappedRow, Refusal
from pmo.core.imports.models import ImportBatch, ImportChange, ImportRefusal, ImportRow
from pmo.core.imports.parts import ChunkPlan, Operation, Part, RowDraft
from pmo.core.imports.planning import Planner
from pmo.core.imports.standing import from_version
from pmo.core.imports.targets import ImportTarget
from pmo.core.records.bulk import delete_many, update_many
from pmo.core.records.services import act_on, create_many, label_of

Action = ImportChange.Action
_LABEL = 300


class ChunkWriter:
    """Writes chunk after chunk of one batch."""

    def __init__(
        self, *, actor: Actor, batch: ImportBatch, target: ImportTarget, planner: Planner, reason: str
    ) -> None:
        self.actor, self.batch, self.target, self.planner, self.reason = actor, batch, target, planner, reason
        self._relations = {part.key: _relation_columns(part) for part in target.all_parts}
        self._directories = {one.model: one for one in target.directories}
        self._reached: set[tuple[type[Any], int, datetime.date]] = set()
        self._changes: list[ImportChange] = []
        self._sequence = 0

    def write(self, plan: ChunkPlan) -> dict[int, int]:
        """Write the plan; returns the real ids of what was planned under negative ones."""
        self._changes = []
        last = ImportChange.objects.filter(batch=self.batch).aggregate(last=Max("sequence"))["last"]
        self._sequence = 0 if last is None else last + 1
        ids = self._create_references(plan)
        self._reach_back(plan)
        for part in self.target.all_parts:
            operations = plan.operations(part)
            if operations:
                self._write_part(part, operations, plan.day, ids)
        ImportChange.objects.bulk_create(self._changes, batch_size=500)
        self._write_rows(plan)
        return ids

    # -- references -------------------------------------------------------------------------------

    def _create_references(self, plan: ChunkPlan) -> dict[int, int]:
        """Create what the chunk's rows name and nobody has created yet, directory by directory."""
        ids: dict[int, int] = {}
        wanted = {value for op in self._all(plan) for value in self._references(op) if value < 0}
        scopes = {one.scope for pk in wanted if (one := self.planner.planned(pk)) is not None}
        wanted |= {scope for scope in scopes if isinstance(scope, int) and scope < 0}
        for directory in self.target.directories:
            planned = [
                one
                for pk in sorted(wanted, reverse=True)
                if (one := self.planner.planned(pk)) and one.kind == directory.kind
            ]
            if not planned:
                continue
            rows = []
            for one in planned:
                row = directory.make(one.name)
                if directory.scope:
                    setattr(row, directory.scope, ids.get(one.scope, one.scope))
                rows.append(row)
            save = directory.save or create_many
            saved = save(actor=self.actor, rows=rows, reason=self.reason, day=plan.day)
            ids |= {one.id: row.pk for one, row in zip(planned, saved, strict=True)}
            digests = digests_of(directory.model, [row.pk for row in saved], plan.day)
            for one, row in zip(planned, saved, strict=True):
                self._note(row, Action.CREATE, one.row, 0, plan.day, digest=digests.get(row.pk, ""))
                self._reached.add((directory.model, row.pk, plan.day))
        return ids

    def _all(self, plan: ChunkPlan) -> Iterable[Operation]:
        return (one for draft in plan.drafts if not draft.refused for one in draft.operations)

    def _references(self, operation: Operation) -> list[int]:
        """Ids of other records that the operation sets."""
        columns = self._relations[operation.part.key]
        return [value for name, value in operation.values.items() if name in columns and isinstance(value, int)]

    def _reach_back(self, plan: ChunkPlan) -> None:
        """A unit or portfolio that is named on a day before it was known is known from that day on."""
        by_model: dict[type[Any], dict[int, int]] = {}
        for operation in self._all(plan):
            for name, model in self._relations[operation.part.key].items():
                value = operation.values.get(name, getattr(operation.row, name))
                if model in self._directories and isinstance(value, int) and value > 0:
                    by_model.setdefault(model, {}).setdefault(value, operation.draft.row.number)
        for model, used in by_model.items():
            ids = [pk for pk in used if (model, pk, plan.day) not in self._reached]
            self._reached |= {(model, pk, plan.day) for pk in ids}
            self._extend(model, ids, used, plan.day)

    def _extend(self, model: type[Any], ids: Sequence[int], rows: dict[int, int], day: datetime.date) -> None:
        table: Any = version_of(model)
        if table is None or not ids:
            return
        covered = set(as_of(model, day).filter(row_id__in=ids).values_list("row_id", flat=True))
        first: dict[int, Any] = {}
        for version in table.objects.filter(row_id__in=set(ids) - covered, valid_from__gt=day).order_by("-valid_from"):
            first[version.row_id] = version
        found = [from_version(model, version) for _pk, version in sorted(first.items())]
        write_versions(model=model, rows=found, day=day)
        digests = digests_of(model, list(first), day)
        for row in found:
            self._note(row, Action.UPDATE, rows[row.pk], 0, day, digest=digests[row.pk])

    # -- records ----------------------------------------------------------------------------------

    def _write_part(self, part: Part, operations: Sequence[Operation], day: datetime.date, ids: dict[int, int]) -> None:
        self._settle_values(part, operations, ids)
        created = [one for one in operations if one.kind == "create"]
        changed = [one for one in operations if one.kind == "update"]
        removed = [one for one in operations if one.kind == "delete"]
        if created:
            self._create(part, created, day, ids)
        if changed:
            self._change(part, changed, day)
        if removed:
            self._remove(part, removed, day)

    def _settle_values(self, part: Part, operations: Sequence[Operation], ids: dict[int, int]) -> None:
        """Real ids for planned ones, and the related records that the text of a record needs."""
        columns = self._relations[part.key]
        for operation in operations:
            for name in columns:
                if name in operation.values:
                    operation.values[name] = ids.get(operation.values[name], operation.values[name])
        for relation in part.spoken:
            column = f"{relation}_id"
            used = {one.values[column] for one in operations if one.values.get(column)}
            used |= {getattr(one.row, column) for one in operations if column not in one.values}
            found = columns[column]._base_manager.in_bulk(used)
            for one in operations:
                if column in one.values:
                    one.values[relation] = found.get(one.values.pop(column))
                else:
                    setattr(one.row, relation, found.get(getattr(one.row, column)))
        if part.owner:
            for one in operations:
                setattr(one.row, part.owner, _main_row(one.draft, ids))

    def _create(self, part: Part, operations: Sequence[Operation], day: datetime.date, ids: dict[int, int]) -> None:
        for one in operations:
            for name, value in one.values.items():
                setattr(one.row, name, value)
        saved = create_many(actor=self.actor, rows=[one.row for one in operations], reason=self.reason, day=day)
        if not part.owner:
            ids |= {one.draft.main_id: row.pk for one, row in zip(operations, saved, strict=True)}
        digests = digests_of(part.model, [row.pk for row in saved], day)
        for one, row in zip(operations, saved, strict=True):
            group = ids.get(one.draft.main_id, one.draft.main_id)
            self._note(row, Action.CREATE, one.draft.row.number, group, day, digest=digests.get(row.pk, ""))

    def _change(self, part: Part, operations: Sequence[Operation], day: datetime.date) -> None:
        notes = [(written_over(one), versions_before(one)) for one in operations]
        differing = [(one.row, one.values) for one in operations if one.changes]
        update_many(actor=self.actor, changes=differing, day=day, reason=self.reason)
        extended = [one.row for one in operations if not one.changes]
        write_versions(model=part.model, rows=extended, day=day)
        record_many(actor=self.actor, acts=[act_on(row, "update", {}, self.reason) for row in extended])
        digests = digests_of(part.model, [one.row.pk for one in operations], day)
        for one, (before, history) in zip(operations, notes, strict=True):
            self._note(
                one.row,
                Action.UPDATE,
                one.draft.row.number,
                one.draft.main_id,
                day,
                before=before,
                history=history,
                digest=digests.get(one.row.pk, ""),
                version=one.row.version if before else 0,
            )

    def _remove(self, part: Part, operations: Sequence[Operation], day: datetime.date) -> None:
        table: Any = version_of(part.model)
        ids = [one.row.pk for one in operations]
        affected: dict[int, list[dict[str, Any]]] = {}
        if table is not None:
            for version in table.objects.filter(row_id__in=ids).exclude(valid_to__lte=day).order_by("valid_from"):
                affected.setdefault(version.row_id, []).append(columns_of(version))
        notes = [written_over(one) for one in operations]
        past = [one.row for one in operations if one.standing and one.standing.history_only]
        pause_versions(model=part.model, ids=[row.pk for row in past], day=day)
        record_many(actor=self.actor, acts=[act_on(row, "update", {}, self.reason) for row in past])
        delete_many(
            actor=self.actor, rows=[one.row for one in operations if one.row not in past], day=day, reason=self.reason
        )
        for one, before in zip(operations, notes, strict=True):
            version = one.row.version + 1 if before else 0
            self._note(
                one.row,
                Action.DELETE,
                one.draft.row.number,
                one.draft.main_id,
                day,
                before=before,
                history=affected.get(one.row.pk, []),
                version=version,
            )

    def _note(
        self,
        row: Any,
        action: str,
        number: int,
        group: int,
        day: datetime.date,
        *,
        before: dict[str, Any] | None = None,
        history: list[dict[str, Any]] | None = None,
        digest: str = "",
        version: int | None = None,
    ) -> None:
        """Remember one write for undo."""
        self._changes.append(
            ImportChange(
                batch=self.batch,
                sequence=self._sequence,
                row=number,
                group=group,
                model=label_of(row),
                object_id=row.pk,
                action=action,
                day=day,
                before=before or {},
                history_before=history or [],
                history_after=digest,
                version_after=version if version is not None else (row.version if action == Action.CREATE else 0),
            )
        )
        self._sequence += 1

    # -- the file's rows --------------------------------------------------------------------------

    def _write_rows(self, plan: ChunkPlan) -> None:
        rows, refusals = [], []
        for draft in plan.drafts:
            rows.append(
                ImportRow(
                    batch=self.batch,
                    number=draft.row.number,
                    day=draft.day,
                    outcome=draft.outcome,
                    object_id=None if draft.refused else _pk_after(draft),
                    label=self._label(draft.row),
                )
            )
            refusals += [*draft.row.problems, *draft.refusals]
        ImportRow.objects.bulk_create(rows, batch_size=500)
        write_refusals(self.batch, refusals)

    def write_refused(self, refused: Sequence[MappedRow]) -> None:
        """Rows that were refused before anything was compared."""
        rows = [
            ImportRow(
                batch=self.batch,
                number=row.number,
                day=row.as_of,
                outcome=ImportRow.Outcome.REFUSED,
                label=self._label(row),
            )
            for row in refused
        ]
        ImportRow.objects.bulk_create(rows, batch_size=500)
        write_refusals(self.batch, [problem for row in refused for problem in row.problems])

    def _label(self, row: MappedRow) -> str:
        draft = self.planner.draft(row, self.planner.today)
        return (draft.name or draft.code)[:_LABEL]


def write_refusals(batch: ImportBatch, refusals: Iterable[Refusal]) -> None:
    """Keep refused cells with the batch."""
    ImportRefusal.objects.bulk_create(
        [
            ImportRefusal(
                batch=batch,
                row=one.row,
                column=one.column[:300],
                field=one.field[:60],
                value=one.value[:300],
                code=one.reason.code,
                params=plain(dict(one.reason.params)),
                whole_row=one.whole_row,
            )
            for one in refusals
        ],
        batch_size=500,
    )


def columns_of(row: Any) -> dict[str, Any]:
    """Every column of a row in a JSON-safe form."""
    return {f.attname: plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}


def digest_of(version: Any, model: type[Any]) -> str:
    """What a version row says, as a digest; its interval does not count, because later versions cut it."""
    content = [plain(getattr(version, name)) for name in versioned_fields(model)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def digests_of(model: type[Any], ids: Sequence[int], day: datetime.date) -> dict[int, str]:
    """Digests of the version rows that begin on the day, as the database gives them back."""
    table: Any = version_of(model)
    if table is None or not ids:
        return {}
    return {
        version.row_id: digest_of(version, model) for version in table.objects.filter(row_id__in=ids, valid_from=day)
    }


def _relation_columns(part: Part) -> dict[str, type[Any]]:
    fields: Iterable[Any] = part.model._meta.concrete_fields
    return {f.attname: f.related_model for f in fields if f.is_relation and f.name != part.owner}


def _main_row(draft: RowDraft, ids: dict[int, int]) -> Any:
    """The main record of a row: the one it changes, or the one just created."""
    operation = next((one for one in draft.operations if not one.part.owner), None)
    return operation.row if operation is not None else draft.stood["main"]


def _pk_after(draft: RowDraft) -> int:
    operation = next((one for one in draft.operations if not one.part.owner), None)
    return int(operation.row.pk) if operation is not None else draft.main_id


def written_over(operation: Operation) -> dict[str, Any]:
    """The current row as it is before the write; empty where the write leaves it alone."""
    standing = operation.standing
    return {} if standing is None or standing.history_only else columns_of(standing.row)


def versions_before(operation: Operation) -> list[dict[str, Any]]:
    covering = operation.standing.covering if operation.standing is not None else None
    return [] if covering is None else [columns_of(covering)]
