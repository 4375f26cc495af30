"""Comments, attachments, tags and watchers of any record: `model` is its label such as projects.risk, `object_id` its id.

Who may see them is decided by the record itself, never by a membership of their own.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.records.models import Record

LONGEST_COMMENT = 5000
LONGEST_TAG = 40


class About(models.Model):
    """What belongs to a record of any register."""

    model = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True


def about(row: Any) -> dict[str, Any]:
    """The two values that point to the record."""
    return {"model": row._meta.label_lower, "object_id": row.pk}


class Comment(About, Record):
    """What somebody said about a record."""

    audit_project = "project_id"

    project_id = models.BigIntegerField(null=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    author_name = models.CharField(max_length=150, editable=False)
    text = models.TextField(
        pgettext_lazy("activity", "Comment"),
        max_length=LONGEST_COMMENT,
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
    )
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("activity", "Comment")
        verbose_name_plural = _("Comments")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["model", "object_id", "created_at"], name="comment_about")]

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(About, Record):
    """A file that belongs to a record."""

    audit_project = "project_id"

    project_id = models.BigIntegerField(null=True, editable=False)
    name = models.CharField(_("File"), max_length=200)
    stored = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("Size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    author_name = models.CharField(max_length=150, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Attachment")
        verbose_name_plural = _("Attachments")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["model", "object_id"], name="attachment_about")]

    def __str__(self) -> str:
        return self.name


class Tagging(About):
    """A word that people put on a record to find it again; the same word on many records."""

    word = models.CharField(_("Tag"), max_length=LONGEST_TAG)
    # The word as it is compared: two spellings that differ in case are one tag.
    folded = models.CharField(max_length=LONGEST_TAG, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("Tag")
        verbose_name_plural = _("Tags")
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "folded"], name="tagging_once")]
        indexes = [models.Index(fields=["model", "folded"], name="tagging_word")]

    def __str__(self) -> str:
        return self.word


class Watch(About):
    """A user who wants to hear of a record; `active` is off where they have turned it off for good."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
