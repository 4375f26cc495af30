"""Custom fields as columns and filters of their register: each is one subquery by an index, the figure of a formula one expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
)
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pmo.core.custom_fields.access import held_by
from pmo.core.custom_fields.definitions import Definition
from pmo.core.custom_fields.figures import FigureField
from pmo.core.custom_fields.models import CustomValue, Kind
from pmo.core.custom_fields.values import split
from pmo.core.people.models import Person
from pmo.core.registers.declaration import BASE_CURRENCY, Column, Filter, Register
from pmo.core.registers.expressions import localised_expression, mask_condition, masked
from pmo.core.registers.fields import Bound, field_at
from pmo.core.registers.values import BadParameterError

# Marks a money column whose currency is the definition's own.
_OWN_CURRENCY = "=own"
_TONES = {"quiet": "quiet", "info": "info", "good": "good", "warn": "warn", "bad": "bad"}
_KINDS = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.LINK: "text",
    Kind.MULTI: "text",
    Kind.NUMBER: "number",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.BOOL: "bool",
    Kind.PERSON: "fk",
    Kind.CHOICE: "choice",
}
_FIELDS: dict[str, tuple[str, Callable[[], Any]]] = {
    Kind.TEXT: ("text", TextField),
    Kind.LONG_TEXT: ("text", TextField),
    Kind.LINK: ("text", TextField),
    Kind.MULTI: ("text", TextField),
    Kind.NUMBER: ("number", FigureField),
    Kind.MONEY: ("number", FigureField),
    Kind.DATE: ("day", DateField),
    Kind.BOOL: ("flag", BooleanField),
    Kind.PERSON: ("person_id", BigIntegerField),
    Kind.CHOICE: ("choice__code", CharField),
}


def value_of(one: Definition, path: str, output: Any) -> Subquery:
    """The value of a field in the row of the list query: one look into the index of (field, record)."""
    rows = CustomValue.objects.filter(field_id=one.pk, record_id=OuterRef("pk")).order_by()
    return Subquery(rows.values(path)[:1], output_field=output)


def column_of(register: Register, one: Definition, formula: Callable[[Any], Any] | None = None) -> Column:
    """The column of a field; `formula` gives the expression of a formula for a user."""
    if one.kind == Kind.FORMULA:
        return _formula_column(register, one, formula)
    path, output = _FIELDS[one.kind]
    more: dict[str, Any] = {}
    if one.kind == Kind.MONEY:
        more = _currency(register, one.currency) | {"sum": True}
    elif one.kind == Kind.NUMBER:
        more = {"sum": True, "places": one.places}
    elif one.kind == Kind.CHOICE:
        more = {"sort": value_of(one, "choice__order", output=_whole())} | _options(one)
    elif one.kind == Kind.MULTI:
        more = {
            "format": _several(one),
            "to_api": split,
            "several": True,
            "sortable": False,
            "filterable": False,
        } | _options(one)
    elif one.kind == Kind.PERSON:
        more = {"model": Person, "sort": _person_name(one)}
    elif one.kind == Kind.LINK:
        more = {"link": lambda row, alias=f"reg_{one.name}": getattr(row, alias) or ""}
    if not one.in_filter:
        more["filterable"] = False
    return Column(
        one.name,
        label=one.label,
        help=one.help or None,
        kind=_KINDS[Kind(one.kind)],
        annotate=value_of(one, path, output()),
        permission=held_by(one.seen_by),
        edit_permission=held_by(one.edited_by),
        **more,
    )


def _whole() -> Any:
    return BigIntegerField()


def _options(one: Definition) -> dict[str, Any]:
    tones = {option.code: _TONES[option.tone] for option in one.options if option.tone in _TONES}
    coloured = any(option.tone != "quiet" for option in one.options)
    choices = [(option.code, option.label) for option in one.options]
    return {"choices": choices, "tones": tones if coloured and one.kind == Kind.CHOICE else None}


def _currency(register: Register, currency: str) -> dict[str, Any]:
    """How a money column finds its currency: fixed, of the row, of the organisation."""
    if currency:
        own = Value(currency, output_field=CharField())
        return {"currency": _OWN_CURRENCY, "extra": {"currency": own}}
    has_own = field_at(register.model, "currency") is not None
    return {"currency": "currency" if has_own else BASE_CURRENCY}


def _several(one: Definition) -> Callable[[Any, Any, str], Any]:
    def written(value: Any, row: Any, lang: str) -> SafeString | str:
        labels = {option.code: option.label for option in one.options}
        chosen = [str(labels.get(code, code)) for code in split(value)]
        return format_html_join(_(", "), "{}", ((label,) for label in chosen)) if chosen else ""

    return written


def _person_name(one: Definition) -> Callable[[], Any]:
    """People are sorted by their name in the reader's language."""

    def expression() -> Any:
        rows = CustomValue.objects.filter(field_id=one.pk, record_id=OuterRef("pk")).order_by()
        named = rows.annotate(shown=localised_expression("name", "person")).values("shown")[:1]
        return Subquery(named, output_field=CharField())

    return expression


def _formula_column(register: Register, one: Definition, formula: Callable[[Any], Any] | None) -> Column:
    more: dict[str, Any] = {}
    if one.result == "money":
        more = {"currency": one.unit} if not one.unit.startswith("!") else _currency(register, one.unit[1:])
        more |= {"sum": True}
    elif one.result == "number":
        more = {"places": 2 if one.places is None else one.places}
    return Column(
        one.name,
        label=one.label,
        help=one.help or None,
        how=_how(one),
        kind=one.result or "text",
        annotate=formula,
        permission=held_by(one.seen_by),
        filterable=one.in_filter,
        **more,
    )


def _how(one: Definition) -> str:
    return f"{one.label}: {one.formula}" if not one.help else f"{one.help} {one.formula}"


def filter_of(register: Register, one: Definition, column: Column) -> Filter | None:
    """The filter of a field that its column cannot give: rows that have one of several choices among theirs."""
    if one.kind != Kind.MULTI or not one.in_filter:
        return None
    alias = f"{column.alias}_any"
    known = {option.code for option in one.options}

    def apply(rows: Any, texts: list[str], user: Any) -> Any:
        wrong = next((text for text in texts if text not in known), None)
        if wrong is not None:
            allowed = _("one of these is expected: %(allowed)s.") % {"allowed": ", ".join(sorted(known))}
            raise BadParameterError(one.name, wrong, allowed)
        held = rows.alias(**{alias: masked(mask_condition(Bound(register, column, None), user), column.annotate)})
        found = Q(pk__in=[])
        for text in texts:
            found |= Q(**{f"{alias}__contains": f",{text},"})
        return held.filter(found)

    return Filter(
        one.name, label=one.label, choices=[(o.code, o.label) for o in one.options], apply=apply, advanced=True
    )
