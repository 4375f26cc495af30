"""A page somebody keeps at hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

URL_LENGTH = 1000


class Favourite(models.Model):
    """An address of this installation, with its filters, under a name of one's own. Seen by nobody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    title = models.CharField(_("Name"), max_length=120)
    url = models.CharField(max_length=URL_LENGTH)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Favourite")
        verbose_name_plural = _("Favourites")
        default_permissions = ()
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "url"], name="favourite_once")]

    def __str__(self) -> str:
        return self.title
