"""Rows from a spreadsheet into a draft: first what they would become, with every cell that cannot be read named; then in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from projects.calc.plan.outline import DEEPEST
from projects.calc.plan.pasted import MOST, PastedRow, read_pasted
from projects.calc.plan.typed import TypedError, circle, read_links
from projects.models.plan import PlanTask, PlanVersion, TaskLink
from projects.services.plans.editing.cells import typed_values
from projects.services.plans.editing.operations import add_rows, place_near
from projects.services.plans.editing.record import Done, Operation, lock
from projects.services.plans.editing.rollup import rules_of
from projects.services.plans.editing.sheet import load

SCREEN = 20
_IN_ORDER = ("name", "duration", "milestone", "start", "finish", "percent", "responsible")


@dataclass(frozen=True)
class CellError:
    """A cell that cannot be taken: its line in the text, the column, what stood there, why."""

    line: int
    column: str
    value: str
    message: str


@dataclass
class Pasted:
    """What a text would become."""

    rows: list[PastedRow]
    columns: list[dict[str, Any]] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)


def read_rows(*, actor: Actor, plan: PlanVersion, text: str) -> Pasted:
    """Read a pasted text and check every cell; nothing is written."""
    rows = read_pasted(text)
    found = Pasted(rows)
    if len(rows) > MOST:
        message = _("At most %(most)s rows are pasted at once.") % {"most": MOST}
        found.errors.append(CellError(rows[MOST].line, "", str(len(rows)), message))
        return found
    people: dict[str, Any] = {}
    for row in rows:
        task = PlanTask(plan=plan)
        for column in _IN_ORDER:
            if row.cells.get(column):
                _take(found, plan, task, row, column, actor, people)
        if row.level > DEEPEST:
            found.errors.append(CellError(row.line, "level", str(row.level), _("The outline would become too deep.")))
        for rest in row.rest:
            found.errors.append(CellError(row.line, "", rest, _("No column takes this value.")))
        found.columns.append(_columns(task))
    _check_links(found, plan)
    found.errors.sort(key=lambda one: one.line)
    return found


def _take(
    found: Pasted, plan: PlanVersion, task: PlanTask, row: PastedRow, column: str, actor: Actor, people: dict[str, Any]
) -> None:
    text = row.cells[column]
    try:
        if column == "responsible":
            if text not in people:
                people[text] = typed_values(plan, task, column, text, actor)
            values = people[text]
        else:
            values = typed_values(plan, task, column, text, actor)
    except ValidationError as error:
        found.errors.append(CellError(row.line, column, text, " ".join(error.messages)))
        return
    for name, value in values.items():
        setattr(task, name, value)


def _columns(task: PlanTask) -> dict[str, Any]:
    names = (
        "name", "duration", "duration_unit", "estimated", "starts_at", "finishes_at", "percent_complete", "milestone",
        "responsible_id",
    )  # fmt: skip
    return {name: getattr(task, name) for name in names}


def _check_links(found: Pasted, plan: PlanVersion) -> None:
    """Predecessors are numbers of the pasted rows, 1 for the first."""
    graph: dict[int, list[int]] = {}
    for number, row in enumerate(found.rows, 1):
        text = row.cells.get("predecessors", "")
        try:
            links = read_links(text, rules_of(plan))
        except TypedError as error:
            message = _("“%(text)s” is not a link; write the row's number, such as 3, 3FS+2d or 5SS.")
            found.errors.append(CellError(row.line, "predecessors", text, message % {"text": error.text}))
            continue
        wrong = [link.row for link in links if link.row == number or not 1 <= link.row <= len(found.rows)]
        graph[number] = [link.row for link in links]
        if wrong:
            message = _("There is no row %(row)s.") % {"row": wrong[0]}
            found.errors.append(CellError(row.line, "predecessors", text, message))
        elif circle(graph, number):
            message = _("With row %(row)s the links would go round in a circle.") % {"row": graph[number][0]}
            found.errors.append(CellError(row.line, "predecessors", text, message))


@transaction.atomic
def paste_rows(*, actor: Actor, plan: PlanVersion, near: int | None, text: str) -> Done:
    """Put the rows below the branch of `near`, at the end without it. Raises ValidationError when a cell cannot be read."""
    plan = lock(plan)
    found = read_rows(actor=actor, plan=plan, text=text)
    if found.errors:
        raise ValidationError([f"{one.line}: {one.message}" for one in found.errors], code="cells")
    if not found.rows:
        raise ValidationError(_("There are no rows in the text."), code="empty")
    sheet = load(plan)
    index, level = place_near(sheet, near, True)
    work = Operation(actor, plan, "paste", ", ".join(row.cells.get("name", "") for row in found.rows[:3]))
    rows = [(level + row.level - 1, columns) for row, columns in zip(found.rows, found.columns, strict=True)]
    return add_rows(work, sheet, index, rows, linked=lambda: _link(work, found))


def _link(work: Operation, found: Pasted) -> None:
    links = [
        TaskLink(
            plan=work.plan,
            predecessor_id=work.added[link.row - 1],
            successor_id=work.added[number],
            kind=link.kind,
            lag=link.lag.minutes,
            lag_unit=link.lag.unit,
        )
        for number, row in enumerate(found.rows)
        for link in read_links(row.cells.get("predecessors", ""), rules_of(work.plan))
    ]
    work.links_added += [row.pk for row in TaskLink.objects.bulk_create(links, batch_size=200)]
