"""A part of a plan's outline as the plan tab shows it: filtered, folded, a page at a time; the same few statements at any size."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from projects.calc.plan.outline import Outline
from projects.calc.plan.typed import Rules, write_duration, write_link
from projects.models.plan import PlanTask, PlanVersion, TaskBaseline
from projects.queries.plans.links import links_of
from projects.queries.plans.outline_rows import person_names

PAGE = 100
LATE, CRITICAL, MILESTONES, MINE = "late", "critical", "milestones", "mine"
FILTERS = (LATE, CRITICAL, MILESTONES, MINE)


@dataclass
class Line:
    """One row as it is shown; `above` marks a row that stands here only for those below it."""

    task: Any
    number: int
    code: str
    duration: str
    responsible: str
    predecessors: str
    baseline: TaskBaseline | None
    closed: bool
    late: bool
    slip: int | None
    above: bool = False
    links: list[tuple[int, str]] = field(default_factory=list)

    @property
    def start(self) -> datetime.date | None:
        """The day of the start, as the plan's clock says it."""
        return self.task.starts_at.date() if self.task.starts_at else None

    @property
    def finish(self) -> datetime.date | None:
        """The day of the finish."""
        return self.task.finishes_at.date() if self.task.finishes_at else None


@dataclass(frozen=True)
class Part:
    """The rows of a page, and how many there are in all."""

    lines: list[Line]
    found: int
    matches: int
    next: int | None
    deepest: int


@dataclass(frozen=True)
class Figures:
    """What the plan comes to."""

    tasks: int
    summaries: int
    milestones: int
    late: int
    start: datetime.datetime | None
    finish: datetime.datetime | None
    baseline_finish: datetime.datetime | None
    first: datetime.datetime | None
    percent: float | None
    kinds: frozenset[str] = frozenset()  # what the chart of all rows draws, by the keys of its legend

    @property
    def slip(self) -> int | None:
        """Calendar days by which the plan ends after its baseline."""
        if self.finish is None or self.baseline_finish is None:
            return None
        return (self.finish.date() - self.baseline_finish.date()).days


def is_late(today: datetime.date) -> Q:
    """Tasks that end after their baseline, or should have ended and are not done."""
    now = datetime.datetime.combine(today, datetime.time(), datetime.UTC)
    after = Q(baselines__number=0, baselines__finishes_at__lt=F("finishes_at"))
    return after | (Q(finishes_at__lt=now) & (Q(percent_complete__lt=100) | Q(percent_complete=None)))


def figures(plan: PlanVersion, today: datetime.date) -> Figures:
    """Three statements."""
    tasks = PlanTask.objects.filter(plan=plan)
    leaves = Q(summary=False)
    found = tasks.aggregate(
        tasks=Count("pk", filter=leaves),
        summaries=Count("pk", filter=Q(summary=True)),
        milestones=Count("pk", filter=leaves & Q(milestone=True)),
        start=Min("starts_at"),
        finish=Max("finishes_at"),
        whole=Sum("duration", filter=leaves),
        done=Sum(F("duration") * Coalesce("percent_complete", 0.0), filter=leaves, output_field=FloatField()),
        actual=Count("pk", filter=leaves & Q(milestone=False, percent_complete__gt=0)),
        remaining=Count("pk", filter=leaves & Q(milestone=False) & ~Q(percent_complete__gte=100)),
        critical=Count("pk", filter=leaves & Q(critical=True)),
        mean=Avg("percent_complete", filter=leaves),
    )
    agreed = TaskBaseline.objects.filter(task__plan=plan, number=0).aggregate(
        last=Max("finishes_at"), first=Min("starts_at")
    )
    late = tasks.filter(leaves & is_late(today)).aggregate(n=Count("pk", distinct=True))["n"]
    percent = (found["done"] or 0) / found["whole"] if found["whole"] else found["mean"]
    firsts = [one for one in (found["start"], agreed["first"]) if one is not None]
    return Figures(
        tasks=found["tasks"],
        summaries=found["summaries"],
        milestones=found["milestones"],
        late=late,
        start=found["start"],
        finish=found["finish"],
        baseline_finish=agreed["last"],
        first=min(firsts, default=None),
        percent=percent,
        kinds=frozenset(_kinds(found, agreed)),
    )


def _kinds(found: dict[str, Any], agreed: dict[str, Any]) -> Iterator[str]:
    yield from (key for key in ("actual", "remaining", "critical") if found[key])
    if found["milestones"]:
        yield "stone"
    if agreed["last"] is not None:
        yield "baseline"


