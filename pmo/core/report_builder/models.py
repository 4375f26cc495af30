"""A report that somebody made and kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.people.models import OrgUnit
from pmo.core.records.models import Record


class BuiltReport(Record):
    """What is counted, by what, under which filters. What a reader may see of it is decided anew for each reader."""

    class Sharing(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("My team")
        PUBLIC = "public", _("Everybody")

    class Schedule(models.TextChoices):
        NONE = "", _("Not sent")
        DAILY = "daily", _("Every working day")
        WEEKLY = "weekly", _("Every Monday")
        MONTHLY = "monthly", _("On the first of the month")

    name = models.CharField(_("Name"), max_length=80)
    register = models.CharField(max_length=60, editable=False)
    query = models.TextField(max_length=4000, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Owner"),
        on_delete=models.CASCADE,
        related_name="built_reports",
        editable=False,
    )
    sharing = models.CharField(_("Who sees it"), max_length=8, choices=Sharing, default=Sharing.PRIVATE)
    unit = models.ForeignKey(
        OrgUnit, verbose_name=_("Unit"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    schedule = models.CharField(_("Sent"), max_length=8, choices=Schedule, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("Built report")
        verbose_name_plural = _("Built reports")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ReportReader(models.Model):
    """A user who has a scheduled report sent to them."""

    report = models.ForeignKey(BuiltReport, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="report_reader_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.user_id}"
