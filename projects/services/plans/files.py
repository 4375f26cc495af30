"""The life of a plan file: uploaded, read in a job, chosen from, committed in a job, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import record
from pmo.core.files.storing import MEGABYTE
from pmo.core.imports.store import shown_name
from pmo.core.jobs.api import Job, enqueue
from pmo.core.records.services import act_on, create_record, delete_record
from projects.access import IMPORT_PLAN, PUBLISH_PLAN
from projects.features import require_import
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files.detect import PLAN_ENDINGS
from projects.plan_files.reading import READERS
from projects.services.plans import shelf

READ_JOB = "projects.read_plan"
COMMIT_JOB = "projects.commit_plan"
State = PlanFile.State
# What may be dropped, or read once more.
RESTING = (State.UPLOADED, State.CHOOSING, State.READ, State.FAILED)
BUSY = (State.READING, State.COMMITTING)


def require(actor: Actor, project: Project, permission: str = IMPORT_PLAN) -> None:
    """Raise Refused where the acting user may not do this to the project's plan; the system may."""
    if not actor.is_system:
        can(actor.user, permission, project).or_raise()


# -- taking a file ---------------------------------------------------------------------------------


def endings() -> tuple[str, ...]:
    """Endings of the names of files that can be read here. What a file really is, its content decides."""
    return (*(one.removeprefix(".") for one in PLAN_ENDINGS), "json", "zip", *READERS)


def refuse_unusable(name: str, size: int) -> None:
    """Refuse what need not be read to be refused. Raises ValidationError on `file`, saying what to do instead."""
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if ending not in endings():
        kinds = ", ".join(f".{one}" for one in endings())
        text = _("%(name)s is no plan file that can be read here. Choose one of these: %(kinds)s.")
        raise ValidationError({"file": text % {"name": name, "kinds": kinds}})
    if not size:
        text = _("%(name)s is empty. Save the plan again in its program, then upload it.")
        raise ValidationError({"file": text % {"name": name}})
    most = settings.IMPORT_MAX_UPLOAD_BYTES
    if size > most:
        told = {"name": name, "size": -(-size // MEGABYTE), "limit": most // MEGABYTE}
        text = _("%(name)s has %(size)s MB; at most %(limit)s MB are taken. Remove old baselines, or split the plan.")
        raise ValidationError({"file": text % told})


def take_file(*, actor: Actor, project: Project, upload: File[Any], filename: str) -> PlanFile:
    """Keep an uploaded plan file and have it read. Raises ValidationError on `file`, Refused."""
    require(actor, project)
    name = shown_name(filename)
    refuse_unusable(name, upload.size or 0)
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    with transaction.atomic():
        kept = shelf.CONTENTS.keep(upload)
        row = PlanFile(
            project=project,
            filename=name,
            stored=kept.name,
            size=kept.size,
            sha256=kept.sha256,
            format=ending,
            owner=actor.user,
        )
        return begin(actor=actor, row=row)


def begin(*, actor: Actor, row: PlanFile) -> PlanFile:
    """Save the row of a file that is kept, and have it read. Raises ValidationError, Refused."""
    with transaction.atomic():
        file: PlanFile = create_record(actor=actor, row=row)
        start_reading(actor=actor, file=file)
    return file


# -- jobs ------------------------------------------------------------------------------------------


def start_reading(*, actor: Actor, file: PlanFile) -> Job:
    """Have the file read, or read once more. Raises ValidationError where it is under way or imported."""
    require(actor, file.project)
    settle(file)
    return _start(actor, file, READ_JOB, RESTING, State.READING, {})


def choose(*, actor: Actor, file: PlanFile, key: str) -> Job:
    """Read one of the projects that the file holds. Raises ValidationError for one that it does not hold."""
    require(actor, file.project)
    known = [one for one in file.sources if one["key"] == key and not one.get("stub")]
    if not known:
        raise ValidationError({"source": _("Choose one of the projects that the file holds.")})
    with transaction.atomic():
        job = _start(
            actor, file, READ_JOB, (State.CHOOSING, State.READ, State.FAILED), State.READING, {"source_key": key}
        )
        record(actor=actor, act=act_on(file, "plan_file.choose", {"source_key": [None, key]}, ""))
    return job


def start_commit(*, actor: Actor, file: PlanFile, publish: bool, reason: str = "", against: int | None = None) -> Job:
    """Make the file's plan a version of the project's plan. Raises ValidationError where it is not ready, Refused.

    `against` is the number of the published version that the user compared with, 0 for none.
    """
    require(actor, file.project)
    if publish:
        require(actor, file.project, PUBLISH_PLAN)
    settle(file)
    params = {"publish": publish, "reason": reason, "against": against}
    return _start(actor, file, COMMIT_JOB, (State.READ,), State.COMMITTING, {}, params)


def _start(
    actor: Actor,
    file: PlanFile,
    kind: str,
    states: Sequence[str],
    state: str,
    values: dict[str, Any],
    params: dict[str, Any] | None = None,
) -> Job:
    """Claim the file for a job by a conditional UPDATE: two clicks start one job. Raises Refused where imports are off."""
    require_import()
    with transaction.atomic():
        change(file, states, state=state, **values)
        job = enqueue(kind=kind, params={"file": file.pk, **(params or {})}, actor=actor)
        PlanFile.objects.filter(pk=file.pk).update(job_id=job.pk)
    file.refresh_from_db()
    return job


def change(file: PlanFile, states: Sequence[str], **values: Any) -> None:
    """Write columns of a file that is in one of the states. Raises ValidationError where it is in another."""
    rows = PlanFile.objects.filter(pk=file.pk, state__in=states)
    if not rows.update(**values, version=F("version") + 1, updated_at=timezone.now()):
        raise ValidationError(
            _("This file is being worked on, already imported or no longer there. Load the page anew.")
        )
    file.refresh_from_db()


def job_of(file: PlanFile) -> Job | None:
    """The latest job of the file."""
    return Job.objects.filter(pk=file.job_id).first() if file.job_id else None


def settle(file: PlanFile) -> None:
    """A file whose job has ended without finishing it goes back to where it can be taken up again.

    A commit writes all or nothing, so one that was stopped or lost leaves the file ready to be imported.
    """
    if file.state not in BUSY:
        return
    job = job_of(file)
    if job is not None and job.live:
        return
    values: dict[str, Any] = {"state": State.READ}
    if file.state == State.READING:
        stopped = job is not None and job.state == Job.State.CANCELLED
        values = {"state": State.UPLOADED} if stopped else {"state": State.FAILED, "error": {"code": "interrupted"}}
    PlanFile.objects.filter(pk=file.pk, state=file.state, job_id=file.job_id).update(**values)
    file.refresh_from_db()


# -- dropping --------------------------------------------------------------------------------------


def drop_file(*, actor: Actor, file: PlanFile) -> None:
    """Throw away a file that was not imported, with what was read of it. Raises ValidationError, Refused."""
    require(actor, file.project)
    settle(file)
    if file.state not in RESTING:
        raise ValidationError(_("Only a file that was not imported can be thrown away. Stop its job first."))
    with transaction.atomic():
        delete_record(actor=actor, row=file, expected_version=file.version)
        transaction.on_commit(lambda: shelf.forget(file))
