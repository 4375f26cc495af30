"""One operation on a draft while it is made: it writes, remembers the values before, parks what it takes away, tells the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, plain, record
from projects.calc.plan.outline import Outline, positions
from projects.models.plan import Assignment, PlanEdit, PlanTask, PlanVersion, TaskLink
from projects.services.plans.editing.sheet import Sheet, batched_ids, write_rows

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
    found: PlanVersion | None = PlanVersion.objects.select_for_update().filter(pk=plan.pk).first()
    if found is None or found.state != PlanVersion.State.DRAFT:
        raise ValidationError(_("This draft was published or discarded meanwhile."), code="gone")
    return found


class Operation:
    """What one operation changes. Use inside a transaction, after `lock`."""

    def __init__(self, actor: Actor, plan: PlanVersion, kind: str, label: str = "") -> None:
        self.actor, self.plan, self.kind, self.label = actor, plan, kind, label
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

    def reshape(self, sheet: Sheet, after: Outline, loose: Iterable[int] = ()) -> None:
        """Write order, levels, parents and summary flags as they differ from what is stored."""
        known = {key: sheet.positions[key] for key in after.ids if key in sheet.positions}
        for key, place in positions(after.ids, known, loose).items():
            self.set(key, "position", sheet.positions.get(key), place)
            sheet.positions[key] = place
        old = dict(zip(sheet.outline.ids, sheet.outline.levels, strict=True))
        for key, level, parent, summary in zip(after.ids, after.levels, after.parents, after.summaries, strict=True):
            if key in old and old[key] != level:
                self.set(key, "level", old[key], level)
            if sheet.parents.get(key) != parent:
                self.set(key, "parent_id", sheet.parents.get(key), parent)
                sheet.parents[key] = parent
            if sheet.summaries.get(key) != summary:
                self.set(key, "summary", sheet.summaries.get(key), summary)
                sheet.summaries[key] = summary
        sheet.outline = after
        self.flush()

    def take_rows(self, rows: list[int]) -> None:
        """Park rows with their links and assignments."""
        near = models.Q(predecessor__in=rows) | models.Q(successor__in=rows)
        links = list(TaskLink.objects.filter(near, plan=self.plan).values_list("pk", flat=True)) if rows else []
        self.take_links(links)
        put_rows(rows, parked_of(self.plan))
        self.gone += rows

    def take_links(self, links: list[int]) -> None:
        """Park links."""
        if links:
            TaskLink.objects.filter(pk__in=links).update(plan=parked_of(self.plan))
            self.links_gone += links

    def done(self, told: dict[str, Any] | None = None) -> PlanEdit:
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
        return edit


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
    for some in batched_ids(rows):
        PlanTask.objects.filter(pk__in=some).update(plan=where)
        Assignment.objects.filter(task__in=some).update(plan=where)
