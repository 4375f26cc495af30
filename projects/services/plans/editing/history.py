"""Undo and redo, kept with the draft: the last operation first, each person their own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.records.listed import Listed
from projects.models.plan import PlanEdit, PlanTask, PlanVersion, TaskLink
from projects.services.plans.editing.record import CONTENT, OPENED, Done, lock, parked_of, put_rows, tell
from projects.services.plans.editing.sheet import write_rows


def _done(plan: PlanVersion) -> QuerySet[PlanEdit]:
    return PlanEdit.objects.filter(plan=plan, undone=False).exclude(kind=OPENED).order_by("-pk")


def _undone(plan: PlanVersion) -> QuerySet[PlanEdit]:
    return PlanEdit.objects.filter(plan=plan, undone=True).order_by("pk")


def last_edit(plan: PlanVersion) -> PlanEdit | None:
    """What undo would take back; what it changed is not read."""
    return _done(plan).defer("change").first()


def next_edit(plan: PlanVersion) -> PlanEdit | None:
    """What redo would do again; what it changed is not read."""
    return _undone(plan).defer("change").first()


@transaction.atomic
def undo(*, actor: Actor, plan: PlanVersion) -> Done:
    """Take the last operation back. Raises ValidationError where there is none, or somebody else made it."""
    plan = lock(plan)
    edit = _done(plan).first()
    if edit is None:
        raise ValidationError(_("There is nothing to undo."), code="nothing")
    _own(actor, edit)
    return _turn(actor, plan, edit, back=True)


@transaction.atomic
def redo(*, actor: Actor, plan: PlanVersion) -> Done:
    """Do the last undone operation again. Raises ValidationError as `undo`."""
    plan = lock(plan)
    edit = _undone(plan).first()
    if edit is None:
        raise ValidationError(_("There is nothing to redo."), code="nothing")
    _own(actor, edit)
    return _turn(actor, plan, edit, back=False)


def _own(actor: Actor, edit: PlanEdit) -> None:
    if edit.actor_id != (actor.user.pk if actor.user is not None else None):
        who = getattr(edit.actor, "person", None) or edit.actor or "—"
        raise ValidationError(
            _("The last change is by %(who)s (“%(what)s”); only they can undo it.") % {"who": who, "what": edit.label},
            code="other",
        )


def _turn(actor: Actor, plan: PlanVersion, edit: PlanEdit, *, back: bool) -> Done:
    change, since = edit.change, plan.updated_at
    coming, leaving = (change["gone"], change["added"]) if back else (change["added"], change["gone"])
    if leaving:
        put_rows(leaving, parked_of(plan))
    if coming:
        put_rows(coming, plan)
    _links(plan, edit, back)
    values = _values(change["fields"], 0 if back else 1)
    write_rows(values)
    typed = [row for row, columns in values.items() if CONTENT & columns.keys()]
    if typed:
        PlanTask.objects.filter(Listed("pk", typed)).update(version=F("version") + 1)
    PlanEdit.objects.filter(pk=edit.pk).update(undone=back)
    edit.undone = back
    tell(actor, plan, "undo" if back else "redo", f"{edit.kind}: {edit.label}", {})
    gone = set(leaving)
    changed = ({*values, *coming}) - gone
    row = next(iter(coming), None) or next((key for key in values if key not in gone), None)
    return Done(edit, tuple(changed), tuple(leaving), row, since, plan.updated_at, True)


def _links(plan: PlanVersion, edit: PlanEdit, back: bool) -> None:
    change = edit.change
    coming, leaving = change["links_gone"], change["links_added"]
    if not back:
        coming, leaving = leaving, coming
    if leaving:
        TaskLink.objects.filter(Listed("pk", leaving)).update(plan=parked_of(plan))
    if coming:
        TaskLink.objects.filter(Listed("pk", coming)).update(plan=plan)


def _values(fields: dict[str, dict[str, list[Any]]], place: int) -> dict[int, dict[str, Any]]:
    """The columns as they were before (0) or after (1) the operation."""
    found: dict[int, dict[str, Any]] = {}
    for row, columns in fields.items():
        found[int(row)] = {column: _read(column, pair[place]) for column, pair in columns.items()}
    return found


def _read(column: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    field: Any = PlanTask._meta.get_field(column)
    return field.to_python(value)
