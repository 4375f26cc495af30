"""Equipment that projects share, and the windows they book it for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project

_MOST_HOURS = 400


class Equipment(BilingualName, Record):
    """One or several like items that can be booked; each booking needs time to set up before and to tear down after."""

    access_scope = ("unit", "unit_id")
    code_pattern = "EQP-{:04d}"

    class Kind(models.TextChoices):
        TEST_RIG = "test_rig", pgettext_lazy("equipment", "Test rig")
        LABORATORY = "laboratory", pgettext_lazy("equipment", "Laboratory")
        MACHINE = "machine", pgettext_lazy("equipment", "Machine")
        VEHICLE = "vehicle", pgettext_lazy("equipment", "Vehicle")
        INSTRUMENT = "instrument", pgettext_lazy("equipment", "Instrument")
        ENVIRONMENT = "environment", pgettext_lazy("equipment", "IT environment")

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", pgettext_lazy("equipment", "In service")
        MAINTENANCE = "maintenance", pgettext_lazy("equipment", "Under maintenance")
        RETIRED = "retired", pgettext_lazy("equipment", "Retired")

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind, default=Kind.TEST_RIG)
    unit = models.ForeignKey(OrgUnit, verbose_name=_("Unit"), on_delete=models.PROTECT, related_name="equipment")
    location = models.CharField(_("Location"), max_length=100, blank=True)
    capacity = models.PositiveSmallIntegerField(_("Items"), default=1, validators=[MinValueValidator(1)])
    setup_hours = models.PositiveSmallIntegerField(
        _("Set-up, hours"), default=0, validators=[MaxValueValidator(_MOST_HOURS)]
    )
    teardown_hours = models.PositiveSmallIntegerField(
        _("Tear-down, hours"), default=0, validators=[MaxValueValidator(_MOST_HOURS)]
    )
    status = models.CharField(_("Status"), max_length=12, choices=Status, default=Status.IN_SERVICE)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Equipment")
        verbose_name_plural = _("Equipment")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="equipment_code")]


class EquipmentBooking(Record):
    """A window in which a project uses equipment. Requested by the project, confirmed by who keeps the equipment."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "BKG-{:05d}"

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("booking", "Requested")
        CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
        CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")

    code = models.CharField(_("Code"), max_length=60, blank=True)
    equipment = models.ForeignKey(
        Equipment, verbose_name=_("Equipment"), on_delete=models.PROTECT, related_name="bookings"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="equipment_bookings"
    )
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))
    quantity = models.PositiveSmallIntegerField(_("Quantity"), default=1, validators=[MinValueValidator(1)])
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.REQUESTED)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Equipment booking")
        verbose_name_plural = _("Equipment bookings")
        ordering = ["starts_on", "code"]
        constraints = [unique_if_alive("code", name="equipment_booking_code")]
        indexes = [models.Index(fields=["equipment", "starts_on"], name="equipment_booking_start")]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end lies before the start.")})
        if self.equipment_id and self.quantity and self.quantity > self.equipment.capacity:
            raise ValidationError(
                {
                    "quantity": _("There are %(capacity)s of %(equipment)s, received %(quantity)s.")
                    % {
                        "capacity": self.equipment.capacity,
                        "equipment": self.equipment,
                        "quantity": self.quantity,
                    }
                }
            )


EquipmentVersion = version_model(Equipment)
EquipmentBookingVersion = version_model(EquipmentBooking)
