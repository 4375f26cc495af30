"""One project of saved ProjectData answers as a Plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from projects.calc.plan.document import Assignment, Baseline, Field, Plan, Rate, Remark, Resource, SourceProject, Task
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits
from projects.plan_files.project_online.entries import entries, without_id
from projects.plan_files.project_online.tables import Row, Tables, read_tables
from projects.plan_files.project_online.values import exact, flag, minutes, moment, number, span, text, whole

# Columns that the service makes itself: what starts otherwise is a custom field of the organisation.
OWN = re.compile(
    r"^(?:Task|Project|Parent|Assignment|Resource|TimeSheet|Timesheet|Is[A-Z]|Flag|Health|odata|__|FiscalPeriod|Type[A-Z])"
)
KINDS = {"material": ("material", "2"), "cost": ("cost", "6")}
EXAMPLES = 5


def projects(path: Path, limits: Limits) -> list[SourceProject]:
    """The projects of the file, those with tasks first."""
    tables = read_tables(path, limits)
    counts: dict[str, int] = {}
    for row in tables.of("Tasks"):
        if not flag(row, "TaskIsProjectSummary"):
            counts[text(row, "ProjectId")] = counts.get(text(row, "ProjectId"), 0) + 1
    names = {text(row, "ProjectId"): text(row, "ProjectName") for row in [*tables.of("Tasks"), *tables.of("Projects")]}
    found = [
        SourceProject(key, name, counts.get(key, 0), stub=not counts.get(key)) for key, name in names.items() if key
    ]
    return sorted(found, key=lambda one: one.stub)


def read(path: Path, limits: Limits, source_project: str = "") -> Plan:
    """One project by its id or a name that only one has; the first with tasks where none is named. Raises PlanFileError."""
    tables = read_tables(path, limits)
    key = _chosen(projects(path, limits), source_project)
    rows = _outline([row for row in tables.of("Tasks") if text(row, "ProjectId") == key])
    if len(rows) > limits.tasks:
        raise PlanFileError("too_many_tasks", limit=limits.tasks)
    project: Row = next((row for row in tables.of("Projects") if text(row, "ProjectId") == key), {})
    root: Row = next((row for row in tables.of("Tasks") if text(row, "ProjectId") == key and _is_root(row)), {})
    assigned = [row for row in tables.of("Assignments") if text(row, "ProjectId") == key]
    known = {text(row, "TaskId") for row in rows}
    fitting = [row for row in assigned if text(row, "TaskId") in known]
    resources = _resources(tables, fitting)
    uids = {one.uid for one in resources}
    kept, lost = _remarks(tables, key, assigned, fitting)
    return Plan(
        title=text(project, "ProjectTitle") or text(project, "ProjectName") or text(root, "TaskName"),
        format="json",
        application="Project Online",
        start=moment(project, "ProjectStartDate") or moment(root, "TaskStartDate"),
        finish=moment(project, "ProjectFinishDate") or moment(root, "TaskFinishDate"),
        status_at=moment(project, "ProjectStatusDate"),
        currency=text(project, "ProjectCurrency"),
        root_name=text(root, "TaskName"),
        resources=resources,
        tasks=_tasks(rows, _baselines(tables.of("TaskBaselines"), "Task", key)),
        assignments=_assignments(fitting, uids, _baselines(tables.of("AssignmentBaselines"), "Assignment", key)),
        fields=_fields(project),
        kept=kept,
        lost=lost,
        entries=entries(tables, key),
    )


def _chosen(found: Sequence[SourceProject], asked: str) -> str:
    if not asked:
        return found[0].key
    by_key = [one for one in found if one.key.lower() == asked.lower()]
    fitting = by_key or [one for one in found if one.name == asked]
    if len(fitting) != 1:
        raise PlanFileError("no_such_project", project=asked, projects=", ".join(one.name for one in found))
    return fitting[0].key


def _is_root(row: Row) -> bool:
    return flag(row, "TaskIsProjectSummary") or whole(row, "TaskOutlineLevel") == 0


def _outline(rows: Iterable[Row]) -> list[Row]:
    """The tasks in their order, without the project's own row."""
    return sorted((row for row in rows if not _is_root(row)), key=lambda row: whole(row, "TaskIndex") or 0)


