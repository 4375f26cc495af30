"""The organisation and its calendars: night, snapshot date, working days, fiscal periods."""

from __future__ import annotations

import datetime
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.records.models import Record, unique_if_alive


def validate_zone(value: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(value)s is not a time zone; expected a name such as Asia/Shanghai."), params={"value": value}
        )


def validate_weekdays(value: str) -> None:
    """Refuse anything but distinct digits 1 (Monday) to 7 (Sunday)."""
    if not value or len(set(value)) != len(value) or not set(value) <= set("1234567"):
        raise ValidationError(
            _("Expected the digits of the working weekdays, 1 for Monday to 7 for Sunday, such as 12345.")
        )


class Organisation(Record):
    """The one organisation of this installation."""

    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_zone])
    base_currency = models.CharField(_("Base currency"), max_length=3, default="CNY")
    fiscal_start_month = models.PositiveSmallIntegerField(
        _("First month of the fiscal year"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    working_weekdays = models.CharField(
        _("Working weekdays"), max_length=7, default="12345", validators=[validate_weekdays]
    )
    nightly_time = models.TimeField(_("Nightly run"), default=datetime.time(2, 0))

    class Meta(Record.Meta):
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisation")

    def __str__(self) -> str:
        return self.name_en


class CalendarException(Record):
    """A dated exception of the working calendar: a holiday (0), a make-up working day (1) or a shortened day (0.7)."""

    day = models.DateField(_("Date"))
    factor = models.DecimalField(
        _("Working share"),
        max_digits=3,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 is a holiday, 1 a full working day, 0.7 a day of seven tenths."),
    )
    region = models.CharField(_("Region"), max_length=40, blank=True, help_text=_("Empty: the whole organisation."))
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Calendar exception")
        verbose_name_plural = _("Calendar exceptions")
        ordering = ["day"]
        constraints = [unique_if_alive("day", "region", name="calendar_exception_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name_en or self.name_zh}".strip()


class FiscalPeriod(Record):
    """A month, quarter or year of the organisation's fiscal calendar."""

    code = models.CharField(_("Code"), max_length=20)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    closed = models.BooleanField(_("Closed"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("Fiscal period")
        verbose_name_plural = _("Fiscal periods")
        ordering = ["starts_on", "-ends_on"]
        constraints = [
            unique_if_alive("code", name="fiscal_period_code"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="fiscal_period_order"),
        ]

    def __str__(self) -> str:
        return self.code


OrganisationVersion = version_model(Organisation)
CalendarExceptionVersion = version_model(CalendarException)
