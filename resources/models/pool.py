"""Who can be allocated: generic roles, and the people of the pool with their availability and cost rate."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive


class ResourceRole(BilingualName, Record):
    """What somebody is asked for as: test engineer, solution architect."""

    code_pattern = "ROL-{:03d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Resource role")
        verbose_name_plural = _("Resource roles")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="resource_role_code")]


class PoolMember(Record):
    """A person who can be allocated. Unit and line manager are the person's; one row per person."""

    access_scope = ("pool", "person__unit_id")

    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="pool_memberships"
    )
    role = models.ForeignKey(
        ResourceRole, verbose_name=_("Resource role"), on_delete=models.PROTECT, related_name="pool_members"
    )
    location = models.CharField(_("Location"), max_length=100, blank=True)
    availability = models.PositiveSmallIntegerField(
        _("Availability, percent of a full week"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    pool_from = models.DateField(_("In the pool from"))
    pool_until = models.DateField(_("In the pool until"), null=True, blank=True, help_text=_("Empty: no end."))
    cost_rate = models.DecimalField(
        _("Cost rate per hour"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    rate_from = models.DateField(_("Rate valid from"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Pool member")
        verbose_name_plural = _("Resource pool")
        ordering = ["person__code"]
        constraints = [unique_if_alive("person", name="pool_member_once")]

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        if self.pool_from and self.pool_until and self.pool_until < self.pool_from:
            raise ValidationError({"pool_until": _("The end lies before the start.")})
        if self.cost_rate is not None and self.rate_from is None:
            raise ValidationError({"rate_from": _("Say from which day the cost rate holds.")})


PoolMemberVersion = version_model(PoolMember)
