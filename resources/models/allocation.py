"""Who is promised to which project, for how much of a full week, from when to when."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project
from resources.models.pool import ResourceRole


class Allocation(Record):
    """A share of a person's time for a project. Proposed by the project, committed by the person's resource manager."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "ALC-{:05d}"

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("allocation", "Proposed")
        COMMITTED = "committed", pgettext_lazy("allocation", "Committed")
        CANCELLED = "cancelled", pgettext_lazy("allocation", "Cancelled")

    code = models.CharField(_("Code"), max_length=60, blank=True)
    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="allocations"
    )
    person = models.ForeignKey(Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="allocations")
    role = models.ForeignKey(
        ResourceRole,
        verbose_name=_("Resource role"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="allocations",
    )
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))
    percent = models.PositiveSmallIntegerField(
        _("Share of a full week, percent"), default=100, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.PROPOSED)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Allocation")
        verbose_name_plural = _("Allocations")
        ordering = ["starts_on", "code"]
        constraints = [unique_if_alive("code", name="allocation_code")]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="allocation_person"),
            models.Index(fields=["project", "starts_on"], name="allocation_project"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end lies before the start.")})


AllocationVersion = version_model(Allocation)
