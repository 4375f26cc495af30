"""Imports: named mappings, the batch of one file, and what each row of it did (for undo)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.records.models import Record, unique_if_alive


class ImportMapping(Record):
    """A saved column mapping, found again by its name."""

    name = models.CharField(_("Name"), max_length=100)
    target = models.CharField(_("Register"), max_length=60)
    spec = models.JSONField(_("Mapping"))

    class Meta(Record.Meta):
        verbose_name = _("Import mapping")
        verbose_name_plural = _("Import mappings")
        ordering = ["name"]
        constraints = [unique_if_alive("name", name="import_mapping_name")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(Record):
    """One file on its way in: uploaded, mapped, previewed, committed, undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        MAPPED = "mapped", _("Mapped")
        PREVIEWED = "previewed", _("Checked")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    target = models.CharField(_("Register"), max_length=60)
    filename = models.CharField(_("File"), max_length=255)
    stored = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    size = models.BigIntegerField(_("Size"))
    state = models.CharField(_("Status"), max_length=12, choices=State, default=State.UPLOADED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("Uploaded by"), on_delete=models.PROTECT, related_name="+", null=True)
    as_of = models.DateField(_("Data as of"), null=True, blank=True)
    mapping = models.JSONField(default=dict)
    # Answers of the user to near matches: {normalised key: record id or "new"}.
    choices = models.JSONField(default=dict)
    # Table description, then preview and result with counts and refused cells.
    table = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)

    class Meta(Record.Meta):
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class ImportChange(models.Model):
    """What the import did to one record, with what it takes to undo it."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    row = models.PositiveIntegerField(_("Row"))
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=10)
    version_after = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)
    # Version rows of the record as they stood before, for records whose history the import wrote into.
    history_before = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["batch", "sequence"], name="import_change_order")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row} {self.action}"
