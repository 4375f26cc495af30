"""The project charter: what the project is for and how far its manager may go alone; its revisions and signatures."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class CharterText(models.Model):
    """What a charter says. Milestones, budget, sponsor and manager are the project's and are not typed again."""

    purpose = models.TextField(_("Purpose"), blank=True)
    background = models.TextField(_("Background"), blank=True)
    scope_in = models.TextField(_("In scope"), blank=True)
    scope_out = models.TextField(_("Out of scope"), blank=True)
    approach = models.TextField(_("Approach"), blank=True)
    assumptions = models.TextField(_("Assumptions"), blank=True)
    constraints = models.TextField(_("Constraints"), blank=True)
    limit_spend = models.DecimalField(
        _("Spending per decision"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What the project manager may spend in one decision without asking, in the project's currency."),
    )
    limit_days = models.PositiveSmallIntegerField(
        _("Schedule change, working days"),
        null=True,
        blank=True,
        help_text=_("How far the project manager may move a key milestone without asking."),
    )
    limit_staff = models.DecimalField(
        _("Staffing change, percent"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("By how much of the planned head-count the project manager may change the team without asking."),
    )
    limit_scope = models.TextField(_("Scope changes"), blank=True)
    escalation = models.TextField(_("Escalation path"), blank=True)

    class Meta:
        abstract = True


class ProjectCharter(CharterText, Record):
    """The charter of a project: one that is alive. Sponsor and manager sign it, the PMO or the sponsor approves it.

    `revision` is the text as it stands here, `in_force` the revision that was approved last (0: none yet).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", pgettext_lazy("charter", "Approved")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "CH-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="charters")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    revision = models.PositiveSmallIntegerField(_("Revision"), default=1, editable=False)
    in_force = models.PositiveSmallIntegerField(_("Revision in force"), default=0, editable=False)
    submitted_on = models.DateField(_("Submitted on"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        Person,
        verbose_name=_("Approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="charters_approved",
        editable=False,
    )
    approved_on = models.DateField(pgettext_lazy("charter", "Approved on"), null=True, blank=True, editable=False)
    effective_on = models.DateField(_("Valid from"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Project charter")
        verbose_name_plural = _("Project charters")
        ordering = ["project"]
        constraints = [
            unique_if_alive("project", name="project_charter_once"),
            unique_if_alive("project", "code", name="project_charter_code"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.state == self.State.APPROVED and not self.approved_on:
            raise ValidationError(_("An approved charter needs the day of its approval."))
        if self.approved_on and self.effective_on and self.effective_on < self.approved_on:
            raise ValidationError(_("A charter takes effect on the day of its approval at the earliest."))


class CharterRevision(CharterText, Record):
    """The text of an earlier revision that was approved, kept as it was when the charter was opened again."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="+")
    charter = models.ForeignKey(
        ProjectCharter, verbose_name=_("Project charter"), on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveSmallIntegerField(_("Revision"))
    approved_by = models.ForeignKey(
        Person, verbose_name=_("Approved by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField(pgettext_lazy("charter", "Approved on"))
    effective_on = models.DateField(_("Valid from"))
    reopened_on = models.DateField(_("Opened again on"))
    reason = models.TextField(_("Reason"))

    class Meta(Record.Meta):
        verbose_name = _("Earlier revision of a charter")
        verbose_name_plural = _("Earlier revisions of charters")
        ordering = ["charter", "-number"]
        constraints = [unique_if_alive("charter", "number", name="charter_revision_once")]

    def __str__(self) -> str:
        return f"{self.charter} / {self.number}"


class CharterSignature(Record):
    """Who signed which revision of a charter in which capacity."""

    class Capacity(models.TextChoices):
        SPONSOR = "1_sponsor", _("Sponsor")
        PM = "2_pm", _("Project manager")
        PMO = "3_pmo", _("PMO")

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="+")
    charter = models.ForeignKey(
        ProjectCharter, verbose_name=_("Project charter"), on_delete=models.CASCADE, related_name="signatures"
    )
    revision = models.PositiveSmallIntegerField(_("Revision"))
    capacity = models.CharField(_("Signs as"), max_length=10, choices=Capacity)
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="charter_signatures"
    )
    signed_on = models.DateField(_("Signed on"))

    class Meta(Record.Meta):
        verbose_name = _("Signature of a charter")
        verbose_name_plural = _("Signatures of charters")
        ordering = ["charter", "revision", "capacity"]
        constraints = [unique_if_alive("charter", "revision", "capacity", name="charter_signature_once")]

    def __str__(self) -> str:
        return f"{self.get_capacity_display()} {self.person}"


ProjectCharterVersion = version_model(ProjectCharter)
