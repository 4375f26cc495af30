"""The append-only audit trail.

An entry holds who did what to which row and a digest of the details; the details lie beside it in `AuditPayload`, so that a
person's data can be erased without breaking the chain. `AuditSeal` rows chain the digests of committed entries.
`AuditErasure` rows tell what was erased from what was changed by a stranger.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act: written by a service in the transaction of the change itself."""

    at = models.DateTimeField(_("Time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("User")
    )
    actor_name = models.CharField(_("Actor"), max_length=150)
    action = models.CharField(_("Action"), max_length=60)
    model = models.CharField(_("Register"), max_length=60)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(_("Record"), max_length=300, blank=True)
    project_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    request_id = models.CharField(_("Request"), max_length=40, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit trail")
        default_permissions = ()
        indexes = [
            models.Index(fields=["model", "object_id", "at"], name="audit_object"),
            models.Index(fields=["request_id"], condition=~models.Q(request_id=""), name="audit_request"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.object_label}"


class AuditPayload(models.Model):
    """What changed: {field: [old, new]}; may be erased, the digest stays."""

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.CASCADE, related_name="payload")
    changes = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditSeal(models.Model):
    """A link of the chain over the entries up to `last_entry_id`."""

    first_entry_id = models.BigIntegerField()
    last_entry_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["last_entry_id"]

    def __str__(self) -> str:
        return f"{self.last_entry_id} {self.head[:12]}"


class AuditErasure(models.Model):
    """A marker: the audited act `act` took a person's data out of the entry, which has had the digest `after` since.

    The entry keeps the digest of its first content, which the chain is made of. The act's own details hold a digest of all
    its markers, so that none can be added, changed or removed later.
    """

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="erasures")
    act = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    after = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["entry", "act"], name="audit_erasure_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.act_id}"


class AuditCheck(models.Model):
    """One check of the whole trail: how many entries it read, the head it found, and what was wrong."""

    at = models.DateTimeField(_("Checked"), db_index=True)
    seconds = models.FloatField(default=0)
    entries = models.BigIntegerField(_("Entries"))
    unsealed = models.BigIntegerField(_("Not sealed yet"))
    head = models.CharField(max_length=64, blank=True)
    last_entry_id = models.BigIntegerField(default=0)
    # How many findings there were, and the first of them: [{"code", "ids"}].
    found = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("Check of the audit trail")
        verbose_name_plural = _("Checks of the audit trail")
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.found}"

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0
