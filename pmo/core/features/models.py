"""Which switches somebody has turned, and in one row what is off: read with the login of a request."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.records.models import Record, unique_if_alive


class FeatureSwitch(Record):
    """A switch that was turned at least once; one that never was is on."""

    key = models.CharField(_("Feature"), max_length=40)
    on = models.BooleanField(_("On"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Feature switch")
        verbose_name_plural = _("Feature switches")
        ordering = ["key"]
        constraints = [unique_if_alive("key", name="feature_switch_key")]

    def __str__(self) -> str:
        return self.key


class FeatureState(models.Model):
    """One row: the keys that are off, with commas. Written with every change of a switch."""

    off = models.CharField(max_length=1000, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.off
