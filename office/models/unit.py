"""PMO units: the enterprise PMO, those of departments, and a person who is a PMO alone."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit, Person
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive


class PMOUnit(Record):
    """A PMO. Units form a tree: enterprise, department, personal; a path such as /1/4/ says where a unit lies."""

    code_pattern = "PMO-{:02d}"

    class Level(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise PMO")
        DEPARTMENT = "department", _("Department PMO")
        PERSONAL = "personal", _("Personal PMO")

    class Type(models.TextChoices):
        SUPPORTIVE = "supportive", pgettext_lazy("PMO type", "Supportive")
        CONTROLLING = "controlling", pgettext_lazy("PMO type", "Controlling")
        DIRECTIVE = "directive", pgettext_lazy("PMO type", "Directive")
        STRATEGIC = "strategic", pgettext_lazy("PMO type", "Strategic")

    class Function(models.TextChoices):
        RESEARCH = "research", _("R&D PMO")
        BUSINESS = "business", _("Business PMO")
        SUPPORT = "support", _("Support PMO")
        CHANGE = "change", _("Change PMO")
        STRATEGY = "strategy", _("Strategy PMO")
        DIGITAL = "digital", _("Digital transformation PMO")
        PROJECT_MANAGER = "project_manager", _("Project manager PMO")
        OTHER = "other", _("Other")

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Level, default=Level.DEPARTMENT)
    parent = models.ForeignKey(
        "self", verbose_name=_("Parent PMO"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=500, editable=False, db_index=True, default="/")
    type = models.CharField(_("PMO type"), max_length=11, choices=Type, default=Type.SUPPORTIVE)
    type_label = models.CharField(
        _("Own name of the type"), max_length=80, blank=True, help_text=_("What your organisation calls it.")
    )
    function = models.CharField(_("PMO function"), max_length=15, choices=Function, default=Function.BUSINESS)
    function_label = models.CharField(_("Own name of the function"), max_length=80, blank=True)
    head = models.ForeignKey(
        Person, verbose_name=_("Head of the PMO"), null=True, blank=True, on_delete=models.PROTECT, related_name="pmos"
    )
    org_unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Organisational unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pmos",
        help_text=_("A department PMO looks after the projects of this unit and everything below it."),
    )
    mission = models.TextField(_("Mission"), blank=True)
    founded_on = models.DateField(_("Founded on"), null=True, blank=True)
    fte = models.DecimalField(
        _("Staff, FTE"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    class Meta(Record.Meta):
        verbose_name = _("PMO unit")
        verbose_name_plural = _("PMO units")
        ordering = ["path"]
        constraints = [unique_if_alive("code", name="pmo_unit_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code

    def clean(self) -> None:
        """A name in one language; an enterprise PMO stands at the top, nothing stands below a personal one."""
        errors: dict[str, object] = {}
        if not (self.name_zh or self.name_en):
            errors["name_zh"] = _("Give a name in Chinese or in English.")
        if self.level == self.Level.ENTERPRISE and self.parent_id:
            errors["parent"] = _("An enterprise PMO stands at the top; leave this empty.")
        if self.parent is not None and self.parent.level == self.Level.PERSONAL:
            errors["parent"] = _("Nothing stands below a personal PMO.")
        if self.function == self.Function.OTHER and not self.function_label:
            errors["function_label"] = _("Say what you call the function.")
        if errors:
            raise ValidationError(errors)

    @property
    def type_name(self) -> str:
        """What the type is called here."""
        return self.type_label or str(self.get_type_display())

    @property
    def function_name(self) -> str:
        """What the function is called here."""
        return self.function_label or str(self.get_function_display())


PMOUnitVersion = version_model(PMOUnit)
