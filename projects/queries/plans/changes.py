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


def compare(base: PlanVersion, new: Plan, *, money: bool) -> tuple[Difference, Additions]:
    """How the plan that was read differs from the version, and what becomes of what people added."""
    old = stored.plan_of(base)
    if not money:
        old, new = without_money(old), without_money(new)
    return difference(old, new), _additions(base, old, new)


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


def counted(found: Difference) -> dict[str, dict[str, int]]:
    """How many rows by area and kind, only where there are any."""
    result: dict[str, dict[str, int]] = {}
    for name, number in found.counts().items():
        if number:
            area, kind = name.split(".")
            result.setdefault(area, {})[kind] = number
    return result


def lines(found: Difference, *, money: bool, area: str = "", kind: str = "", text: str = "") -> list[Line]:
    """The lines that the filters leave. Amounts are masked for who may not see money."""
    wanted = text.casefold()
    return [
        one
        for one in _lines(found, money=money, areas=(area,) if area else AREAS, kinds=(kind,) if kind else KINDS)
        if wanted in f"{one.place} {one.name}".casefold()
    ]


def _lines(found: Difference, *, money: bool, areas: tuple[str, ...], kinds: tuple[str, ...]) -> Iterator[Line]:
    for area in areas:
        part = found.parts[area]
        for kind, rows in ((ADDED, part.added), (REMOVED, part.removed)):
            if kind in kinds:
                yield from (_line(area, kind, row) for row in rows)
        if CHANGED in kinds:
            for one in part.changed:
                yield _line(area, CHANGED, one.new, tuple(_shown(change, money) for change in one.changes))
        if area == "tasks" and MOVED in kinds:
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
