"""What people do to the outline of a draft: insert, indent, outdent, move, delete. One transaction and one audit entry each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.audit.actor import Actor
from projects.calc.plan.outline import Outline, OutlineError, positions
from projects.models.plan import PlanTask, PlanVersion
from projects.services.plans.editing.record import Done, Operation, lock
from projects.services.plans.editing.rollup import roll_up
from projects.services.plans.editing.sheet import Sheet, load

MOST_ROWS = 20_000
REFUSALS: dict[str, Any] = {
    "gone": gettext_lazy("This row is not in the draft any more: somebody deleted it."),
    "first": gettext_lazy("There is no row above it on the same level to put it below."),
    "top": gettext_lazy("The row stands on the top level already."),
    "edge": gettext_lazy("There is no row on the same level to move it past."),
    "level": gettext_lazy("The outline would become too deep."),
}


def refused(error: OutlineError) -> ValidationError:
    """The refusal in words."""
    return ValidationError(REFUSALS[error.code], code=error.code)


@transaction.atomic
def insert_row(*, actor: Actor, plan: PlanVersion, near: int | None, below: bool = False, name: str = "") -> Done:
    """A new row above `near` on its level, or below its branch; at the end without `near`. Raises ValidationError."""
    plan = lock(plan)
    sheet = load(plan)
    index, level = place_near(sheet, near, below)
    return add_rows(Operation(actor, plan, "insert", name), sheet, index, [(level, {"name": name})])


def place_near(sheet: Sheet, near: int | None, below: bool) -> tuple[int, int]:
    """The index and level of a new row at `near`."""
    outline = sheet.outline
    if near is None:
        return len(outline), 1
    try:
        index = outline.place(near)
    except OutlineError as error:
        raise refused(error) from None
    return (outline.end(index) if below else index), outline.levels[index]


def add_rows(
    work: Operation,
    sheet: Sheet,
    index: int,
    rows: Sequence[tuple[int, dict[str, Any]]],
    linked: Callable[[], None] | None = None,
) -> Done:
    """Put new rows (level, columns) before the row at `index`, inside the transaction of the operation; `linked` links them."""
    if len(sheet.outline) + len(rows) > MOST_ROWS:
        raise ValidationError(_("A plan holds %(most)s rows at most.") % {"most": MOST_ROWS}, code="many")
    stand_ins = [-step for step in range(1, len(rows) + 1)]
    try:
        planned = sheet.outline.insert(index, list(zip(stand_ins, (level for level, _columns in rows), strict=True)))
    except OutlineError as error:
        raise refused(error) from None
    places = positions(planned.ids, sheet.positions, ())
    summaries = planned.summaries[index : index + len(rows)]
    shapes = [
        (places.pop(key), level, summary)
        for key, (level, _columns), summary in zip(stand_ins, rows, summaries, strict=True)
    ]
    ids = _saved(work.plan, shapes, [columns for _level, columns in rows])
    for key, (place, level, summary) in zip(ids, shapes, strict=True):
        sheet.positions[key], sheet.shapes[key] = place, (level, None, summary)
    work.added += ids
    after = Outline((*planned.ids[:index], *ids, *planned.ids[index + len(rows) :]), planned.levels)
    above = [row for row in (after.ids[index - 1],) if index]
    work.reshape(sheet, after, places)
    roll_up(work, sheet, ids + above)
    work.label = work.label or ", ".join(str(columns.get("name", "")) for _level, columns in rows[:3])
    if linked is not None:
        linked()
    return work.done(ids[0] if ids else None, {"rows": [None, len(ids)]})


def _saved(plan: PlanVersion, shapes: Sequence[tuple[int, int, bool]], columns: Sequence[dict[str, Any]]) -> list[int]:
    """Ids of new rows at (position, level, summary); their parents follow, as they may be among them."""
    tasks = [
        PlanTask(plan=plan, position=place, level=level, summary=summary, **values)
        for (place, level, summary), values in zip(shapes, columns, strict=True)
    ]
    for task, values in zip(tasks, columns, strict=True):
        task.clean_fields(exclude={one.name for one in PlanTask._meta.fields if one.name not in values})
    return [task.pk for task in PlanTask.objects.bulk_create(tasks, batch_size=200)]


@transaction.atomic
def indent_row(*, actor: Actor, plan: PlanVersion, row: int, out: bool = False) -> Done:
    """The row with its branch one level down (or up with `out`). Raises ValidationError where there is no such place."""
    plan = lock(plan)
    sheet = load(plan)
    try:
        index = sheet.outline.place(row)
        after = sheet.outline.outdent(index) if out else sheet.outline.indent(index)
    except OutlineError as error:
        raise refused(error) from None
    above = sheet.outline.ancestors(index)
    touched = [row, *(sheet.outline.ids[one] for one in above[:1]), *(sheet.outline.ids[index - 1 : index])]
    work = Operation(actor, plan, "outdent" if out else "indent", _name(row))
    work.reshape(sheet, after)
    roll_up(work, sheet, touched)
    return work.done(row)


@transaction.atomic
def move_row(*, actor: Actor, plan: PlanVersion, row: int, down: bool) -> Done:
    """The row with its branch past the next one on its level. Raises ValidationError at the edge."""
    plan = lock(plan)
    sheet = load(plan)
    try:
        index = sheet.outline.place(row)
        loose = sheet.outline.moved_rows(index, down)
        after = sheet.outline.move(index, down)
    except OutlineError as error:
        raise refused(error) from None
    work = Operation(actor, plan, "down" if down else "up", _name(row))
    work.reshape(sheet, after, positions(after.ids, sheet.positions, loose))
    return work.done(row)


@transaction.atomic
def delete_row(*, actor: Actor, plan: PlanVersion, row: int) -> Done:
    """Take the row with its branch, its links and assignments out of the draft; undo puts all back."""
    plan = lock(plan)
    sheet = load(plan)
    outline = sheet.outline
    try:
        index = outline.place(row)
    except OutlineError as error:
        raise refused(error) from None
    rows = list(outline.ids[index : outline.end(index)])
    above = [outline.ids[one] for one in outline.ancestors(index)[:1]]
    work = Operation(actor, plan, "delete", _name(row))
    work.take_rows(rows)
    after = outline.remove(index)
    work.reshape(sheet, after)
    roll_up(work, sheet, above)
    following = after.ids[min(index, len(after) - 1)] if after.ids else None
    return work.done(following, {"rows": [len(rows), None]})


def _name(row: int) -> str:
    return PlanTask.objects.filter(pk=row).order_by("pk").values_list("name", flat=True).first() or ""
