"""Columns bound to their model: label, kind, choices, target, alignment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register, Text

RAG_VALUES = frozenset(["green", "amber", "red", "grey"])
NUMERIC = frozenset(["number", "money", "percent", "days", "score"])
_RIGHT = frozenset(["number", "money", "percent", "days", "date", "datetime"])


class UnknownFieldError(LookupError):
    """A register names a field that neither its model nor a computed column has."""


@dataclass(frozen=True)
class Bound:
    """A column with what follows from the model; `computed` values are carried by the list query as `column.alias`."""

    register: Register
    column: Column
    model_field: Any
    bilingual: bool = False

    @property
    def name(self) -> str:
        return self.column.field

    @cached_property
    def label(self) -> Text:
        if self.column.label is not None:
            return self.column.label
        if self.bilingual:
            return _("Name")
        if self.model_field is not None:
            label: Text = getattr(self.model_field, "verbose_name", self.name)
            return label
        return self.name.replace("_", " ")

    @cached_property
    def kind(self) -> str:
        return self.column.kind or _kind_of(self.register.model, self.model_field)

    @property
    def computed(self) -> bool:
        return self.column.annotate is not None or self.bilingual or "__" in self.name

    @property
    def protected(self) -> bool:
        return self.column.permission is not None

    @property
    def path(self) -> str:
        """What filters, sorts and sums refer to in the list query."""
        return self.column.alias if self.computed or self.protected else self.name

    @cached_property
    def choices(self) -> list[tuple[Any, Any]]:
        given = self.column.choices
        if given is None:
            given = getattr(self.model_field, "choices", None) or []
        pairs = getattr(given, "choices", given)
        return [(value, label) for value, label in pairs if value not in (None, "")]

    @property
    def choices_are_numbers(self) -> bool:
        """Whether an empty value can only be NULL."""
        return any(isinstance(value, int) for value, _label in self.choices)

    @cached_property
    def target(self) -> Any:
        """The model a foreign key points to, None for other kinds."""
        if self.kind != "fk":
            return None
        return self.column.model or getattr(self.model_field, "related_model", None)

    @property
    def align(self) -> str:
        if self.column.align:
            return self.column.align
        if self.kind == "score":
            return "center"
        return "right" if self.kind in _RIGHT else "left"

    @property
    def sortable(self) -> bool:
        return self.column.sortable and self.kind != "json"

    @property
    def filterable(self) -> bool:
        return self.column.filterable and self.kind != "json"

    @property
    def form_field(self) -> bool:
        return self.name in self.register.form_fields

    @cached_property
    def currency_path(self) -> str:
        """Path of the currency of a money column."""
        if self.column.currency:
            return self.column.currency
        return "currency" if _has_field(self.register.model, "currency") else ""

    def value_of(self, row: Any) -> Any:
        """The value a row of the list query carries; a foreign key gives its id."""
        if self.computed or self.protected:
            return self._exact(getattr(row, self.column.alias))
        if self.kind == "fk":
            return getattr(row, self.model_field.attname)
        return getattr(row, self.name)

    def _exact(self, value: Any) -> Any:
        """A masked decimal with the decimals of its field (SQLite drops them in expressions)."""
        if isinstance(value, Decimal) and isinstance(self.model_field, models.DecimalField):
            return value.quantize(Decimal(1).scaleb(-self.model_field.decimal_places))
        return value


def bind(register: Register, name: str) -> Bound:
    """The column of a field, or an implied one for a model field without a column. Raises UnknownFieldError."""
    column = register.column(name) or Column(name)
    field = field_at(register.model, name)
    bilingual = field is None and _has_field(register.model, f"{name}_zh") and _has_field(register.model, f"{name}_en")
    if field is None and not bilingual and column.annotate is None:
        raise UnknownFieldError(f"{register.key}.{name}")
    return Bound(register, column, field, bilingual and column.annotate is None)


def bound_columns(register: Register) -> list[Bound]:
    """Every column of the register, in order."""
    return [bind(register, column.field) for column in register.all_columns]


def protected_fields(register: Register) -> dict[str, Bound]:
    """Columns with a permission of their own, by field name."""
    return {column.field: bind(register, column.field) for column in register.all_columns if column.permission}


def field_at(model: type[models.Model], path: str) -> Any:
    """The model field at the end of a path such as project__code, None where there is none."""
    current: Any = model
    found: Any = None
    for part in path.split("__"):
        if current is None:
            return None
        try:
            found = current._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        current = getattr(found, "related_model", None)
    return found


def _has_field(model: type[models.Model], name: str) -> bool:
    return field_at(model, name) is not None


def _kind_of(model: type[models.Model], field: Any) -> str:
    """The kind that follows from a model field; text for computed columns that do not say."""
    if field is None:
        return "text"
    if field.is_relation:
        return "fk"
    if field.choices:
        return "rag" if {value for value, _label in field.choices} <= RAG_VALUES else "choice"
    for classes, kind in _KINDS_BY_FIELD:
        if isinstance(field, classes):
            return kind
    if isinstance(field, models.DecimalField):
        return _decimal_kind(model, field)
    if isinstance(field, models.IntegerField | models.FloatField):
        return "percent" if field.name.startswith("percent") else "number"
    return "text"


_KINDS_BY_FIELD: list[tuple[Any, str]] = [
    (models.BooleanField, "bool"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.JSONField, "json"),
]


def _decimal_kind(model: type[models.Model], field: Any) -> str:
    if field.name.startswith("percent"):
        return "percent"
    money = field.decimal_places == 2 and field.max_digits >= 15 and _has_field(model, "currency")
    return "money" if money else "number"
