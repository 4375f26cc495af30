"""Who may decide what, up to which amount or delay. Core data, so that every workflow can ask; the office edits it."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit
from pmo.core.records.models import Record


class DecisionRight(Record):
    """One line of a decision-rights table. A line without `in_force_from` is a proposal and gives no right yet."""

    code_pattern = "DR-{:04d}"

    class Kind(models.TextChoices):
        APPROVE_PROJECT = "approve_project", _("Approve the start of a project")
        PASS_GATE = "pass_gate", _("Pass a stage gate")
        STOP_PROJECT = "stop_project", _("Stop a project")
        RELEASE_BUDGET = "release_budget", _("Release budget")
        APPROVE_CHANGE = "approve_change", _("Approve a change request")
        MOVE_DATE = "move_date", _("Move a committed date")
        USE_RESERVE = "use_reserve", _("Use the management reserve")
        SET_PRIORITY = "set_priority", _("Set priorities between projects")
        ALLOCATE_PEOPLE = "allocate_people", _("Allocate people across units")
        APPOINT_MANAGER = "appoint_manager", _("Appoint a project manager")
        ACCEPT_RISK = "accept_risk", _("Accept a risk")
        SELECT_SUPPLIER = "select_supplier", _("Select a supplier")

    code = models.CharField(_("Code"), max_length=40, blank=True)
    kind = models.CharField(_("Decision"), max_length=20, choices=Kind)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_rights",
        help_text=_("Empty: the whole organisation."),
    )
    up_to = models.DecimalField(
        _("Up to amount"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    days = models.PositiveIntegerField(_("Up to working days"), null=True, blank=True)
    remark = models.CharField(_("Remark"), max_length=300, blank=True)
    in_force_from = models.DateField(_("In force from"), null=True, blank=True, editable=False)
    in_force_until = models.DateField(_("In force until"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Decision right")
        verbose_name_plural = _("Decision rights")
        ordering = ["kind", "up_to", "code"]
        indexes = [models.Index(fields=["kind", "role"], name="decision_right_kind_role")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.get_role_display()}"


DecisionRightVersion = version_model(DecisionRight)
