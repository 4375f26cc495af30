"""Suppliers of the organisation and the contracts let to them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class Supplier(BilingualName, Record):
    """Somebody outside the organisation who delivers to it; known to everybody in it."""

    code_pattern = "SUP-{:04d}"

    class Standing(models.TextChoices):
        PREFERRED = "1_preferred", pgettext_lazy("supplier", "Preferred")
        QUALIFIED = "2_qualified", pgettext_lazy("supplier", "Qualified")
        TRIAL = "3_trial", pgettext_lazy("supplier", "On trial")
        BLOCKED = "4_blocked", pgettext_lazy("supplier", "Blocked")

    code = models.CharField(_("Code"), max_length=60, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    standing = models.CharField(
        pgettext_lazy("supplier", "Standing"), max_length=12, choices=Standing, default=Standing.QUALIFIED
    )
    qualified_on = models.DateField(_("Qualified on"), null=True, blank=True)
    qualified_until = models.DateField(
        _("Qualified until"), null=True, blank=True, help_text=_("Empty: the qualification does not expire.")
    )
    backup_for = models.ForeignKey(
        "self",
        verbose_name=_("Backup for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="backups",
        help_text=_("The supplier this one can stand in for."),
    )
    country = models.CharField(_("Country or region"), max_length=60, blank=True)
    contact = models.CharField(_("Contact person"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    website = models.CharField(
        _("Website"), max_length=200, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Supplier")
        verbose_name_plural = _("Suppliers")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="supplier_code")]

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.pk is not None and self.backup_for_id == self.pk:
            errors["backup_for"] = _("A supplier cannot stand in for itself.")
        if self.qualified_on and self.qualified_until and self.qualified_until < self.qualified_on:
            errors["qualified_until"] = _("The qualification ends before it begins.")
        if errors:
            raise ValidationError(errors)


class Contract(Record):
    """What a supplier delivers for money, to a project or, without one, to the organisation."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "CT-{:05d}"

    class Kind(models.TextChoices):
        GOODS = "goods", pgettext_lazy("contract", "Goods")
        SERVICES = "services", pgettext_lazy("contract", "Services")
        WORKS = "works", pgettext_lazy("contract", "Works")
        SOFTWARE = "software", pgettext_lazy("contract", "Software and licences")
        FRAMEWORK = "framework", pgettext_lazy("contract", "Framework agreement")
        OTHER = "other", pgettext_lazy("contract", "Other")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("contract", "Draft")
        ACTIVE = "active", pgettext_lazy("contract", "Active")
        CLOSED = "closed", pgettext_lazy("contract", "Closed")

    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Contract"), max_length=300)
    description = models.TextField(_("Description"), blank=True)
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("Supplier"), on_delete=models.PROTECT, related_name="contracts"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("Project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="contracts",
        help_text=_("Empty: the contract serves the organisation; only roles held in all of it see it."),
    )
    kind = models.CharField(_("Contract type"), max_length=12, choices=Kind, default=Kind.SERVICES)
    amount = models.DecimalField(
        _("Amount"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    starts_on = models.DateField(_("From"), null=True, blank=True)
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    state = models.CharField(_("Status"), max_length=8, choices=State, default=State.ACTIVE)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Contract")
        verbose_name_plural = _("Contracts")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="contract_code")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The contract ends before it starts.")})
