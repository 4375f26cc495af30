"""What the kernel removes after a time: the rules, and how each of them finds its rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from pmo.core.activity.models import Attachment
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.erasing import erase_from_entries
from pmo.core.audit.models import AuditEntry
from pmo.core.audit.services import Act
from pmo.core.history.models import version_of
from pmo.core.imports.models import ImportBatch
from pmo.core.imports.store import forget
from pmo.core.jobs.models import Job
from pmo.core.messages.models import MessageDelivery, Notification
from pmo.core.records.models import Record
from pmo.core.registers.models import IdempotencyKey
from pmo.core.registers.queries import TRASH_DAYS
from pmo.core.retention.declaration import declare_retention
from pmo.core.sign_in.models import Session

_CHUNK = 1000
_ENDED = [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED, Job.State.DEAD]
_DELIVERED = [MessageDelivery.State.SENT, MessageDelivery.State.DEAD, MessageDelivery.State.DROPPED]
_OPEN_IMPORTS = [ImportBatch.State.COMMITTING, ImportBatch.State.UNDOING]


def remove(rows: models.QuerySet[Any]) -> int:
    """Delete the rows a thousand at a time, each thousand in a transaction of its own; returns how many."""
    removed = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        rows.model._base_manager.filter(pk__in=ids).delete()
        removed += len(ids)
    return removed


def old_jobs(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """Jobs that ended before the moment."""
    return [Job.objects.filter(state__in=_ENDED, finished_at__lt=edge)]


def purge_jobs(edge: datetime.datetime) -> int:
    """Jobs that ended before the moment."""
    return sum(remove(rows) for rows in old_jobs(edge))


def old_notifications(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """Notifications older than the moment, read or not."""
    return [Notification.objects.filter(created_at__lt=edge)]


def purge_notifications(edge: datetime.datetime) -> int:
    """Notifications older than the moment, read or not."""
    return sum(remove(rows) for rows in old_notifications(edge))


def old_deliveries(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """Deliveries that were made or given up before the moment."""
    return [MessageDelivery.objects.filter(state__in=_DELIVERED, created_at__lt=edge)]


def purge_deliveries(edge: datetime.datetime) -> int:
    """Deliveries that were made or given up before the moment."""
    return sum(remove(rows) for rows in old_deliveries(edge))


def purge_imports(edge: datetime.datetime) -> int:
    """Files of imports: a finished import keeps its protocol, one that was never finished goes."""
    removed = 0
    old = ImportBatch.all_objects.filter(updated_at__lt=edge).exclude(state__in=_OPEN_IMPORTS)
    for batch in old.exclude(state=ImportBatch.State.COMMITTED).order_by("pk").iterator(_CHUNK):
        ImportBatch.all_objects.filter(pk=batch.pk).delete()
        forget(batch.stored)
        removed += 1
    kept = set(ImportBatch.all_objects.exclude(pk__in=old.values("pk")).values_list("stored", flat=True))
    for stored in old.order_by().values_list("stored", flat=True).distinct():
        if stored not in kept and default_storage.exists(stored):
            default_storage.delete(stored)
            removed += 1
    return removed


def old_sessions(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """Sessions that ended before the moment."""
    return [Session.objects.filter(expire_date__lt=edge)]


def purge_sessions(edge: datetime.datetime) -> int:
    """Sessions that ended before the moment."""
    return sum(remove(rows) for rows in old_sessions(edge))


def old_answers(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """Answers kept for requests that programs may repeat."""
    return [IdempotencyKey.objects.filter(created_at__lt=edge)]


def purge_idempotency(edge: datetime.datetime) -> int:
    """Answers kept for requests that programs may repeat."""
    return sum(remove(rows) for rows in old_answers(edge))


def trash_models() -> list[type[Record]]:
    """Records that nothing points to and no past date is computed from: their trash can be emptied.

    Rows that feed past dates stay in the trash, invisible, because deleting them would change those dates.
    """
    found = [model for model in apps.get_models() if issubclass(model, Record)]
    return [model for model in found if version_of(model) is None and not model._meta.related_objects]


def old_trash(edge: datetime.datetime) -> Sequence[models.QuerySet[Any]]:
    """What was deleted before the moment, by model."""
    return [model.all_objects.filter(deleted_at__lt=edge) for model in trash_models()]


def purge_trash(edge: datetime.datetime) -> int:
    """What was deleted before the moment and can no longer be restored."""
    removed = 0
    for gone in old_trash(edge):
        if gone.model is Attachment:
            removed += _purge_attachments(gone)
        else:
            removed += remove(gone)
    return removed


def _purge_attachments(gone: models.QuerySet[Any]) -> int:
    rows = list(gone.order_by("pk").values_list("pk", "stored"))
    for pk, stored in rows:
        with transaction.atomic():
            Attachment.all_objects.filter(pk=pk).delete()
            if not Attachment.all_objects.filter(stored=stored).exists():
                transaction.on_commit(lambda name=stored: default_storage.delete(name))  # type: ignore[misc]
    return len(rows)


def purge_audit_details(edge: datetime.datetime) -> int:
    """Details of old audit entries; the entries, their digests and the chain stay, and the removal is an act itself."""
    old = AuditEntry.objects.filter(at__lt=edge, payload__isnull=False).exclude(action="audit.trim")
    act = Act("audit.trim", AuditEntry._meta.label_lower, None, reason=f"< {edge:%Y-%m-%d}")
    return erase_from_entries(
        actor=SYSTEM, entries=old.exclude(payload__changes__has_key="erasures"), redact=lambda e, c: None, act=act
    )


def declare() -> None:
    """The kernel's rules."""
    declare_retention("jobs", _("Background jobs that have ended"), 90, 7, purge_jobs, rows=old_jobs)
    declare_retention("notifications", _("Notifications"), 180, 7, purge_notifications, rows=old_notifications)
    declare_retention(
        "deliveries",
        _("Mails and messages that were delivered or given up"),
        90,
        7,
        purge_deliveries,
        rows=old_deliveries,
    )
    declare_retention(
        "import_files",
        _("Uploaded files of imports"),
        90,
        7,
        purge_imports,
        about=_("What an import changed stays with it; imports that were never finished go altogether."),
    )
    declare_retention(
        "sessions", _("Sessions that have ended"), 1, 1, purge_sessions, for_ever=False, rows=old_sessions
    )
    declare_retention(
        "idempotency",
        _("Answers kept for repeated calls of the API"),
        7,
        1,
        purge_idempotency,
        for_ever=False,
        rows=old_answers,
    )
    declare_retention(
        "trash",
        _("Trash"),
        TRASH_DAYS,
        TRASH_DAYS,
        purge_trash,
        about=_("Rows that past figures are computed from stay in the trash, where nobody sees them."),
        rows=old_trash,
    )
    declare_retention(
        "audit_details",
        _("Details of the audit trail"),
        None,
        365,
        purge_audit_details,
        about=_("Who did what and when stays for ever; old and new values go."),
    )