def _tasks(rows: Sequence[Row], baselines: dict[str, tuple[Baseline, ...]]) -> tuple[Task, ...]:
    """Levels never jump by more than one: the parent is the last row above that is one level up."""
    made: list[Task] = []
    above: list[str] = []
    for row in rows:
        level = min(max(whole(row, "TaskOutlineLevel") or 1, 1), len(above) + 1)
        del above[level - 1 :]
        made.append(_task(row, level, above[-1] if above else None, baselines))
        above.append(made[-1].uid)
    parents = {one.parent for one in made}
    return tuple(made) if not parents else tuple(_marked(one, parents) for one in made)


def _marked(task: Task, parents: set[str | None]) -> Task:
    """A row with rows below it is a summary, whatever the export says."""
    return replace(task, summary=task.uid in parents) if task.summary != (task.uid in parents) else task


def _task(row: Row, level: int, parent: str | None, baselines: dict[str, tuple[Baseline, ...]]) -> Task:
    uid = text(row, "TaskId")
    return Task(
        uid=uid,
        name=text(row, "TaskName"),
        level=level,
        parent=parent,
        wbs=text(row, "TaskWBS") or text(row, "TaskOutlineNumber"),
        summary=flag(row, "TaskIsSummary"),
        milestone=flag(row, "TaskIsMilestone"),
        active=flag(row, "TaskIsActive") if "TaskIsActive" in row else True,
        manual=flag(row, "TaskIsManuallyScheduled"),
        effort_driven=flag(row, "TaskIsEffortDriven"),
        priority=min(max(whole(row, "TaskPriority") or 500, 0), 1000),
        deadline=moment(row, "TaskDeadline"),
        ignore_resource_calendars=flag(row, "TaskIgnoresResourceCalendar"),
        duration=span(row, "TaskDuration", flag(row, "TaskDurationIsEstimated")),
        start=moment(row, "TaskStartDate"),
        finish=moment(row, "TaskFinishDate"),
        early_start=moment(row, "TaskEarlyStart"),
        early_finish=moment(row, "TaskEarlyFinish"),
        late_start=moment(row, "TaskLateStart"),
        late_finish=moment(row, "TaskLateFinish"),
        total_slack=minutes(row, "TaskTotalSlack"),
        free_slack=minutes(row, "TaskFreeSlack"),
        critical=flag(row, "TaskIsCritical") if row.get("TaskIsCritical") is not None else None,
        percent_complete=number(row, "TaskPercentCompleted"),
        percent_work_complete=number(row, "TaskPercentWorkCompleted"),
        physical_percent=number(row, "TaskPhysicalPercentCompleted"),
        actual_start=moment(row, "TaskActualStartDate"),
        actual_finish=moment(row, "TaskActualFinishDate"),
        actual_duration=span(row, "TaskActualDuration"),
        remaining_duration=span(row, "TaskRemainingDuration"),
        work=minutes(row, "TaskWork"),
        actual_work=minutes(row, "TaskActualWork"),
        remaining_work=minutes(row, "TaskRemainingWork"),
        cost=exact(row, "TaskCost"),
        actual_cost=exact(row, "TaskActualCost"),
        remaining_cost=exact(row, "TaskRemainingCost"),
        fixed_cost=exact(row, "TaskFixedCost"),
        hyperlink=text(row, "TaskHyperLinkAddress"),
        baselines=baselines.get(uid, ()),
        fields=_fields(row),
    )


def _baselines(rows: Iterable[Row], kind: str, project: str) -> dict[str, tuple[Baseline, ...]]:
    """Baselines by the id of the task or assignment."""
    found: dict[str, list[Baseline]] = {}
    for row in rows:
        if text(row, "ProjectId") != project:
            continue
        found.setdefault(text(row, f"{kind}Id"), []).append(
            Baseline(
                number=min(max(whole(row, "BaselineNumber") or 0, 0), 10),
                start=moment(row, f"{kind}BaselineStartDate"),
                finish=moment(row, f"{kind}BaselineFinishDate"),
                duration=span(row, f"{kind}BaselineDuration"),
                work=minutes(row, f"{kind}BaselineWork"),
                cost=exact(row, f"{kind}BaselineCost"),
            )
        )
    return {key: tuple(sorted(several, key=lambda one: one.number)) for key, several in found.items()}


def _resources(tables: Tables, assigned: Iterable[Row]) -> tuple[Resource, ...]:
    """Those that the project uses, in the order of the pool; one that the file does not describe by its name alone."""
    used = {text(row, "ResourceId"): text(row, "ResourceName") for row in assigned if text(row, "ResourceId")}
    described = {text(row, "ResourceId"): row for row in tables.of("Resources")}
    return tuple(_resource(uid, described.get(uid, {"ResourceName": name})) for uid, name in sorted(used.items()))


