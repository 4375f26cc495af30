"""Early warnings of a date, and how good those of the past turned out to be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.models.choices import Band


class EarlyWarning(models.Model):
    """A project that will probably turn to a worse colour, as seen on a date: one row per project and date at most.

    `chance_N` is the estimated chance (0..1) that within N weeks the colour is worse than on the date. `weeks` is the
    shortest horizon for which that chance reaches the level from which a warning is raised. `inputs` are the numbers the
    evidence is told with; sentences are made of them in the reader's language.
    """

    access_scope = ("project", "project_id")

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="warnings")
    date = models.DateField(_("Date"))
    band = models.CharField(_("Colour now"), max_length=5, choices=Band)
    expected = models.CharField(_("Expected colour"), max_length=5, choices=Band)
    weeks = models.PositiveSmallIntegerField(_("Within weeks"))
    chance_2 = models.FloatField(_("Chance within 2 weeks"))
    chance_4 = models.FloatField(_("Chance within 4 weeks"))
    chance_8 = models.FloatField(_("Chance within 8 weeks"))
    chance_12 = models.FloatField(_("Chance within 12 weeks"))
    table = models.PositiveSmallIntegerField(_("Coefficient table"))
    inputs = models.JSONField(_("Inputs"), default=dict)

    class Meta:
        verbose_name = _("Early warning")
        verbose_name_plural = _("Early warnings")
        default_permissions = ()
        ordering = ["-date", "weeks", "-chance_8"]
        constraints = [models.UniqueConstraint(fields=["project", "date"], name="early_warning_once_a_day")]
        indexes = [models.Index(fields=["date", "project"], name="early_warning_date")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.date} {self.expected}"


class WarningTrial(models.Model):
    """How the warnings of this installation did, judged on a date for one horizon against what has happened since.

    `first` and `last` are the first and last date judged, `cases` the project-weeks that could have turned worse, `worse`
    those that did. A warning is `right` if the colour was worse within the horizon. `changes` are the weeks in which a
    colour turned worse, `foreseen` those warned of before. `trend_warnings` and `trend_right` are the same for the naive
    rule that the last week's change goes on.
    """

    date = models.DateField(_("Date"))
    horizon = models.PositiveSmallIntegerField(_("Weeks ahead"))
    first = models.DateField(_("From"), null=True)
    last = models.DateField(_("Until"), null=True)
    cases = models.PositiveIntegerField(default=0)
    worse = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    changes = models.PositiveIntegerField(default=0)
    foreseen = models.PositiveIntegerField(default=0)
    lead_weeks = models.FloatField(null=True)
    trend_warnings = models.PositiveIntegerField(default=0)
    trend_right = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Back-test of early warnings")
        verbose_name_plural = _("Back-tests of early warnings")
        default_permissions = ()
        ordering = ["-date", "horizon"]
        constraints = [models.UniqueConstraint(fields=["date", "horizon"], name="warning_trial_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.horizon}"
