"""What the wizard's pages share: the batch of the address, the steps, and going on to the next page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.access.api import get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.imports import services
from pmo.core.imports.jobs import reason_of
from pmo.core.imports.mapping import MappingError
from pmo.core.imports.messages import ReadError
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.preview import run_check
from pmo.core.imports.targets import ImportTarget, all_targets, get_target

State = ImportBatch.State
STEPS = (
    ("file", _("File")),
    ("columns", pgettext_lazy("wizard", "Columns")),
    ("values", _("Meanings")),
    ("matches", _("Matches")),
    ("preview", _("Preview")),
    ("page", _("Import")),
)
# A page checks files up to this size by itself; larger ones go to a job.
INLINE_ROWS = 800
INLINE_BYTES = 1_000_000
# Rows that a check writes on trial take longer.
TRIED_ROWS = 100


@dataclass(frozen=True)
class Step:
    """One step of the wizard as the page shows it."""

    key: str
    label: Any
    url: str
    done: bool
    current: bool


def allowed_targets(user: Any) -> list[ImportTarget]:
    """The targets the user may import into."""
    return [one for one in all_targets() if services.may_import(user, one)]


def find_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """The batch of the address, with its state settled: one's own, or anybody's for the PMO.

    Raises Http404 (also for a batch with pages of its own), or Refused where the user may not import into its register.
    """
    batch = open_batch(request, pk)
    if get_target(batch.target).page:
        raise Http404(_("This import has pages of its own."))
    return batch


def open_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """See `find_batch`; batches with pages of their own too."""
    own = ImportBatch.objects.filter(pk=pk, owner=request.user).first()
    batch: ImportBatch = own or get_or_refuse(request.user, ImportBatch, pk)
    services.require(request_actor(request), get_target(batch.target))
    services.settle(batch)
    return batch


def page_url(name: str, batch: ImportBatch) -> str:
    """The address of one of the batch's pages."""
    return reverse(f"import-{name}", kwargs={"pk": batch.pk})


def steps(batch: ImportBatch | None, current: str) -> list[Step]:
    """The steps with links to those that can be gone back to."""
    reached = _reached(batch)
    place = next(number for number, (key, _label) in enumerate(STEPS) if key == current)
    shown = []
    for number, (key, label) in enumerate(STEPS):
        url = page_url(key, batch) if batch is not None and key in reached and key != current else ""
        shown.append(Step(key, label, url, number < place, key == current))
    return shown


def _reached(batch: ImportBatch | None) -> set[str]:
    if batch is None or batch.state not in services.OPEN:
        return set()
    if "columns" not in batch.table:
        return {"file"}
    if not batch.preview:
        return {"file", "columns"}
    return {"file", "columns", "values", "matches", "preview"}


def frame(batch: ImportBatch, current: str) -> dict[str, Any]:
    """Context of every page of a batch."""
    target = get_target(batch.target)
    return {"batch": batch, "target": target, "steps": steps(batch, current), "description": batch.table}


def is_small(batch: ImportBatch) -> bool:
    """Whether checking takes clearly less than two seconds."""
    most = TRIED_ROWS if getattr(get_target(batch.target), "has_services", False) else INLINE_ROWS
    return batch.size <= INLINE_BYTES and batch.table.get("rows", 0) <= most


def check_then(request: HttpRequest, batch: ImportBatch, then: str) -> HttpResponseRedirect:
    """Go to the page `then`, once what the batch would do is known: at once for small files, else by a job."""
    if batch.preview and not batch.preview.get("stale"):
        return redirect(page_url(after(batch, then), batch))
    if not is_small(batch):
        services.start_check(actor=request_actor(request), batch=batch, then=then)
        return redirect(page_url("wait", batch))
    try:
        batch = run_check(batch_id=batch.pk)
    except (ReadError, MappingError) as error:
        messages.error(request, reason_of(error))
        return redirect(page_url("columns", batch))
    return redirect(page_url(after(batch, then), batch))


def after(batch: ImportBatch, then: str) -> str:
    """The page that has something to decide, from `then` on."""
    if then == "values" and not batch.preview.get("words"):
        then = "matches"
    if then == "matches" and not batch.preview.get("near_count"):
        then = "preview"
    return then


def not_open(request: HttpRequest, batch: ImportBatch) -> HttpResponseRedirect | None:
    """Where to go instead, if the batch can no longer be changed or is not yet read."""
    if batch.state not in services.OPEN or "columns" not in batch.table:
        return redirect(page_url("page", batch))
    return None
