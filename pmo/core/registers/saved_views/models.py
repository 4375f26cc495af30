"""A saved view and what each person made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.people.models import OrgUnit
from pmo.core.records.models import Record


class SavedView(Record):
    """The query string of a list under a name. A view filters and arranges; what a reader may see is decided anew for each reader."""

    class Sharing(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("My team")
        PUBLIC = "public", _("Everybody")

    register = models.CharField(max_length=60, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    query = models.TextField(max_length=4000, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Owner"),
        on_delete=models.CASCADE,
        related_name="saved_views",
        editable=False,
    )
    sharing = models.CharField(_("Who sees it"), max_length=8, choices=Sharing, default=Sharing.PRIVATE)
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Unit"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("A team view is seen by the people of this unit and of the units below it."),
    )
    role = models.CharField(_("Default for the role"), max_length=20, choices=Role.choices, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Saved view")
        verbose_name_plural = _("Saved views")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["register"], name="saved_view_register")]

    def __str__(self) -> str:
        return self.name


class ViewMark(models.Model):
    """What one person made of a view: a favourite, or the view their list opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="marks")
    favourite = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="view_mark_once")]

    def __str__(self) -> str:
        return f"{self.view_id}"
