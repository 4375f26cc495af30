"""Imports as background jobs: shells around the services; each may run again after a lost worker."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.imports import services
from pmo.core.imports.commit import TakenOver, run_commit
from pmo.core.imports.mapping import MappingError
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.preview import run_check
from pmo.core.imports.texts import say_message
from pmo.core.imports.undo import run_undo
from pmo.core.jobs.api import JobContext, JobFailed, LostClaim, Outcome, job_kind


def _page(result: dict[str, Any]) -> str:
    return reverse("import-page", kwargs={"pk": result["batch"]})


def _described(result: dict[str, Any]) -> Outcome:
    return Outcome(_("The file was read."), _page(result))


def _checked(result: dict[str, Any]) -> Outcome:
    text = (
        _("%(created)s new, %(updated)s changed, %(unchanged)s unchanged, %(refused)s refused rows.") % result["counts"]
    )
    return Outcome(text, _page(result))


def _undone(result: dict[str, Any]) -> Outcome:
    return Outcome(_("The import was undone; %(kept)s records were kept.") % result, _page(result))


@job_kind("imports.read", label=gettext_lazy("Read a file for import"), describe=_described)
def read(ctx: JobContext) -> dict[str, Any]:
    """Describe a large file."""
    batch = _batch(ctx)
    services.describe(batch)
    return {"batch": batch.pk}


@job_kind("imports.check", label=gettext_lazy("Check an import"), describe=_checked)
def check(ctx: JobContext) -> dict[str, Any]:
    """Preview what an import would do."""
    try:
        batch = run_check(batch_id=_batch(ctx).pk, progress=ctx.progress)
    except (ReadError, MappingError) as error:
        raise JobFailed(reason_of(error)) from error
    return {"batch": batch.pk, "counts": batch.preview["counts"]}


@job_kind("imports.commit", label=gettext_lazy("Import a file"), describe=_checked)
def commit(ctx: JobContext) -> dict[str, Any]:
    """Write an import; goes on where an attempt before it stopped."""
    try:
        batch = run_commit(actor=ctx.actor, batch_id=_batch(ctx).pk, progress=ctx.progress)
    except (ReadError, MappingError) as error:
        raise JobFailed(reason_of(error)) from error
    except TakenOver as error:
        raise LostClaim(str(error)) from error
    return {"batch": batch.pk, "counts": batch.result.get("counts", {})}


@job_kind("imports.undo", label=gettext_lazy("Undo an import"), describe=_undone)
def undo(ctx: JobContext) -> dict[str, Any]:
    """Take an import back; goes on where an attempt before it stopped."""
    batch = run_undo(actor=ctx.actor, batch_id=_batch(ctx).pk, progress=ctx.progress)
    return {"batch": batch.pk, "kept": batch.result.get("kept_count", 0)}


def _batch(ctx: JobContext) -> ImportBatch:
    batch: ImportBatch | None = ImportBatch.objects.filter(pk=ctx.params["batch"]).first()
    if batch is None:
        raise JobFailed(_("The import was thrown away."))
    return batch


def reason_of(error: ReadError | MappingError) -> str:
    """Why a file or a mapping cannot be used, in the active language."""
    if isinstance(error, ReadError):
        return say_message(error.message)
    return " ".join(str(issue) for issue in error.issues)
