"""Writing definitions: checked as a whole, never deleted, of another type only where every value survives."""

from __future__ import annotations

import copy
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.custom_fields import stamp
from pmo.core.custom_fields.definitions import Definition, definition_of, option_of
from pmo.core.custom_fields.formula.reading import read_formula
from pmo.core.custom_fields.formula.tree import FormulaError, fields_of
from pmo.core.custom_fields.formulas import checked, usable
from pmo.core.custom_fields.models import ROLES, CustomField, CustomValue, Kind, LookupValue
from pmo.core.custom_fields.services.conversion import convert_values
from pmo.core.custom_fields.taking import takes_fields
from pmo.core.custom_fields.values import from_text
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, update_record
from pmo.core.registers.declaration import Register, UnknownRegisterError, declared_register

MOST = 60
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_OF_LISTS = {Kind.CHOICE, Kind.MULTI}
_NEVER_UNIQUE = {Kind.MULTI, Kind.BOOL, Kind.LONG_TEXT, Kind.FORMULA}


def create_field(*, actor: Actor, row: CustomField, reason: str = "") -> CustomField:
    """Add a field to a register. Raises ValidationError by field."""
    check_field(row)
    with transaction.atomic():
        made = create_record(actor=actor, row=row, reason=reason)
        stamp.renew()
    return made


def update_field(
    *, actor: Actor, row: CustomField, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> CustomField:
    """Change a definition. Register and key stay; the type changes only where no value is lost. Raises ValidationError by field."""
    before = CustomField.objects.get(pk=row.pk)
    wanted = copy.copy(before)
    for name, value in values.items():
        setattr(wanted, name, value)
    _refuse_moves(before, wanted)
    check_field(wanted)
    with transaction.atomic():
        if wanted.kind != before.kind:
            convert_values(field=before, old=described(before), new=described(wanted))
        elif wanted.lookup_id != before.lookup_id and CustomValue.objects.filter(field=before).exists():
            raise ValidationError({"lookup": _("The lookup table stays while rows have values of it.")})
        settled = {"result": wanted.result, "unit": wanted.unit, "lookup": wanted.lookup}
        saved = update_record(
            actor=actor, row=row, values={**values, **settled}, expected_version=expected_version, reason=reason
        )
        stamp.renew()
    return saved


def _refuse_moves(before: CustomField, wanted: CustomField) -> None:
    if wanted.register != before.register:
        raise ValidationError({"register": _("A field stays in its register; add a new one to the other register.")})
    if wanted.code != before.code:
        raise ValidationError({"code": _("The key stays: addresses, formulas and other systems use it.")})
    if before.active and not wanted.active:
        users = [str(one) for one in _formulas_over(before)]
        if users:
            raise ValidationError({"active": _("Formulas use this field: %(names)s.") % {"names": ", ".join(users)}})


def _formulas_over(field: CustomField) -> list[CustomField]:
    rows = CustomField.objects.filter(register=field.register, kind=Kind.FORMULA, active=True)
    return [row for row in rows if field.name in _names_in(row.formula)]


def _names_in(formula: str) -> set[str]:
    try:
        return fields_of(read_formula(formula))
    except FormulaError:
        return set()


def described(row: CustomField) -> Definition:
    """The definition of a row that may not be saved yet."""
    options = LookupValue.objects.filter(table_id=row.lookup_id).order_by("order", "code") if row.lookup_id else []
    return definition_of(row, [option_of(value) for value in options])


def living_of(key: str, without: int | None = None) -> list[Definition]:
    """The fields of a register that are in use."""
    rows = CustomField.objects.filter(register=key, active=True).exclude(pk=without).order_by("order", "code")
    return [described(row) for row in rows]


def check_field(row: CustomField) -> None:
    """Settle what follows from the type and refuse what makes no sense. Raises ValidationError by field."""
    errors: dict[str, Any] = {}
    declared = _register(row, errors)
    if not (row.name_zh or row.name_en):
        errors["name_zh"] = _("Give the field a name in at least one language.")
    _check_lists(row, errors)
    if row.currency and not _CURRENCY.match(row.currency):
        errors["currency"] = _("Three capital letters are expected, such as CNY.")
    for name in ("seen_by", "edited_by"):
        if not isinstance(getattr(row, name), list) or set(getattr(row, name)) - ROLES:
            errors[name] = _("Roles are expected.")
    if row.unique and row.kind in _NEVER_UNIQUE:
        errors["unique"] = _("Fields of this type may have the same value in several rows.")
    if declared is not None:
        _check_formula(row, declared, errors)
    if not errors:
        _check_default(row, errors)
    if errors:
        raise ValidationError(errors)


def _register(row: CustomField, errors: dict[str, Any]) -> Register | None:
    try:
        declared = declared_register(row.register)
    except UnknownRegisterError:
        declared = None
    if declared is None or not takes_fields(declared):
        errors["register"] = _("Fields cannot be added to this register.")
        return None
    if row.active and CustomField.objects.filter(register=row.register, active=True).exclude(pk=row.pk).count() >= MOST:
        errors["register"] = _("A register has at most %(most)s custom fields in use.") % {"most": MOST}
    return declared


def _check_lists(row: CustomField, errors: dict[str, Any]) -> None:
    if row.kind in _OF_LISTS:
        if row.lookup_id is None:
            errors["lookup"] = _("Choose the lookup table that offers the values.")
    else:
        row.lookup = None


def _check_formula(row: CustomField, declared: Register, errors: dict[str, Any]) -> None:
    row.result = row.unit = ""
    if row.kind != Kind.FORMULA:
        row.formula = ""
        return
    row.required, row.default = False, ""
    try:
        _tree, kind = checked(row.formula, usable(declared, living_of(row.register, row.pk)))
    except FormulaError as error:
        errors["formula"] = _("%(problem)s (letter %(place)s)") % {"problem": error.text, "place": error.place}
        return
    row.result, row.unit = kind.name, kind.unit


def _check_default(row: CustomField, errors: dict[str, Any]) -> None:
    if not row.default:
        return
    people: dict[str, int] = {}
    if row.kind == Kind.PERSON:
        people = dict(Person.objects.filter(code=row.default.strip()).values_list("code", "pk"))
    try:
        from_text(described(row), row.default, people)
    except ValueError:
        errors["default"] = _("This is no value of the type; dates are written as 2027-01-31, people as staff numbers.")
