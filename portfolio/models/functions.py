"""What programmes serve and what they are judged by: business functions, measures, and the contracts and suppliers they use."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from portfolio.models.structure import Programme
from projects.models import Contract, Supplier


class BusinessFunction(BilingualName, Record):
    """What the organisation does: areas hold functions and services, by a materialised path."""

    code_pattern = "FN-{:03d}"

    class Kind(models.TextChoices):
        AREA = "area", pgettext_lazy("business function", "Area")
        FUNCTION = "function", pgettext_lazy("business function", "Function")
        SERVICE = "service", pgettext_lazy("business function", "Service")

    code = models.CharField(_("Code"), max_length=60, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.FUNCTION)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=500, editable=False, default="/", db_index=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Business function")
        verbose_name_plural = _("Business functions")
        ordering = ["path"]
        constraints = [unique_if_alive("code", name="business_function_code")]

    def clean(self) -> None:
        super().clean()
        if self.parent is not None and self.pk and f"/{self.pk}/" in self.parent.path:
            raise ValidationError({"parent": _("A business function cannot lie below itself.")})


class ProgrammeFunction(Record):
    """A business function that a programme serves."""

    access_scope = ("portfolio", "programme__portfolio_id")

    programme = models.ForeignKey(
        Programme, verbose_name=_("Programme"), on_delete=models.CASCADE, related_name="functions"
    )
    function = models.ForeignKey(
        BusinessFunction, verbose_name=_("Business function"), on_delete=models.PROTECT, related_name="programmes"
    )

    class Meta(Record.Meta):
        verbose_name = _("Programme function")
        verbose_name_plural = _("Programme functions")
        ordering = ["programme", "function"]
        constraints = [unique_if_alive("programme", "function", name="programme_function_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.function}"


class ProgrammeContract(Record):
    """A contract that a programme uses: seen by whoever sees both."""

    access_scope = ("project", "contract__project_id")
    access_also = ("programme",)

    programme = models.ForeignKey(
        Programme, verbose_name=_("Programme"), on_delete=models.CASCADE, related_name="contracts"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("Contract"), on_delete=models.CASCADE, related_name="programme_contracts"
    )

    class Meta(Record.Meta):
        verbose_name = _("Programme contract")
        verbose_name_plural = _("Programme contracts")
        ordering = ["programme", "contract"]
        constraints = [unique_if_alive("programme", "contract", name="programme_contract_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.contract}"


class ProgrammeSupplier(Record):
    """A supplier that a programme relies on."""

    access_scope = ("portfolio", "programme__portfolio_id")

    programme = models.ForeignKey(
        Programme, verbose_name=_("Programme"), on_delete=models.CASCADE, related_name="suppliers"
    )
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("Supplier"), on_delete=models.PROTECT, related_name="programme_suppliers"
    )

    class Meta(Record.Meta):
        verbose_name = _("Programme supplier")
        verbose_name_plural = _("Programme suppliers")
        ordering = ["programme", "supplier"]
        constraints = [unique_if_alive("programme", "supplier", name="programme_supplier_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.supplier}"


class ProgrammeMeasure(Record):
    """A measure a programme is judged by, with its target and whether it was met."""

    access_scope = ("portfolio", "programme__portfolio_id")
    code_pattern = "MSR-{:04d}"

    class Result(models.TextChoices):
        NOT_YET = "3_not_yet", pgettext_lazy("measure", "Not judged yet")
        MET = "1_met", pgettext_lazy("measure", "Met")
        NOT_MET = "2_not_met", pgettext_lazy("measure", "Not met")

    programme = models.ForeignKey(
        Programme, verbose_name=_("Programme"), on_delete=models.CASCADE, related_name="measures"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    description = models.TextField(_("Measure"))
    category = models.CharField(_("Category"), max_length=200, blank=True)
    target = models.CharField(_("Target"), max_length=300, blank=True)
    result = models.CharField(_("Result"), max_length=10, choices=Result, default=Result.NOT_YET)

    class Meta(Record.Meta):
        verbose_name = _("Programme measure")
        verbose_name_plural = _("Programme measures")
        ordering = ["programme", "code"]
        constraints = [unique_if_alive("programme", "code", name="programme_measure_code")]

    def __str__(self) -> str:
        return Truncator(self.description).chars(120)
