"""Stored findings as the pages show them, in the reader's language."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from pmo.core.imports.fields import ImportField
from pmo.core.imports.message_texts import TEMPLATES
from pmo.core.imports.messages import shorten
from pmo.core.imports.models import ImportRefusal
from pmo.core.imports.targets import ImportTarget
from pmo.core.imports.texts import say
from pmo.core.imports.words import COLOURS
from pmo.core.web.formats import EMPTY, format_date, format_number

_LONGEST_LIST = 120


@dataclass(frozen=True)
class ShownChange:
    """One column that changes."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    number: int
    day: datetime.date
    code: str
    name: str
    changes: list[ShownChange]
    refused: int


def shown_sample(target: ImportTarget, row: dict[str, Any], lang: str) -> ShownRow:
    """A stored sample row, its values written as the reader writes them."""
    changes = []
    told: dict[str, Any] = {}
    for one in row["changes"]:
        if told.get(one["field"]) == one["new"]:
            continue
        label = _label(target, one["field"]) if one["field"] not in told else _column_label(one)
        told.setdefault(one["field"], one["new"])
        changes.append(ShownChange(label, _value(one, one["old"], lang), _value(one, one["new"], lang)))
    return ShownRow(
        row["row"], datetime.date.fromisoformat(row["day"]), row["code"], row["name"], changes, row["refused"]
    )


def _label(target: ImportTarget, key: str) -> Any:
    one = target.field(key)
    return key if one is None else one.label


def _column_label(change: dict[str, Any]) -> Any:
    """The column's own name, where one field of the file fills several."""
    if not change["column"]:
        return change["field"]
    return apps.get_model(change["model"])._meta.get_field(change["column"]).verbose_name


def _value(change: dict[str, Any], value: Any, lang: str) -> str:
    """A choice by its label, a date and a number as written in the language."""
    if value is None or value == "":
        return EMPTY
    model = apps.get_model(change["model"])
    field = model._meta.get_field(change["column"]) if change["column"] else None
    if field is None or field.is_relation:
        return str(value)
    choices = getattr(field, "flatchoices", None)
    if choices:
        return str(dict(choices).get(value, value))
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return _("yes") if value in (True, "true", "True") else _("no")
    if kind == "DateField":
        return format_date(datetime.date.fromisoformat(value), lang, datetime.date(1, 1, 1), weekday=False)
    if kind == "DecimalField":
        number = Decimal(value)
        return format_number(number, 0 if number == number.to_integral_value() else 2, lang)
    return str(value)


def refusal_text(target: ImportTarget, refusal: ImportRefusal) -> str:
    """The reason of a refusal in the reader's language; choices are named as the reader knows them."""
    params = refusal.params
    one = target.field(refusal.field) if refusal.code == "unknown_choice" else None
    if one is not None:
        labels = [str(label) for _value, label in meanings(target, one)]
        params = {**params, "allowed": shorten(_(", ").join(labels), _LONGEST_LIST)}
    return say(refusal.code, params)


def meanings(target: ImportTarget, one: ImportField) -> list[tuple[str, Any]]:
    """What the words of a choice, rating or yes/no field can mean, with labels in the reader's language."""
    if one.kind == "reference":
        return []
    if one.kind == "bool":
        return [("true", _("yes")), ("false", _("no"))]
    labels = {choice.value: choice.label for choice in one.choices if choice.label} | _choice_labels(target, one.key)
    values = list(COLOURS) if one.kind == "rag" else [choice.value for choice in one.choices]
    return [(value, labels.get(value, value)) for value in values]


def _choice_labels(target: ImportTarget, key: str) -> dict[Any, Any]:
    """The labels that the model gives the values of a field."""
    for part in target.all_parts:
        for column, source in part.source_fields:
            choices = getattr(part.model._meta.get_field(column), "flatchoices", None)
            if source == key and choices:
                return dict(choices)
    return {}


def reason_label(code: str) -> str:
    """A reason by its kind, for a filter: the sentence with an ellipsis where it quotes the cell."""
    if code == "not_accepted":
        return _("The record's own rules do not accept the value.")
    if code == "not_allowed":
        return _("Your roles do not allow it.")
    if code not in TEMPLATES:
        return code
    return str(TEMPLATES[code]) % _Ellipses()


class _Ellipses(dict[str, str]):
    """Any parameter as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"
