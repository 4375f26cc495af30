"""What was done to a draft, so that it can be undone; and the organisation's rules for work breakdown structures."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.records.models import Record
from projects.models.plan.version import PlanVersion


class PlanEdit(models.Model):
    """One operation in the outline of a draft: the values before and after, and the rows that came or went.

    Rows that an operation takes away wait in `parked`, a version of the plan that nobody sees, until it is undone.
    """

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="edits")
    parked = models.ForeignKey(PlanVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Changed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("Changed"), auto_now_add=True)
    kind = models.CharField(max_length=12)
    undone = models.BooleanField(default=False)
    label = models.CharField(max_length=300, blank=True)
    # {"fields": {row: {column: [old, new]}}, "added": [rows], "gone": [rows], "links_added": [], "links_gone": []}
    change = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        verbose_name = _("Change of a draft")
        verbose_name_plural = _("Changes of a draft")
        ordering = ["plan", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}".strip()


class CodeRule(models.TextChoices):
    OUTLINE = "outline", _("The outline number")
    BELOW = "below", _("Begins with the code of the row above")
    ANY = "any", _("Any code")


class WbsRules(Record):
    """How the organisation breaks work down: what the verdict on a project's plan is measured by."""

    name = models.CharField(_("Name"), max_length=100)
    max_depth = models.PositiveSmallIntegerField(
        _("Deepest level"), default=6, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    min_hours = models.DecimalField(
        _("Smallest work package, hours"), max_digits=7, decimal_places=1, default=8, validators=[MinValueValidator(0)]
    )
    max_hours = models.DecimalField(
        _("Largest work package, hours"), max_digits=7, decimal_places=1, default=80, validators=[MinValueValidator(0)]
    )
    code_rule = models.CharField(_("WBS codes"), max_length=10, choices=CodeRule, default=CodeRule.BELOW)
    name_pattern = models.CharField(
        _("Pattern of the task name"),
        max_length=100,
        blank=True,
        help_text=_("* stands for any text, ? for one character; empty accepts any name."),
    )
    whole = models.BooleanField(_("Every summary has at least two rows below it"), default=True)
    own_work = models.BooleanField(_("No summary has work or resources of its own"), default=True)
    no_gaps = models.BooleanField(_("No gaps in the codes"), default=True)
    complete = models.BooleanField(_("Every work package has a duration and somebody responsible"), default=True)
    remarks_percent = models.PositiveSmallIntegerField(
        _("Passed with remarks up to, percent of rows"),
        default=5,
        validators=[MaxValueValidator(100)],
        help_text=_("More rows than this share against a rule: failed."),
    )

    class Meta(Record.Meta):
        verbose_name = _("WBS rules")
        verbose_name_plural = _("WBS rules")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.min_hours is not None and self.max_hours is not None and self.min_hours > self.max_hours:
            raise ValidationError({"max_hours": _("The largest work package is smaller than the smallest one.")})
