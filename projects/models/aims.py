"""What a project wants to reach: objectives that can be measured, and the criteria by which its success is judged."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class ProjectObjective(Record):
    """An objective with measure, baseline, target and date, so that everybody sees the same when it is reached."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objective", "Open")
        REACHED = "reached", pgettext_lazy("objective", "Reached")
        MISSED = "missed", pgettext_lazy("objective", "Missed")
        DROPPED = "dropped", pgettext_lazy("objective", "Dropped")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "PO-{:04d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="project_objectives"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Objective"), max_length=300)
    measure = models.CharField(_("Measure"), max_length=200)
    unit = models.CharField(_("Unit"), max_length=40, blank=True)
    baseline = models.DecimalField(_("Baseline value"), max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("Target value"), max_digits=18, decimal_places=2)
    actual = models.DecimalField(_("Actual value"), max_digits=18, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(_("Due"))
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("Owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="project_objectives",
    )

    class Meta(Record.Meta):
        verbose_name = _("Project objective")
        verbose_name_plural = _("Project objectives")
        ordering = ["project", "due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="project_objective_code")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.baseline is not None and self.target is not None and self.baseline == self.target:
            raise ValidationError({"target": _("The target equals the baseline: say what is to change.")})
        if self.state == self.State.REACHED and self.actual is None:
            raise ValidationError({"actual": _("Enter the value that was measured before you call it reached.")})


class Verdict(models.TextChoices):
    NONE = "4_none", _("Not judged")
    MET = "1_met", _("Met")
    PARTLY = "2_partly", _("Partly met")
    MISSED = "3_missed", _("Not met")


class SuccessCriterion(Record):
    """What makes the project a success: judged when it closes, and again when its benefits are reviewed."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "SC-{:04d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="success_criteria"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Success criterion"), max_length=300)
    measure = models.CharField(_("Measure"), max_length=200)
    target = models.CharField(_("Target"), max_length=120)
    due_on = models.DateField(_("Due"))
    close_verdict = models.CharField(_("Verdict at close"), max_length=8, choices=Verdict, default=Verdict.NONE)
    close_judged_on = models.DateField(_("Judged at close on"), null=True, blank=True)
    close_evidence = models.TextField(_("Evidence at close"), blank=True)
    review_verdict = models.CharField(
        _("Verdict at the benefits review"), max_length=8, choices=Verdict, default=Verdict.NONE
    )
    review_judged_on = models.DateField(_("Judged at the benefits review on"), null=True, blank=True)
    review_evidence = models.TextField(_("Evidence at the benefits review"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Success criterion")
        verbose_name_plural = _("Success criteria")
        ordering = ["project", "due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="success_criterion_code")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for moment in ("close", "review"):
            judged = getattr(self, f"{moment}_verdict") != Verdict.NONE
            if judged and not getattr(self, f"{moment}_judged_on"):
                raise ValidationError({f"{moment}_judged_on": _("Say when it was judged.")})
            if judged and not getattr(self, f"{moment}_evidence").strip():
                raise ValidationError({f"{moment}_evidence": _("Say what the verdict rests on.")})
            if not judged and getattr(self, f"{moment}_judged_on"):
                raise ValidationError({f"{moment}_verdict": _("A day of judgement needs a verdict.")})
        if self.close_judged_on and self.review_judged_on and self.review_judged_on < self.close_judged_on:
            raise ValidationError({"review_judged_on": _("The benefits review comes after the close.")})


ProjectObjectiveVersion = version_model(ProjectObjective)
SuccessCriterionVersion = version_model(SuccessCriterion)
