"""Erasures of people: asked for, confirmed, done."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.people.models import Person


class PersonErasure(models.Model):
    """One erasure: what a person was called gives way to a pseudonym with this row's number."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the second step")
        CONFIRMED = "confirmed", _("Being erased")
        DONE = "done", pgettext_lazy("privacy", "Erased")
        DROPPED = "dropped", _("Withdrawn")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(_("Reason"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("Asked for"))
    done_at = models.DateTimeField(pgettext_lazy("privacy", "Erased"), null=True)
    # {model label: rows changed or removed}
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Erasure of a person")
        verbose_name_plural = _("Erasures of people")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state__in=["asked", "confirmed"]), name="person_erasure_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
