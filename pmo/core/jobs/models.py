"""Jobs: the table, not the broker, is the truth about long work."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Job(models.Model):
    """One piece of long work: queued, running, done, failed, cancelled or dead."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        DEAD = "dead", _("Given up")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=60)
    # A second request with the same key while one is queued, running or done returns that one (the nightly run of a date).
    unique_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    # The key this job was started with: a failed or cancelled job gives `unique_key` up, and a retry asks for it again.
    asked_key = models.CharField(max_length=120, blank=True, default="")
    params = models.JSONField(default=dict)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.QUEUED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Started by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(_("Started by"), max_length=150, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    total = models.PositiveIntegerField(_("Steps"), default=0)
    done = models.PositiveIntegerField(_("Steps done"), default=0)
    message = models.CharField(_("Progress"), max_length=300, blank=True)
    result = models.JSONField(null=True)
    error = models.TextField(_("Error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    cancel_requested = models.BooleanField(default=False)
    worker = models.CharField(max_length=120, blank=True)
    # Changes with every claim: a worker that lost its claim can no longer write progress or a result.
    claim = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("Queued at"), auto_now_add=True)
    started_at = models.DateTimeField(_("Started at"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)

    class Meta:
        verbose_name = _("Job")
        verbose_name_plural = _("Jobs")
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "heartbeat_at"], name="job_state"),
            models.Index(fields=["owner", "-id"], name="job_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def live(self) -> bool:
        """Whether the job still waits or works."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}


class JobAttempt(models.Model):
    """One try of a worker: who, when, and how it ended. Rows are only added, and ended once."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        ERROR = "error", _("Stopped by an error")
        LOST = "lost", _("Worker lost")
        RELEASED = "released", _("Handed back")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="log")
    claim = models.UUIDField(unique=True)
    number = models.PositiveSmallIntegerField(_("Attempt"))
    worker = models.CharField(_("Worker"), max_length=120)
    outcome = models.CharField(
        pgettext_lazy("attempt", "Outcome"), max_length=10, choices=Outcome, default=Outcome.RUNNING
    )
    error = models.TextField(_("Error"), blank=True)
    started_at = models.DateTimeField(_("Started at"))
    ended_at = models.DateTimeField(_("Ended at"), null=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id} {self.number} {self.outcome}"


class JobOutbox(models.Model):
    """A delivery to make to the broker: written with the job, removed when a worker has claimed it."""

    job = models.OneToOneField(Job, primary_key=True, on_delete=models.CASCADE, related_name="outbox")
    deliver_after = models.DateTimeField(db_index=True)
    deliveries = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.job_id)


class DailyStart(models.Model):
    """A daily entry that has started for a key (a date): the primary key makes it once, however many clocks tick."""

    key = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class BeatTick(models.Model):
    """The last sign of life of a part: the beat's message, the tick's run, each worker's timer."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
