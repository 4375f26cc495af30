"""What of plans is removed after a time, where the organisation says so: versions that no longer count, and files."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.services import Act, record
from pmo.core.files.contents import Contents
from pmo.core.records.services import act_on
from pmo.core.retention.api import declare_retention
from projects.models.plan import PlanFile, PlanVersion
from projects.services.plans import proposals, shelf
from projects.services.plans.files import RESTING

_DAYS, _LEAST = 30, 30
_COUNTS = (PlanVersion.State.PUBLISHED, PlanVersion.State.DRAFT)


def old_versions(edge: datetime.datetime) -> Sequence[QuerySet[PlanVersion]]:
    """Versions that were superseded before the moment, and drafts that were discarded."""
    over = Q(state=PlanVersion.State.SUPERSEDED, updated_at__lt=edge) | Q(deleted_at__lt=edge)
    return [PlanVersion.all_objects.filter(over)]


def purge_versions(edge: datetime.datetime) -> int:
    """Remove them with all their rows, one version in a transaction; each leaves its entry in the audit trail."""
    (rows,) = old_versions(edge)
    removed = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            version = _still(rows, pk)
            if version is None:
                continue
            record(actor=SYSTEM, act=act_on(version, "plan.expire", {"number": [version.number, None]}, ""))
            PlanVersion.all_objects.filter(pk=pk).delete()
        removed += 1
    return removed


def _still(rows: QuerySet[Any], pk: int) -> Any:
    """One of the chosen rows, locked, where it is still one of them: None where somebody changed it in the meantime."""
    locked = rows.model._base_manager.select_for_update().filter(pk=pk).order_by("pk").first()
    return None if locked is None else rows.filter(pk=pk).order_by("pk").first()


def old_files(edge: datetime.datetime) -> Sequence[QuerySet[PlanFile]]:
    """Files that were not imported or thrown away, and contents of those whose version no longer counts."""
    counts = PlanVersion.objects.filter(state__in=_COUNTS, source__isnull=False).values("source")
    gone = Q(deleted_at__isnull=False) | Q(state__in=RESTING)
    old = PlanFile.all_objects.filter(updated_at__lt=edge)
    imported = old.filter(deleted_at__isnull=True, state=PlanFile.State.COMMITTED).exclude(stored="")
    return [old.filter(gone), imported.exclude(pk__in=counts)]


def purge_files(edge: datetime.datetime) -> int:
    """Remove them; of an imported file the row with its report stays, without the file itself."""
    dropped, imported = old_files(edge)
    return _end(dropped) + _end(imported, keep_row=True)


def _end(rows: QuerySet[PlanFile], *, keep_row: bool = False) -> int:
    """Remove the files, each in a transaction of its own; returns how many went."""
    removed = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            file = _still(rows, pk)
            if file is None:
                continue
            record(actor=SYSTEM, act=act_on(file, "plan_file.expire", {}, ""))
            if keep_row:
                PlanFile.all_objects.filter(pk=pk).update(stored="")
            else:
                PlanFile.all_objects.filter(pk=pk).delete()
            transaction.on_commit(partial(shelf.forget, file))
        removed += 1
    return removed


def purge_proposals(edge: datetime.datetime) -> int:
    """Remove the contents of files that were uploaded for new projects of which nobody made one."""
    removed = 0
    contents = Contents(shelf.FOLDER, lambda name: proposals.named_since(name, edge))
    for name in list(proposals.left_over(edge)):
        removed += contents.forget(name)
    if removed:
        act = Act("plan_file.expire", PlanFile._meta.label_lower, None, changes={"files": [removed, 0]})
        record(actor=SYSTEM, act=act)
    return removed


def declare() -> None:
    """The rules; kept for ever until the organisation says otherwise, but for files that nothing came of."""
    declare_retention(
        "plan_versions",
        _("Superseded plan versions"),
        None,
        _LEAST,
        purge_versions,
        about=_("Also discarded drafts. The published version, the draft and the milestones stay."),
        rows=old_versions,
    )
    declare_retention(
        "plan_files",
        _("Stored plan files"),
        None,
        _LEAST,
        purge_files,
        about=_("The file of the published version and of the draft stays; of other imports the report stays."),
        rows=old_files,
    )
    declare_retention(
        "plan_proposals",
        _("Plan files uploaded for new projects that were not made"),
        _DAYS,
        1,
        purge_proposals,
        about=_("Files that no plan and no recent upload names."),
    )
