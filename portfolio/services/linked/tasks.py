"""Rows that are tasks: one plan for each project, compared with the published one task by task."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pmo.core.imports.messages import CellProblem, Message
from portfolio.linked.declaration import Kind, RelationOf, Tasks
from portfolio.linked.graph import Edge, Node
from portfolio.linked.values import cell_value
from portfolio.services.linked.wants import CREATED, REFUSED, UNCHANGED, UPDATED, Want, Wanted
from projects.calc.plan import stored
from projects.calc.plan.document import Baseline, Field, Plan, Span, Task
from projects.models.plan import PlanTask, PlanVersion, TaskBaseline
from projects.queries.plans.stored import wall

_BATCH = 500
_MINUTES = 1440
_MORNING = datetime.time(8)
_FAR = datetime.timedelta(days=36_500)


@dataclass(eq=False, slots=True)
class PlanWant:
    """The plan of one project; `changed` where the published plan says something else."""

    project: Want
    plan: Plan
    changed: bool = True


def plan_tasks(wanted: Wanted) -> None:
    """The plans of the archive; what exists is read in three statements per 500 projects."""
    for relation in wanted.graph.declared.relations:
        if relation.plan:
            _plans_of(wanted, relation)


def _plans_of(wanted: Wanted, relation: RelationOf) -> None:
    count, by_project = wanted.count(relation), defaultdict[int, list[tuple[Edge, Task]]](list)
    owners: dict[int, Want] = {}
    placed: dict[int, Edge] = {}
    uids: dict[str, int] = {}
    for edge in wanted.graph.of(relation.place):
        earlier = placed.setdefault(edge.target.serial, edge)
        if earlier is not edge:
            count.repeated += 1
            continue
        project = wanted.want(relation.plan, edge.source)
        task = _task(wanted, edge.target, uids) if project is not None and not project.refused else None
        if project is None or task is None:
            gone = edge.source if project is None or project.refused else edge.target
            count.refused += 1
            edge.target.refused = True
            told = {"label": gone.table.label, "value": gone.id}
            wanted.refuse_edge(edge, Message("relation_refused", told), end=0 if gone is edge.source else 3)
            continue
        owners[project.serial] = project
        by_project[project.serial].append((edge, task))
        count.linked += 1
    count.refused += count.rows - len(wanted.graph.of(relation.place))
    declared = wanted.graph.declared.table(relation.target)
    known = _stored({owners[serial].row.pk for serial in by_project if owners[serial].row is not None})
    for serial, found in by_project.items():
        tasks = sorted((task for _edge, task in found), key=_order)
        currency = declared.tasks.currency if declared is not None and declared.tasks is not None else ""
        _compare(wanted, relation, owners[serial], _plan(owners[serial], tasks, currency), known, found[0][0])
    _homeless(wanted, relation, placed)


def _order(task: Task) -> tuple[int, str]:
    return (int(task.uid), task.uid) if task.uid.isdecimal() else (0, task.uid)


def _homeless(wanted: Wanted, relation: RelationOf, placed: Mapping[int, Edge]) -> None:
    """Tasks without a project go nowhere."""
    read = wanted.graph.tables.get(relation.target)
    for node in read.nodes if read is not None else ():
        if node.serial not in placed and not node.refused:
            node.refused = True
            wanted.refuse(node, node.table.identity, Message("task_without_project"))
        wanted.task_outcomes[REFUSED] += node.refused


# -- one task --------------------------------------------------------------------------------------


class _Cells:
    """The cells of one task's row; what cannot be read is refused and left out."""

    def __init__(self, wanted: Wanted, node: Node) -> None:
        self.wanted, self.node, self.complete = wanted, node, True

    def get(self, column: str, kind: Kind, *, needed: bool = False, longest: int | None = None, **more: Any) -> Any:
        value = cell_value(self.node.cells.get(column), kind, longest=longest, **more) if column else None
        if isinstance(value, CellProblem):
            self.wanted.refuse(self.node, column, value, whole_row=needed)
            self.complete &= not needed
            return None
        if value is None and needed:
            self.wanted.refuse(self.node, column, Message("key_empty", {"column": column}))
            self.complete = False
        return value


def _task(wanted: Wanted, node: Node, uids: dict[str, int]) -> Task | None:
    """The task of a row; None for a refused one."""
    declared = node.table.tasks
    if declared is None or node.refused:
        return None
    cells = _Cells(wanted, node)
    uid = cells.get(declared.uid, "text", needed=True, longest=60)
    name = cells.get(declared.name, "text", needed=True, longest=1000)
    if cells.complete and uids.setdefault(uid, node.number) != node.number:
        wanted.refuse(node, declared.uid, Message("key_repeated", {"value": uid, "earlier": uids[uid]}))
        cells.complete = False
    if not cells.complete:
        return None
    start, days = cells.get(declared.start, "date"), cells.get(declared.duration, "days")
    cost = cells.get(declared.cost, "money", scale=declared.scale)
    finish = _after(start, days)
    done = node.text(declared.state).casefold() in declared.done if declared.state else False
    span = None if days is None else Span(float(days * _MINUTES), "ed")
    return Task(
        uid=uid,
        name=name,
        level=1,
        duration=span,
        start=_at(start),
        finish=_at(finish),
        cost=cost,
        notes=cells.get(declared.notes, "long_text") or "",
        percent_complete=100.0 if done else None,
        baselines=(Baseline(0, _at(start), _at(finish), span, None, cost),) if start is not None else (),
        fields=_fields(node, declared, wanted.graph.declared.node),
        **_actual(cells, declared, start),
    )


