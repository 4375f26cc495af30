"""Deliverables and their acceptance."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.milestone import Milestone
from projects.models.project import Project


class Deliverable(Record):
    """Something the project hands over, with the criteria by which it is accepted."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("deliverable", "Planned")
        DOING = "doing", pgettext_lazy("deliverable", "In progress")
        SUBMITTED = "submitted", pgettext_lazy("deliverable", "Submitted")
        ACCEPTED = "accepted", pgettext_lazy("deliverable", "Accepted")
        REJECTED = "rejected", pgettext_lazy("deliverable", "Rejected")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "DLV-{:04d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="deliverables"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Deliverable"), max_length=300)
    milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("Milestone"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliverables",
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="deliverables"
    )
    due_on = models.DateField(_("Due"), null=True, blank=True)
    criteria = models.TextField(_("Acceptance criteria"), blank=True)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.PLANNED)
    submitted_on = models.DateField(_("Submitted on"), null=True, blank=True, editable=False)
    accepted_on = models.DateField(_("Accepted on"), null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        Person,
        verbose_name=_("Accepted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deliverables_accepted",
        editable=False,
    )
    open_defects = models.PositiveIntegerField(_("Open defects"), default=0)
    verdict_note = models.TextField(_("Note on acceptance"), blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Deliverable")
        verbose_name_plural = _("Deliverables")
        ordering = ["project", "due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="deliverable_code")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.milestone is not None and self.milestone.project_id != self.project_id:
            raise ValidationError({"milestone": _("This milestone belongs to another project.")})
        accepted = self.state == self.State.ACCEPTED
        if accepted and not (self.accepted_by_id and self.accepted_on):
            raise ValidationError({"state": _("An accepted deliverable needs who accepted it and when.")})
        if not accepted and (self.accepted_by_id or self.accepted_on):
            raise ValidationError({"state": _("Only an accepted deliverable has a day of acceptance.")})
        if self.submitted_on and self.accepted_on and self.accepted_on < self.submitted_on:
            raise ValidationError({"state": _("It was accepted before it was submitted.")})


DeliverableVersion = version_model(Deliverable)
