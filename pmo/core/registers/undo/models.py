"""What a change can be taken back from: who made it, which rows it touched, how they stood before and after."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UndoEntry(models.Model):
    """One change of one person to one row or many. Seen by nobody else.

    `refused` lists the rows a bulk change left alone, `kept` those that its undo left alone: {"id", "label", "reason"}.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        DELETE = "delete", _("Deletion")
        BULK_EDIT = "bulk_edit", _("Bulk edit")
        BULK_DELETE = "bulk_delete", _("Bulk deletion")
        BULK_RESTORE = "bulk_restore", _("Bulk restoring")

    class State(models.TextChoices):
        RUNNING = "running", _("In progress")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    state = models.CharField(_("Status"), max_length=8, choices=State, default=State.DONE)
    register = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    request = models.JSONField(default=dict)
    matched = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    refused_count = models.PositiveIntegerField(default=0)
    kept = models.JSONField(default=list)
    last_audit = models.BigIntegerField(default=0)
    job_uid = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Change that can be undone")
        default_permissions = ()
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "created_at"], name="undo_of_user")]

    def __str__(self) -> str:
        return self.title


class UndoRow(models.Model):
    """One row of a change: its fields before and after as JSON values by column name, and the version it left behind."""

    entry = models.ForeignKey(UndoEntry, on_delete=models.CASCADE, related_name="rows")
    row_id = models.BigIntegerField()
    label = models.CharField(max_length=300)
    version_after = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["entry", "row_id"], name="undo_row_once")]

    def __str__(self) -> str:
        return self.label