def _actual(cells: _Cells, declared: Tasks, start: datetime.date | None) -> dict[str, Any]:
    """What really happened: begun so many days after the planned start, finished after so many more."""
    delay = cells.get(declared.actual_delay, "days")
    days = cells.get(declared.actual_duration, "days")
    begun = _after(start, delay)
    return {
        "actual_start": _at(begun),
        "actual_finish": _at(_after(begun, days)),
        "actual_duration": None if days is None else Span(float(days * _MINUTES), "ed"),
    }


def _fields(node: Node, declared: Tasks, node_column: str) -> tuple[Field, ...]:
    """Columns without a place of their own stay with the task as they are; so do columns that nobody declared."""
    own = declared.columns
    more = [name for name in node.cells if name not in own and name.casefold() != node_column.casefold()]
    return tuple(Field(name, name, "text", node.text(name)) for name in (*declared.fields, *more) if node.text(name))


def _after(day: datetime.date | None, days: int | None) -> datetime.date | None:
    if day is None or days is None or abs(days) > _FAR.days:
        return None
    return day + datetime.timedelta(days=days)


def _at(day: datetime.date | None) -> datetime.datetime | None:
    return None if day is None else datetime.datetime.combine(day, _MORNING)


# -- one plan --------------------------------------------------------------------------------------


def _plan(project: Want, tasks: Sequence[Task], currency: str) -> Plan:
    starts = [one.start for one in tasks if one.start is not None]
    finishes = [one.finish for one in tasks if one.finish is not None]
    return Plan(
        title=str(project.candidate)[:300],
        format="csv",
        start=min(starts, default=None),
        finish=max(finishes, default=None),
        currency=currency,
        tasks=tuple(tasks),
    )


def _compare(
    wanted: Wanted,
    relation: RelationOf,
    project: Want,
    plan: Plan,
    known: Mapping[int, Mapping[str, Any]],
    first: Edge,
) -> None:
    """Which tasks are new, changed or the same; a plan without a difference is left alone.

    So is one with tasks that the archive does not have: somebody plans here, or rows left the archive, and a plan in its
    place would take them away. `first` is the row that names it.
    """
    held = known.get(project.row.pk, {}) if project.row is not None else {}
    outcomes = [_outcome(held.get(task.uid), _said(task)) for task in plan.tasks]
    more = len(held.keys() - {task.uid for task in plan.tasks})
    if more:
        wanted.refuse_edge(first, Message("plan_has_more", {"count": more}), end=0)
        outcomes = [one if one == UNCHANGED else REFUSED for one in outcomes]
        count = wanted.count(relation)
        count.linked -= outcomes.count(REFUSED)
        count.refused += outcomes.count(REFUSED)
    wanted.task_outcomes.update(outcomes)
    wanted.count(relation).new += outcomes.count(CREATED)
    changed = any(one in (CREATED, UPDATED) for one in outcomes)
    wanted.plans.append(PlanWant(project, plan, changed))


def _outcome(held: Any, said: Any) -> str:
    if held is None:
        return CREATED
    return UNCHANGED if held == said else UPDATED


def _said(task: Task) -> tuple[Any, ...]:
    """What the file says of a task, as it is compared."""
    agreed = task.baselines[0] if task.baselines else Baseline(0)
    span, actual = task.duration, task.actual_duration
    return (
        task.name,
        span.minutes if span else None,
        task.start,
        task.finish,
        task.cost,
        task.notes,
        task.percent_complete,
        task.actual_start,
        task.actual_finish,
        actual.minutes if actual else None,
        (agreed.start, agreed.finish, agreed.cost),
        [(one.name, one.value) for one in task.fields],
    )


def _stored(projects: set[int]) -> dict[int, dict[str, tuple[Any, ...]]]:
    """The same of the tasks on file, by project and uid; tasks that were typed here have none and count by their own id."""
    found: dict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    published = PlanVersion.State.PUBLISHED
    for part in _chunks(sorted(projects)):
        plans = dict(
            PlanVersion.objects.filter(project_id__in=part, state=published).order_by().values_list("pk", "project_id")
        )
        baselines = TaskBaseline.objects.filter(task__plan__in=plans, number=0).order_by("pk")
        agreed = {
            task: (wall(starts), wall(finishes), cost)
            for task, starts, finishes, cost in baselines.values_list("task_id", "starts_at", "finishes_at", "cost")
        }
        for row in PlanTask.objects.filter(plan__in=plans).order_by("pk"):
            found[plans[row.plan_id]][row.uid or f" {row.pk}"] = (
                row.name,
                row.duration,
                wall(row.starts_at),
                wall(row.finishes_at),
                row.cost,
                row.notes,
                row.percent_complete,
                wall(row.actual_start),
                wall(row.actual_finish),
                row.actual_duration,
                agreed.get(row.pk, (None, None, None)),
                [(one.name, one.value) for one in stored.fields_of(row.fields)],
            )
    return found


def _chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
