"""One operation on a draft while it is made: it writes, remembers the values before, parks what it takes away, tells the audit trail."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, plain, record
from pmo.core.records.listed import Listed
from projects.calc.plan.outline import Outline
from projects.models.plan import Assignment, PlanEdit, PlanTask, PlanVersion, TaskLink
from projects.services.plans.editing.sheet import SHAPE, Sheet, write_rows

OPENED = "opened"
CONTENT = frozenset(
    {
        "name", "duration", "duration_unit", "estimated", "starts_at", "finishes_at", "percent_complete", "milestone",
        "responsible_id", "actual_duration", "remaining_duration",
    }
)  # fmt: skip
"""Columns that people type; a row in which one of them changes gets a new version."""


def lock(plan: PlanVersion) -> PlanVersion:
    """Hold the draft for this transaction: operations on it follow each other. Raises ValidationError when it is no draft."""
    found: PlanVersion | None = PlanVersion.objects.select_for_update().filter(pk=plan.pk).order_by("pk").first()
    if found is None or found.state != PlanVersion.State.DRAFT:
        raise ValidationError(_("This draft was published or discarded meanwhile."), code="gone")
    return found


@dataclass(frozen=True)
class Done:
    """What an operation came to: the entry to undo it, rows that are new or differ, rows that left, the row to go on with.

    `since` and `at` say when the draft was changed last, before and after it; `turned` that the entry was there already and was undone
    or done again. Whatever else was undone before an operation that is not is forgotten with it.
    """

    edit: PlanEdit | None
    changed: tuple[int, ...]
    gone: tuple[int, ...]
    row: int | None
    since: datetime.datetime
    at: datetime.datetime
    turned: bool = False


class Operation:
    """What one operation changes. Use inside a transaction, with the plan that `lock` gave."""

    def __init__(self, actor: Actor, plan: PlanVersion, kind: str, label: str = "") -> None:
        self.actor, self.plan, self.kind, self.label = actor, plan, kind, label
        self.since = plan.updated_at
        self.fields: dict[int, dict[str, list[Any]]] = defaultdict(dict)
        self.added: list[int] = []
        self.gone: list[int] = []
        self.links_added: list[int] = []
        self.links_gone: list[int] = []
        self._pending: dict[int, dict[str, Any]] = defaultdict(dict)

    def set(self, row: int, column: str, old: Any, new: Any) -> None:
        """Change a column; equal values change nothing."""
        if old == new:
            return
        first = self.fields[row].get(column, [old])[0]
        self.fields[row][column] = [first, new]
        self._pending[row][column] = new

    def flush(self) -> None:
        """Write what was set since the last time."""
        write_rows(self._pending)
        self._pending.clear()

    def reshape(self, sheet: Sheet, after: Outline, places: Mapping[int, int] | None = None) -> None:
        """Write the positions that are new, and levels, parents and summary flags as they differ from what is stored."""
        for key, place in (places or {}).items():
            self.set(key, "position", sheet.positions.get(key), place)
            sheet.positions[key] = place
        new = dict(zip(after.ids, zip(after.levels, after.parents, after.summaries, strict=True), strict=True))
        for key, shape in new.items():
            if sheet.shapes[key] != shape:
                for column, before, now in zip(SHAPE, sheet.shapes[key], shape, strict=True):
                    self.set(key, column, before, now)
        sheet.outline, sheet.shapes = after, new
        self.flush()

    def take_rows(self, rows: list[int]) -> None:
        """Park rows with their assignments; their links are none of the plan while one end is parked."""
        put_rows(rows, parked_of(self.plan))
        self.gone += rows

    def take_links(self, links: list[int]) -> None:
        """Park links."""
        if links:
            TaskLink.objects.filter(Listed("pk", links)).update(plan=parked_of(self.plan))
            self.links_gone += links

    def done(self, row: int | None, told: dict[str, Any] | None = None, also: Iterable[int] = ()) -> Done:
        """Keep the operation for undoing, forget what was undone before, and tell the audit trail."""
        self.flush()
        PlanEdit.objects.filter(plan=self.plan, undone=True).delete()
        edit = PlanEdit.objects.create(
            plan=self.plan,
            actor=self.actor.user,
            kind=self.kind,
            label=self.label[:300],
            change={
                "fields": {str(row): plain(columns) for row, columns in self.fields.items()},
                "added": self.added,
                "gone": self.gone,
                "links_added": self.links_added,
                "links_gone": self.links_gone,
            },
        )
        tell(self.actor, self.plan, self.kind, self.label, told or {})
        changed = tuple({*self.added, *also, *self.fields})
        return Done(edit, changed, tuple(self.gone), row, self.since, self.plan.updated_at)


def tell(actor: Actor, plan: PlanVersion, kind: str, label: str, told: dict[str, Any]) -> None:
    """One entry of the audit trail for the whole operation, on the draft, which says when it changed."""
    plan.updated_at = timezone.now()
    PlanVersion.objects.filter(pk=plan.pk).update(updated_at=plan.updated_at)
    changes = {"outline": [None, f"{kind}: {label}"], **told}
    record(
        actor=actor,
        act=Act(
            action="update",
            model=PlanVersion._meta.label_lower,
            object_id=plan.pk,
            object_label=str(plan),
            project_id=plan.project_id,
            changes=changes,
        ),
    )


def parked_of(plan: PlanVersion) -> PlanVersion:
    """Where rows wait that were taken out of the draft: a version in the trash, made when it is first needed."""
    opened = open_edits(plan)
    if opened.parked is None:
        opened.parked = PlanVersion.all_objects.create(
            project_id=plan.project_id,
            number=plan.number,
            state=PlanVersion.State.DRAFT,
            title=plan.title,
            deleted_at=timezone.now(),
        )
        PlanEdit.objects.filter(pk=opened.pk).update(parked=opened.parked)
    found: PlanVersion = opened.parked
    return found


def open_edits(plan: PlanVersion, actor: Actor | None = None) -> PlanEdit:
    """The first entry of a draft's edits, which nobody undoes."""
    user = actor.user if actor is not None else None
    edit: PlanEdit
    edit, _made = PlanEdit.objects.select_related("parked").get_or_create(
        plan=plan, kind=OPENED, defaults={"actor": user}
    )
    return edit


def put_rows(rows: list[int], where: PlanVersion) -> None:
    """Move rows with their assignments into a version."""
    PlanTask.objects.filter(Listed("pk", rows)).update(plan=where)
    Assignment.objects.filter(Listed("task_id", rows)).update(plan=where)
