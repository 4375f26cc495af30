"""Background work of the project registry: plan files are read and committed in jobs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.jobs.api import JobContext, JobFailed, Outcome, job_kind
from projects.models.plan import PlanFile
from projects.plan_files.errors import PlanFileError
from projects.services.plans import proposals, working
from projects.services.plans.files import COMMIT_JOB, READ_JOB
from projects.services.plans.refusals import PlanChanged
from projects.services.plans.shelf import PROPOSE_JOB, FileGone


def _page(result: dict[str, Any]) -> str:
    return reverse("plan-file", kwargs={"pk": result["project"], "file": result["file"]})


def _read(result: dict[str, Any]) -> Outcome:
    if result["state"] == PlanFile.State.CHOOSING:
        return Outcome(_("The file holds several projects: choose one."), _page(result))
    text = _("The file was read: %(tasks)s tasks, %(links)s links. Nothing is imported yet.") % result["counts"]
    return Outcome(text, _page(result))


def _committed(result: dict[str, Any]) -> Outcome:
    return Outcome(_("The file is now version %(number)s of the plan.") % result, _page(result))


@job_kind(READ_JOB, label=gettext_lazy("Read a plan file"), describe=_read)
def read_plan(ctx: JobContext) -> dict[str, Any]:
    """Read a plan file, so that people see what is in it before it is imported."""
    try:
        file = working.read_file(actor=ctx.actor, file_id=ctx.params["file"], job_id=ctx.job_id, progress=ctx.progress)
    except (PlanFileError, FileGone, working.TakenOver) as error:
        raise JobFailed(working.reason_of(error)) from error
    except ValidationError as error:
        raise JobFailed(" ".join(error.messages)) from error
    return {
        "file": file.pk,
        "project": file.project_id,
        "state": file.state,
        "counts": file.report.get("counts", {}),
    }


def _proposed(result: dict[str, Any]) -> Outcome:
    text = _("%(file)s was read: make the project from it.") % {"file": result["filename"]}
    return Outcome(text, reverse("plan-new"))


@job_kind(PROPOSE_JOB, label=gettext_lazy("Read a plan file for a new project"), describe=_proposed)
def propose_project(ctx: JobContext) -> dict[str, Any]:
    """Read a plan file of a project that is not registered yet: what its form can be filled with."""
    try:
        return proposals.propose(params=ctx.params, progress=ctx.progress)
    except (PlanFileError, FileGone) as error:
        raise JobFailed(working.reason_of(error)) from error


@job_kind(COMMIT_JOB, label=gettext_lazy("Import a plan"), describe=_committed)
def commit_plan(ctx: JobContext) -> dict[str, Any]:
    """Make what was read of a plan file a version of the project's plan."""
    try:
        version = working.commit_file(
            actor=ctx.actor,
            file_id=ctx.params["file"],
            job_id=ctx.job_id,
            publish=bool(ctx.params["publish"]),
            reason=str(ctx.params["reason"]),
            expected_number=ctx.params.get("against"),
            progress=ctx.progress,
        )
    except (FileGone, working.TakenOver) as error:
        raise JobFailed(working.reason_of(error)) from error
    except PlanChanged as error:
        raise JobFailed(str(error)) from error
    except ValidationError as error:
        raise JobFailed(" ".join(error.messages)) from error
    return {"file": ctx.params["file"], "project": version.project_id, "number": version.number}
