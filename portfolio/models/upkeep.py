"""How well the data are kept: what somebody put off mending, who signed in, and the completeness of a date."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.people.models import Person
from pmo.core.records.models import Record
from projects.models import Project


class Snooze(Record):
    """A gap in the data that somebody put off until a day, with the reason. It is not counted until then."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="snoozes")
    rule = models.CharField(_("Rule"), max_length=40)
    row_id = models.BigIntegerField(_("Record"))
    until = models.DateField(_("Put off until"))
    reason = models.CharField(_("Reason"), max_length=300, validators=[MinLengthValidator(3)])
    by = models.ForeignKey(
        Person, verbose_name=_("Put off by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Put-off data gap")
        verbose_name_plural = _("Put-off data gaps")
        ordering = ["until"]
        indexes = [models.Index(fields=["rule", "row_id"], name="snooze_gap")]

    def __str__(self) -> str:
        return f"{self.rule} {self.row_id}"


class SignInDay(models.Model):
    """That a login was used on a day: no time, no place, no page. Rows older than 13 months are removed each night."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        verbose_name = _("Day of use")
        verbose_name_plural = _("Days of use")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="sign_in_once_a_day")]
        indexes = [models.Index(fields=["day"], name="sign_in_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class UpkeepSnapshot(models.Model):
    """Completeness and upkeep of a unit's own live projects on a date; unit 0: projects of no unit.

    `filled` of `expected` items are known (the list is `portfolio.queries.completeness.ITEMS`); `maintained` projects had
    an entry within their reporting cycle.
    """

    date = models.DateField(_("Date"))
    unit_ref = models.BigIntegerField(default=0)
    projects = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    maintained = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Upkeep of a date")
        verbose_name_plural = _("Upkeep by date")
        default_permissions = ()
        ordering = ["-date", "unit_ref"]
        constraints = [models.UniqueConstraint(fields=["date", "unit_ref"], name="upkeep_once_a_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.unit_ref}"
