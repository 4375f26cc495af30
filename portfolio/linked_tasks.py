"""Linked tables in the background: checked, then written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.core.access.decisions import Refused
from pmo.core.imports.commit import TakenOver
from pmo.core.imports.jobs import reason_of
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.jobs.api import JobContext, JobFailed, LostClaim, Outcome, job_kind
from portfolio.access_linked import IMPORT_LINKED
from portfolio.services.linked import batches
from portfolio.services.linked.batches import CHECK_JOB, COMMIT_JOB


def _described(result: dict[str, Any]) -> Outcome:
    text = (
        _("%(created)s new, %(updated)s changed, %(unchanged)s unchanged, %(refused)s refused rows.") % result["counts"]
    )
    return Outcome(text, reverse("linked-import", kwargs={"pk": result["batch"]}))


@job_kind(CHECK_JOB, label=gettext_lazy("Check linked tables"), permission=IMPORT_LINKED, describe=_described)
def check_linked(ctx: JobContext) -> dict[str, Any]:
    """Say what an archive of linked tables would do."""
    try:
        batch = batches.run_check(actor=ctx.actor, batch_id=_batch(ctx).pk, progress=ctx.progress)
    except ReadError as error:
        raise JobFailed(reason_of(error)) from error
    except Refused as error:
        raise JobFailed(str(error.reason)) from error
    return {"batch": batch.pk, "counts": batch.preview["counts"]}


@job_kind(COMMIT_JOB, label=gettext_lazy("Import linked tables"), permission=IMPORT_LINKED, describe=_described)
def import_linked(ctx: JobContext) -> dict[str, Any]:
    """Write an archive of linked tables; goes on where an attempt before it stopped."""
    try:
        batch = batches.run_commit(actor=ctx.actor, batch_id=_batch(ctx).pk, progress=ctx.progress)
    except ReadError as error:
        raise JobFailed(reason_of(error)) from error
    except TakenOver as error:
        raise LostClaim(str(error)) from error
    except ValidationError as error:
        raise JobFailed(" ".join(error.messages)) from error
    except Refused as error:
        raise JobFailed(str(error.reason)) from error
    return {"batch": batch.pk, "counts": batch.result.get("counts", batch.preview["counts"])}


def _batch(ctx: JobContext) -> ImportBatch:
    batch: ImportBatch | None = ImportBatch.objects.filter(pk=ctx.params["batch"]).first()
    if batch is None:
        raise JobFailed(_("The import was thrown away."))
    return batch
