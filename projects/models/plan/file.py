"""A plan file on its way in, and kept beside the plan that it became."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.records.models import Record
from projects.models.project import Project


class PlanFile(Record):
    """One uploaded plan file: read in a process of its own, looked at, then committed as a plan version or dropped."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        READING = "reading", _("Being read")
        CHOOSING = "choosing", _("Several projects: choose one")
        READ = "read", _("Ready to import")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        FAILED = "failed", pgettext_lazy("plan file", "Not readable")

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="plan_files")
    filename = models.CharField(_("File"), max_length=255)
    stored = models.CharField(max_length=255, editable=False)
    size = models.BigIntegerField(_("Size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    format = models.CharField(_("Format"), max_length=10, blank=True)
    state = models.CharField(_("Status"), max_length=12, choices=State, default=State.UPLOADED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Uploaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Projects in the file: [{"key", "name", "tasks", "stub"}]; the one that was chosen.
    sources = models.JSONField(default=list, blank=True)
    source_key = models.CharField(_("Project in the file"), max_length=200, blank=True)
    # What was read: {"counts", "kept", "lost", ...}, rendered in the reader's language.
    report = models.JSONField(default=dict, blank=True)
    # Why it could not be read: {"code", "params"}.
    error = models.JSONField(default=dict, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Plan file")
        verbose_name_plural = _("Plan files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename
