"""What the home page and the tour keep for a login."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Personal(models.Model):
    """Which home a person chose, and how far they came on the tour of each role."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("User"), on_delete=models.CASCADE, related_name="+"
    )
    home = models.CharField(_("Home"), max_length=20, blank=True)
    # {role: step}; a finished or dismissed tour is kept as -1.
    tours = models.JSONField(_("Tours"), default=dict)

    class Meta:
        verbose_name = _("Personal setting")
        verbose_name_plural = _("Personal settings")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.home}"