def _resource(uid: str, row: Row) -> Resource:
    told = {text(row, "ResourceType").lower(), text(row, "TypeDescription").lower()}
    kind = next((name for name, words in KINDS.items() if told & set(words)), "work")
    units = exact(row, "ResourceMaxUnits")
    return Resource(
        uid=uid,
        name=text(row, "ResourceName"),
        kind=kind,
        initials=text(row, "ResourceInitials"),
        code=text(row, "ResourceCode"),
        email=text(row, "ResourceEmailAddress"),
        group=text(row, "ResourceGroup"),
        generic=flag(row, "ResourceIsGeneric"),
        max_units=None if units is None else float(units * 100),
        rate=_rate(exact(row, "ResourceStandardRate"), kind),
        overtime_rate=_rate(exact(row, "ResourceOvertimeRate"), kind),
        cost_per_use=exact(row, "ResourceCostPerUse"),
        material_label=text(row, "ResourceMaterialLabel"),
        fields=_fields(row),
    )


def _rate(amount: Decimal | None, kind: str) -> Rate | None:
    return None if amount is None else Rate(amount, "" if kind == "material" else "h")


def _assignments(
    rows: Iterable[Row], resources: set[str], baselines: dict[str, tuple[Baseline, ...]]
) -> tuple[Assignment, ...]:
    return tuple(_assignment(row, resources, baselines.get(text(row, "AssignmentId"), ())) for row in rows)


def _assignment(row: Row, resources: set[str], baselines: tuple[Baseline, ...]) -> Assignment:
    units = exact(row, "AssignmentPeakUnits")
    resource = text(row, "ResourceId")
    return Assignment(
        uid=text(row, "AssignmentId"),
        task=text(row, "TaskId"),
        resource=resource if resource in resources else None,
        units=None if units is None else float(units * 100),
        work=minutes(row, "AssignmentWork"),
        actual_work=minutes(row, "AssignmentActualWork"),
        remaining_work=minutes(row, "AssignmentRemainingWork"),
        cost=exact(row, "AssignmentCost"),
        actual_cost=exact(row, "AssignmentActualCost"),
        remaining_cost=exact(row, "AssignmentRemainingCost"),
        start=moment(row, "AssignmentStartDate"),
        finish=moment(row, "AssignmentFinishDate"),
        actual_start=moment(row, "AssignmentActualStartDate"),
        actual_finish=moment(row, "AssignmentActualFinishDate"),
        delay=span(row, "AssignmentDelay"),
        baselines=baselines,
        fields=_fields(row),
    )


def _fields(row: Row) -> tuple[Field, ...]:
    """Custom fields: the service gives each as a column named as people called it."""
    found = []
    for name, value in row.items():
        if OWN.match(name) or value in (None, "") or isinstance(value, dict | list):
            continue
        found.append(_field(name, value))
    return tuple(found)


def _field(name: str, value: Any) -> Field:
    if isinstance(value, bool):
        return Field(name, name, "flag", value)
    if isinstance(value, int | float):
        return Field(name, name, "number", Decimal(str(value)))
    return Field(name, name, "text", str(value))


def _remarks(
    tables: Tables, key: str, assigned: Sequence[Row], fitting: Sequence[Row]
) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """What stays in the attached file, and what the service never said."""
    kept = []
    lines = [row for row in tables.of("TimesheetLines") if text(row, "ProjectId") == key]
    if lines:
        kept.append(Remark("timesheets", "timesheets_beside", len(lines), _names(lines, "TaskName")))
    if tables.others:
        kept.append(Remark("file", "other_tables_in_file", len(tables.others), tuple(sorted(tables.others))[:EXAMPLES]))
    lost = [Remark("links", "service_tells_no_links"), Remark("calendars", "service_tells_no_calendars")]
    for kind, nameless in without_id(tables, key).items():
        lost.append(Remark(kind, "rows_without_id", len(nameless), _names(nameless, "Title")))
    strangers = [row for row in assigned if row not in fitting] if len(assigned) != len(fitting) else []
    if strangers:
        lost.append(
            Remark("assignments", "assignments_of_unknown_tasks", len(strangers), _names(strangers, "TaskName"))
        )
    unknown = [row for row in fitting if not text(row, "ResourceId")]
    if unknown:
        kept.append(Remark("assignments", "assignments_of_nobody", len(unknown), _names(unknown, "TaskName")))
    return tuple(kept), tuple(lost)


def _names(rows: Iterable[Row], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text(row, column) for row in rows if text(row, column)))[:EXAMPLES]
