"""Currencies and dated exchange rates."""

from __future__ import annotations

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.records.models import Record, unique_if_alive


class Currency(Record):
    """A currency by its ISO 4217 code."""

    code = models.CharField(
        _("Code"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Expected three capital letters such as CNY."))],
    )
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta(Record.Meta):
        verbose_name = _("Currency")
        verbose_name_plural = _("Currencies")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="currency_code")]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(Record):
    """Units of the organisation's base currency for one unit of a currency, from a day on."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("Budget rate")
        CLOSING = "closing", _("Closing rate")
        AVERAGE = "average", _("Average rate")

    currency = models.CharField(_("Currency"), max_length=3)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.CLOSING)
    valid_from_date = models.DateField(_("Valid from"))
    rate = models.DecimalField(_("Rate"), max_digits=18, decimal_places=8, validators=[MinValueValidator(0)])
    source = models.CharField(_("Source"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Exchange rate")
        verbose_name_plural = _("Exchange rates")
        ordering = ["currency", "kind", "-valid_from_date"]
        constraints = [unique_if_alive("currency", "kind", "valid_from_date", name="exchange_rate_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from_date} {self.rate}"


ExchangeRateVersion = version_model(ExchangeRate)
