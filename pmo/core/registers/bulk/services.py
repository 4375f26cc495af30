"""A bulk change: tried before, then done through the register's own services, a hundred rows in a transaction.

Each row is changed under a savepoint, so that one which refuses does not hold up the others; all refused rows are named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.access.api import allowed_q
from pmo.core.audit.actor import Actor
from pmo.core.registers.beside import is_beside
from pmo.core.registers.bulk.operations import Operation, new_values, read_operations, shown
from pmo.core.registers.bulk.requests import DELETE, EDIT, BulkRequest, matching
from pmo.core.registers.declaration import Register
from pmo.core.registers.fields import bind
from pmo.core.registers.services import delete_row, restore_row, update_row
from pmo.core.registers.undo.models import UndoEntry
from pmo.core.registers.undo.rows import MOST_NAMED, Refusal, RowRefusedError, plain_rows, refusal, with_each
from pmo.core.registers.undo.services import AT_ONCE, CHUNK, WINDOW, Progress, add_rows
from pmo.core.registers.undo.snapshots import differing, snapshots

SAMPLES = 20


@dataclass(frozen=True)
class Sample:
    """A row that will change: per field (label, before, after)."""

    label: str
    changes: list[tuple[str, str, str]]


@dataclass
class Tried:
    """What a change does to some rows."""

    tried: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)


@dataclass
class Preview:
    """How many rows match, how many of them the user may change at all, and what happened to those that were tried."""

    matched: int
    allowed: int
    outcome: Tried


@dataclass
class Work:
    """The work on one chunk of rows."""

    actor: Actor
    register: Register
    request: BulkRequest
    operations: list[Operation]

    def act(self, allowed: set[int], held: dict[int, dict[str, Any]], samples: list[Sample]) -> Callable[[Any], bool]:
        """What is done with one row: False where nothing differs."""

        def one(row: Any) -> bool:
            seen = self.request.ids.get(row.pk)
            if seen is not None and seen != row.version:
                raise RowRefusedError(_("Somebody changed it after you looked at it; look again first."))
            if row.pk not in allowed:
                raise RowRefusedError(_("Your roles do not let you do this with it."))
            if self.request.act == EDIT:
                return self._edit(row, held.get(row.pk, {}), samples)
            if self.request.act == DELETE:
                delete_row(
                    register=self.register,
                    actor=self.actor,
                    row=row,
                    expected_version=row.version,
                    reason=self.request.reason,
                )
            else:
                restore_row(register=self.register, actor=self.actor, row=row, reason=self.request.reason)
            return True

        return one

    def _edit(self, row: Any, held: dict[str, Any], samples: list[Sample]) -> bool:
        values = new_values(self.register, self.operations, row, held)
        if not values:
            return False
        told_before = [(name, self._word(row, name, held)) for name in values] if len(samples) < SAMPLES else []
        label = str(row)
        update_row(
            register=self.register,
            actor=self.actor,
            row=row,
            values=values,
            expected_version=row.version,
            reason=self.request.reason,
        )
        if told_before:
            changes = [
                (str(bind(self.register, name).label), before, shown(self.register, name, values[name]))
                for name, before in told_before
            ]
            samples.append(Sample(label, changes))
        return True

    def _word(self, row: Any, name: str, held: dict[str, Any]) -> str:
        value = held.get(name) if is_beside(self.register, name) else getattr(row, name)
        return shown(self.register, name, value)

    def allowed(self, ids: list[int]) -> set[int]:
        """Those of the rows on which the actor may act."""
        return set(self.register.model._base_manager.filter(self._right(), pk__in=ids).values_list("pk", flat=True))

    def _right(self) -> Any:
        action = "change" if self.request.act == EDIT else "delete"
        return allowed_q(self.actor.user, self.register.model, action)

    def chunk(self, ids: list[int], out: Tried) -> list[tuple[int, str, int, dict[str, Any], dict[str, Any]]]:
        """Work on these rows inside the caller's transaction; gives what undo needs of those that changed."""
        rows = plain_rows(self.register, ids)
        out.tried += len(rows)
        out.versions |= {row.pk: row.version for row in rows}
        before = snapshots(self.register, rows)
        names = [op.name for op in self.operations if is_beside(self.register, op.name)]
        held = self.register.beside.values(ids, names) if self.register.beside is not None and names else {}
        refused: list[Refusal] = []
        labels = {row.pk: str(row) for row in rows}
        changed = with_each(self.register, rows, self.act(self.allowed(ids), held, out.samples), refused)
        out.refused += refused
        out.changed += len(changed)
        out.unchanged += len(rows) - len(changed) - len(refused)
        fresh = plain_rows(self.register, [row.pk for row in changed])
        after = snapshots(self.register, fresh)
        return [(row.pk, labels[row.pk], row.version, *differing(before[row.pk], after[row.pk])) for row in fresh]


