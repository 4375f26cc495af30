"""Custom fields of registers, the lookup tables they choose from, and their typed values."""

from __future__ import annotations

import re
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.access.roles import Role
from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive

# Before the key of a custom field: in addresses, files, the API and formulas.
PREFIX = "cf_"
KEY = re.compile(r"^[a-z](?:_?[a-z0-9])*$")
_key_rule = RegexValidator(
    KEY, _("Small letters, digits and single underscores are expected, beginning with a letter, such as cost_centre.")
)


class Kind(models.TextChoices):
    TEXT = "text", pgettext_lazy("type of field", "Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", pgettext_lazy("type of field", "Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice from a lookup table")
    MULTI = "multi", _("Several choices from a lookup table")
    PERSON = "person", _("Person")
    LINK = "link", _("Link")
    BOOL = "bool", _("Yes or no")
    FORMULA = "formula", pgettext_lazy("type of field", "Formula")


class Tone(models.TextChoices):
    QUIET = "quiet", _("Grey")
    INFO = "info", _("Blue")
    GOOD = "good", _("Green")
    WARN = "warn", _("Amber")
    BAD = "bad", _("Red")


def register_choices() -> list[tuple[str, Any]]:
    """(key, title) of the registers that take fields, by title; known once all rooms have declared theirs."""
    from pmo.core.custom_fields.taking import takes_fields
    from pmo.core.registers.declaration import all_registers

    found = [(declared.key, declared.title) for declared in all_registers() if takes_fields(declared)]
    return sorted(found, key=lambda pair: str(pair[1]))


class LookupTable(Record):
    """A list of values that choice fields offer. It is archived, never deleted."""

    code = models.CharField(pgettext_lazy("definition", "Key"), max_length=40, validators=[_key_rule])
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    note = models.TextField(_("What it is for"), blank=True)
    active = models.BooleanField(pgettext_lazy("definition", "In use"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Lookup table")
        verbose_name_plural = _("Lookup tables")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="lookup_table_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code


class LookupValue(Record):
    """One value of a lookup table. Out of use it is offered no more; rows that have it keep it."""

    table = models.ForeignKey(
        LookupTable, verbose_name=_("Lookup table"), on_delete=models.PROTECT, related_name="values"
    )
    code = models.CharField(pgettext_lazy("definition", "Key"), max_length=40, validators=[_key_rule])
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    tone = models.CharField(_("Colour"), max_length=5, choices=Tone, default=Tone.QUIET)
    order = models.PositiveSmallIntegerField(_("Order"), default=10)
    active = models.BooleanField(pgettext_lazy("definition", "In use"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Lookup value")
        verbose_name_plural = _("Lookup values")
        ordering = ["table", "order", "code"]
        constraints = [unique_if_alive("table", "code", name="lookup_value_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code


class CustomField(Record):
    """A field that a register has beside those of its model. It is archived, never deleted."""

    register = models.CharField(_("Register"), max_length=60, db_index=True, choices=register_choices)
    code = models.CharField(pgettext_lazy("definition", "Key"), max_length=30, validators=[_key_rule])
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    help_zh = models.CharField(_("Help in Chinese"), max_length=300, blank=True)
    help_en = models.CharField(_("Help in English"), max_length=300, blank=True)
    kind = models.CharField(_("Type"), max_length=10, choices=Kind, default=Kind.TEXT)
    lookup = models.ForeignKey(
        LookupTable, verbose_name=_("Lookup table"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    currency = models.CharField(
        _("Currency"),
        max_length=3,
        blank=True,
        help_text=_("Empty: the currency of the row, else of the organisation."),
    )
    places = models.PositiveSmallIntegerField(_("Decimals"), null=True, blank=True)
    formula = models.TextField(pgettext_lazy("type of field", "Formula"), blank=True, max_length=1000)
    # What a formula gives and in which currency, worked out when it is saved.
    result = models.CharField(max_length=10, blank=True, editable=False)
    unit = models.CharField(max_length=80, blank=True, editable=False)
    required = models.BooleanField(_("Required"), default=False)
    unique = models.BooleanField(_("No value twice"), default=False)
    default = models.CharField(_("Default"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=10)
    section_zh = models.CharField(_("Section in Chinese"), max_length=80, blank=True)
    section_en = models.CharField(_("Section in English"), max_length=80, blank=True)
    seen_by = models.JSONField(_("Visible to"), default=list, blank=True)
    edited_by = models.JSONField(_("Editable by"), default=list, blank=True)
    in_list = models.BooleanField(_("Shown in the list at first"), default=True)
    in_form = models.BooleanField(_("In the form"), default=True)
    in_filter = models.BooleanField(_("As a filter"), default=True)
    active = models.BooleanField(pgettext_lazy("definition", "In use"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Custom field")
        verbose_name_plural = _("Custom fields")
        ordering = ["register", "order", "code"]
        constraints = [unique_if_alive("register", "code", name="custom_field_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code

    @property
    def name(self) -> str:
        """The field's name in addresses, files and the API."""
        return PREFIX + self.code


# The roles that `seen_by` and `edited_by` may name.
ROLES = frozenset(Role.values)


class CustomValue(Record):
    """The value that one record has in one custom field: in the column of the field's type, the others are empty."""

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="values")
    record_id = models.BigIntegerField()
    text = models.TextField(blank=True, null=True)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    flag = models.BooleanField(null=True, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(LookupValue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Value of a custom field")
        verbose_name_plural = _("Values of custom fields")
        constraints = [unique_if_alive("field", "record_id", name="custom_value_once")]
        indexes = [
            models.Index(fields=["field", "number"], name="custom_value_number"),
            models.Index(fields=["field", "day"], name="custom_value_day"),
            models.Index(fields=["field", "choice"], name="custom_value_choice"),
        ]

    def __str__(self) -> str:
        held = (self.text, self.number, self.day, self.flag, self.person, self.choice)
        return f"{self.field}: {next((str(one) for one in held if one is not None), '')}"

    @property
    def record(self) -> Any:
        """The id of the record; set with the record itself, as a foreign key would be."""
        return self.record_id

    @record.setter
    def record(self, row: Any) -> None:
        self.record_id = row.pk


CustomValueVersion = version_model(CustomValue)


class DefinitionStamp(models.Model):
    """One row with a random number that changes with every change of a definition: what processes keep is right while it stays."""

    number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
