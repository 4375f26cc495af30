"""Portfolios and programmes, and which projects belong to them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.access.roles import Role
from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit, Person
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project
from risks.models import RiskMatrix


class Cycle(models.TextChoices):
    WEEKLY = "weekly", _("Weekly")
    FORTNIGHTLY = "fortnightly", _("Fortnightly")
    MONTHLY = "monthly", _("Monthly")


CYCLE_DAYS = {Cycle.WEEKLY: 7, Cycle.FORTNIGHTLY: 14, Cycle.MONTHLY: 31}


class Portfolio(BilingualName, Record):
    """A set of projects decided on together."""

    access_scope = ("portfolio", "id")
    code_pattern = "PF-{:02d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    purpose = models.TextField(_("Purpose"), blank=True)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("Portfolio owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="portfolios",
    )
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Business unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="portfolios",
    )
    cycle = models.CharField(_("Reporting cycle"), max_length=12, choices=Cycle, default=Cycle.WEEKLY)
    risk_matrix = models.ForeignKey(
        RiskMatrix,
        verbose_name=_("Risk matrix"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="portfolios",
        help_text=_("Empty: the default matrix."),
    )

    class Meta(Record.Meta):
        verbose_name = _("Portfolio")
        verbose_name_plural = _("Portfolios")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="portfolio_code")]


class Programme(BilingualName, Record):
    """Projects that reach a common outcome; programmes nest by a materialised path."""

    access_scope = ("portfolio", "portfolio_id")
    code_pattern = "PG-{:03d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.PROTECT, related_name="programmes"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Parent programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=500, editable=False, default="/", db_index=True)
    manager = models.ForeignKey(
        Person,
        verbose_name=_("Programme manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    outcome = models.TextField(_("Outcome"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Programme")
        verbose_name_plural = _("Programmes")
        ordering = ["portfolio", "path"]
        constraints = [unique_if_alive("code", name="programme_code")]

    def clean(self) -> None:
        super().clean()
        if self.parent_id is None or self.parent is None:
            return
        if self.parent.portfolio_id != self.portfolio_id:
            raise ValidationError({"parent": _("The parent programme belongs to another portfolio.")})
        if self.pk and f"/{self.pk}/" in self.parent.path:
            raise ValidationError({"parent": _("A programme cannot lie below itself.")})


class PortfolioItem(Record):
    """The one primary portfolio of a project."""

    access_scope = ("portfolio", "portfolio_id")
    audit_project = "project_id"

    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.PROTECT, related_name="items"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="portfolio_items"
    )
    critical = models.BooleanField(
        _("Critical project"),
        default=False,
        help_text=_("The portfolio is never greener than its worst critical project."),
    )

    class Meta(Record.Meta):
        verbose_name = _("Project in a portfolio")
        verbose_name_plural = _("Projects by portfolio")
        ordering = ["portfolio", "project"]
        constraints = [unique_if_alive("project", name="portfolio_item_once")]

    def __str__(self) -> str:
        return f"{self.portfolio} {self.project}"


class ProgrammeItem(Record):
    """The programme of a project, where it has one: seen by whoever sees both."""

    access_scope = ("project", "project_id")
    access_also = ("programme",)
    audit_project = "project_id"

    programme = models.ForeignKey(
        Programme, verbose_name=_("Programme"), on_delete=models.PROTECT, related_name="items"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="programme_items"
    )

    class Meta(Record.Meta):
        verbose_name = _("Project in a programme")
        verbose_name_plural = _("Projects by programme")
        ordering = ["programme", "project"]
        constraints = [unique_if_alive("project", name="programme_item_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.project}"


class PortfolioMember(Record):
    """A role held in one portfolio and all its projects."""

    access_scope = ("portfolio", "portfolio_id")

    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.CASCADE, related_name="members"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="portfolio_memberships"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.EXECUTIVE)

    class Meta(Record.Meta):
        verbose_name = _("Portfolio member")
        verbose_name_plural = _("Portfolio members")
        ordering = ["portfolio", "role"]
        constraints = [unique_if_alive("portfolio", "person", "role", name="portfolio_member_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


PortfolioVersion = version_model(Portfolio)
ProgrammeVersion = version_model(Programme)
PortfolioItemVersion = version_model(PortfolioItem)
ProgrammeItemVersion = version_model(ProgrammeItem)