def preview(*, actor: Actor, register: Register, request: BulkRequest) -> Preview:
    """Do the change with the first two hundred rows and take it back at once: so every rule has its say.

    Raises SelectionError where the filter cannot be used.
    """
    work = work_of(actor, register, request)
    rows = matching(register, actor.user, request)
    ids = list(rows.values_list("pk", flat=True))
    out = Tried()
    with transaction.atomic():
        for start in range(0, min(len(ids), AT_ONCE), CHUNK):
            work.chunk(ids[start : min(start + CHUNK, AT_ONCE)], out)
        transaction.set_rollback(True)
    allowed = register.model._base_manager.filter(work._right(), pk__in=rows.order_by().values("pk")).count()
    return Preview(matched=len(ids), allowed=allowed, outcome=out)


def run_bulk(*, actor: Actor, register: Register, entry: UndoEntry, progress: Progress | None = None) -> UndoEntry:
    """Work through the rows that match now. Run again after a stop, it goes on with those not yet changed."""
    request = BulkRequest.from_json(entry.request)
    work = work_of(actor, register, request)
    done = set(entry.rows.values_list("row_id", flat=True))
    matched = matching(register, actor.user, request).values_list("pk", flat=True)
    ids = [pk for pk in matched if pk not in done]
    entry.refused, entry.refused_count, entry.unchanged = [], 0, 0
    entry.matched = len(ids) + len(done)
    for start in range(0, len(ids), CHUNK):
        if progress is not None:
            progress(start, len(ids))
        out = Tried(samples=[Sample("", [])] * SAMPLES)
        with transaction.atomic():
            add_rows(entry, work.chunk(ids[start : start + CHUNK], out))
            _count(entry, out)
    _missing(entry, request, {*ids, *done})
    entry.state, entry.expires_at = UndoEntry.State.DONE, timezone.now() + WINDOW
    entry.save(update_fields=["state", "expires_at", "matched", "refused", "refused_count", "unchanged"])
    return entry


def _count(entry: UndoEntry, out: Tried) -> None:
    """Keep how far the change is, in the transaction of its rows."""
    entry.changed += out.changed
    entry.unchanged += out.unchanged
    entry.refused_count += len(out.refused)
    entry.refused = [*entry.refused, *out.refused][:MOST_NAMED]
    entry.expires_at = timezone.now() + WINDOW
    entry.save(update_fields=["changed", "unchanged", "refused", "refused_count", "matched", "expires_at"])


def _missing(entry: UndoEntry, request: BulkRequest, found: set[int]) -> None:
    """Rows that were chosen and are not there (any more)."""
    gone = sorted(set(request.ids) - found)
    reason = _("There is no such record, or you may not see it.")
    entry.refused = [*entry.refused, *(refusal(pk, str(pk), reason) for pk in gone)][:MOST_NAMED]
    entry.refused_count += len(gone)


def work_of(actor: Actor, register: Register, request: BulkRequest) -> Work:
    """The request made ready for rows."""
    operations: list[Operation] = []
    if request.act == EDIT:
        operations = read_operations(register, actor.user, request.data, by_id=request.by_id).operations
    return Work(actor, register, request, operations)
