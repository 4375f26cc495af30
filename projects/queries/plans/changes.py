"""What a plan that was read would change in the project's plan, line by line, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.calc.plan.difference import AREAS, Change, Difference, Row, difference
from projects.calc.plan.document import Plan, Rate, Task
from projects.calc.plan.matching import match_tasks
from projects.calc.plan.money import without_money
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans import stored
from projects.queries.plans.fields import field_label, field_value
from projects.queries.plans.report import MASK

KINDS = (ADDED, REMOVED, CHANGED, MOVED) = ("added", "removed", "changed", "moved")
_SEEN = 4


@dataclass(frozen=True)
class Line:
    """A row that was added, removed, changed or moved; `changes` has label, old and new value."""

    area: str
    kind: str
    place: str
    name: str
    changes: tuple[tuple[str, str, str], ...] = ()

    @property
    def first(self) -> tuple[tuple[str, str, str], ...]:
        """The changes that are seen at once."""
        return self.changes[:_SEEN]

    @property
    def more(self) -> tuple[tuple[str, str, str], ...]:
        """The changes that are unfolded."""
        return self.changes[_SEEN:]


@dataclass(frozen=True)
class Additions:
    """Tasks to which people added something here: those that the file has too, and those that it does not have."""

    stay: tuple[str, ...]
    gone: tuple[str, ...]


def base_of(project_id: int) -> PlanVersion | None:
    """The version that an import is compared with: the published one, else the draft."""
    return stored.published(project_id) or stored.draft(project_id)


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, line by line, and what becomes of what people added."""

    lines: tuple[Line, ...]
    additions: Additions

    def counts(self) -> dict[str, dict[str, int]]:
        """How many lines by area and kind, only where there are any."""
        found: dict[str, dict[str, int]] = {}
        for one in self.lines:
            kinds = found.setdefault(one.area, {})
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
        return found

    def filtered(self, *, area: str, kind: str, text: str) -> list[Line]:
        """The lines of an area and a kind ("" for all) whose place or name has the text."""
        wanted = text.casefold()
        return [
            one
            for one in self.lines
            if area in {"", one.area} and kind in {"", one.kind} and wanted in f"{one.place} {one.name}".casefold()
        ]


def compare(base: PlanVersion, new: Plan, *, money: bool) -> Comparison:
    """How the plan that was read differs from the version, in the reader's language; without amounts where `money` is False."""
    old = stored.plan_of(base)
    if not money:
        old, new = without_money(old), without_money(new)
    return Comparison(tuple(_lines(difference(old, new), money=money)), _additions(base, old, new))


def _additions(base: PlanVersion, old: Plan, new: Plan) -> Additions:
    rows = PlanTask.objects.filter(plan=base).values_list("uid", "key", "responsible_id", "remark")
    added = {uid or str(key): (not uid, bool(person or remark)) for uid, key, person, remark in rows}
    again = set(match_tasks(old.tasks, new.tasks).values())

    def named(tasks: Iterator[Task]) -> tuple[str, ...]:
        return tuple(f"{task.wbs} {task.name}".strip() for task in tasks)

    return Additions(
        stay=named(task for task in old.tasks if task.uid in again and added[task.uid][1]),
        gone=named(task for task in old.tasks if task.uid not in again and any(added[task.uid])),
    )


def _lines(found: Difference, *, money: bool) -> Iterator[Line]:
    for area in AREAS:
        part = found.parts[area]
        for kind, rows in ((ADDED, part.added), (REMOVED, part.removed)):
            yield from (_line(area, kind, row) for row in rows)
        for one in part.changed:
            yield _line(area, CHANGED, one.new, tuple(_shown(change, money) for change in one.changes))
        if area == "tasks":
            for each in found.moved:
                way = (_("Below"), each.old_parent or _("top level"), each.new_parent or _("top level"))
                yield _line(area, MOVED, each.new, (way,) if each.old_parent != each.new_parent else ())


def _line(area: str, kind: str, row: Row, changes: tuple[tuple[str, str, str], ...] = ()) -> Line:
    number = getattr(row.row, "number", None) if area == "baselines" else None
    name = row.name if number is None else _("%(name)s, baseline %(number)s") % {"name": row.name, "number": number}
    return Line(area, kind, row.place, name, changes)


def _shown(change: Change, money: bool) -> tuple[str, str, str]:
    return field_label(change.field), _value(change.field, change.old, money), _value(change.field, change.new, money)


def _value(name: str, value: Any, money: bool) -> str:
    """Exact numbers are amounts, or may be: a custom field does not say what it counts."""
    return MASK if isinstance(value, Decimal | Rate) and not money else field_value(name, value)
