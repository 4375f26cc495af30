"""Stakeholders of a project."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class Engagement(models.TextChoices):
    UNAWARE = "1_unaware", _("Unaware")
    RESISTANT = "2_resistant", _("Resistant")
    NEUTRAL = "3_neutral", _("Neutral")
    SUPPORTIVE = "4_supportive", _("Supportive")
    LEADING = "5_leading", _("Leading")


class Stakeholder(Record):
    """Somebody with a stake in a project, inside or outside the organisation."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "STK-{:04d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="stakeholders"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Stakeholder"), max_length=200)
    person = models.ForeignKey(
        Person,
        verbose_name=_("Person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stakes",
        help_text=_("Empty for an external stakeholder."),
    )
    party = models.CharField(_("Organisation"), max_length=200, blank=True)
    role = models.CharField(_("Part in the project"), max_length=200, blank=True)
    external = models.BooleanField(_("External"), default=False)
    is_key = models.BooleanField(_("Key stakeholder"), default=False)
    power = models.PositiveSmallIntegerField(
        _("Power"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    interest = models.PositiveSmallIntegerField(
        _("Interest"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    engagement = models.CharField(
        _("Current engagement"), max_length=14, choices=Engagement, default=Engagement.NEUTRAL
    )
    desired = models.CharField(
        _("Desired engagement"), max_length=14, choices=Engagement, default=Engagement.SUPPORTIVE
    )
    last_contact = models.DateField(_("Last contact"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Stakeholder")
        verbose_name_plural = _("Stakeholders")
        ordering = ["-is_key", "name"]
        constraints = [unique_if_alive("project", "code", name="stakeholder_code")]

    def __str__(self) -> str:
        return self.name
