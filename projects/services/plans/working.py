"""What the jobs of a plan file do. Each may run again after a lost worker: nothing half done is ever seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import plain, record
from pmo.core.records.services import act_on, update_record
from projects.access import IMPORT_PLAN, PUBLISH_PLAN
from projects.calc.plan.document import Plan, SourceProject, Task
from projects.calc.plan.stored import remarks_json
from projects.calc.plan.summary import held
from projects.calc.plan.timesheets import totals_json
from projects.models.plan import PlanFile, PlanVersion
from projects.plan_files import reading
from projects.plan_files.errors import PlanFileError
from projects.services.plans import shelf, storing
from projects.services.plans.files import State, change
from projects.services.plans.taking.writing import preview

FIRST_ROWS = 40
Progress = Callable[[int, int, str], None]
PHASES: dict[str, Any] = {
    "checking": gettext_lazy("Checking the file"),
    "starting": gettext_lazy("Starting the reader"),
    "parsing": gettext_lazy("Reading the file"),
    "taking": gettext_lazy("Taking over tasks, links and resources"),
}


class TakenOver(Exception):
    """The file was given to another job, dropped, or is already imported."""


def read_file(*, actor: Actor, file_id: int, job_id: int, progress: Progress) -> PlanFile:
    """Read the file, or find that it holds several projects to choose from. Raises PlanFileError, FileGone, TakenOver, ValidationError.

    A file that cannot be read says why; the error is raised all the same, so that the job says it too.
    """
    file = _claimed(file_id, job_id, State.READING, (State.READING, State.UPLOADED, State.FAILED))
    _still_allowed(actor, file, IMPORT_PLAN)
    try:
        plan = _read(file, progress)
    except PlanFileError as error:
        change(file, (State.READING,), state=State.FAILED, error=_error_json(error))
        raise
    except shelf.FileGone:
        change(file, (State.READING,), state=State.FAILED, error={"code": "gone"})
        raise
    if plan is None:
        return file
    shelf.keep_plan(file, plan)
    with transaction.atomic():
        change(
            file,
            (State.READING,),
            state=State.READ,
            format=plan.format or file.format,
            report={**report_of(plan), "registers": preview(actor=actor, project=file.project, plan=plan)},
            error={},
        )
        record(actor=actor, act=act_on(file, "plan_file.read", {"counts": [None, plan.counts()]}, ""))
    return file


def _still_allowed(actor: Actor, file: PlanFile, permission: str) -> None:
    """Rights may have gone since the job was started. Raises ValidationError."""
    decision = None if actor.is_system else can(actor.user, permission, file.project)
    if decision is not None and not decision:
        raise ValidationError(decision.reason)


def _claimed(file_id: int, job_id: int, state: str, states: tuple[str, ...]) -> PlanFile:
    """The file for this job to work on; a job that is tried again takes it up where it rests."""
    file: PlanFile | None = PlanFile.objects.filter(pk=file_id).select_related("project").first()
    if file is None or file.job_id != job_id:
        raise TakenOver
    if file.state != state:
        try:
            change(file, states, state=state)
        except ValidationError as error:
            raise TakenOver from error
    return file


def _read(file: PlanFile, progress: Progress) -> Plan | None:
    """The plan; None where the file holds several and somebody has to choose."""
    with shelf.local_file(file) as path:
        key = file.source_key
        if not key:
            sources = list(reading.projects_of(path, name=file.filename))
            open_ones = [one for one in sources if not one.stub]
            if len(open_ones) > 1:
                change(file, (State.READING,), state=State.CHOOSING, sources=[asdict(one) for one in sources])
                return None
            key = _only(sources, open_ones)
            if len(sources) > 1:
                change(file, (State.READING,), sources=[asdict(one) for one in sources], source_key=key)
        return reading.read_plan(path, name=file.filename, source_project=key or None, progress=phases(progress))


def phases(progress: Progress) -> Callable[[str, int, int], None]:
    """Tell the job's page the phase in words."""
    return lambda phase, done, total: progress(done, total, str(PHASES.get(phase, "")))


def _only(sources: list[SourceProject], open_ones: list[SourceProject]) -> str:
    return open_ones[0].key if len(sources) > 1 and open_ones else ""


def _error_json(error: PlanFileError) -> dict[str, Any]:
    return {"code": error.code, "params": plain(error.params)}


def report_of(plan: Plan) -> dict[str, Any]:
    """What the page says of the plan: counts, what was read, kept elsewhere and lost, the first rows of the outline."""
    return {
        "title": plan.title,
        "root_name": plan.root_name,
        "application": plan.application,
        "currency": plan.currency,
        "start": plain(plan.start),
        "finish": plain(plan.finish),
        "status_at": plain(plan.status_at),
        "counts": plan.counts(),
        "held": [asdict(one) for one in held(plan)],
        "kept": remarks_json(plan.kept),
        "lost": remarks_json(plan.lost),
        "timesheets": totals_json(plan),
        "rows": [_row(task) for task in plan.tasks[:FIRST_ROWS]],
    }


def _row(task: Task) -> dict[str, Any]:
    span = task.duration
    return {
        "wbs": task.wbs,
        "name": task.name,
        "level": task.level,
        "summary": task.summary,
        "milestone": task.milestone,
        "start": plain(task.start),
        "finish": plain(task.finish),
        "duration": None if span is None else {"minutes": span.minutes, "unit": span.unit, "estimated": span.estimated},
        "percent": task.percent_complete,
    }


def commit_file(
    *,
    actor: Actor,
    file_id: int,
    job_id: int,
    publish: bool,
    reason: str,
    expected_number: int | None,
    progress: Progress,
) -> PlanVersion:
    """Make what was read a version of the project's plan: all of it or nothing.

    Raises ValidationError, PlanChanged, FileGone, TakenOver.
    """
    done = _committed(file_id, job_id)
    if done is not None:
        return done
    file = _claimed(file_id, job_id, State.COMMITTING, (State.COMMITTING, State.READ))
    _still_allowed(actor, file, PUBLISH_PLAN if publish else IMPORT_PLAN)
    plan = shelf.kept_plan(file)
    with transaction.atomic():
        # First of all: a second worker of the same job waits here, and then finds it done.
        change(file, (State.COMMITTING,), state=State.COMMITTED)
        version = storing.commit_plan(
            actor=actor,
            project=file.project,
            plan=plan,
            file=file,
            publish=publish,
            reason=reason,
            progress=lambda done, total: progress(done, total, _("Writing the plan")),
            expected_number=expected_number,
        )
        if reason:
            version = update_record(actor=actor, row=version, values={"note": reason})
        record(actor=actor, act=act_on(file, "plan_file.commit", {"plan": [None, version.number]}, reason))
    return version


def _committed(file_id: int, job_id: int) -> PlanVersion | None:
    file = PlanFile.objects.filter(pk=file_id, job_id=job_id, state=State.COMMITTED).first()
    return None if file is None else file.versions.order_by("-number").first()


def reason_of(error: Exception) -> str:
    """Why a job of a plan file ended, in the active language."""
    if isinstance(error, PlanFileError):
        return error.message()
    if isinstance(error, shelf.FileGone):
        return _("The file is no longer in the storage as it was uploaded. Upload it again, and tell the PMO.")
    return _("The file was dropped, imported, or is being worked on by another job.")
