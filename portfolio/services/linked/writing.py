"""Writes what an archive wants, step by step, each step a transaction with what it takes to undo it.

Records of one kind are one step, in the order of the declaration; plans are written a few at a time by the service of plans.
A worker that dies leaves whole steps. The next attempt finds what is written by its keys and goes on, and undo knows of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.custom_fields.models import CustomField, CustomValue
from pmo.core.custom_fields.services.definitions import create_field
from pmo.core.history.models import version_of
from pmo.core.imports.commit import TakenOver
from pmo.core.imports.commit_writer import columns_of, digests_of
from pmo.core.imports.models import ImportBatch, ImportChange
from pmo.core.people.models import OrgUnit
from pmo.core.records.bulk import update_many
from pmo.core.records.services import create_many, label_of
from pmo.core.records.trees import create_many_in_tree, update_in_tree
from portfolio.linked.declaration import Made, TableOf
from portfolio.services.linked.kept import KINDS, KeptField
from portfolio.services.linked.tasks import PlanWant
from portfolio.services.linked.wants import Link, Want, Wanted
from projects.queries.plans import stored
from projects.services.plans.storing import import_plan

Progress = Callable[[int, int, str], None]
Action = ImportChange.Action
PLANS = 10
_BATCH = 500


class Writer:
    """Writes one archive."""

    def __init__(self, *, actor: Actor, batch: ImportBatch, wanted: Wanted, progress: Progress | None = None) -> None:
        self.actor, self.batch, self.wanted = actor, batch, wanted
        self.reason = _("Import %(number)s: %(file)s") % {"number": batch.pk, "file": batch.filename}
        self.day = org_today()
        self._progress = progress
        self._changes: list[ImportChange] = []
        told = batch.changes.aggregate(last=Max("sequence"), group=Max("group"))
        self._sequence = 0 if told["last"] is None else told["last"] + 1
        # What several rows share goes last when it is undone (group 0), what belongs to one row together.
        rows = max((node.serial for read in wanted.graph.tables.values() for node in read.nodes), default=0)
        self._group = max(rows, told["group"] or 0)
        self._done = self._plans = 0
        records = sum(len(wanted.of(made.key)) for _table, made in wanted.graph.declared.made())
        self._total = records + len(wanted.links) + len(wanted.plans)

    def write(self) -> None:
        """Everything, in order. Raises TakenOver where another process writes this batch."""
        for table, made in self.wanted.graph.declared.made():
            with self._chunk():
                self._records(made)
                if made is table.made[0]:
                    self._values(table, made)
        for model, links in self._by_model().items():
            with self._chunk():
                self._links(model, links)
        plans = [one for one in self.wanted.plans if one.changed]
        for start in range(0, len(plans), PLANS):
            with self._chunk():
                for one in plans[start : start + PLANS]:
                    self._plan(one)

    @contextmanager
    def _chunk(self) -> Iterator[None]:
        """One step in one transaction, with the notes for undo; of two processes, one writes it and the other rolls back."""
        with transaction.atomic():
            yield
            ImportChange.objects.bulk_create(self._changes, batch_size=_BATCH)
            self._count()
        self._changes.clear()

    def _count(self) -> None:
        """One conditional UPDATE in the step's transaction."""
        number, now = self.batch.chunks_done, timezone.now()
        waiting = ImportBatch.objects.filter(pk=self.batch.pk, chunks_done=number, state=ImportBatch.State.COMMITTING)
        if not waiting.update(chunks_done=number + 1, updated_at=now):
            raise TakenOver(f"Step {number} of import {self.batch.pk} was written by somebody else.")
        self.batch.chunks_done = number + 1

    def _step(self, count: int, what: str) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total, what)

    # -- records -----------------------------------------------------------------------------------

    def _records(self, made: Made) -> None:
        wants = [one for one in self.wanted.of(made.key) if not one.refused]
        self._create([one for one in wants if one.row is None])
        self._update([one for one in wants if one.row is not None and one.changes])
        if wants:
            title = str(apps.get_model(made.model)._meta.verbose_name_plural)
            self._step(len(wants), _("%(what)s written: %(count)s") % {"what": title, "count": len(wants)})

    def _create(self, wants: Sequence[Want]) -> None:
        if not wants:
            return
        for want in wants:
            for name, other in {**want.fresh_refs, **want.refs}.items():
                setattr(want.candidate, name, other.row)
        rows = [want.candidate for want in wants]
        tree = _is_tree(rows[0])
        if isinstance(rows[0], OrgUnit):
            _under_the_enterprise(rows)
        save = create_many_in_tree if tree else create_many
        for want, row in zip(wants, save(actor=self.actor, rows=rows, reason=self.reason, day=self.day), strict=True):
            want.row = row
        self._note_created(rows, [want.serial for want in wants])

    def _update(self, wants: Sequence[Want]) -> None:
        if not wants:
            return
        changes = [(want.row, _as_values(want.changes)) for want in wants]
        self._change(changes, [want.serial for want in wants])

    def _change(self, changes: Sequence[tuple[Any, Mapping[str, Any]]], groups: Sequence[int]) -> None:
        """Change records of one model and note how they were, with their history of the day."""
        rows = [row for row, _values in changes]
        model = type(rows[0])
        before = [columns_of(row) for row in rows]
        history = self._history(model, [row.pk for row in rows])
        if _is_tree(rows[0]):
            for row, values in changes:
                update_in_tree(actor=self.actor, row=row, values=dict(values), reason=self.reason, day=self.day)
        else:
            update_many(actor=self.actor, changes=changes, day=self.day, reason=self.reason)
        digests = self._digests(model, [row.pk for row in rows])
        for row, old, group in zip(rows, before, groups, strict=True):
            self._note(row, Action.UPDATE, group, digests.get(row.pk, ""), before=old, history=history.get(row.pk, []))

    def _history(self, model: Any, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        table: Any = version_of(model)
        found: dict[int, list[dict[str, Any]]] = {}
        for part in _chunks(ids) if table is not None else ():
            for version in table.objects.as_of(self.day).filter(row_id__in=part):
                found[version.row_id] = [columns_of(version)]
        return found

    def _digests(self, model: Any, ids: Sequence[int]) -> dict[int, str]:
        return {pk: digest for part in _chunks(ids) for pk, digest in digests_of(model, part, self.day).items()}

    def _note_created(self, rows: Sequence[Any], groups: Sequence[int]) -> None:
        digests = self._digests(type(rows[0]), [row.pk for row in rows])
        for row, group in zip(rows, groups, strict=True):
            self._note(row, Action.CREATE, group, digests.get(row.pk, ""))

    def _note(
        self,
        row: Any,
        action: str,
        group: int,
        digest: str,
        *,
        before: dict[str, Any] | None = None,
        history: list[dict[str, Any]] | None = None,
    ) -> None:
        self._changes.append(
            ImportChange(
                batch=self.batch,
                sequence=self._sequence,
                row=group,
                group=group,
                model=label_of(row),
                object_id=row.pk,
                action=action,
                day=self.day,
                before=before or {},
                history_before=history or [],
                history_after=digest,
                version_after=row.version,
            )
        )
        self._sequence += 1

    # -- custom fields -----------------------------------------------------------------------------

    def _values(self, table: TableOf, made: Made) -> None:
        fields = self.wanted.fields.get(table.label, [])
        for field in fields:
            if field.row is None:
                field.row = self._field(field)
        wants = [one for one in self.wanted.of(made.key) if not one.refused and one.kept and one.node is not None]
        by_code = {field.declared.code: field for field in fields}
        held = _held([field.row.pk for field in fields if field.row is not None], [want.row.pk for want in wants])
        created: list[tuple[CustomValue, int]] = []
        changed: list[tuple[tuple[Any, Mapping[str, Any]], int]] = []
        for want in wants:
            for code, value in want.kept.items():
                field = by_code[code]
                old = held.get((field.row.pk, want.row.pk))
                if old is None:
                    row = CustomValue(field=field.row, record_id=want.row.pk, **{field.column: value})
                    created.append((row, want.serial))
                else:
                    changed.append(((old, {field.column: value}), want.serial))
        if created:
            rows = [row for row, _group in created]
            create_many(actor=self.actor, rows=rows, reason=self.reason, day=self.day)
            self._note_created(rows, [group for _row, group in created])
        if changed:
            self._change([change for change, _group in changed], [group for _change, group in changed])

    def _field(self, field: KeptField) -> CustomField:
        one = field.declared
        row = CustomField(
            register=field.register,
            code=one.code,
            name_en=one.name_en,
            name_zh=one.name_zh,
            kind=KINDS[one.kind],
            currency=one.currency,
            in_list=False,
        )
        return create_field(actor=self.actor, row=row, reason=self.reason)

    # -- links and plans ---------------------------------------------------------------------------

    def _by_model(self) -> dict[Any, list[Link]]:
        by_model: dict[Any, list[Link]] = {}
        for link in self.wanted.links:
            by_model.setdefault(link.model, []).append(link)
        return by_model

    def _links(self, model: Any, links: Sequence[Link]) -> None:
        self._join([one for one in links if one.row is None])
        moved = [one for one in links if one.row is not None and one.changes]
        if moved:
            self._change([(one.row, _as_values(one.changes)) for one in moved], [self._next() for _one in moved])
        title = str(model._meta.verbose_name_plural)
        self._step(len(links), _("%(what)s written: %(count)s") % {"what": title, "count": len(links)})

    def _join(self, links: Sequence[Link]) -> None:
        if not links:
            return
        for link in links:
            link.row = link.model(**{name: end.row for name, end in link.ends.items()})
        rows = [link.row for link in links]
        create_many(actor=self.actor, rows=rows, reason=self.reason, day=self.day)
        self._note_created(rows, [self._next() for _row in rows])

    def _next(self) -> int:
        self._group += 1
        return self._group

    def _plan(self, one: PlanWant) -> None:
        project = one.project.row
        before = stored.published(project)
        old = columns_of(before) if before is not None else {}
        version = import_plan(actor=self.actor, project=project, plan=one.plan, reason=self.reason).version
        group = self._next()
        if before is not None:
            before.refresh_from_db()
            self._note(before, Action.UPDATE, group, "", before=old)
        self._note(version, Action.CREATE, group, "")
        self._plans += 1
        self._step(1, _("Plans of projects written: %(count)s") % {"count": self._plans})


def _as_values(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field: records in the place of what the file wants, ids of other records as they are."""
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if isinstance(value, Want):
            values[name] = value.row
        else:
            values[name] = value
    return values


def _is_tree(row: Any) -> bool:
    names = {f.name for f in row._meta.concrete_fields}
    return {"path", "parent"} <= names


def _under_the_enterprise(rows: Sequence[Any]) -> None:
    """Units that nobody placed lie under the enterprise, where the organisation has exactly one."""
    roots = list(OrgUnit.objects.filter(parent=None, kind=OrgUnit.Kind.ENTERPRISE)[:2])
    for row in rows:
        if row.parent is None and len(roots) == 1:
            row.parent = roots[0]


def _held(fields: Sequence[int], records: Sequence[int]) -> dict[tuple[int, int], CustomValue]:
    found = {}
    for part in _chunks(records) if fields else ():
        for row in CustomValue.objects.filter(field_id__in=fields, record_id__in=part).select_related("field"):
            found[row.field_id, row.record_id] = row
    return found


def _chunks(values: Sequence[int]) -> list[Sequence[int]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]