def part_of(
    plan: PlanVersion,
    rules: Rules,
    today: datetime.date,
    *,
    level: int | None = None,
    closed: frozenset[int] = frozenset(),
    only: str = "",
    person: int | None = None,
    ids: Sequence[int] | None = None,
    first: int = 0,
    size: int = PAGE,
) -> Part:
    """Rows `first` and following; with `only` or `ids` the rows that match and those above them, else by level and folds."""
    stored = list(PlanTask.objects.filter(plan=plan).order_by("position", "pk").values_list("pk", "level"))
    outline = Outline(tuple(row[0] for row in stored), tuple(row[1] for row in stored))
    deepest = max(outline.levels, default=0)
    matches: set[int] | None = None
    if only or ids is not None:
        matches = set(ids) if ids is not None else _matches(plan, only, person, today)
        shown = _with_above(outline, matches)
    else:
        shown = _unfolded(outline, level, closed)
    indexes = shown[first : first + size]
    lines = _lines(plan, rules, outline, indexes, today)
    for line in lines:
        line.closed = matches is None and line.task.summary and _is_closed(line, level, closed)
        line.above = matches is not None and line.task.pk not in matches
    more = first + size if first + size < len(shown) else None
    return Part(
        lines, len(shown), len(shown) if matches is None else len(matches & outline.places.keys()), more, deepest
    )


def _is_closed(line: Line, level: int | None, closed: frozenset[int]) -> bool:
    return line.task.pk in closed or (level is not None and line.task.level >= level)


def _matches(plan: PlanVersion, only: str, person: int | None, today: datetime.date) -> set[int]:
    wanted = {
        LATE: Q(summary=False) & is_late(today),
        CRITICAL: Q(summary=False, critical=True),
        MILESTONES: Q(milestone=True),
        MINE: Q(responsible_id=person or 0),
    }[only]
    return set(PlanTask.objects.filter(wanted, plan=plan).values_list("pk", flat=True))


def _with_above(outline: Outline, matches: set[int]) -> list[int]:
    wanted: set[int] = set()
    parents = dict(zip(outline.ids, outline.parents, strict=True))
    for key in matches & outline.places.keys():
        row: int | None = key
        while row is not None and row not in wanted:
            wanted.add(row)
            row = parents[row]
    return [index for index, key in enumerate(outline.ids) if key in wanted]


def _unfolded(outline: Outline, level: int | None, closed: frozenset[int]) -> list[int]:
    shown, edge = [], 0
    for index, (key, own) in enumerate(zip(outline.ids, outline.levels, strict=True)):
        if edge and own > edge:
            continue
        edge = own if key in closed else 0
        if level is None or own <= level:
            shown.append(index)
    return shown


def _lines(plan: PlanVersion, rules: Rules, outline: Outline, indexes: list[int], today: datetime.date) -> list[Line]:
    ids = [outline.ids[index] for index in indexes]
    tasks = PlanTask.objects.filter(pk__in=ids).defer("notes", "fields", "remark", "hyperlink").in_bulk()
    agreed = {one.task_id: one for one in TaskBaseline.objects.filter(task__in=ids, number=0)}
    names = person_names({task.responsible_id for task in tasks.values() if task.responsible_id})
    links: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    rows = links_of(plan).filter(successor__in=ids).order_by("pk")
    for successor, before, kind, lag, unit in rows.values_list(
        "successor_id", "predecessor_id", "kind", "lag", "lag_unit"
    ):
        links[successor].append((before, kind, write_link(kind, lag, unit, rules)))
    found, language = [], get_language() or "en"
    for index in indexes:
        task = tasks[outline.ids[index]]
        own = links.get(task.pk, [])
        slip, late = _slip(task, agreed.get(task.pk), today)
        found.append(
            Line(
                task=task,
                number=index + 1,
                code=task.wbs or outline.numbers[index],
                duration=write_duration(
                    task.duration, task.duration_unit, rules, estimated=task.estimated, language=language
                ),
                responsible=names.get(task.responsible_id or 0, ""),
                predecessors=", ".join(
                    f"{outline.places[before] + 1}{text}" for before, _kind, text in own if before in outline.places
                ),
                baseline=agreed.get(task.pk),
                closed=False,
                late=late,
                slip=slip,
                links=[(before, kind) for before, kind, _text in own],
            )
        )
    return found


def _slip(task: PlanTask, agreed: TaskBaseline | None, today: datetime.date) -> tuple[int | None, bool]:
    slip = None
    if agreed is not None and agreed.finishes_at is not None and task.finishes_at is not None:
        slip = (task.finishes_at.date() - agreed.finishes_at.date()).days
    overdue = task.finishes_at is not None and task.finishes_at.date() < today and (task.percent_complete or 0) < 100
    return slip, bool(overdue or (slip or 0) > 0)
