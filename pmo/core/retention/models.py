"""What the organisation decided about how long rows are kept; without a row the declared default holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionPeriod(models.Model):
    """The days of one rule. Empty days: kept for ever."""

    key = models.CharField(_("Rule"), max_length=60, unique=True)
    days = models.PositiveIntegerField(_("Days"), null=True, blank=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)

    class Meta:
        verbose_name = _("Retention period")
        verbose_name_plural = _("Retention periods")
        default_permissions = ()
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
