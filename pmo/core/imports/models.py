"""Imports: named mappings, the batch of one file, what became of each row, and what it takes to undo it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    """One file on its way in: uploaded, mapped, checked, imported, undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        MAPPED = "mapped", _("Mapped")
        PREVIEWED = "previewed", _("Checked")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Interrupted")

    target = models.CharField(_("Register"), max_length=60)
    filename = models.CharField(_("File"), max_length=255)
    stored = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    size = models.BigIntegerField(_("Size"))
    state = models.CharField(_("Status"), max_length=12, choices=State, default=State.UPLOADED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    as_of = models.DateField(_("Data as of"), null=True, blank=True)
    # What the user overruled when the file was read: sheet, delimiter, encoding, header_row.
    reading = models.JSONField(default=dict, blank=True)
    # Description of the table as read (columns with samples, notes, guess), or {"error": message}.
    table = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    # Answers of the user to near matches: {row number: record id, "row:<number>" of an earlier row, "new" or "skip"}.
    choices = models.JSONField(default=dict, blank=True)
    # What a check found: counts, words, near matches, first rows. Empty as soon as mapping or answers change.
    preview = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    # How many chunks of rows are written; raised in the transaction that writes the chunk.
    chunks_done = models.PositiveIntegerField(default=0)
    job_id = models.BigIntegerField(null=True, blank=True)
    committed_at = models.DateTimeField(_("Imported at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """What became of one row of the file when it was imported."""

    class Outcome(models.TextChoices):
        CREATED = "created", pgettext_lazy("rows", "New")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("Row"))
    day = models.DateField(_("Date"), null=True)
    outcome = models.CharField(_("Result"), max_length=10, choices=Outcome)
    object_id = models.BigIntegerField(null=True)
    label = models.CharField(_("Record"), max_length=300)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number} {self.outcome}"


class ImportRefusal(models.Model):
    """A refused cell, or the cell for which a whole row was refused. `code` and `params` are rendered when shown."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField(_("Row"))
    column = models.CharField(_("Column"), max_length=300, blank=True)
    field = models.CharField(_("Field"), max_length=60, blank=True)
    value = models.CharField(_("Value"), max_length=300, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    whole_row = models.BooleanField(_("Whole row"), default=False)

    class Meta:
        default_permissions = ()
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["batch", "row"], name="import_refusal_row")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row} {self.column}"


class ImportChange(models.Model):
    """What the import did to one record, with what it takes to undo it."""

    class Action(models.TextChoices):
        CREATE = "create", _("Created")
        UPDATE = "update", _("Changed")
        DELETE = "delete", _("Removed")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    row = models.PositiveIntegerField(_("Row"))
    # The id of the main record of the row; 0 for records that several rows share, such as a created unit.
    group = models.BigIntegerField(default=0)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=10, choices=Action)
    day = models.DateField()
    # The record's lock version after the write: another one later means that somebody changed it. 0: only history was written.
    version_after = models.PositiveIntegerField(default=0)
    # The current row before, with every column; empty where only history was written, and for created records.
    before = models.JSONField(default=dict, blank=True)
    # Version rows that the write changed, as they stood before.
    history_before = models.JSONField(default=list, blank=True)
    # Digest of the version row that the write left for `day`.
    history_after = models.CharField(max_length=64, blank=True, default="")
    undone = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["batch", "sequence"], name="import_change_order")]
        indexes = [models.Index(fields=["batch", "group"], name="import_change_group")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row} {self.action}"
