"""Plan files of projects that are not registered yet: kept, read in a job, and taken into the project made from them.

Such a file has no row of its own. Its job names it, and what was read of it is the job's result; the row comes with the project.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.access.api import can, has_any, refusal
from pmo.core.access.decisions import Decision
from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.files.local import local_file
from pmo.core.imports.store import shown_name
from pmo.core.jobs.api import Job, enqueue
from projects.access import IMPORT_PLAN
from projects.calc.plan.proposing import code_of, proposal
from projects.features import require_import
from projects.models import Project
from projects.models.plan import PlanFile
from projects.plan_files import reading
from projects.services.plans import files, shelf
from projects.services.plans.shelf import PROPOSE_JOB
from projects.services.plans.working import Progress, phases

MOST_READ = 20
"""Of a file with more projects than this, the others are proposed by their names alone."""


def may_begin(user: Any) -> Decision:
    """Whether the user may make projects from plan files: make projects, and import plans."""
    decision = can(user, "add", Project)
    if decision and not has_any(user, IMPORT_PLAN):
        return refusal(IMPORT_PLAN)
    return decision


def take_unassigned(*, actor: Actor, upload: File[Any], filename: str) -> Job:
    """Keep a plan file of a project that is not registered yet, and have it read. Raises ValidationError on `file`, Refused."""
    may_begin(actor.user).or_raise()
    require_import()
    name = shown_name(filename)
    files.refuse_unusable(name, upload.size or 0)
    with transaction.atomic():
        kept = shelf.CONTENTS.keep(upload)
        return enqueue(kind=PROPOSE_JOB, params={"filename": name, **asdict(kept)}, actor=actor)


def propose(*, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """What the file says of its projects, for the job's result. Raises PlanFileError, FileGone."""
    name = params["filename"]
    with local_file(params["name"], params["sha256"]) as path:
        sources = list(reading.projects_of(path, name=name))
        real = [one for one in sources if not one.stub] or sources[:1]
        found = []
        for place, one in enumerate(real):
            key = one.key if len(sources) > 1 else ""
            values = {"name_en": one.name[:300], "code": code_of("", one.key)}
            if place < MOST_READ:
                plan = reading.read_plan(path, name=name, source_project=key or None, progress=phases(progress))
                values = proposal(plan, filename=name if len(real) == 1 else one.name, key=key)
            found.append({"key": key, "name": one.name, "tasks": one.tasks, "values": values})
    return {"filename": name, "sources": [asdict(one) for one in sources], "projects": found}


def own_jobs(user: Any) -> Any:
    """Jobs that read files of the user for projects to be made, the newest first."""
    return Job.objects.filter(kind=PROPOSE_JOB, owner_id=user.pk).select_related("owner__person").order_by("-pk")


def own_job(user: Any, uid: uuid.UUID) -> Job | None:
    """The user's own, by its uid."""
    found: Job | None = own_jobs(user).filter(uid=uid).first()
    return found


def take_into(*, actor: Actor, project: Project, job: Job, place: int) -> PlanFile:
    """The file of the job as a plan file of the project, to be read there. Raises ValidationError, Refused."""
    params, result = job.params, job.result or {}
    chosen = result["projects"][place]
    files.require(actor, project)
    name = params["filename"]
    row = PlanFile(
        project=project,
        filename=name,
        stored=params["name"],
        size=params["size"],
        sha256=params["sha256"],
        format=PurePosixPath(name.lower()).suffix.removeprefix("."),
        owner=actor.user,
        source_key=chosen["key"],
        sources=result["sources"] if chosen["key"] else [],
    )
    with transaction.atomic():
        if not shelf.CONTENTS.held(params["name"]):
            raise ValidationError(_("The uploaded file is no longer kept. Upload it again."))
        return files.begin(actor=actor, row=row)


def taken(jobs: Sequence[Job]) -> dict[tuple[int, str], PlanFile]:
    """Plan files of living projects that were made since from the files of the jobs: by job and key of the project in the file."""
    digests = {one.params["sha256"] for one in jobs}
    rows = PlanFile.objects.filter(sha256__in=digests, project__deleted_at__isnull=True).defer("report")
    made = list(rows.filter(owner__in={one.owner_id for one in jobs}).select_related("project").order_by("-pk"))
    return {
        (job.pk, file.source_key): file
        for job in jobs
        for file in made
        if file.sha256 == job.params["sha256"] and file.created_at >= job.created_at
    }


def drop(*, actor: Actor, job: Job) -> None:
    """Forget a file that no project was made of; its job ends with it. Raises ValidationError while the job works."""
    may_begin(actor.user).or_raise()
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.live:
            raise ValidationError(_("The file is still being read. Stop its job first."))
        name = locked.params["name"]
        locked.delete()
        record(actor=actor, act=Act("plan_file.forget", PlanFile._meta.label_lower, None, locked.params["filename"]))
        transaction.on_commit(lambda: shelf.CONTENTS.forget(name))


def named_since(name: str, edge: datetime.datetime) -> bool:
    """Whether a plan file, in the trash or not, or a job since the moment names the content."""
    jobs = Job.objects.filter(kind=PROPOSE_JOB, created_at__gte=edge, params__name=name)
    return jobs.exists() or PlanFile.all_objects.filter(stored=name).exists()


def left_over(edge: datetime.datetime) -> Iterator[str]:
    """Contents that were kept before the moment and that no plan file names, nor a newer job."""
    if not default_storage.exists(shelf.FOLDER):
        return
    used = set(PlanFile.all_objects.values_list("stored", flat=True))
    used |= set(Job.objects.filter(kind=PROPOSE_JOB, created_at__gte=edge).values_list("params__name", flat=True))
    for folder in default_storage.listdir(shelf.FOLDER)[0]:
        if folder == "read":
            continue
        for one in default_storage.listdir(f"{shelf.FOLDER}/{folder}")[1]:
            name = f"{shelf.FOLDER}/{folder}/{one}"
            if name not in used and default_storage.get_modified_time(name) < edge:
                yield name
